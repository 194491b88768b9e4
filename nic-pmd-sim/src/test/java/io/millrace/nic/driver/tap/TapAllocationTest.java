package io.millrace.nic.driver.tap;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.Allocation;
import io.millrace.testkit.Frame;
import io.millrace.testkit.kernel.KernelNetwork;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import static org.assertj.core.api.Assertions.assertThat;

class TapAllocationTest {

    private static final int ROUNDS = 2_000;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 512);
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), packets);
    private final PacketMeta meta = new PacketMeta(packets);
    private final Burst burst = new Burst();

    /// The kernel answers echo requests that are written, short ones and chains, and the answers are read.
    @Test
    void readingAndWritingAllocatesNothing() {
        try (KernelNetwork network = KernelNetwork.required();
             TapPort port = network.run(() -> new TapPort(packets, "lan", 0, "t0", 1, true, 9_000))) {
            network.run(() -> {
                port.start();
                return null;
            });
            network.command("ip", "link", "set", "t0", "address", "02:00:00:00:00:0a");
            network.command("ip", "addr", "add", "10.9.0.1/24", "dev", "t0");
            network.command("ip", "neigh", "add", "10.9.0.2", "lladdr", "02:00:00:00:00:0b", "dev", "t0");
            network.command("sysctl", "-q", "net.ipv4.icmp_msgs_per_sec=1000000000");
            byte[] request = request(5_000);
            byte[] shortRequest = request(10);
            assertThat(Allocation.bytesOnceWarm(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    send(port, request);
                    send(port, shortRequest);
                    port.receive(0, burst, pool, 1);
                    pool.releaseAll(burst);
                }
            })).isZero();
            assertThat(port.counters().rxPackets()).isGreaterThan(ROUNDS);
        }
    }

    private static byte[] request(int payloadBytes) {
        return Frame.ethernet("02:00:00:00:00:0b", "02:00:00:00:00:0a").ipv4("10.9.0.2", "10.9.0.1")
            .icmp(8, 0).payload(new byte[payloadBytes]).bytes();
    }

    private void send(TapPort port, byte[] frame) {
        int first = pool.allocate();
        int headBytes = Math.min(frame.length, PacketMemory.FRAME_BYTES_MAX);
        meta.begin(first, headBytes, 0, 0, 0);
        copy(frame, 0, first, headBytes);
        int last = first;
        for (int at = headBytes; at < frame.length; at += PacketMemory.FRAME_BYTES_MAX) {
            int slot = pool.allocate();
            int slotBytes = Math.min(frame.length - at, PacketMemory.FRAME_BYTES_MAX);
            meta.begin(slot, slotBytes, 0, 0, 0);
            copy(frame, at, slot, slotBytes);
            meta.next(last, slot);
            last = slot;
        }
        meta.packetBytes(first, frame.length);
        burst.add(first);
        port.transmit(0, burst, pool, 1);
        burst.clear();
    }

    private void copy(byte[] frame, int from, int slot, int byteCount) {
        MemorySegment.copy(frame, from, packets.segment(), ValueLayout.JAVA_BYTE,
            meta.frameAt(slot), byteCount);
    }
}
