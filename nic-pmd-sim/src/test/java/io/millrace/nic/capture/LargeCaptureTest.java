package io.millrace.nic.capture;

import io.millrace.testkit.Project;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import static org.assertj.core.api.Assertions.assertThat;

/// Captures larger than 2 GB, in a process with little heap. The packets' bytes are holes: the file takes a few pages
/// of disk for each window of it.
class LargeCaptureTest {

    private static final int PACKET_BYTES = 262_144;
    private static final int RECORD_BYTES = 16 + PACKET_BYTES;
    private static final int PACKET_COUNT = 11_500;   // 3.01 GB
    private static final int PACKET_COUNT_SMALL = 300;

    @TempDir
    Path folder;

    @Test
    void readsMoreThanAnIntCanAddressInLittleMemory() throws IOException, InterruptedException {
        int packetCount = Seeds.isFull() ? PACKET_COUNT : PACKET_COUNT_SMALL;
        Path file = sparsePcap(packetCount);
        assertThat(run(file)).isEqualTo(packetCount + " packets, last at " + (packetCount - 1) + " s, damage null");
    }

    /// Sections of 1 GB of unknown blocks between packets.
    @Test
    void passesOverBlocksLargerThanAWindow() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Seeds.isFull(), "with -Dmillrace.full=true");
        Path file = folder.resolve("large.pcapng");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long position = 0;
            position += put(channel, position, 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, -1, -1, 28);
            position += put(channel, position, 1, 20, 1, 0, 20);
            for (int i = 0; i < 3; i++) {
                int blockBytes = 1 << 30;
                put(channel, position, 0x0bad, blockBytes);
                position += blockBytes;
                put(channel, position - 4, blockBytes);
                position += put(channel, position, 6, 36, 0, 0, i * 1_000_000, 4, 4, 0, 36);
            }
        }
        assertThat(run(file)).isEqualTo("3 packets, last at 2 s, damage null");
    }

    private static int put(FileChannel channel, long position, int... words) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        return channel.write(bytes.flip(), position);
    }

    private Path sparsePcap(int packetCount) throws IOException {
        Path file = folder.resolve("large.pcap");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            put(channel, 0, 0xa1b2c3d4, 4 << 16 | 2, 0, 0, PACKET_BYTES, 1);
            for (int i = 0; i < packetCount; i++) {
                long record = 24 + (long) i * RECORD_BYTES;
                put(channel, record, i, 0, PACKET_BYTES, PACKET_BYTES);
                put(channel, record + RECORD_BYTES - 4, i);
            }
        }
        return file;
    }

    private static String run(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "@" + Project.root().resolve("jvm.options"), "-Xmx48m", "-XX:MaxDirectMemorySize=16m",
            "-cp", System.getProperty("java.class.path"), LargeCaptureReading.class.getName(), file.toString())
            .redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip().replace("WARNING: Using incubator modules: jdk.incubator.vector\n", "");
    }
}
