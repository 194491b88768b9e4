package io.millrace.nic.driver.gen;

import io.millrace.nic.driver.gen.session.SessionPort;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.link.LinkFaults;
import io.millrace.nic.driver.link.LinkPort;
import io.millrace.nic.port.Port;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Clients and servers over a link, in virtual time.
final class SessionWorld implements AutoCloseable {

    private static final long STEP_NS = 5_000;
    private static final long GIVE_UP_NS = 600_000_000_000L;

    final SessionPort clients;
    final SessionPort servers;
    final LinkPort[] link;
    final List<byte[]> frames = new ArrayList<>();
    final List<Long> timesNs = new ArrayList<>();
    boolean isRecording;
    int activeMax;
    long nowNs;
    private final Arena arena = Arena.ofConfined();
    private final PacketMemory packets = new PacketMemory(arena, 1 << 14);
    private final PacketMeta meta = new PacketMeta(packets);
    private final PacketPool pool = new PacketPool(arena, packets);
    private final Burst burst = new Burst();

    SessionWorld(SessionSpec spec, LinkFaults faults) {
        clients = SessionPort.clients(arena, packets, "clients", 0, spec);
        servers = SessionPort.servers(arena, packets, "servers", 1, spec);
        link = LinkPort.pair(packets, "a", 2, "b", 3, faults, faults);
    }

    void run() {
        while (!clients.isExhausted() || servers.counts().active() > 0) {
            turn();
            assertThat(nowNs).isLessThan(GIVE_UP_NS);
        }
    }

    void turn() {
        move(clients, link[0]);
        move(link[1], servers);
        move(servers, link[1]);
        move(link[0], clients);
        activeMax = Math.max(activeMax, clients.counts().active());
        nowNs += STEP_NS;
    }

    private void move(Port from, Port to) {
        while (from.receive(0, burst, pool, nowNs) > 0) {
            for (int i = 0; isRecording && i < burst.count(); i++) {
                int packet = burst.packet(i);
                byte[] frame = new byte[meta.packetBytes(packet)];
                MemorySegment.copy(packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(packet), frame, 0,
                    frame.length);
                frames.add(frame);
                timesNs.add(nowNs);
            }
            to.transmit(0, burst, pool, nowNs);
            burst.clear();
        }
    }

    @Override
    public void close() { arena.close(); }
}
