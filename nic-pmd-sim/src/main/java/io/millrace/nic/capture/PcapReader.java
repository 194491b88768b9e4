package io.millrace.nic.capture;

import io.millrace.packet.memory.Check;

import java.lang.foreign.MemorySegment;

/// Cursor over a classic pcap, see [PcapFormat] for the variants.
final class PcapReader implements CaptureReader {

    private final FileWindow window;
    private final FieldOrder order;
    private final CaptureInterface captureInterface;
    private final int minor;
    private final boolean isFirstVariant;
    private final int recordHeaderBytes;
    private final int packetBytesMax;
    private final long nsPerFraction;
    private long next = PcapFormat.FILE_HEADER_BYTES;
    private CaptureDamage damage;

    private long timeNs;
    private int capturedBytes;
    private long originalBytes;

    PcapReader(FileWindow window) throws CaptureException {
        this.window = window;
        if (!window.reaches(0, Integer.BYTES)) throw noCapture(window.fileBytes() + " bytes");
        MemorySegment m = window.segment();
        this.order = orderOf(m);
        int headerBytes = PcapFormat.FILE_HEADER_BYTES;
        if (!window.reaches(0, headerBytes)) {
            throw refused(window.fileBytes(), "a file header of " + headerBytes + " bytes", "the end of the file");
        }
        int major = PcapFormat.major(order, m, 0);
        this.minor = PcapFormat.minor(order, m, 0);
        if (major != PcapFormat.MAJOR) {
            throw refused(PcapFormat.MAJOR_AT, "version 2.x", "version " + major + "." + minor);
        }
        this.captureInterface = PcapFormat.fileInterface(order, m, 0);
        int magic = PcapFormat.magic(order, m, 0);
        this.isFirstVariant = magic == PcapFormat.MAGIC_MICROSECONDS;
        this.recordHeaderBytes = magic == PcapFormat.MAGIC_MODIFIED
            ? PcapFormat.MODIFIED_RECORD_HEADER_BYTES
            : PcapFormat.RECORD_HEADER_BYTES;
        this.packetBytesMax = captureInterface.packetBytesMax();
        this.nsPerFraction = captureInterface.timeScale().toNs(1);
    }

    private FieldOrder orderOf(MemorySegment m) throws CaptureException {
        for (FieldOrder candidate : FieldOrder.values()) {
            switch (PcapFormat.magic(candidate, m, 0)) {
                case PcapFormat.MAGIC_MICROSECONDS, PcapFormat.MAGIC_NANOSECONDS, PcapFormat.MAGIC_MODIFIED -> {
                    return candidate;
                }
                default -> { }
            }
        }
        throw noCapture(ForeignMagic.describe(PcapFormat.magic(FieldOrder.BIG, m, 0)));
    }

    private CaptureException noCapture(String found) {
        return refused(0, "the magic number of a pcap or pcapng", found);
    }

    private CaptureException refused(long offset, String expected, String found) {
        return new CaptureException(new CaptureDamage(window.file(), offset, expected, found));
    }

    @Override
    public boolean advance() {
        if (damage != null) return false;
        long leftBytes = window.fileBytes() - next;
        if (leftBytes == 0) return false;
        if (!window.reaches(next, recordHeaderBytes)) {
            return stop(next, "a record header of " + recordHeaderBytes + " bytes", leftBytes + " bytes");
        }
        MemorySegment m = window.segment();
        long at = window.at(next);
        long captured = PcapFormat.capturedBytes(order, m, at);
        long original = PcapFormat.originalBytes(order, m, at);
        if (hasSwappedLengths(captured, original)) {
            long swapped = captured;
            captured = original;
            original = swapped;
        }
        if (captured > packetBytesMax) {
            return stop(next + PcapFormat.CAPTURED_BYTES_AT, "at most " + packetBytesMax + " captured bytes",
                captured + " captured bytes");
        }
        if (captured > leftBytes - recordHeaderBytes) {
            return stop(next + recordHeaderBytes, captured + " bytes of a packet",
                (leftBytes - recordHeaderBytes) + " bytes");
        }
        timeNs = PcapFormat.seconds(order, m, at) * 1_000_000_000L + PcapFormat.fraction(order, m, at) * nsPerFraction;
        capturedBytes = (int) captured;
        originalBytes = original;
        next += recordHeaderBytes + captured;
        return true;
    }

    /// Only the first variant was ever written in versions so old.
    private boolean hasSwappedLengths(long captured, long original) {
        if (minor > PcapFormat.MINOR_SOMETIMES_SWAPPED || !isFirstVariant) return false;
        return minor < PcapFormat.MINOR_SOMETIMES_SWAPPED || captured > original;
    }

    private boolean stop(long offset, String expected, String found) {
        damage = window.damage(offset, expected, found);
        return false;
    }

    @Override public CaptureDamage damage()  { return damage; }
    @Override public long timeNs()           { return timeNs; }
    @Override public int capturedBytes()     { return capturedBytes; }
    @Override public long originalBytes()    { return originalBytes; }
    @Override public int linkType()          { return captureInterface.linkType(); }
    @Override public int interfaceIndex()    { return 0; }
    @Override
    public double shareRead() {
        return window.shareRead();
    }

    @Override public int interfaceCount()    { return 1; }

    @Override
    public CaptureInterface captureInterface(int index) {
        Check.that(index == 0, "a pcap has one interface, number 0", index);
        return captureInterface;
    }

    @Override
    public boolean copyTo(MemorySegment target, long at, int from, int byteCount) {
        assert from >= 0;
        assert byteCount >= 0;
        assert from + byteCount <= capturedBytes : from + byteCount;
        long position = next - capturedBytes + from;
        return window.copy(position, target, at, byteCount) || stop(position, byteCount + " bytes", "none");
    }

    @Override
    public void close() {
        window.close();
    }
}
