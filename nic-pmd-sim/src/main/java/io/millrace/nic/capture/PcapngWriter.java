package io.millrace.nic.capture;

import io.millrace.packet.memory.Check;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes a pcapng of one section: interfaces where they first appear, each packet as an enhanced packet block.
public final class PcapngWriter implements CaptureWriter {

    /// Which way a packet went, as `epb_flags` says it.
    public static final int DIRECTION_UNKNOWN = 0;
    public static final int DIRECTION_INBOUND = 1;
    public static final int DIRECTION_OUTBOUND = 2;

    private static final byte[] NONE = {};
    private static final int OPTION_VALUE_BYTES_MAX = 0xffff;

    private final OutputFile file;
    private final List<TimeScale> timeScales = new ArrayList<>();
    private int totalBytes;
    private int leftBytes;
    private int paddingBytes;
    private int direction;
    private byte[] comment;

    /// As [CaptureWriter#create], for who wants to say more of a packet than every format can.
    public PcapngWriter(Path path, CaptureInterface first) throws CaptureException {
        this.file = new OutputFile(path);
        PcapngFormat.writeSection(file.buffer(), file.reserve(PcapngFormat.SECTION_BYTES_MIN));
        addInterface(first);
    }

    @Override
    public int addInterface(CaptureInterface added) {
        TimeScale scale = added.timeScale();
        Check.that(scale.resolution() <= TimeScale.NANOSECONDS, "times are written in 10^-9 s or coarser",
            scale.resolution());
        byte[] name = added.name().getBytes(StandardCharsets.UTF_8);
        Check.that(name.length <= OPTION_VALUE_BYTES_MAX, "an interface's name has at most 65,535 bytes", name.length);
        int headBytes = PcapngFormat.INTERFACE_OPTIONS_AT;
        int optionBytes = PcapngFormat.interfaceOptionBytes(added, name);
        int blockBytes = headBytes + optionBytes + PcapngFormat.TRAILER_BYTES;
        long at = file.reserve(blockBytes);
        PcapngFormat.writeInterface(file.buffer(), at, blockBytes, added, name);
        timeScales.add(scale);
        return timeScales.size() - 1;
    }

    @Override
    public boolean begin(int interfaceIndex, long timeNs, int capturedBytes, long originalBytes) {
        return begin(interfaceIndex, timeNs, capturedBytes, originalBytes, DIRECTION_UNKNOWN, NONE);
    }

    /// As [CaptureWriter#begin], with the way the packet went and a comment (UTF-8, empty for none) that must stay
    /// unchanged until `end`.
    public boolean begin(int interfaceIndex, long timeNs, int capturedBytes, long originalBytes, int direction,
                         byte[] comment) {
        assert leftBytes == 0 : leftBytes;
        assert comment.length <= OPTION_VALUE_BYTES_MAX : comment.length;
        long ticks = timeScales.get(interfaceIndex).ticks(timeNs);
        if (ticks < 0 || file.failure() != null) return false;
        this.leftBytes = capturedBytes;
        this.paddingBytes = PcapngFormat.padded(capturedBytes) - capturedBytes;
        this.direction = direction;
        this.comment = comment;
        this.totalBytes = PcapngFormat.PACKET_BYTES_MIN + capturedBytes + paddingBytes
            + PcapngFormat.packetOptionBytes(direction, comment);
        PcapngFormat.writePacketHead(file.buffer(), file.reserve(PcapngFormat.PACKET_DATA_AT),
            totalBytes, interfaceIndex, ticks, capturedBytes, (int) originalBytes);
        return true;
    }

    @Override
    public void append(MemorySegment source, long at, int byteCount) {
        leftBytes -= byteCount;
        file.append(source, at, byteCount);
    }

    @Override
    public void end() {
        assert leftBytes == 0 : leftBytes;
        int tailBytes = paddingBytes + PcapngFormat.packetOptionBytes(direction, comment) + PcapngFormat.TRAILER_BYTES;
        PcapngFormat.writePacketTail(file.buffer(), file.reserve(tailBytes), paddingBytes, direction, comment,
            totalBytes);
    }

    @Override public void flush()          { file.flush(); }
    @Override public IOException failure() { return file.failure(); }
    @Override public void close()          { file.close(); }
}
