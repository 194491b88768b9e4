package io.millrace.packet.parse.device;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.RandomGraph;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ParseImageTest {

    private static final byte[] L3 = ParseImage.of(ShippedGraph.L3.load()).bytes();

    @ParameterizedTest
    @EnumSource(ShippedGraph.class)
    void loadsBackTheSameProgram(ShippedGraph graph) {
        ParseProgram program = graph.load();
        ParseImage loaded = ParseImage.load(ParseImage.of(program).bytes());
        assertThat(loaded.program().canonical()).isEqualTo(program.canonical());
        assertThat(loaded.bytes()).isEqualTo(ParseImage.of(program).bytes());
    }

    @Test
    void loadsBackRandomPrograms() {
        Random random = new Random(Seeds.next());
        for (int i = 0; i < 500; i++) {
            ParseProgram program = ParseProgram.of(RandomGraph.of(random));
            assertThat(ParseImage.load(ParseImage.of(program).bytes()).program().canonical())
                .isEqualTo(program.canonical());
        }
    }

    @Test
    void refusesWhatIsNotAnImage() {
        assertThatThrownBy(() -> ParseImage.load(new byte[0])).hasMessage(
            "parse image, offset 0: end of file; expected a header of 104 bytes");
        assertThatThrownBy(() -> ParseImage.load("{\"cpr-version\":1}".repeat(10).getBytes())).hasMessageContaining(
            "offset 0: magic 0x7b226370722d7665; expected 0x4d4c525041525345 (MLRPARSE)");
        byte[] newer = L3.clone();
        newer[9] = 2;
        assertThatThrownBy(() -> ParseImage.load(newer))
            .hasMessage("parse image, offset 8: format version 2; expected 1");
    }

    @Test
    void refusesAnImageCutAtEveryLength() {
        for (int bytes = 0; bytes < L3.length; bytes++) {
            byte[] cut = Arrays.copyOf(L3, bytes);
            assertThatThrownBy(() -> ParseImage.load(cut)).isInstanceOf(ImageException.class)
                .hasMessageContaining("offset " + bytes + ":");
        }
        assertThatThrownBy(() -> ParseImage.load(Arrays.copyOf(L3, L3.length + 1)))
            .hasMessageContaining("offset " + L3.length)
            .hasMessageContaining(L3.length + " bytes, as its header says");
    }

    @Test
    void refusesAnImageWithAnyBitChanged() {
        Random random = new Random(Seeds.next());
        for (int at = 0; at < L3.length; at++) {
            byte[] changed = L3.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> ParseImage.load(changed)).isInstanceOf(ImageException.class);
        }
    }

    /// Even with a right checksum an image is what its hash says, or it is refused, at a place.
    @Test
    void refusesAnImageForgedWithARightChecksum() {
        Random random = new Random(Seeds.next());
        ParseProgram program = ShippedGraph.OPTIONS.load();
        byte[] image = ParseImage.of(program).bytes();
        for (int i = 0; i < (Seeds.isFull() ? 50_000 : 3_000); i++) {
            byte[] forged = image.clone();
            for (int k = 0; k <= random.nextInt(3); k++) {
                forged[48 + random.nextInt(forged.length - 48)] = (byte) random.nextInt(random.nextBoolean() ? 4 : 256);
            }
            ByteBuffer.wrap(forged).putInt(100, ImageWriter.crc(forged));
            try {
                assertThat(ParseImage.load(forged).program().hashText()).isEqualTo(program.hashText());
            } catch (ImageException e) {
                assertThat(e.offset()).isBetween(0L, (long) forged.length);
            }
        }
    }

    @Test
    void tellsTheHashThatTheTablesHave() {
        byte[] forged = L3.clone();
        forged[16] ^= 1;
        ByteBuffer.wrap(forged).putInt(100, ImageWriter.crc(forged));
        assertThatThrownBy(() -> ParseImage.load(forged)).hasMessageContaining("offset 16: hash ")
            .hasMessageContaining("expected " + ShippedGraph.L3.load().hashText());
    }

    @Test
    void deviceRefusesWhatExceedsItsLimitsAndNamesTheFirst() {
        ParseImage image = ParseImage.of(ShippedGraph.DEFAULT.load());
        assertRefused(image, new DeviceLimits(new Limits(32, 4, 32, 512), 256, 1024), "max-nodes 32 < 255");
        assertRefused(image, new DeviceLimits(new Limits(255, 1, 32, 512), 256, 1024), "max-encaps 1 < 4");
        assertRefused(image, new DeviceLimits(new Limits(255, 4, 8, 512), 256, 1024), "max-tlvs 8 < 32");
        assertRefused(image, new DeviceLimits(new Limits(255, 4, 32, 128), 256, 1024), "max-header-bytes 128 < 512");
        assertRefused(image, new DeviceLimits(Limits.STANDARD, 16, 1024), "parse-nodes 16 < " + image.nodeCount());
        assertRefused(image, new DeviceLimits(Limits.STANDARD, 256, 99), "table entries 99 < " + image.matchCount());
        DeviceLimits.FULL.check(image);
    }

    private static void assertRefused(ParseImage image, DeviceLimits limits, String message) {
        PacketMemory packets = new PacketMemory(Arena.ofAuto(), 1);
        assertThatThrownBy(() -> new DeviceParser(image, limits, packets, new ParseRecords(4)))
            .isInstanceOf(DeviceLimitException.class).hasMessage(message);
    }
}
