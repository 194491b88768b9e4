package io.millrace.nic.capture;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Cursor over a pcapng: every section, either byte order, every interface. Blocks without packets are passed over,
/// known or not, once their two lengths agree. Blocks are walked one by one, so the length of a section is neither
/// needed nor believed; nor are the options of packets, which nobody here asks for.
final class PcapngReader implements CaptureReader {

    /// Interfaces of one file: bounds what a hostile file can make us remember.
    private static final int INTERFACES_MAX = 65_536;

    private final FileWindow window;
    private final List<CaptureInterface> interfaces = new ArrayList<>();
    private int sectionInterface;     // number of the section's first interface
    private FieldOrder order = FieldOrder.BIG;
    private long next;                // the block after the packet
    private CaptureDamage damage;

    private CaptureInterface packetInterface;
    private int interfaceIndex;
    private long timeNs;
    private int capturedBytes;
    private long originalBytes;
    private long dataPosition;

    PcapngReader(FileWindow window) throws CaptureException {
        this.window = window;
        long totalBytes = blockBytes();
        if (totalBytes < 0 || !beginSection(totalBytes)) throw new CaptureException(damage);
        next = totalBytes;
    }

    @Override
    public boolean advance() {
        while (damage == null && next < window.fileBytes()) {
            long totalBytes = blockBytes();
            if (totalBytes < 0) return false;
            int type = PcapngFormat.type(order, window.segment(), window.at(next));
            boolean isSound = switch (type) {
                case PcapngFormat.SECTION -> beginSection(totalBytes);
                case PcapngFormat.INTERFACE -> addInterface(totalBytes);
                case PcapngFormat.ENHANCED_PACKET -> takePacket(totalBytes, true);
                case PcapngFormat.OBSOLETE_PACKET -> takePacket(totalBytes, false);
                case PcapngFormat.SIMPLE_PACKET -> takeSimplePacket(totalBytes);
                default -> true;
            };
            if (!isSound) return false;
            next += totalBytes;
            if (PcapngFormat.isPacket(type)) return true;
        }
        return false;
    }

    /// Length of the block at `next`, which lies in the file, says the same at both its ends, and has its fixed fields
    /// in the window; -1 at damage.
    private long blockBytes() {
        long leftBytes = window.fileBytes() - next;
        int bytesMin = PcapngFormat.BLOCK_BYTES_MIN;
        if (!window.reaches(next, bytesMin)) {
            return noBlock(next, "a block of at least " + bytesMin + " bytes", leftBytes + " bytes");
        }
        if (!takeOrder()) return -1;
        long totalBytes = PcapngFormat.totalBytes(order, window.segment(), window.at(next));
        if (totalBytes < bytesMin || totalBytes % PcapngFormat.ALIGNMENT != 0) {
            return noBlock(next + PcapngFormat.TOTAL_BYTES_AT, "a block length that is a multiple of 4, at least 12",
                "length " + totalBytes);
        }
        if (totalBytes > leftBytes) return noBlock(next, "a block of " + totalBytes + " bytes", leftBytes + " bytes");
        long trailer = next + totalBytes - PcapngFormat.TRAILER_BYTES;
        if (!window.reaches(trailer, PcapngFormat.TRAILER_BYTES)) return noBlock(trailer, "a block length", "none");
        long trailingBytes = PcapngFormat.trailingBytes(order, window.segment(), window.at(trailer));
        if (trailingBytes != totalBytes) {
            return noBlock(trailer, "block length " + totalBytes + " again", "length " + trailingBytes);
        }
        int fixedBytes = (int) Math.min(totalBytes, PcapngFormat.FIXED_BYTES_MAX);
        return window.reaches(next, fixedBytes) ? totalBytes : noBlock(next, "a block", "none");
    }

    /// A section's header says the byte order of all its blocks, its own length included.
    private boolean takeOrder() {
        MemorySegment m = window.segment();
        long at = window.at(next);
        if (PcapngFormat.type(order, m, at) != PcapngFormat.SECTION) return true;
        FieldOrder sectionOrder = PcapngFormat.sectionOrder(m, at);
        if (sectionOrder == null) {
            int magic = PcapngFormat.byteOrderMagic(FieldOrder.BIG, m, at);
            return stop(next + PcapngFormat.BYTE_ORDER_MAGIC_AT, "byte-order magic 0x1a2b3c4d or 0x4d3c2b1a",
                "0x%08x".formatted(magic));
        }
        order = sectionOrder;
        return true;
    }

    private boolean beginSection(long totalBytes) {
        if (isShorter(totalBytes, PcapngFormat.SECTION_BYTES_MIN, "section header")) return false;
        MemorySegment m = window.segment();
        int major = PcapngFormat.major(order, m, window.at(next));
        if (major != PcapngFormat.MAJOR) {
            int minor = PcapngFormat.minor(order, m, window.at(next));
            return stop(next + PcapngFormat.MAJOR_AT, "version 1.x", "version " + major + "." + minor);
        }
        sectionInterface = interfaces.size();
        return true;
    }

