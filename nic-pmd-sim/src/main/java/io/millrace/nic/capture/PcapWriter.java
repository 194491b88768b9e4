package io.millrace.nic.capture;

import io.millrace.packet.memory.Check;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Writes a classic pcap: one interface, in microseconds or nanoseconds from 1970 to 2106.
final class PcapWriter implements CaptureWriter {

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long SECONDS_MAX = 0xffff_ffffL;

    private final OutputFile file;
    private final long nsPerFraction;
    private int leftBytes;

    PcapWriter(Path path, CaptureInterface only) throws CaptureException {
        int resolution = only.timeScale().resolution();
        Check.that(resolution == TimeScale.MICROSECONDS || resolution == TimeScale.NANOSECONDS,
            "a pcap is written in 10^-6 or 10^-9 s", resolution);
        long offsetSeconds = only.timeScale().offsetSeconds();
        Check.that(offsetSeconds == 0, "a pcap has no time offset", offsetSeconds);
        this.nsPerFraction = only.timeScale().toNs(1);
        this.file = new OutputFile(path);
        PcapFormat.writeFileHeader(file.buffer(), file.reserve(PcapFormat.FILE_HEADER_BYTES), only);
    }

    @Override
    public int addInterface(CaptureInterface added) {
        return -1;
    }

    @Override
    public boolean begin(int interfaceIndex, long timeNs, int capturedBytes, long originalBytes) {
        assert interfaceIndex == 0 : interfaceIndex;
        assert leftBytes == 0 : leftBytes;
        if (file.failure() != null || timeNs < 0) return false;
        long seconds = timeNs / NS_PER_SECOND;
        if (seconds > SECONDS_MAX) return false;
        int fraction = (int) ((timeNs - seconds * NS_PER_SECOND) / nsPerFraction);
        PcapFormat.writeRecordHeader(file.buffer(), file.reserve(PcapFormat.RECORD_HEADER_BYTES),
            (int) seconds, fraction, capturedBytes, (int) originalBytes);
        leftBytes = capturedBytes;
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
    }

    @Override public void flush()          { file.flush(); }
    @Override public IOException failure() { return file.failure(); }
    @Override public void close()          { file.close(); }
}
