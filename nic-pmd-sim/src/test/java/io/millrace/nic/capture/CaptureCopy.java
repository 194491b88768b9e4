package io.millrace.nic.capture;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Reads a capture and writes it back exactly: the packets, their times, lengths and link types.
final class CaptureCopy {

    private static final int BUFFER_BYTES = 1 << 16;

    /// Copies a capture with at least one packet to a pcapng, interface by interface. Returns the packets copied.
    static int toPcapng(Path source, Path target) throws CaptureException {
        try (CaptureReader reader = CaptureReader.open(source)) {
            if (!reader.advance()) return 0;
            try (var writer = new PcapngWriter(target, written(reader.captureInterface(0)))) {
                int packetCount = 0;
                int interfaceCount = 1;
                do {
                    for (; interfaceCount < reader.interfaceCount(); interfaceCount++) {
                        writer.addInterface(written(reader.captureInterface(interfaceCount)));
                    }
                    copy(reader, writer, reader.interfaceIndex());
                    packetCount++;
                } while (reader.advance());
                return packetCount;
            }
        }
    }

    /// Copies a capture whose packets are all of one link type to a pcap.
    static int toPcap(Path source, Path target) throws CaptureException {
        CaptureTraits traits = CaptureTraits.of(source);
        int linkType = traits.onlyLinkType(target, 1);
        try (CaptureReader reader = CaptureReader.open(source);
             var writer = new PcapWriter(target, CaptureInterface.of(linkType, "", traits.resolution()))) {
            int packetCount = 0;
            while (reader.advance()) {
                copy(reader, writer, 0);
                packetCount++;
            }
            return packetCount;
        }
    }

    /// Finer units than nanoseconds are written as nanoseconds, which is what was read of them.
    private static CaptureInterface written(CaptureInterface read) {
        int resolution = read.timeScale().resolution();
        int kept = resolution <= TimeScale.NANOSECONDS ? resolution : TimeScale.NANOSECONDS;
        return new CaptureInterface(read.linkType(), read.snapBytes(), read.name(),
            new TimeScale(kept, read.timeScale().offsetSeconds()), read.fcsBytes());
    }

    private static void copy(CaptureReader reader, CaptureWriter writer, int interfaceIndex) {
        int capturedBytes = reader.capturedBytes();
        boolean isBegun = writer.begin(interfaceIndex, reader.timeNs(), capturedBytes, reader.originalBytes());
        if (!isBegun) throw new AssertionError("time " + reader.timeNs() + " refused, failure " + writer.failure());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES);
            for (int from = 0; from < capturedBytes; from += BUFFER_BYTES) {
                int countBytes = Math.min(BUFFER_BYTES, capturedBytes - from);
                if (!reader.copyTo(buffer, 0, from, countBytes)) throw new AssertionError(reader.damage());
                writer.append(buffer, 0, countBytes);
            }
        }
        writer.end();
    }

    private CaptureCopy() {}
}
