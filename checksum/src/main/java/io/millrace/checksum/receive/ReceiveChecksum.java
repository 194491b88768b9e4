package io.millrace.checksum.receive;

import io.millrace.checksum.ChecksumField;
import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.PseudoHeader;
import io.millrace.checksum.cover.ChecksumStatus;
import io.millrace.checksum.cover.Coverage;
import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Verifies transport checksums of received packets as Linux does: by what the device found out if it found out
/// enough, by summing if not.
///
/// | state | [#verify] |
/// |---|---|
/// | UNNECESSARY(n) | right; n − 1 remain, then NONE |
/// | COMPLETE | the range's sum is what remains after taking the headers before it and the padding behind it away |
/// | PARTIAL that starts at or behind this header | right |
/// | NONE, or COMPLETE that does not fit | summed; the sum is kept as a COMPLETE of this host's own |
///
/// A wrong checksum is an answer, not an error: nobody but the protocol drops for it.
public final class ReceiveChecksum {

    private static final int ALL_ONES = 0xffff;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final PacketSum sums;
    private final Coverage coverage;
    private ChecksumStatus last;
    private long[] wrongDeviceSums = {};   // by port

    public ReceiveChecksum(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.sums = new PacketSum(packets);
        this.coverage = new Coverage(packets);
    }

    /// The status of the transport behind `ip`, which was read from this packet and [Coverage#isCarried] is true of.
    /// Called once for each header, outermost first: every call uses up a level of UNNECESSARY.
    public ChecksumStatus verify(int packet, NetworkHeader ip) {
        last = decide(packet, ip);
        record.isValid(packet, last == ChecksumStatus.GOOD || last == ChecksumStatus.ABSENT);
        return last;
    }

    private ChecksumStatus decide(int packet, NetworkHeader ip) {
        boolean canBeSummed = coverage.examine(packet, ip);
        if (!canBeSummed && coverage.status() != ChecksumStatus.ABSENT) return coverage.status();
        if (!canBeSummed || isVouchedFor(packet, ip.l4())) {
            useUpLevel(packet);
            return canBeSummed ? ChecksumStatus.GOOD : ChecksumStatus.ABSENT;
        }
        if (coverage.isCrc32c()) return coverage.status();
        return isSumRight(packet, coverage.pseudoSum()) ? ChecksumStatus.GOOD : ChecksumStatus.BAD;
    }

    /// After [#verify] found a header GOOD: if the device has no more to say, makes COMPLETE of it, because a range
    /// with a right checksum sums up to the complement of its pseudo header. Inner checksums then cost their headers
    /// only. True if it did.
    public boolean convert(int packet) {
        if (last != ChecksumStatus.GOOD || coverage.isCrc32c()) return false;
        if (record.state(packet) != ChecksumState.NONE) return false;
        long sumOfRange = ALL_ONES ^ InternetChecksum.fold(coverage.pseudoSum());
        record.complete(packet, coverage.from(), toPacketEnd(packet, sumOfRange));
        record.isValid(packet, true);
        return true;
    }

    /// The status as connection tracking sees it: the addresses are the IP header's own, a UDP checksum of 0 is
    /// accepted over IPv6 too, what a device vouches for is not used up, and what was found right is UNNECESSARY.
    public ChecksumStatus track(int packet, NetworkHeader ip) {
        int state = record.state(packet);
        if (state == ChecksumState.UNNECESSARY || state == ChecksumState.PARTIAL) return ChecksumStatus.GOOD;
        if (!coverage.examine(packet, ip)) {
            boolean isZeroUdp = coverage.status() == ChecksumStatus.ILLEGAL && ip.protocol() == IpProtocol.UDP;
            return isZeroUdp ? ChecksumStatus.ABSENT : coverage.status();
        }
        boolean isRight = coverage.isCrc32c()
            ? coverage.status() == ChecksumStatus.GOOD
            : isSumRight(packet, plainPseudoSum(packet, ip));
        if (!isRight) return ChecksumStatus.BAD;
        record.unnecessary(packet, 1);
        return ChecksumStatus.GOOD;
    }

    /// How often a device's COMPLETE called a packet wrong that is right.
    public long wrongDeviceSums() {
        long sum = 0;
        for (long each : wrongDeviceSums) sum += each;
        return sum;
    }

    /// As [#wrongDeviceSums()], of the packets that this port received. Any thread; perhaps a little old.
    public long wrongDeviceSums(int port) {
        long[] byPort = wrongDeviceSums;
        return port < byPort.length ? byPort[port] : 0;
    }

    private void accuse(int port) {
        if (port >= wrongDeviceSums.length) wrongDeviceSums = Arrays.copyOf(wrongDeviceSums, port + 1);
        wrongDeviceSums[port]++;
    }

    private boolean isVouchedFor(int packet, int l4) {
        return switch (record.state(packet)) {
            case ChecksumState.UNNECESSARY -> true;
            case ChecksumState.PARTIAL -> record.start(packet) >= l4;
            default -> false;
        };
    }

    private void useUpLevel(int packet) {
        if (record.state(packet) != ChecksumState.UNNECESSARY) return;
        int level = meta.checksumLevel(packet);
        if (level == 0) {
            record.none(packet);
        } else {
            meta.checksumLevel(packet, level - 1);
        }
    }

    private boolean isSumRight(int packet, long pseudoSum) {
        boolean fits = record.state(packet) == ChecksumState.COMPLETE && record.start(packet) <= coverage.from();
        if (fits && InternetChecksum.isRight(sumByComplete(packet) + pseudoSum)) return true;
        long sum = sums.sum(packet, coverage.from(), coverage.byteCount());
        boolean isRight = InternetChecksum.isRight(sum + pseudoSum);
        if (isRight && fits && !record.isBySoftware(packet)) accuse(meta.port(packet));
        record.completeBySoftware(packet, coverage.from(), toPacketEnd(packet, sum));
        return isRight;
    }

    /// The sum of the covered range by the packet's COMPLETE.
    private long sumByComplete(int packet) {
        int frontBytes = coverage.from() - record.start(packet);
        long front = sums.sum(packet, record.start(packet), frontBytes);
        long around = InternetChecksum.join(front, frontBytes + coverage.byteCount(), tail(packet));
        return InternetChecksum.join(0, frontBytes, InternetChecksum.without(meta.checksumSum(packet), around));
    }

    private long toPacketEnd(int packet, long sumOfRange) {
        return InternetChecksum.join(sumOfRange, coverage.byteCount(), tail(packet));
    }

    /// What lies behind the covered range: padding as a rule.
    private long tail(int packet) {
        int behindAt = coverage.from() + coverage.byteCount();
        return sums.sum(packet, behindAt, meta.packetBytes(packet) - behindAt);
    }

    private long plainPseudoSum(int packet, NetworkHeader ip) {
        if (!ChecksumField.hasPseudoHeader(ip.protocol())) return 0;
        return PseudoHeader.ofHeader(memory, meta.frameAt(packet) + ip.l3(), ip.protocol(), coverage.pseudoBytes());
    }
}
