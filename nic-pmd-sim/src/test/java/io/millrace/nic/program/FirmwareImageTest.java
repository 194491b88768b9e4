package io.millrace.nic.program;

import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.graph.MatchTable;
import io.millrace.packet.parse.graph.ParseGraph;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FirmwareImageTest {

    private static final List<MatchTable> TABLES = List.of(
        new MatchTable("rules", MatchTable.Target.NTUPLE, List.of(RecordField.SOURCE, RecordField.TARGET), 512),
        new MatchTable("vni", MatchTable.Target.RAW, List.of(RecordField.KEY_ID), 64));
    private static final ParseProgram L3 = withTables(ShippedGraph.L3.load().graph());
    private static final FirmwareImage IMAGE = FirmwareImage.of("7.1", L3, Programs.ofHost(L3));

    private static ParseProgram withTables(ParseGraph graph) {
        return ParseProgram.of(new ParseGraph(graph.name(), graph.limits(), graph.nodes(), graph.roots(),
            graph.start(), TABLES));
    }

    @ParameterizedTest
    @EnumSource(ShippedGraph.class)
    void loadsBackWhatWasBuilt(ShippedGraph graph) {
        ParseProgram program = graph.load();
        Programs host = Programs.ofHost(program);
        FirmwareImage loaded = FirmwareImage.load(FirmwareImage.of("a label", program, host).bytes());
        assertThat(loaded.label()).isEqualTo("a label");
        assertThat(loaded.parser().program().hashText()).isEqualTo(program.hashText());
        assertThat(loaded.programs().hashes()).isEqualTo(host.hashes());
        assertThat(loaded.matchTables()).isEqualTo(program.graph().matchTables());
        assertThat(loaded.bytes()).isEqualTo(FirmwareImage.of("a label", program, host).bytes());
    }

    @Test
    void carriesTheMatchTablesOfItsGraph() {
        FirmwareImage loaded = FirmwareImage.load(IMAGE.bytes());
        assertThat(loaded.matchTables()).isEqualTo(TABLES);
        assertThat(loaded.graph().matchTables()).isEqualTo(TABLES);
        assertThat(loaded.tableFor(MatchTable.Target.RAW)).isEqualTo(TABLES.get(1));
        assertThat(loaded.tableFor(MatchTable.Target.FLOWER)).isNull();
    }

    @Test
    void anotherParserLeavesTheEngines() {
        ParseProgram other = ShippedGraph.DEFAULT.load();
        FirmwareImage fetched = FirmwareImage.load(IMAGE.withParser(other).bytes());
        assertThat(fetched.engines()).isEqualTo(IMAGE.engines());
        assertThat(fetched.parser().program().hashText()).isEqualTo(other.hashText());
        assertThat(fetched.matchTables()).isEqualTo(other.graph().matchTables());
    }

    @Test
    void refusesWhatIsNotAnImage() {
        assertThatThrownBy(() -> FirmwareImage.load(new byte[0]))
            .hasMessage("firmware image, offset 0: end of file; expected a header of 64 bytes");
        assertThatThrownBy(() -> FirmwareImage.load(IMAGE.parser().bytes())).hasMessage("firmware image, offset 0: "
            + "magic 0x4d4c525041525345; expected 0x4d4c524649524d57 (MLRFIRMW)");
        byte[] newer = IMAGE.bytes();
        newer[9] = 2;
        assertThatThrownBy(() -> FirmwareImage.load(newer))
            .hasMessage("firmware image, offset 8: format version 2; expected 1");
    }

    @Test
    void refusesAnImageCutAtEveryLength() {
        byte[] image = IMAGE.bytes();
        for (int size = 0; size < image.length; size++) {
            byte[] cut = Arrays.copyOf(image, size);
            assertThatThrownBy(() -> FirmwareImage.load(cut)).isInstanceOf(FirmwareException.class)
                .hasMessageContaining("offset " + size + ":").hasMessageContaining("expected ");
        }
        byte[] longer = Arrays.copyOf(image, image.length + 1);
        assertThatThrownBy(() -> FirmwareImage.load(longer)).hasMessage("firmware image, offset " + image.length
            + ": an image of " + longer.length + " bytes; expected " + image.length + " bytes, as its header says");
    }

    @Test
    void refusesAnImageWithAnyBitChanged() {
        Random random = new Random(Seeds.next());
        for (int at = 0; at < IMAGE.bytes().length; at++) {
            byte[] changed = IMAGE.bytes();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> FirmwareImage.load(changed)).isInstanceOf(FirmwareException.class);
        }
    }

    /// Whatever the bytes are, an image is read or refused at a place in the file.
    @Test
    void refusesForgeriesWithARightHashAtAPlace() throws NoSuchAlgorithmException {
        Random random = new Random(Seeds.next());
        byte[] image = IMAGE.bytes();
        int refusedCount = 0;
        for (int i = 0; i < (Seeds.isFull() ? 100_000 : 5_000); i++) {
            byte[] forged = image.clone();
            for (int k = 0; k <= random.nextInt(3); k++) {
                int at = 48 + random.nextInt(random.nextBoolean() ? 300 : forged.length - 48);
                forged[at] = (byte) random.nextInt(random.nextBoolean() ? 4 : 256);
            }
            try {
                FirmwareImage.load(rehashed(forged));
            } catch (FirmwareException e) {
                refusedCount++;
                assertThat(e.offset()).isBetween(0L, (long) forged.length);
                assertThat(e.getMessage()).contains("expected ");
            }
        }
        assertThat(refusedCount).isPositive();
    }

    @Test
    void refusesEnginesOutOfOrderAndParsersThatAreNone() throws NoSuchAlgorithmException {
        byte[] swapped = IMAGE.bytes();
        int firstEngine = 64 + 1 + "7.1".length();
        swapped[firstEngine + 1] = 'z';   // checksum
        assertThatThrownBy(() -> FirmwareImage.load(rehashed(swapped)))
            .hasMessageContaining("engine flow; expected engines in order, behind zhecksum");
        byte[] wrongParser = IMAGE.bytes();
        int parserAt = wrongParser.length - IMAGE.parser().bytes().length;
        wrongParser[parserAt + 9] = 5;
        assertThatThrownBy(() -> FirmwareImage.load(rehashed(wrongParser))).hasMessageContaining(
            "offset " + (parserAt + 8) + ": in the parse image, offset 8: format version 5; expected 1");
    }

    @Test
    void keepsEnginesThatItDoesNotKnow() {
        var engines = new TreeMap<>(IMAGE.engines());
        ProgramHash hash = ProgramHash.ofCanonical("later");
        engines.put("ipsec", hash);
        byte[] bytes = new FirmwareWriter().write("next", engines, TABLES, IMAGE.parser().bytes());
        FirmwareImage loaded = FirmwareImage.load(bytes);
        assertThat(loaded.engines()).containsEntry("ipsec", hash);
        assertThat(loaded.programs().hashes()).isEqualTo(Programs.ofHost(L3).hashes());
    }

    @Test
    void refusesLabelsThatCannotBeWritten() {
        for (String label : List.of("", "a\nb", "é", "x".repeat(256))) {
            assertThatThrownBy(() -> FirmwareImage.of(label, L3, new Programs(Map.of())))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1 to 255 characters");
        }
    }

    /// The hash covers the file, the 32 bytes of the hash as zeroes.
    private static byte[] rehashed(byte[] image) throws NoSuchAlgorithmException {
        byte[] copy = image.clone();
        Arrays.fill(copy, 16, 48, (byte) 0);
        ByteBuffer.wrap(copy).put(16, MessageDigest.getInstance("SHA-256").digest(copy));
        return copy;
    }
}
