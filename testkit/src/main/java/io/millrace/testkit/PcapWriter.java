package io.millrace.testkit;

/// Writes a classic pcap file. By default little-endian, microseconds, Ethernet, as most files are.
public final class PcapWriter {

    private static final int SNAP_BYTES = 262_144;

    private final Octets records = new Octets();
    private boolean isBigEndian;
    private boolean isNanoseconds;
    private int linkType = CapturedFrame.ETHERNET;

    /// Before the first frame.
    public PcapWriter bigEndian() {
        this.isBigEndian = true;
        return this;
    }

    /// Before the first frame.
    public PcapWriter nanoseconds() {
        this.isNanoseconds = true;
        return this;
    }

    public PcapWriter linkType(int value) {
        this.linkType = value;
        return this;
    }

    /// Appends a record; its link type must be the file's.
    public PcapWriter frame(CapturedFrame frame) {
        if (frame.linkType() != linkType) {
            throw new IllegalArgumentException("a pcap file has one link type, here " + linkType
                + ", got a frame of " + frame.linkType());
        }
        return record(Math.floorDiv(frame.timeNs(), 1_000_000_000L),
            Math.floorMod(frame.timeNs(), 1_000_000_000L) / (isNanoseconds ? 1 : 1_000),
            frame.bytes().length, frame.originalBytes(), frame.bytes());
    }

    /// Appends a record whose fields are taken as they are.
    public PcapWriter record(long seconds, long fraction, long capturedBytes, long originalBytes, byte[] bytes) {
        records.bytes(new OrderedOctets(isBigEndian)
            .u32(seconds).u32(fraction).u32(capturedBytes).u32(originalBytes).bytes(bytes).toBytes());
        return this;
    }

    public byte[] bytes() {
        return new OrderedOctets(isBigEndian)
            .u32(isNanoseconds ? PcapReader.MAGIC_NANOSECONDS : PcapReader.MAGIC_MICROSECONDS)
            .u16(2).u16(4).u32(0).u32(0).u32(SNAP_BYTES).u32(linkType)
            .bytes(records.toBytes()).toBytes();
    }
}
