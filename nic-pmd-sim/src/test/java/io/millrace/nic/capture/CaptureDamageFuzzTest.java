package io.millrace.nic.capture;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.PcapWriter;
import io.millrace.testkit.PcapngWriter;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// Files cut anywhere, and files with bits turned: never an exception behind the first bytes, never a hang; every
/// packet before the damage is given.
class CaptureDamageFuzzTest {

    private static final int TURN_COUNT = 2_000;

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void givesEveryPacketBeforeACut() throws IOException {
        for (byte[] file : samples()) {
            List<CapturedFrame> frames = CaptureFile.read(file).frames();
            assertThat(frames).hasSizeGreaterThan(2);
            for (int keptBytes = 0; keptBytes < file.length; keptBytes++) {
                byte[] cut = Arrays.copyOf(file, keptBytes);
                ReadCapture read = read(cut);
                if (read == null) {
                    assertThat(keptBytes).as("only a cut file header is refused").isLessThan(28);
                    continue;
                }
                CaptureFile naive = CaptureFile.read(cut);
                assertThat(read.frames()).as("cut at %s", keptBytes).isEqualTo(naive.frames());
                assertThat(read.damage() != null).as("cut at %s", keptBytes).isEqualTo(naive.isDamaged());
                if (read.damage() != null) assertThat(read.damage().offset()).isBetween(0L, (long) keptBytes);
            }
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void survivesTurnedBits() throws IOException {
        long seed = Seeds.next();
        var random = new Random(seed);
        List<byte[]> samples = samples();
        for (int turn = 0; turn < TURN_COUNT; turn++) {
            byte[] file = samples.get(random.nextInt(samples.size())).clone();
            int firstTurned = file.length;
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                int at = random.nextInt(file.length);
                file[at] ^= (byte) (1 << random.nextInt(8));
                firstTurned = Math.min(firstTurned, at);
            }
            ReadCapture read = read(file);
            if (read == null) continue;
            assertThat(read.frames().size()).isLessThanOrEqualTo(file.length / 12);
            List<CapturedFrame> before = CaptureFile.read(Arrays.copyOf(file, firstTurned)).frames();
            assertThat(read.frames().stream().limit(before.size())).as("turn %s", turn).isEqualTo(before);
        }
    }

    /// Null if the file is refused as a whole.
    private ReadCapture read(byte[] file) throws IOException {
        Path path = Files.write(folder.resolve("damaged"), file);
        try {
            return ReadCapture.of(path, 4096);
        } catch (CaptureException e) {
            assertThat(e.damage().expected()).isNotEmpty();
            return null;
        }
    }

    private static List<byte[]> samples() {
        var little = new PcapWriter();
        var big = new PcapWriter().bigEndian().nanoseconds();
        var blocks = new PcapngWriter().section(false).interfaceOf(1).block(4, new byte[20]).interfaceOf(101, 40, 9, 3);
        var swapped = new PcapngWriter().section(true).interfaceOf(1, 0, 0x8a, 0);
        for (int i = 0; i < 4; i++) {
            var bytes = new byte[14 + 9 * i];
            Arrays.fill(bytes, (byte) i);
            little.frame(CapturedFrame.of(i * 1_000L, bytes));
            big.frame(CapturedFrame.of(i, bytes));
            blocks.enhanced(i & 1, i, bytes).simple(bytes, bytes.length).block(5, new byte[8]);
            swapped.obsolete(0, 1, i, bytes, 100);
        }
        swapped.section(false).interfaceOf(113).enhanced(0, 9, new byte[20]);
        return List.of(little.bytes(), big.bytes(), blocks.bytes(), swapped.bytes());
    }
}
