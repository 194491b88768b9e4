package io.millrace.gso;

import io.millrace.checksum.ChecksumField;
import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PseudoHeader;
import io.millrace.checksum.TransportChecksum;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.FRAME_AT;
import static io.millrace.packet.memory.PacketMemory.META_BYTES;
import static io.millrace.packet.memory.PacketMemory.NONE;
import static io.millrace.packet.memory.PacketMemory.CHUNK_BYTES;

/// Cuts a super-packet into segments, as Linux 6.18 does in software (`skb_segment` and the protocols above it).
///
/// The segments are made of the super-packet's own slots. A slot goes to the segment that holds its last byte; what
/// earlier segments have in it is copied out first. So a segment whose payload begins in a slot that is its own needs
/// nothing but its headers, written right in front of that payload:
///
/// ```
///  super-packet   | headers | aaaaaaaa |  ->  |  bbbbbbbb |  ->  |  cccc |
///  segments       | headers'| aaaaaaaa |
///                                          | headers'| bbbbbbbb |
///                                                        | headers'| cccc |
/// ```
///
/// That is what merging makes, one slot a segment: cut again, no payload moves and no slot is taken. Where boundaries
/// of segments lie inside slots, the bytes in front of the last boundary in each slot are copied, behind the headers
/// in a fresh slot or behind the payload that is there.
///
/// A super-packet has all headers in its first slot; `gsoType`, `gsoSize` and the checksum state say what it is. Where
/// the state is PARTIAL the innermost checksum field holds the seed, with the length of the whole; where it is not, the
/// seed is computed here. Under a checksummed UDP tunnel the outer field holds a seed too.
///
/// Allocates nothing, throws nothing whatever the bytes are. Belongs to one thread.
public final class Segmentation {

    /// A super-packet that a device is to cut has at most this much payload.
    private static final int PARTIAL_BYTES_MAX = 65_534;
    private static final int END_MAX = 0xffff;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final PacketPool pool;
    private final ChecksumRecord record;
    private final TransportChecksum transports;
    private final HeaderStack stack;
    private final SegmentHeaders headers;
    private long fragmentIds;

    private int size;
    private int type;
    private int slot;       // the first that no segment has taken
    private int offset;     // the first byte in it that no segment has taken
    private int leftBytes;
    private int count;

    /// @param pool           takes and gives the slots
    /// @param fragmentIdSeed where the identifications of IPv6 fragments begin
    public Segmentation(PacketPool pool, long fragmentIdSeed) {
        PacketMemory packets = pool.packets();
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.pool = pool;
        this.record = new ChecksumRecord(packets);
        this.transports = new TransportChecksum(packets);
        this.stack = new HeaderStack(packets);
        this.headers = new SegmentHeaders(packets, stack);
        this.fragmentIds = fragmentIdSeed;
    }

    /// Cuts a packet whose GSO size is not 0. `FORWARD`: its segments lie in `target` from 0 to [#count], in order, and
    /// the packet is no more. Any other verdict: nothing was made, and the packet is still the caller's, to be dropped;
    /// of its content only a `NO_SLOT` leaves nothing.
    ///
    /// @param isSumLeft true to leave the innermost checksum of each segment PARTIAL, for a device to complete; outer
    ///                  checksums are always complete
    public Verdict segment(int packet, boolean isSumLeft, int[] target) {
        Verdict verdict = check(packet);
        return verdict == Verdict.FORWARD ? cut(packet, isSumLeft, false, target) : verdict;
    }

    /// How many segments were made last.
    public int count() {
        return count;
    }

    /// What the next identification of IPv6 fragments is made from: with the same seed the same packet is cut alike.
    public long fragmentIds() {
        return fragmentIds;
    }

