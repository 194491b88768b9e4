package io.millrace.nic.capture;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.PcapWriter;
import io.millrace.testkit.PcapngWriter;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// A window far smaller than the file, so that headers, packets and blocks lie over its every edge.
class CaptureWindowTest {

    private static final long CHUNK_BYTES = 4096;   // a page, the smallest there is; the overlap adds 65,536

    @TempDir
    Path folder;

    @Test
    void readsPacketsThatLieOverTheEdgesOfTheWindow() throws IOException {
        var random = new Random(Seeds.next());
        var pcap = new PcapWriter();
        var pcapng = new PcapngWriter().section(false).interfaceOf(1);
        List<CapturedFrame> frames = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            var bytes = new byte[i % 50 == 0 ? random.nextInt(262_145) : random.nextInt(4_000)];
            random.nextBytes(bytes);
            frames.add(CapturedFrame.of(i * 1_000L, bytes));
            pcap.frame(frames.getLast());
            pcapng.block(0x0bad, new byte[i % 50 == 1 ? 200_000 : 12]).enhanced(0, i, bytes);
        }
        for (byte[] file : new byte[][] {pcap.bytes(), pcapng.bytes()}) {
            assertThat(file.length).isGreaterThan(1_000_000);
            ReadCapture read = ReadCapture.of(Files.write(folder.resolve("file"), file), CHUNK_BYTES);
            assertThat(read.damage()).isNull();
            assertThat(read.frames()).isEqualTo(frames);
        }
    }

    @Test
    void readsAFileThatEndsWithAPage() throws IOException {
        var writer = new PcapWriter();
        while (writer.bytes().length < 3 * CHUNK_BYTES - 2_000) {
            writer.frame(CapturedFrame.of(0, new byte[1_000]));
        }
        writer.frame(CapturedFrame.of(0, new byte[(int) (3 * CHUNK_BYTES) - writer.bytes().length - 16]));
        Path file = Files.write(folder.resolve("file"), writer.bytes());
        assertThat(Files.size(file)).isEqualTo(3 * CHUNK_BYTES);
        assertThat(ReadCapture.of(file, CHUNK_BYTES).frames()).isEqualTo(CaptureFile.read(file).frames());
    }

    @Test
    void givesTheMemoryBack() throws IOException {
        Path file = folder.resolve("mapped.pcap");
        CaptureFile.write(file, new byte[60], new byte[60]);
        CaptureReader reader = CaptureReader.open(file);
        reader.advance();
        assertThat(mappings()).contains("mapped.pcap");
        reader.close();
        assertThat(mappings()).doesNotContain("mapped.pcap");
    }

    private static String mappings() throws IOException {
        return Files.readString(Path.of("/proc/self/maps"), StandardCharsets.UTF_8);
    }
}
