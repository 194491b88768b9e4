package io.millrace.nic.driver.gen.session;

import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Clients, or servers, of a profile's sessions, as a port's wire: what they send is taken from here, what comes for
/// them is offered.
///
/// Packets that find no slot and no place among the [#QUEUE_PACKETS] waiting are lost; the ends repeat them. Belongs to
/// one thread.
public final class SessionEnd {

    private static final int QUEUE_PACKETS = 4096;
    /// A turn that lets fewer waiting packets go opens nothing new.
    private static final int ROOM_MIN = 256;

    private final SessionSpec spec;
    private final boolean isClient;
    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Endpoint end;
    private final OutQueue out = new OutQueue(QUEUE_PACKETS);
    private final int protocol;

    /// @param port index of the port that packets are received from
    public SessionEnd(Arena arena, PacketMemory packets, SessionSpec spec, boolean isClient, int port) {
        this.spec = spec;
        this.isClient = isClient;
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.protocol = spec.protocol() == SessionProtocol.TCP ? IpProtocol.TCP : IpProtocol.UDP;
        var dialogues = new DialogueStore(arena, spec.talk().dialogues());
        SessionSide side = isClient ? spec.clients() : spec.servers();
        this.end = switch (spec.protocol()) {
            case TCP -> {
                var writer = new SegmentWriter(arena, packets, port, side, dialogues.memory());
                // Those that clients have given up may still be open at the servers.
                int capacity = Math.min(SessionLoad.CONCURRENCY_MAX, 2 * spec.load().concurrencyMax());
                yield isClient ? new TcpClient(arena, packets, spec, dialogues, writer, out)
                    : new TcpServer(arena, packets, spec, dialogues, capacity, writer, out);
            }
            case UDP -> {
                var writer = new DatagramWriter(arena, packets, port, side, dialogues.memory());
                yield isClient ? new UdpClient(arena, packets, spec, dialogues, writer, out)
                    : new UdpServer(arena, packets, spec, dialogues, writer, out);
            }
        };
    }

    public SessionSpec spec()      { return spec; }
    public boolean isClient()      { return isClient; }
    public SessionCounts counts()  { return end.counts; }

    /// The clients begin, anew if need be, at `factor` times their rate, and open none `limitNs` later.
    public void start(long atNs, double factor, long limitNs) {
        end.start(atNs, factor, limitNs);
    }

    /// Opens nothing more; what is open is forgotten. Packets not yet taken still are to be.
    public void stop() {
        end.stop();
    }

    /// True once all sessions asked for were opened and are over; servers always.
    public boolean isExhausted() {
        return out.count() == 0 && end.isDone();
    }

    /// When this end will have something to send, unless something comes for it before.
    public long nextNs() {
        return end.nextNs();
    }

    /// Adds what is to be sent to the burst; returns how many.
    public int give(Burst burst, PacketPool pool, long nowNs) {
        end.begin(pool, nowNs);
        end.expire();
        if (out.room() >= ROOM_MIN) end.open();
        return out.moveTo(burst);
    }

    /// True if the packet was for this end: then it has been dealt with. It stays the caller's.
    public boolean take(int packet, PacketPool pool, long nowNs) {
        long at = meta.frameAt(packet);
        int frameBytes = meta.slotBytes(packet);
        if (frameBytes < FrameWriter.L4 + Long.BYTES || Wire.u16(memory, at + 12) != EtherType.IPV4
            || Wire.u8(memory, at + FrameWriter.L3) != 0x45 || Wire.u8(memory, at + FrameWriter.L3 + 9) != protocol) {
            return false;
        }
        int l4Bytes = Wire.u16(memory, at + FrameWriter.L3 + 2) - (FrameWriter.L4 - FrameWriter.L3);
        long l4At = at + FrameWriter.L4;
        boolean isForMe = l4Bytes <= frameBytes - FrameWriter.L4 && isForMe(at, l4At);
        if (!isForMe) return false;
        end.begin(pool, nowNs);
        end.receive(Wire.i64(memory, at + FrameWriter.L3 + 12), l4At, l4Bytes);
        return true;
    }

    private boolean isForMe(long at, long l4At) {
        int targetPort = Wire.u16(memory, l4At + 2);
        if (!isClient) return targetPort == spec.servers().lastPort();
        int offset = Wire.i32(memory, at + FrameWriter.L3 + 16) - spec.clients().firstAddress();
        return targetPort >= spec.clients().firstPort() && targetPort <= spec.clients().lastPort()
            && Integer.compareUnsigned(offset, spec.clients().addressCount()) < 0
            && Wire.u16(memory, l4At) == spec.servers().firstPort();
    }
}
