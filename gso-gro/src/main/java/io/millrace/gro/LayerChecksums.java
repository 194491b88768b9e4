package io.millrace.gro;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

/// The checksums of one packet as merging asks for them, outermost first (`NAPI_GRO_CB(skb)->csum…` in Linux's
/// `include/net/gro.h`). Each question uses up what the device said, and what had to be summed here is noted in the
/// packet's metadata, so that nobody sums it again.
///
/// | state | answer |
/// |---|---|
/// | UNNECESSARY(n) | right, n times |
/// | COMPLETE | the known sum, less that of the headers in front |
/// | PARTIAL that starts at or behind the header | right |
/// | otherwise | all bytes are summed, and the sum is kept as COMPLETE for the headers inside |
final class LayerChecksums {

    private static final int ALL_ONES = 0xffff;

    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final PacketSum sums;

    private int packet;
    private int packetBytes;
    private int state;
    /// Checksums that the device vouches for and nobody has asked about yet.
    private int vouchedCount;
    /// Whether the sum of the bytes from `sumFrom` to the packet's end is known.
    private boolean hasSum;
    private int sumFrom;
    private int sum;

    LayerChecksums(PacketMemory packets) {
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.sums = new PacketSum(packets);
    }

    void begin(int packet, int packetBytes) {
        this.packet = packet;
        this.packetBytes = packetBytes;
        state = meta.checksumState(packet);
        vouchedCount = state == ChecksumState.UNNECESSARY ? meta.checksumLevel(packet) + 1 : 0;
        hasSum = state == ChecksumState.COMPLETE;
        if (!hasSum) return;
        sumFrom = record.start(packet);
        sum = meta.checksumSum(packet);
    }

    /// Whether the checksum that covers the bytes from `at` to the end, and `pseudoSum`, is right.
    boolean isRight(int at, long pseudoSum) {
        if (!isVouchedFor(at)) {
            boolean isKnownRight = hasSum && sumFrom <= at && InternetChecksum.isRight(sumFrom(at) + pseudoSum);
            if (!isKnownRight) {
                sum = InternetChecksum.fold(sums.sum(packet, at, packetBytes - at));
                sumFrom = at;
                hasSum = true;
                if (!InternetChecksum.isRight(sum + pseudoSum)) return false;
            }
        }
        useUp();
        return true;
    }

    /// The bytes from `at` to `behindAt` are a header whose own checksum is right, so they add nothing to a sum.
    void addsNothing(int at, int behindAt) {
        if (sumFrom == at) sumFrom = behindAt;
    }

    /// A checksum that its sender left out.
    void absent() {
        useUp();
    }

    /// True if nothing speaks against a checksum that was asked about before.
    boolean isTrusted() {
        return state == ChecksumState.PARTIAL || vouchedCount > 0 || hasSum;
    }

    /// The checksum just found right covers the bytes from `at` to the end, so their sum is the complement of
    /// `pseudoSum`. Costs no byte, and answers for the headers inside.
    void convert(int at, long pseudoSum) {
        if (vouchedCount > 0 || hasSum) return;
        sum = ALL_ONES ^ InternetChecksum.fold(pseudoSum);
        sumFrom = at;
        hasSum = true;
    }

    private boolean isVouchedFor(int at) {
        return vouchedCount > 0 || state == ChecksumState.PARTIAL && record.start(packet) >= at;
    }

    private long sumFrom(int at) {
        int frontBytes = at - sumFrom;
        if (frontBytes == 0) return sum;
        long rest = InternetChecksum.without(sum, sums.sum(packet, sumFrom, frontBytes));
        return InternetChecksum.join(0, frontBytes, rest);
    }

    private void useUp() {
        if (vouchedCount > 0) {
            vouchedCount--;
            return;
        }
        switch (state) {
            case ChecksumState.NONE -> {
                record.unnecessary(packet, 1);
                state = ChecksumState.UNNECESSARY;
            }
            case ChecksumState.UNNECESSARY -> record.unnecessary(packet, meta.checksumLevel(packet) + 2);
            default -> { }
        }
    }
}