    /// Whether a packet whose GSO size is not 0 can be cut. `FORWARD`: it can, its checksum state is PARTIAL if its
    /// segments have a sum, and its segments are counted.
    Verdict check(int packet) {
        count = 0;
        Verdict verdict = stack.read(packet);
        if (verdict != Verdict.FORWARD) return verdict;
        size = meta.gsoSize(packet);
        type = meta.gsoType(packet);
        leftBytes = meta.packetBytes(packet) - stack.headerBytes();
        verdict = checkSize(packet);
        if (verdict != Verdict.FORWARD) return verdict;
        meta.gsoSegments(packet, Math.min(segmentCount(packet), 0xffff));
        return hasSum() ? seed(packet) : Verdict.FORWARD;
    }

    HeaderStack stack() {
        return stack;
    }

    private Verdict checkSize(int packet) {
        boolean isBySlots = size == GsoType.BY_SLOTS;
        if (isBySlots != (stack.cutProtocol() == IpProtocol.SCTP)) return Verdict.GSO_SIZE_WRONG;
        if (stack.isFragmented() && (size & 7) != 0) return Verdict.GSO_SIZE_WRONG;
        boolean isLonger = isBySlots ? segmentCount(packet) > 1 : leftBytes > size;
        return isLonger ? Verdict.FORWARD : Verdict.GSO_NOT_LONGER;
    }

    /// True if each segment has a ones' complement sum of its own.
    private boolean hasSum() {
        return stack.cutProtocol() != IpProtocol.SCTP && !stack.isFragmented();
    }

    /// Makes sure that the innermost checksum field holds the seed.
    private Verdict seed(int packet) {
        int transport = stack.transport();
        int fieldOffset = ChecksumField.offset(stack.cutProtocol());
        if (record.state(packet) == ChecksumState.PARTIAL) {
            boolean isTransports = record.start(packet) == transport && meta.checksumOffset(packet) == fieldOffset
                && !record.isCrc32c(packet);
            return isTransports ? Verdict.FORWARD : Verdict.GSO_CHECKSUM_START_WRONG;
        }
        long frameAt = meta.frameAt(packet);
        int transportBytes = stack.cutProtocol() == IpProtocol.UDP
            ? Wire.u16(memory, frameAt + transport + 4) : meta.packetBytes(packet) - transport;
        long pseudo = PseudoHeader.ofHeader(memory, frameAt + stack.network(), stack.cutProtocol(), transportBytes);
        Wire.u16(memory, frameAt + transport + fieldOffset, InternetChecksum.fold(pseudo));
        record.partial(packet, transport, fieldOffset);
        return Verdict.FORWARD;
    }

    private int segmentCount(int packet) {
        if (size != GsoType.BY_SLOTS) return (leftBytes + size - 1) / size;
        int filledCount = meta.slotBytes(packet) > stack.headerBytes() ? 1 : 0;
        for (int next = meta.next(packet); next != NONE; next = meta.next(next)) {
            if (meta.slotBytes(next) > 0) filledCount++;
        }
        return filledCount;
    }

    /// Cuts the packet that was checked last. `isPartial`: into super-packets whose every byte of header but the
    /// innermost transport's is as each segment has it, and what does not fill a segment.
    Verdict cut(int packet, boolean isSumLeft, boolean isPartial, int[] target) {
        int countMax = isPartial ? leftBytes / wholeSegments(PARTIAL_BYTES_MAX) + 2 : segmentCount(packet);
        if (countMax > target.length) return Verdict.GSO_SEGMENTS_MAX;
        if (stack.isFragmented()) prepareFragments(packet);
        headers.begin(packet, isSumLeft && !stack.isFragmented(), stack.isFragmented() ? nextFragmentId() : 0);
        boolean isFirst = true;
        describeSegments(packet);
        slot = packet;
        offset = stack.headerBytes();
        while (leftBytes > 0) {
            int bytes = nextBytes(isPartial);
            int segment = takePayload(packet, bytes, target);
            if (segment == NONE) {
                giveBack(packet, target);
                return Verdict.NO_SLOT;
            }
            leftBytes -= bytes;
            int carriedCount = isPartial && bytes > size ? bytes / size : 1;
            headers.write(segment, bytes, carriedCount, leftBytes == 0);
            describe(segment, bytes, isFirst, leftBytes == 0);
            if (isPartial) describeCarried(segment, carriedCount);
            isFirst = false;
        }
        if (slot != NONE) pool.release(slot);
        headers.complete(target, count);
        return Verdict.FORWARD;
    }

