package io.millrace.gso;

import io.millrace.checksum.ChecksumField;
import io.millrace.checksum.Crc32c;
import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.memory.CacheLines;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Writes the headers of segments, one after the other: a copy of the super-packet's, in which lengths, ids, sequence
/// numbers, flags and checksums become those of the segment.
///
/// The copy is taken from a template that ends where this buffer ends, so that whole cache lines can be copied
/// backwards from where a segment's payload begins. In the template, fields that every segment sets are 0: what is
/// left of an IPv4 header is summed once for all segments.
///
/// Payload is read for no outer checksum: the innermost checksum is right or will be, so the bytes that it covers sum
/// up to the complement of its pseudo header (local checksum offload).
final class SegmentHeaders {

    private static final int TEMPLATE_BYTES = PacketMemory.CHUNK_BYTES;
    /// Longer headers are copied in one call.
    private static final int LINED_BYTES_MAX = 512;
    private static final int ALL_ONES = 0xffff;
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int UDP_BYTES = 8;
    private static final int UDP_FIELD = 6;
    private static final int TCP_FIELD = 16;
    private static final int SCTP_FIELD = 8;
    private static final int IPV6_BYTES = 40;
    private static final int LAYERS_MAX = 16;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final PacketSum sums;
    private final HeaderStack stack;
    private final MemorySegment template = Arena.global().allocate(TEMPLATE_BYTES, CacheLines.LINE_BYTES);
    private final long[] layerSums = new long[LAYERS_MAX];   // IPv4: the constant fields; UDP: seed without length
    private final int[] ids = new int[LAYERS_MAX];
    private final boolean[] isIdFixed = new boolean[LAYERS_MAX];

    private int headerBytes;
    private int transport;
    private int transportHeaderBytes;
    private int size;
    private boolean isCwrKept;
    private boolean isSumLeft;
    private boolean hasTunnelSum;
    private long seedBase;
    private int sequence;
    private int tcpFlags;
    private int doneBytes;
    private int doneSegments;

