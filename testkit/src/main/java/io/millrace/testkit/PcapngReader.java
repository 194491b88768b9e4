package io.millrace.testkit;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Reads a pcapng file (draft-ietf-opsawg-pcapng): sections of either byte order, interfaces with their time
/// resolution and offset, enhanced, simple and obsolete packet blocks. Other blocks are passed over.
final class PcapngReader {

    static final long SECTION = 0x0a0d0d0aL;
    static final long BIG_ENDIAN_MARK = 0x1a2b3c4dL;
    static final int INTERFACE = 1;
    static final int OBSOLETE_PACKET = 2;
    static final int SIMPLE_PACKET = 3;
    static final int ENHANCED_PACKET = 6;
    static final int OPTION_RESOLUTION = 9;
    static final int OPTION_OFFSET = 14;

    private static final BigInteger SECOND_NS = BigInteger.valueOf(1_000_000_000L);

    private final byte[] file;
    private final List<CapturedFrame> frames = new ArrayList<>();
    private final List<Interface> interfaces = new ArrayList<>();
    private OrderedBytes fields;

    /// `resolution` as in the option if_tsresol: negative power of 10, or of 2 with the top bit set.
    private record Interface(int linkType, long snapBytes, int resolution, long offsetSeconds) {

        long timeNs(long ticks) {
            BigInteger unsignedTicks = new BigInteger(Long.toUnsignedString(ticks));
            int exponent = resolution & 0x7f;
            BigInteger base = (resolution & 0x80) != 0 ? BigInteger.TWO : BigInteger.TEN;
            return unsignedTicks.multiply(SECOND_NS).divide(base.pow(exponent))
                .add(BigInteger.valueOf(offsetSeconds).multiply(SECOND_NS)).longValue();
        }
    }

    /// A block that breaks a rule of the format.
    private static final class Damage extends Exception {

        private static final long serialVersionUID = 1L;

        Damage(String message) {
            super(message);
        }
    }

    PcapngReader(byte[] file) {
        this.file = file;
    }

    CaptureFile read() {
        int at = 0;
        try {
            while (at < file.length) {
                at += readBlock(at);
            }
            return new CaptureFile(frames, null);
        } catch (Damage damage) {
            return new CaptureFile(frames, "block at byte " + at + ": " + damage.getMessage());
        }
    }

    /// Returns the length of the block at `at`.
    private int readBlock(int at) throws Damage {
        if (file.length - at < 12) throw new Damage("cut");
        boolean isSection = Octets.u32(file, at) == SECTION;
        if (isSection) startSection(at);
        long type = fields.u32(at);
        long blockBytes = fields.u32(at + 4);
        if (blockBytes < 12 || blockBytes % 4 != 0) throw new Damage("claims " + blockBytes + " bytes");
        if (blockBytes > file.length - at) throw new Damage("of " + blockBytes + " bytes is cut");
        int blockEnd = at + (int) blockBytes;
        if (fields.u32(blockEnd - 4) != blockBytes) throw new Damage("two lengths disagree");
        int bodyAt = at + 8;
        int bodyEnd = blockEnd - 4;
        if (type == INTERFACE) readInterface(bodyAt, bodyEnd);
        if (type == ENHANCED_PACKET || type == OBSOLETE_PACKET) readPacket(type, bodyAt, bodyEnd);
        if (type == SIMPLE_PACKET) readSimplePacket(bodyAt, bodyEnd);
        return (int) blockBytes;
    }

    private void startSection(int at) throws Damage {
        long mark = Octets.u32(file, at + 8);
        boolean isBigEndian = mark == BIG_ENDIAN_MARK;
        if (!isBigEndian && Integer.reverseBytes((int) mark) != (int) BIG_ENDIAN_MARK) {
            throw new Damage("byte-order mark is 0x%08x".formatted(mark));
        }
        fields = new OrderedBytes(file, isBigEndian);
        interfaces.clear();
        if (fields.u32(at + 4) < 28) throw new Damage("a section header has 28 bytes, got " + fields.u32(at + 4));
        need(at, file.length, 28);
        if (fields.u16(at + 12) != 1) throw new Damage("major version must be 1, got " + fields.u16(at + 12));
    }

    private void readInterface(int bodyAt, int bodyEnd) throws Damage {
        need(bodyAt, bodyEnd, 8);
        int resolution = 6;
        long offsetSeconds = 0;
        int at = bodyAt + 8;
        while (bodyEnd - at >= 4 && fields.u16(at) != 0) {
            int option = fields.u16(at);
            int optionBytes = fields.u16(at + 2);
            need(at + 4, bodyEnd, optionBytes);
            if (option == OPTION_RESOLUTION && optionBytes == 1) resolution = Octets.u8(file, at + 4);
            if (option == OPTION_OFFSET && optionBytes == 8) offsetSeconds = fields.i64(at + 4);
            at += 4 + (optionBytes + 3) / 4 * 4;
        }
        interfaces.add(new Interface(fields.u16(bodyAt), fields.u32(bodyAt + 4), resolution, offsetSeconds));
    }

    /// Enhanced and obsolete packet blocks differ only in the first four bytes: interface, or interface and drops.
    private void readPacket(long type, int bodyAt, int bodyEnd) throws Damage {
        need(bodyAt, bodyEnd, 20);
        Interface from = interfaceOf(type == ENHANCED_PACKET ? fields.u32(bodyAt) : fields.u16(bodyAt));
        long capturedBytes = fields.u32(bodyAt + 12);
        need(bodyAt + 20, bodyEnd, capturedBytes);
        long ticks = fields.u32(bodyAt + 4) << 32 | fields.u32(bodyAt + 8);
        frames.add(new CapturedFrame(from.timeNs(ticks), Octets.range(file, bodyAt + 20, (int) capturedBytes),
            fields.saturated32(bodyAt + 16), from.linkType()));
    }

    /// A simple packet has no time, belongs to the first interface and is cut at its snap length.
    private void readSimplePacket(int bodyAt, int bodyEnd) throws Damage {
        need(bodyAt, bodyEnd, 4);
        Interface from = interfaceOf(0);
        long originalBytes = fields.u32(bodyAt);
        long capturedBytes = from.snapBytes() == 0 ? originalBytes : Math.min(originalBytes, from.snapBytes());
        need(bodyAt + 4, bodyEnd, capturedBytes);
        frames.add(new CapturedFrame(0, Octets.range(file, bodyAt + 4, (int) capturedBytes),
            fields.saturated32(bodyAt), from.linkType()));
    }

    private Interface interfaceOf(long index) throws Damage {
        if (index >= interfaces.size()) {
            throw new Damage("names interface " + index + " of " + interfaces.size());
        }
        return interfaces.get((int) index);
    }

    private static void need(int at, int end, long byteCount) throws Damage {
        if (byteCount > end - at) throw new Damage("wants " + byteCount + " bytes at " + at + ", ends at " + end);
    }
}