    private int wholeSegments(int bytes) {
        return Math.max(bytes / size, 1) * size;
    }

    private int nextBytes(boolean isPartial) {
        if (size == GsoType.BY_SLOTS) return nextFilled();
        if (!isPartial || leftBytes <= size) return Math.min(size, leftBytes);
        return wholeSegments(Math.min(leftBytes, PARTIAL_BYTES_MAX));
    }

    /// Payload bytes of the next slot that has any.
    private int nextFilled() {
        int filled = slot;
        int presentBytes = meta.slotBytes(slot) - offset;
        while (presentBytes == 0) {
            filled = meta.next(filled);
            presentBytes = meta.slotBytes(filled);
        }
        return presentBytes;
    }

    /// Makes the next `bytes` of payload a segment with room in front for its headers and puts it into `target`. `NONE`
    /// where slots ran out.
    private int takePayload(int packet, int bytes, int[] target) {
        int headerBytes = headers.headerBytes();
        int presentBytes = meta.slotBytes(slot) - offset;
        int dataAt = meta.dataAt(slot) + offset - headerBytes;
        boolean isOwn = presentBytes <= bytes && dataAt >= META_BYTES;
        int segment;
        if (isOwn) {
            segment = slot;
            slot = meta.next(segment);
            offset = 0;
            meta.beginFrom(packet, segment, dataAt, headerBytes + presentBytes);
        } else {
            segment = pool.allocate();
            if (segment == NONE) return NONE;
            meta.beginFrom(packet, segment, FRAME_AT, headerBytes);
        }
        target[count++] = segment;
        int missingBytes = isOwn ? bytes - presentBytes : bytes;
        if (missingBytes > 0 && !append(segment, missingBytes)) return NONE;
        return segment;
    }

    /// Puts the next `bytes` of payload behind what the segment has: links slots that are its own from here on, copies
    /// from the one where a later segment begins. False where slots ran out.
    private boolean append(int segment, int bytes) {
        int tail = segment;
        int missingBytes = bytes;
        while (missingBytes > 0) {
            int presentBytes = meta.slotBytes(slot) - offset;
            if (presentBytes > missingBytes) return copy(segment, tail, missingBytes, bytes);
            int linked = slot;
            slot = meta.next(linked);
            meta.next(linked, NONE);
            meta.slotBytes(linked, presentBytes);
            meta.dataAt(linked, meta.dataAt(linked) + offset);
            offset = 0;
            link(segment, tail, linked);
            tail = linked;
            missingBytes -= presentBytes;
        }
        meta.packetBytes(segment, meta.packetBytes(segment) + bytes);
        return true;
    }

    /// Copies the last `missingBytes` of `bytes` out of a slot that is not the segment's.
    private boolean copy(int segment, int lastTail, int missingBytes, int bytes) {
        int tail = lastTail;
        if (CHUNK_BYTES - meta.dataAt(tail) - meta.slotBytes(tail) < missingBytes) {
            int fresh = pool.allocate();
            if (fresh == NONE) return false;
            // Without headroom a slot holds whatever part of another can be.
            meta.beginFrom(segment, fresh, META_BYTES, 0);
            link(segment, tail, fresh);
            tail = fresh;
        }
        long from = meta.frameAt(slot) + offset;
        Wire.copy(memory, from, memory, meta.frameAt(tail) + meta.slotBytes(tail), missingBytes);
        meta.slotBytes(tail, meta.slotBytes(tail) + missingBytes);
        meta.packetBytes(segment, meta.packetBytes(segment) + bytes);
        offset += missingBytes;
        return true;
    }

