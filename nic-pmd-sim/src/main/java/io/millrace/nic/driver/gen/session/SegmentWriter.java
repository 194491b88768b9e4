package io.millrace.nic.driver.gen.session;

import io.millrace.checksum.InternetChecksum;
import io.millrace.nic.driver.gen.layer.Layer;
import io.millrace.nic.driver.gen.layer.LayerKind;
import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.CacheLines;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

import static io.millrace.packet.memory.PacketMemory.FRAME_AT;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// Makes the frames of one end: Ethernet, IPv4 and TCP without options from a template, payload of zeros but for a
/// request's first 8 bytes. Both checksums come from the template's sums and the few words that differ.
final class SegmentWriter {

    static final int L3 = 14;
    static final int L4 = 34;
    static final int HEADER_BYTES = 54;
    /// The shortest Ethernet frame, without its check sequence.
    private static final int FRAME_BYTES_MIN = 60;
    private static final int TCP_HEADER_BYTES = 20;
    private static final int TCP_OFFSET = 5 << 12;
    private static final int WINDOW = 0xffff;

    private final MemorySegment memory;
    private final PacketMemory packets;
    private final PacketMeta meta;
    private final MemorySegment template;
    private final MemorySegment zeros;
    private final int port;
    private final long headerSum;     // of the IPv4 header without length, id, addresses, checksum

    SegmentWriter(Arena arena, PacketMemory packets, int port, long sourceMac, long targetMac) {
        this.packets = packets;
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.port = port;
        this.template = arena.allocate(CacheLines.LINE_BYTES, CacheLines.LINE_BYTES);
        this.zeros = arena.allocate(PacketMemory.FRAME_BYTES_MAX, CacheLines.LINE_BYTES);
        var layers = new LayerStack(List.of(
            Layer.of(LayerKind.ETHERNET).with("target", targetMac).with("source", sourceMac),
            Layer.of(LayerKind.IPV4).with("length", 0).with("dont-fragment", 1).with("checksum", 0),
            Layer.of(LayerKind.TCP).with("source-port", 0).with("target-port", 0).with("flags", 0)
                .with("checksum", 0)));
        layers.write(template, 0, FRAME_BYTES_MIN, new byte[0], 0);
        this.headerSum = InternetChecksum.sum(template, L3, L4 - L3);
    }

    /// A segment, or `NONE` without a slot. With `isRequest` the first payload bytes say the two sizes.
    int write(PacketPool pool, SessionTable table, int entry, int sequence, int flags, int payloadBytes,
              boolean isRequest, long nowNs) {
        int packet = pool.allocate();
        if (packet == NONE) return NONE;
        int frameBytes = Math.max(FRAME_BYTES_MIN, HEADER_BYTES + payloadBytes);
        meta.begin(packet, frameBytes, port, 0, nowNs);
        long at = packets.slotAt(packet) + FRAME_AT;
        CacheLines.copyOne(template, 0, memory, at);
        int copiedBytes = CacheLines.LINE_BYTES;
        if (frameBytes > copiedBytes) Wire.copy(zeros, 0, memory, at + copiedBytes, frameBytes - copiedBytes);
        int local = table.local(entry);
        int remote = table.remote(entry);
        int ports = table.ports(entry);
        int acknowledgement = table.receiveNext(entry);
        int totalBytes = HEADER_BYTES - L3 + payloadBytes;
        int id = sequence >>> 8 & 0xffff;
        long addressSum = sum(local) + sum(remote);
        Wire.u16(memory, at + L3 + 2, totalBytes);
        Wire.u16(memory, at + L3 + 4, id);
        Wire.u16(memory, at + L3 + 10, InternetChecksum.finish(headerSum + addressSum + totalBytes + id));
        Wire.i32(memory, at + L3 + 12, local);
        Wire.i32(memory, at + L3 + 16, remote);
        Wire.i32(memory, at + L4, ports);
        Wire.i32(memory, at + L4 + 4, sequence);
        Wire.i32(memory, at + L4 + 8, acknowledgement);
        Wire.i32(memory, at + L4 + 12, (TCP_OFFSET | flags) << 16 | WINDOW);
        long sum = addressSum + IpProtocol.TCP + TCP_HEADER_BYTES + payloadBytes + sum(ports) + sum(sequence)
            + sum(acknowledgement) + (TCP_OFFSET | flags) + WINDOW;
        if (isRequest) {
            Wire.i32(memory, at + HEADER_BYTES, table.requestBytes(entry));
            Wire.i32(memory, at + HEADER_BYTES + 4, table.responseBytes(entry));
            sum += sum(table.requestBytes(entry)) + sum(table.responseBytes(entry));
        }
        Wire.u16(memory, at + L4 + 16, InternetChecksum.finish(sum));
        return packet;
    }

    private static long sum(int value) {
        return (value >>> 16) + (value & 0xffff);
    }
}