    private boolean addInterface(long totalBytes) {
        if (isShorter(totalBytes, PcapngFormat.INTERFACE_BYTES_MIN, "interface description")) return false;
        if (interfaces.size() == INTERFACES_MAX) {
            return stop(next, "at most " + INTERFACES_MAX + " interfaces", "one more");
        }
        int linkType = PcapngFormat.linkType(order, window.segment(), window.at(next));
        long snapBytes = PcapngFormat.snapBytes(order, window.segment(), window.at(next));
        var options = new InterfaceOptions(window, order);
        long end = next + totalBytes - PcapngFormat.TRAILER_BYTES;
        if (!options.read(next + PcapngFormat.INTERFACE_OPTIONS_AT, end)) {
            damage = options.damage();
            return false;
        }
        interfaces.add(new CaptureInterface(linkType, snapBytes, options.name(), options.timeScale(),
            options.fcsBytes()));
        return true;
    }

    private boolean takePacket(long totalBytes, boolean isEnhanced) {
        if (isShorter(totalBytes, PcapngFormat.PACKET_BYTES_MIN, "packet")) return false;
        MemorySegment m = window.segment();
        long at = window.at(next);
        long sectionIndex = isEnhanced
            ? PcapngFormat.enhancedInterface(order, m, at)
            : PcapngFormat.obsoleteInterface(order, m, at);
        if (!takeInterface(sectionIndex)) return false;
        long captured = PcapngFormat.capturedBytes(order, m, at);
        long roomBytes = totalBytes - PcapngFormat.PACKET_BYTES_MIN;
        if (!takeLength(captured, roomBytes, PcapngFormat.CAPTURED_BYTES_AT)) return false;
        dataPosition = next + PcapngFormat.PACKET_DATA_AT;
        originalBytes = PcapngFormat.originalBytes(order, m, at);
        timeNs = packetInterface.timeScale().toNs(PcapngFormat.ticks(order, m, at));
        return true;
    }

    /// A simple packet belongs to the section's first interface, is cut at its snap length, and has no time.
    private boolean takeSimplePacket(long totalBytes) {
        if (isShorter(totalBytes, PcapngFormat.SIMPLE_BYTES_MIN, "simple packet")) return false;
        if (!takeInterface(0)) return false;
        originalBytes = PcapngFormat.simpleOriginalBytes(order, window.segment(), window.at(next));
        timeNs = 0;
        long snapBytes = packetInterface.snapBytes();
        long captured = snapBytes == 0 ? originalBytes : Math.min(originalBytes, snapBytes);
        dataPosition = next + PcapngFormat.SIMPLE_DATA_AT;
        return takeLength(captured, totalBytes - PcapngFormat.SIMPLE_BYTES_MIN, PcapngFormat.SIMPLE_ORIGINAL_BYTES_AT);
    }

    private boolean takeInterface(long sectionIndex) {
        int sectionCount = interfaces.size() - sectionInterface;
        if (sectionIndex >= sectionCount) {
            return stop(next + PcapngFormat.PACKET_INTERFACE_AT,
                "one of the " + sectionCount + " interfaces of the section", "interface " + sectionIndex);
        }
        interfaceIndex = sectionInterface + (int) sectionIndex;
        packetInterface = interfaces.get(interfaceIndex);
        return true;
    }

    private boolean takeLength(long captured, long roomBytes, int lengthAt) {
        if (captured > roomBytes) {
            return stop(next + lengthAt, "a packet of at most " + roomBytes + " bytes", captured + " bytes");
        }
        int bytesMax = packetInterface.packetBytesMax();
        if (captured > bytesMax) {
            return stop(next + lengthAt, "at most " + bytesMax + " captured bytes", captured + " captured bytes");
        }
        capturedBytes = (int) captured;
        return true;
    }

    private boolean isShorter(long totalBytes, int bytesMin, String what) {
        if (totalBytes >= bytesMin) return false;
        stop(next + PcapngFormat.TOTAL_BYTES_AT, "a " + what + " block of at least " + bytesMin + " bytes",
            totalBytes + " bytes");
        return true;
    }

    private long noBlock(long offset, String expected, String found) {
        stop(offset, expected, found);
        return -1;
    }

    private boolean stop(long offset, String expected, String found) {
        damage = window.damage(offset, expected, found);
        return false;
    }

    @Override public CaptureDamage damage()  { return damage; }
    @Override public long timeNs()           { return timeNs; }
    @Override public int capturedBytes()     { return capturedBytes; }
    @Override public long originalBytes()    { return originalBytes; }
    @Override public int linkType()          { return packetInterface.linkType(); }
    @Override public int interfaceIndex()    { return interfaceIndex; }
    @Override
    public double shareRead() {
        return window.shareRead();
    }

    @Override public int interfaceCount()    { return interfaces.size(); }

    @Override
    public CaptureInterface captureInterface(int index) {
        return interfaces.get(index);
    }

    @Override
    public boolean copyTo(MemorySegment target, long at, int from, int byteCount) {
        assert from >= 0;
        assert byteCount >= 0;
        assert from + byteCount <= capturedBytes : from + byteCount;
        long position = dataPosition + from;
        return window.copy(position, target, at, byteCount) || stop(position, byteCount + " bytes", "none");
    }

    @Override
    public void close() {
        window.close();
    }
}
