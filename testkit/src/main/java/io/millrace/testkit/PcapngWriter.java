package io.millrace.testkit;

/// Writes a pcapng file block by block. Begins little-endian; [#section] begins another section.
///
/// ```java
/// new PcapngWriter().section(true).interfaceOf(1).enhanced(0, ticks, bytes).bytes()
/// ```
public final class PcapngWriter {

    private static final int MICROSECONDS = 6;

    private final Octets file = new Octets();
    private boolean isBigEndian;

    /// A section header block; interfaces are numbered anew after it.
    public PcapngWriter section(boolean bigEndian) {
        this.isBigEndian = bigEndian;
        return block(PcapngReader.SECTION, body().u32(PcapngReader.BIG_ENDIAN_MARK).u16(1).u16(0).i64(-1).toBytes());
    }

    /// An interface that counts microseconds from 1970.
    public PcapngWriter interfaceOf(int linkType) {
        return interfaceOf(linkType, 0, MICROSECONDS, 0);
    }

    /// `resolution` as in the option if_tsresol: a negative power of 10, or of 2 with the top bit (0x80) set.
    public PcapngWriter interfaceOf(int linkType, long snapBytes, int resolution, long offsetSeconds) {
        OrderedOctets body = body().u16(linkType).u16(0).u32(snapBytes);
        if (resolution != MICROSECONDS) {
            body.u16(PcapngReader.OPTION_RESOLUTION).u16(1).bytes((byte) resolution).padTo(4);
        }
        if (offsetSeconds != 0) body.u16(PcapngReader.OPTION_OFFSET).u16(8).i64(offsetSeconds);
        return block(PcapngReader.INTERFACE, body.u16(0).u16(0).toBytes());
    }

    public PcapngWriter enhanced(int interfaceIndex, long ticks, byte[] bytes) {
        return enhanced(interfaceIndex, ticks, bytes, bytes.length);
    }

    public PcapngWriter enhanced(int interfaceIndex, long ticks, byte[] bytes, int originalBytes) {
        return block(PcapngReader.ENHANCED_PACKET, body()
            .u32(interfaceIndex).u32(ticks >>> 32).u32(ticks & 0xffffffffL)
            .u32(bytes.length).u32(originalBytes).bytes(bytes).padTo(4).toBytes());
    }

    /// The packet block that the enhanced one replaced.
    public PcapngWriter obsolete(int interfaceIndex, int dropCount, long ticks, byte[] bytes, int originalBytes) {
        return block(PcapngReader.OBSOLETE_PACKET, body()
            .u16(interfaceIndex).u16(dropCount).u32(ticks >>> 32).u32(ticks & 0xffffffffL)
            .u32(bytes.length).u32(originalBytes).bytes(bytes).padTo(4).toBytes());
    }

    public PcapngWriter simple(byte[] bytes, int originalBytes) {
        return block(PcapngReader.SIMPLE_PACKET, body().u32(originalBytes).bytes(bytes).padTo(4).toBytes());
    }

    /// A block of any type; the body is padded with zeros to four bytes.
    public PcapngWriter block(long type, byte[] body) {
        byte[] padded = new Octets().bytes(body).padTo(4).toBytes();
        long blockBytes = 12 + padded.length;
        file.bytes(body().u32(type).u32(blockBytes).bytes(padded).u32(blockBytes).toBytes());
        return this;
    }

    public byte[] bytes() {
        return file.toBytes();
    }

    private OrderedOctets body() {
        return new OrderedOctets(isBigEndian);
    }
}
