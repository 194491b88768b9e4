package io.millrace.nic.sim.audit;

import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.rss.HashConfig;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One received packet: what the device was given, by which tables it went, and what it made of it.
public final class AuditUnit {

    /// Longer packets, and chains of slots, are not audited.
    static final int FRAME_BYTES_MAX = 2048;
    private static final int RECORDS_MAX = 8;

    final byte[] frame = new byte[FRAME_BYTES_MAX];
    final long[] words = new long[ParseRecords.USED_WORDS * RECORDS_MAX];
    int frameBytes;
    int linkType;
    int port;
    int recordCount;
    long timeNs;
    ParseImage image;
    /// How it was hashed, or null if it was not.
    HashConfig hashing;
    int hash;
    /// Whether the device summed it, from where, and the sum.
    boolean isSummed;
    int sumFrom;
    int sum;

    /// Copies the packet as it is before the device works on it; false if it cannot be audited.
    ///
    /// @param image   that the device's parser ran
    /// @param records what it found, at `index`
    public boolean begin(int packet, PacketMeta meta, MemorySegment memory, ParseImage image, ParseRecords records,
                         int index, long nowNs) {
        frameBytes = meta.packetBytes(packet);
        boolean isPlain = meta.slotBytes(packet) == frameBytes && frameBytes <= FRAME_BYTES_MAX
            && meta.originalBytes(packet) == 0 && meta.gsoSize(packet) == 0
            && meta.checksumState(packet) == ChecksumState.NONE;
        recordCount = ParseOutcome.recordCount(records.outcome(index));
        if (!isPlain || recordCount > RECORDS_MAX) return false;
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, meta.frameAt(packet), frame, 0, frameBytes);
        for (int record = 0; record < recordCount; record++) {
            System.arraycopy(records.words(), ParseRecords.recordAt(index, record), words,
                record * ParseRecords.USED_WORDS, ParseRecords.USED_WORDS);
        }
        this.linkType = meta.linkType(packet);
        this.port = meta.port(packet);
        this.timeNs = nowNs;
        this.image = image;
        this.hashing = null;
        this.isSummed = false;
        return true;
    }

    /// What the device found the sum of the bytes from `from` on to be.
    public void summed(int from, int found) {
        isSummed = true;
        sumFrom = from;
        sum = found;
    }

    public void hashed(HashConfig by, int found) {
        hashing = by;
        hash = found;
    }
}
