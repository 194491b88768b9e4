package io.millrace.nic.capture;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/// The process of [LargeCaptureTest]: reads a capture to its end and checks that it is mapped a window at a time.
final class LargeCaptureReading {

    private static final long MAPPED_BYTES_MAX = 256L << 20;

    public static void main(String[] arguments) throws IOException {
        int packetCount = 0;
        long timeNs = 0;
        try (Arena arena = Arena.ofConfined(); CaptureReader reader = CaptureReader.open(Path.of(arguments[0]))) {
            MemorySegment tail = arena.allocate(4);
            while (reader.advance()) {
                boolean isPcap = reader.capturedBytes() > 4;
                reader.copyTo(tail, 0, reader.capturedBytes() - 4, 4);
                if (isPcap && tail.get(ValueLayout.JAVA_INT, 0) != packetCount) {
                    throw new AssertionError("packet " + packetCount + " ends in " + tail.get(ValueLayout.JAVA_INT, 0));
                }
                packetCount++;
                timeNs = reader.timeNs();
                if (packetCount % 500 == 0) checkMapped(arguments[0]);
            }
            System.out.println(packetCount + " packets, last at " + timeNs / 1_000_000_000L + " s, damage "
                + reader.damage());
        }
    }

    private static void checkMapped(String file) throws IOException {
        long mappedBytes = 0;
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            if (!line.endsWith(file)) continue;
            String[] range = line.substring(0, line.indexOf(' ')).split("-");
            mappedBytes += Long.parseUnsignedLong(range[1], 16) - Long.parseUnsignedLong(range[0], 16);
        }
        if (mappedBytes > MAPPED_BYTES_MAX) throw new AssertionError(mappedBytes + " bytes are mapped at once");
    }

    private LargeCaptureReading() {}
}