    SegmentHeaders(PacketMemory packets, HeaderStack stack) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.sums = new PacketSum(packets);
        this.stack = stack;
    }

    /// Prepares for the segments of the super-packet whose headers the stack has read and whose innermost checksum
    /// field holds the seed.
    ///
    /// @param isLeft     the innermost checksum is left PARTIAL
    /// @param fragmentId for IPv6 fragments
    void begin(int packet, boolean isLeft, int fragmentId) {
        headerBytes = stack.segmentHeaderBytes();
        transport = stack.segmentTransport();
        size = meta.gsoSize(packet);
        doneBytes = 0;
        doneSegments = 0;
        isCwrKept = (meta.gsoType(packet) & GsoType.TCP_ACCECN) != 0;
        copyToTemplate(packet, fragmentId);
        beginLayers(packet);
        // A CRC says nothing about a sum: with a summed tunnel around it, it must be known.
        isSumLeft = isLeft && !(hasTunnelSum && stack.cutProtocol() == IpProtocol.SCTP);
        beginTransport(packet);
    }

    private void copyToTemplate(int packet, int fragmentId) {
        long from = meta.frameAt(packet);
        long to = TEMPLATE_BYTES - headerBytes;
        int editAt = stack.editAt();
        int editBytes = stack.editBytes();
        int behindAt = editBytes < 0 ? editAt - editBytes : editAt;
        Wire.copy(memory, from, template, to, editAt);
        Wire.copy(memory, from + behindAt, template, to + editAt + Math.max(0, editBytes),
            stack.headerBytes() - behindAt);
        if (editBytes == 0) return;
        int nextHeader = Wire.u8(memory, from + (editBytes < 0 ? editAt : stack.nextHeaderAt()));
        if (editBytes > 0) {
            Wire.u8(template, to + editAt, nextHeader);
            Wire.u8(template, to + editAt + 1, 0);
            Wire.u16(template, to + editAt + 2, 0);
            Wire.i32(template, to + editAt + 4, fragmentId);
            nextHeader = IpProtocol.FRAGMENT;
        }
        Wire.u8(template, to + stack.nextHeaderAt(), nextHeader);
    }

    private void beginLayers(int packet) {
        int type = meta.gsoType(packet);
        hasTunnelSum = false;
        boolean isInner = false;
        for (int layer = 0; layer < stack.layerCount(); layer++) {
            long at = TEMPLATE_BYTES - headerBytes + stack.at(layer);
            switch (stack.kind(layer)) {
                case HeaderStack.IPV4 -> {
                    ids[layer] = Wire.u16(template, at + 4);
                    isIdFixed[layer] = (type & (isInner ? GsoType.TCP_FIXEDID_INNER : GsoType.TCP_FIXEDID)) != 0;
                    Wire.i32(template, at + 2, 0);
                    Wire.u16(template, at + 10, 0);
                    if (stack.isFragmented()) Wire.u16(template, at + 6, 0);
                    layerSums[layer] = shortSum(at, (Wire.u8(template, at) & 0x0f) * 4);
                    isInner = true;
                }
                case HeaderStack.IPV6 -> isInner = true;
                case HeaderStack.UDP_TUNNEL_SUM -> {
                    int udpBytes = (type & GsoType.PARTIAL) != 0
                        ? Wire.u16(template, at + 4) : meta.packetBytes(packet) + stack.editBytes() - stack.at(layer);
                    layerSums[layer] = Wire.u16(template, at + UDP_FIELD) + minus(udpBytes);
                    Wire.u16(template, at + UDP_FIELD, 0);
                    hasTunnelSum = true;
                }
                case HeaderStack.GRE_SUM -> {
                    Wire.i32(template, at + 4, 0);
                    hasTunnelSum = true;
                }
                default -> { }
            }
        }
    }

    /// The sum of a header in the template, word by word: with vectors, the JIT would learn from it that sums are
    /// short, and compile those of payloads badly.
    private long shortSum(long at, int byteCount) {
        long sum = 0;
        for (int done = 0; done < byteCount; done += 2) {
            sum += Wire.u16(template, at + done);
        }
        return sum;
    }

    private void beginTransport(int packet) {
        long at = TEMPLATE_BYTES - headerBytes + transport;
        transportHeaderBytes = headerBytes - transport;
        int transportBytes = meta.packetBytes(packet) - stack.transport();
        switch (stack.cutProtocol()) {
            case IpProtocol.TCP -> {
                sequence = Wire.i32(template, at + 4);
                tcpFlags = Wire.u8(template, at + 13);
                seedBase = Wire.u16(template, at + TCP_FIELD) + minus(transportBytes);
            }
            case IpProtocol.UDP -> {
                if (!stack.isFragmented()) {
                    seedBase = Wire.u16(template, at + UDP_FIELD) + minus(Wire.u16(template, at + 4));
                }
            }
            default -> { }
        }
    }

    int headerBytes() {
        return headerBytes;
    }

    /// True if the checksum of the transport is to be left to the device.
    boolean isSumLeft() {
        return isSumLeft;
    }

    /// TCP flags of a segment.
    int tcpFlags(boolean isFirst, boolean isLast) {
        int flags = tcpFlags;
        if (!isLast) flags &= ~(TcpFlags.FIN | TcpFlags.PSH);
        if (!isFirst && !isCwrKept) flags &= ~TcpFlags.CWR;
        return flags;
    }

    /// Writes the headers in front of a segment that holds its payload of `bytes` already. `carriedCount` segments are
    /// in it: one, unless the device is to cut it again.
    void write(int segment, int bytes, int carriedCount, boolean isLast) {
        long at = meta.frameAt(segment);
        copyTemplate(segment, at);
        // Where the device cuts again, it repeats what is around the transport: that must fit one of its segments.
        int saidBytes = Math.min(bytes, carriedCount > 1 ? size : bytes);
        long tail = stack.isFragmented() ? fragment(at, isLast) : transport(segment, at, bytes, saidBytes, isLast);
        int tailAt = transport;
        for (int layer = stack.layerCount() - 1; layer >= 0; layer--) {
            int layerAt = stack.at(layer);
            int layerBytes = headerBytes - layerAt + saidBytes;
            switch (stack.kind(layer)) {
                case HeaderStack.IPV4 -> ipv4(layer, at + layerAt, layerBytes, isLast);
                case HeaderStack.IPV6 -> Wire.u16(memory, at + layerAt + 4, layerBytes - IPV6_BYTES);
                case HeaderStack.UDP_TUNNEL -> Wire.u16(memory, at + layerAt + 4, layerBytes);
                case HeaderStack.UDP_TUNNEL_SUM -> {
                    Wire.u16(memory, at + layerAt + 4, layerBytes);
                    int seed = InternetChecksum.fold(layerSums[layer] + layerBytes);
                    tail += InternetChecksum.sum(memory, at + layerAt, tailAt - layerAt);
                    Wire.u16(memory, at + layerAt + UDP_FIELD, InternetChecksum.finishNotZero(tail + seed));
                    tail = ALL_ONES ^ seed;
                    tailAt = layerAt;
                }
                case HeaderStack.GRE_SUM -> {
                    tail += InternetChecksum.sum(memory, at + layerAt, tailAt - layerAt);
                    Wire.u16(memory, at + layerAt + 4, InternetChecksum.finish(tail));
                    tail = ALL_ONES;
                    tailAt = layerAt;
                }
                default -> { }
            }
        }
        doneBytes += bytes;
        doneSegments += carriedCount;
    }

    private void copyTemplate(int segment, long at) {
        int copiedBytes = CacheLines.count(headerBytes) * CacheLines.LINE_BYTES;
        long end = at + headerBytes;
        // What whole lines bring in front of the header must be headroom of this slot.
        boolean hasRoom = meta.dataAt(segment) + headerBytes - copiedBytes >= PacketMemory.META_BYTES;
        if (!hasRoom || copiedBytes > LINED_BYTES_MAX) {
            Wire.copy(template, TEMPLATE_BYTES - headerBytes, memory, at, headerBytes);
            return;
        }
        for (int behind = copiedBytes; behind > 0; behind -= CacheLines.LINE_BYTES) {
            CacheLines.copyOne(template, TEMPLATE_BYTES - behind, memory, end - behind);
        }
    }

    /// Completes the checksums of segments that were written, unless they are left to the device. A pass of its own, so
    /// that the loop which writes headers stays small.
    void complete(int[] segments, int count) {
        int protocol = stack.cutProtocol();
        if (isSumLeft || protocol == IpProtocol.SCTP || stack.isFragmented()) return;
        int fieldAt = transport + ChecksumField.offset(protocol);
        for (int i = 0; i < count; i++) {
            int segment = segments[i];
            long sum = sums.sum(segment, transport, meta.packetBytes(segment) - transport);
            int checksum = protocol == IpProtocol.UDP
                ? InternetChecksum.finishNotZero(sum) : InternetChecksum.finish(sum);
            Wire.u16(memory, meta.frameAt(segment) + fieldAt, checksum);
        }
    }

    /// The header's own fields, and in its checksum field the seed. Returns what the bytes from the transport header
    /// to the segment's end sum up to, or will.
    private long transport(int segment, long at, int bytes, int saidBytes, boolean isLast) {
        long transportAt = at + transport;
        int transportBytes = transportHeaderBytes + bytes;
        int fieldOffset;
        switch (stack.cutProtocol()) {
            case IpProtocol.TCP -> {
                Wire.i32(memory, transportAt + 4, sequence + doneBytes);
                Wire.u8(memory, transportAt + 13, tcpFlags(doneBytes == 0, isLast));
                fieldOffset = TCP_FIELD;
            }
            case IpProtocol.UDP -> {
                Wire.u16(memory, transportAt + 4, transportBytes);
                fieldOffset = UDP_FIELD;
            }
            default -> {
                return sctp(segment, transportAt, transportBytes);
            }
        }
        int seed = InternetChecksum.fold(seedBase + transportBytes);
        Wire.u16(memory, transportAt + fieldOffset, seed);
        return ALL_ONES ^ InternetChecksum.fold(seedBase + transportHeaderBytes + saidBytes);
    }

    private long sctp(int segment, long transportAt, int transportBytes) {
        if (isSumLeft) return 0;
        int crc = sums.crc32cAround(segment, transport, transportBytes, transport + SCTP_FIELD);
        Wire.i32(memory, transportAt + SCTP_FIELD, Crc32c.toWire(crc));
        return hasTunnelSum ? sums.sum(segment, transport, transportBytes) : 0;
    }

    /// Fragments have their checksum in the first, where it lies already. IPv6 says in a header of its own which part
    /// of the datagram a fragment is.
    private long fragment(long at, boolean isLast) {
        if (stack.family() == 6) Wire.u16(memory, at + stack.editAt() + 2, doneBytes | (isLast ? 0 : 1));
        return 0;
    }

    private void ipv4(int layer, long layerAt, int totalBytes, boolean isLast) {
        int id = stack.isFragmented() || isIdFixed[layer] ? ids[layer] : ids[layer] + doneSegments & 0xffff;
        long sum = layerSums[layer] + totalBytes + id;
        Wire.u16(memory, layerAt + 2, totalBytes);
        Wire.u16(memory, layerAt + 4, id);
        if (stack.isFragmented()) {
            int part = doneBytes / 8 | (isLast ? 0 : MORE_FRAGMENTS);
            Wire.u16(memory, layerAt + 6, part);
            sum += part;
        }
        Wire.u16(memory, layerAt + 10, InternetChecksum.finish(sum));
    }

    /// What takes a length out of a sum.
    private static long minus(int byteCount) {
        return IncrementalUpdate.delta32(byteCount, 0);
    }
}
