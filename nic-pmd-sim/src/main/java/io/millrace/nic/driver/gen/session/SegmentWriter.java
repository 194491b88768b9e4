package io.millrace.nic.driver.gen.session;

import io.millrace.checksum.InternetChecksum;
import io.millrace.nic.driver.gen.layer.Layer;
import io.millrace.nic.driver.gen.layer.LayerKind;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.nic.driver.gen.session.FrameWriter.L4;
import static io.millrace.nic.driver.gen.session.FrameWriter.sum;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// Makes the TCP segments of one end, without options.
final class SegmentWriter {

    /// Payload that begins with the sizes of request and response; see [FrameWriter#ZEROS].
    static final long SIZES = -2;
    static final int HEADER_BYTES = 54;
    static final int TCP_HEADER_BYTES = 20;
    private static final int TCP_OFFSET = 5 << 12;
    private static final int WINDOW = 0xffff;

    private final MemorySegment memory;
    private final FrameWriter frames;

    SegmentWriter(Arena arena, PacketMemory packets, int port, SessionSide side, MemorySegment spoken) {
        this.memory = packets.segment();
        this.frames = new FrameWriter(arena, packets, port, side, Layer.of(LayerKind.TCP).with("source-port", 0)
            .with("target-port", 0).with("flags", 0).with("checksum", 0), spoken);
    }

    /// A segment, or `NONE` without a slot.
    int write(PacketPool pool, SessionTable table, int entry, int sequence, int flags, int payloadBytes, long payload,
              long nowNs) {
        int packet = frames.begin(pool, table.addresses(entry), sequence >>> 8 & 0xffff,
            TCP_HEADER_BYTES + payloadBytes, nowNs);
        if (packet == NONE) return NONE;
        long at = frames.at();
        int ports = table.ports(entry);
        int acknowledgement = table.receiveNext(entry);
        Wire.i32(memory, at + L4, ports);
        Wire.i32(memory, at + L4 + 4, sequence);
        Wire.i32(memory, at + L4 + 8, acknowledgement);
        Wire.i32(memory, at + L4 + 12, (TCP_OFFSET | flags) << 16 | WINDOW);
        long sum = frames.addressSum() + IpProtocol.TCP + TCP_HEADER_BYTES + payloadBytes + sum(ports) + sum(sequence)
            + sum(acknowledgement) + (TCP_OFFSET | flags) + WINDOW;
        if (payload == SIZES) {
            Wire.i32(memory, at + HEADER_BYTES, table.requestBytes(entry));
            Wire.i32(memory, at + HEADER_BYTES + 4, table.responseBytes(entry));
            sum += sum(table.requestBytes(entry)) + sum(table.responseBytes(entry));
        } else if (payload >= 0 && payloadBytes > 0) {
            sum += frames.speak(at + HEADER_BYTES, payload, payloadBytes);
        }
        Wire.u16(memory, at + L4 + 16, InternetChecksum.finish(sum));
        return packet;
    }
}
