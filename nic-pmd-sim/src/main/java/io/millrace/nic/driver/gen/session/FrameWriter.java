package io.millrace.nic.driver.gen.session;

import io.millrace.checksum.InternetChecksum;
import io.millrace.nic.driver.gen.layer.Layer;
import io.millrace.nic.driver.gen.layer.LayerKind;
import io.millrace.nic.driver.gen.layer.LayerStack;
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

/// Makes the frames of one end: Ethernet and IPv4 without options from a template, what follows begun as zeros. The
/// header's checksum comes from the template's sum and the few words that differ.
final class FrameWriter {

    static final int L3 = 14;
    static final int L4 = 34;
    /// Payload of zeros. Others begin with the two sizes (and an offset), or are bytes of a dialogue from an offset on.
    static final long ZEROS = -1;
    /// The shortest Ethernet frame, without its check sequence.
    private static final int FRAME_BYTES_MIN = 60;

    private final MemorySegment memory;
    private final PacketMemory packets;
    private final PacketMeta meta;
    private final MemorySegment template;
    private final MemorySegment zeros;
    private final MemorySegment spoken;
    private final int port;
    private final long headerSum;     // of the IPv4 header without length, id, addresses, checksum
    private long addressSum;
    private long at;

    /// @param transport what follows IPv4, its own fields zero
    /// @param spoken    bytes of the dialogues
    FrameWriter(Arena arena, PacketMemory packets, int port, SessionSide side, Layer transport, MemorySegment spoken) {
        this.packets = packets;
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.port = port;
        this.spoken = spoken;
        this.template = arena.allocate(CacheLines.LINE_BYTES, CacheLines.LINE_BYTES);
        this.zeros = arena.allocate(PacketMemory.FRAME_BYTES_MAX, CacheLines.LINE_BYTES);
        var layers = new LayerStack(List.of(
            Layer.of(LayerKind.ETHERNET).with("target", side.gateway()).with("source", side.mac()),
            Layer.of(LayerKind.IPV4).with("length", 0).with("dont-fragment", 1).with("checksum", 0), transport));
        layers.write(template, 0, FRAME_BYTES_MIN, new byte[0], 0);
        this.headerSum = InternetChecksum.sum(template, L3, L4 - L3);
    }

    /// A packet with `l4Bytes` behind its IPv4 header, which [#at] and [#addressSum] speak of then; `NONE` without a
    /// slot.
    int begin(PacketPool pool, long addresses, int id, int l4Bytes, long nowNs) {
        int packet = pool.allocate();
        if (packet == NONE) return NONE;
        int frameBytes = Math.max(FRAME_BYTES_MIN, L4 + l4Bytes);
        meta.begin(packet, frameBytes, port, 0, nowNs);
        at = packets.slotAt(packet) + FRAME_AT;
        CacheLines.copyOne(template, 0, memory, at);
        int copiedBytes = CacheLines.LINE_BYTES;
        if (frameBytes > copiedBytes) Wire.copy(zeros, 0, memory, at + copiedBytes, frameBytes - copiedBytes);
        int totalBytes = L4 - L3 + l4Bytes;
        addressSum = sum((int) (addresses >>> 32)) + sum((int) addresses);
        Wire.u16(memory, at + L3 + 2, totalBytes);
        Wire.u16(memory, at + L3 + 4, id);
        Wire.u16(memory, at + L3 + 10, InternetChecksum.finish(headerSum + addressSum + totalBytes + id));
        Wire.i64(memory, at + L3 + 12, addresses);
        return packet;
    }

    /// Where the frame begun last lies.
    long at()          { return at; }
    /// What its addresses add to a checksum over a pseudo-header.
    long addressSum()  { return addressSum; }

    /// Writes what was said at `storeAt` into the frame; returns its sum.
    long speak(long payloadAt, long storeAt, int bytes) {
        Wire.copy(spoken, storeAt, memory, payloadAt, bytes);
        return InternetChecksum.sum(memory, payloadAt, bytes);
    }

    static long sum(int value) {
        return (value >>> 16) + (value & 0xffff);
    }
}
