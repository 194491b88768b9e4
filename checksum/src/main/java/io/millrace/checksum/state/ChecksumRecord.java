package io.millrace.checksum.state;

import io.millrace.checksum.InternetChecksum;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

/// The checksum state in a packet's metadata, set and read with offsets that count from the packet's first byte.
///
/// - NONE: nothing is known; to transmit, nothing is to be done
/// - UNNECESSARY(n): the outermost n checksums, 1 to 4, were found right; IPv4 headers do not count
/// - COMPLETE(from, sum): the bytes from `from` to the packet's end have this sum
/// - PARTIAL(start, offset): the sum from `start` to the end is still to be stored at `start + offset`; in a packet
///   that was received so, from a neighbour in the same machine, it and every checksum before it count as right
///
/// `COMPLETE` names where its sum begins, so that headers pushed or pulled in front of it change nothing.
public final class ChecksumRecord {

    /// More than four checksums in one packet are not counted.
    public static final int VERIFIED_MAX = 4;

    private static final int CHECKSUM_BYTES = 2;
    private static final int CRC32C_BYTES = 4;

    private final PacketMeta meta;

    public ChecksumRecord(PacketMemory packets) {
        this.meta = new PacketMeta(packets);
    }

    public int state(int packet) {
        return meta.checksumState(packet);
    }

    public void none(int packet) {
        set(packet, ChecksumState.NONE, 0, 0);
    }

    /// `verifiedCount` checksums, outermost first, are right; at least one.
    public void unnecessary(int packet, int verifiedCount) {
        assert verifiedCount >= 1 : verifiedCount;
        set(packet, ChecksumState.UNNECESSARY, Math.min(verifiedCount, VERIFIED_MAX) - 1, 0);
    }

    /// The bytes from `from` to the packet's end sum up to `sum`; the first of them is the high byte of a word.
    public void complete(int packet, int from, long sum) {
        set(packet, ChecksumState.COMPLETE, 0, 0);
        meta.checksumStart(packet, meta.dataAt(packet) + from);
        meta.checksumSum(packet, InternetChecksum.fold(sum));
    }

    /// The same, found by this host and not by a device.
    public void completeBySoftware(int packet, int from, long sum) {
        complete(packet, from, sum);
        flag(packet, ChecksumState.BY_SOFTWARE, true);
    }

    /// Asks for a checksum; false, and nothing changed, if the field would not lie in the packet's first slot. Both
    /// numbers may come from somebody who is not trusted.
    public boolean partial(int packet, int start, int offset) {
        return partial(packet, start, offset, CHECKSUM_BYTES, 0);
    }

    /// Asks for a CRC32c in the four bytes at `start + offset`, as SCTP has it.
    public boolean partialCrc32c(int packet, int start, int offset) {
        return partial(packet, start, offset, CRC32C_BYTES, ChecksumState.CRC32C);
    }

    private boolean partial(int packet, int start, int offset, int fieldBytes, int flags) {
        if (start < 0 || offset < 0) return false;
        if ((long) start + offset + fieldBytes > meta.slotBytes(packet)) return false;
        set(packet, ChecksumState.PARTIAL, 0, flags);
        meta.checksumStart(packet, meta.dataAt(packet) + start);
        meta.checksumOffset(packet, offset);
        return true;
    }

    /// COMPLETE and PARTIAL: where the sum begins.
    public int start(int packet) {
        return meta.checksumStart(packet) - meta.dataAt(packet);
    }

    /// PARTIAL: where the field to be filled lies.
    public int fieldAt(int packet) {
        return start(packet) + meta.checksumOffset(packet);
    }

    /// PARTIAL: how long the field to be filled is.
    public int fieldBytes(int packet) {
        return isCrc32c(packet) ? CRC32C_BYTES : CHECKSUM_BYTES;
    }

    /// True if a CRC32c is asked for.
    public boolean isCrc32c(int packet) {
        return state(packet) == ChecksumState.PARTIAL && hasFlag(packet, ChecksumState.CRC32C);
    }

    /// True if COMPLETE was found by this host.
    public boolean isBySoftware(int packet) {
        return hasFlag(packet, ChecksumState.BY_SOFTWARE);
    }

    /// Whether the checksum that was verified last is right.
    public boolean isValid(int packet) {
        return hasFlag(packet, ChecksumState.VALID);
    }

    public void isValid(int packet, boolean yes) {
        flag(packet, ChecksumState.VALID, yes);
    }

    /// A packet that is passed on leaves what COMPLETE said behind: its hop count changes, and nobody asks again.
    public void forward(int packet) {
        if (state(packet) == ChecksumState.COMPLETE) none(packet);
    }

    /// COMPLETE: the same packet, summed from elsewhere.
    void moveComplete(int packet, int start, long sum) {
        meta.checksumStart(packet, meta.dataAt(packet) + start);
        meta.checksumSum(packet, InternetChecksum.fold(sum));
    }

    /// PARTIAL: the start and the field moved, what is asked for stays.
    void movePartial(int packet, int start, int fieldAt) {
        meta.checksumStart(packet, meta.dataAt(packet) + start);
        meta.checksumOffset(packet, fieldAt - start);
    }

    private void set(int packet, int state, int level, int flags) {
        meta.checksumState(packet, state);
        meta.checksumLevel(packet, level);
        meta.checksumFlags(packet, flags);
    }

    private boolean hasFlag(int packet, int flag) {
        return (meta.checksumFlags(packet) & flag) != 0;
    }

    private void flag(int packet, int flag, boolean isSet) {
        int flags = meta.checksumFlags(packet);
        meta.checksumFlags(packet, isSet ? flags | flag : flags & ~flag);
    }
}
