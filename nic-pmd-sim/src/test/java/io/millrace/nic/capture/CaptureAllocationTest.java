package io.millrace.nic.capture;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class CaptureAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int PACKET_COUNT = 100_000;
    private static final int RUNS = 8;
    private static final int FRAME_BYTES = 100;

    /// Some ten flushes lie in between, of which one or two may find code that is not compiled yet.
    private static final int FLUSH_BYTES_MAX = 1_000;

    @TempDir
    Path folder;

    private final MemorySegment frame = Arena.ofAuto().allocate(FRAME_BYTES);

    /// The file is larger than the writer's buffer and lies in one window of the reader.
    @Test
    void readersAndWritersAllocateNothingPerPacket() throws IOException {
        for (String name : new String[] {"x.pcap", "x.pcapng"}) {
            Path file = folder.resolve(name);
            long writtenBytes = Long.MAX_VALUE;
            long readBytes = Long.MAX_VALUE;
            for (int i = 0; i < RUNS; i++) {   // the first are not compiled yet
                writtenBytes = Math.min(writtenBytes, write(file));
                readBytes = Math.min(readBytes, read(file));
            }
            assertThat(writtenBytes).as("writing %s", name).isLessThan(FLUSH_BYTES_MAX);
            assertThat(readBytes).as("reading %s", name).isZero();
        }
    }

    /// Returns what was allocated.
    private long write(Path file) throws CaptureException {
        try (CaptureWriter writer = CaptureWriter.create(file, CaptureInterface.of(1, "", TimeScale.NANOSECONDS))) {
            write(writer, 10);
            long beforeBytes = THREADS.getCurrentThreadAllocatedBytes();
            write(writer, PACKET_COUNT);
            return THREADS.getCurrentThreadAllocatedBytes() - beforeBytes;
        }
    }

    private void write(CaptureWriter writer, int packetCount) {
        for (int i = 0; i < packetCount; i++) {
            writer.begin(0, i, FRAME_BYTES, FRAME_BYTES);
            writer.append(frame, 0, FRAME_BYTES);
            writer.end();
        }
    }

    /// Returns what was allocated.
    private long read(Path file) throws CaptureException {
        try (CaptureReader reader = CaptureReader.open(file)) {
            read(reader, 10);
            long beforeBytes = THREADS.getCurrentThreadAllocatedBytes();
            read(reader, PACKET_COUNT);
            long allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - beforeBytes;
            assertThat(reader.advance()).isFalse();
            return allocatedBytes;
        }
    }

    private void read(CaptureReader reader, int packetCount) {
        for (int i = 0; i < packetCount; i++) {
            if (!reader.advance()) throw new AssertionError(reader.damage());
            reader.copyTo(frame, 0, 0, FRAME_BYTES);
        }
    }
}