    private void link(int segment, int tail, int slotBehind) {
        meta.next(tail, slotBehind);
        meta.last(segment, slotBehind);
    }

    /// Slots ran out: takes back everything but the packet's first slot.
    private void giveBack(int packet, int[] target) {
        for (int i = 0; i < count; i++) {
            releaseBut(packet, target[i]);
        }
        releaseBut(packet, slot);
        meta.beginFrom(packet, packet, FRAME_AT, 0);
        count = 0;
    }

    private void releaseBut(int packet, int firstSlot) {
        int released = firstSlot;
        while (released != NONE) {
            int next = meta.next(released);
            meta.next(released, NONE);
            if (released != packet) pool.release(released);
            released = next;
        }
    }

    /// The checksum of a datagram that will be fragments is in the first of them, so it is computed now.
    private void prepareFragments(int packet) {
        int transport = stack.transport();
        transports.fill(packet, stack.network(), transport, meta.packetBytes(packet) - transport, IpProtocol.UDP);
    }

    /// Changes the super-packet's metadata to what all segments have in common; they copy it.
    private void describeSegments(int packet) {
        meta.gsoType(packet, 0);
        meta.gsoSize(packet, 0);
        meta.gsoSegments(packet, 0);
        if (headers.isSumLeft() && !hasSum()) {
            record.partialCrc32c(packet, stack.transport(), ChecksumField.offset(IpProtocol.SCTP));
        } else if (!headers.isSumLeft()) {
            record.none(packet);
        }
        if (stack.editBytes() != 0) shiftOffsets(packet, stack.editAt(), stack.editBytes());
    }

    /// What differs from segment to segment.
    private void describe(int segment, int bytes, boolean isFirst, boolean isLast) {
        int end = Math.min(headers.headerBytes() + bytes, END_MAX);
        meta.end(segment, end);
        boolean isEncapsulated = meta.recordCount(segment) > 1;
        if (isEncapsulated) meta.innerEnd(segment, end);
        if (headers.isSumLeft()) meta.checksumStart(segment, meta.dataAt(segment) + stack.segmentTransport());
        if (stack.cutProtocol() == IpProtocol.TCP && !isEncapsulated) {
            meta.tcpFlags(segment, headers.tcpFlags(isFirst, isLast));
        }
        if (stack.isFragmented()) {
            int others = meta.flags(segment) & ~ParseFlags.FIRST_FRAGMENT;
            meta.flags(segment, others | ParseFlags.FRAGMENT | (isFirst ? ParseFlags.FIRST_FRAGMENT : 0));
        }
    }

    /// What the device is to cut again, and what is a segment already.
    private void describeCarried(int segment, int carriedCount) {
        boolean isCarried = carriedCount > 1;
        meta.gsoType(segment, isCarried ? (type | GsoType.PARTIAL) & ~GsoType.DODGY : 0);
        meta.gsoSize(segment, isCarried ? size : 0);
        meta.gsoSegments(segment, isCarried ? carriedCount : 0);
    }

    /// An identification that nobody guesses who does not know the seed (RFC 7739).
    private int nextFragmentId() {
        fragmentIds += 0x9e37_79b9_7f4a_7c15L;
        long mixed = (fragmentIds ^ fragmentIds >>> 33) * 0xff51_afd7_ed55_8ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return (int) (mixed >>> 32);
    }

    private void shiftOffsets(int packet, int editAt, int editBytes) {
        if (meta.l4(packet) >= editAt) meta.l4(packet, meta.l4(packet) + editBytes);
        if (meta.payload(packet) >= editAt) meta.payload(packet, meta.payload(packet) + editBytes);
        if (meta.recordCount(packet) <= 1) return;
        if (meta.innerL4(packet) >= editAt) meta.innerL4(packet, meta.innerL4(packet) + editBytes);
        if (meta.innerPayload(packet) >= editAt) meta.innerPayload(packet, meta.innerPayload(packet) + editBytes);
    }
}
