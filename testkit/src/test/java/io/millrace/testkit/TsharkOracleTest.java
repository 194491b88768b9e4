package io.millrace.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TsharkOracleTest {

    /// A process each, so not all of them even when everything is to be tested.
    private static final int FULL_FILE_COUNT = 100;
    private static final int FILE_COUNT = 8;

    /// Two that are no fields; `frame.protocols`, which above layer 4 depends on what tshark saw of the stream before;
    /// and `frame.len`, which the table raises to the captured length where a file claims less.
    private static final Set<String> NOT_COMPARED = Set.of("pcap", "frame", "frame.protocols", "frame.len");

    @Test
    void readsRowsByCapture(@TempDir Path folder) throws IOException {
        TsharkOracle oracle = TsharkOracle.read(table(folder, """
            pcap\tframe\tframe.protocols\tip.src\tip.id\tip.ttl
            a.pcap\t1\teth:ip\t10.0.0.1,10.1.0.1\t0x00ff,0x0001\t64,63
            b.pcap\t1\teth\t\t\t
            a.pcap\t2\teth:ip\t10.0.0.2\t0xffff\t1
            """));
        assertThat(oracle.captures()).containsExactly("a.pcap", "b.pcap");
        assertThat(oracle.rows("none")).isEmpty();
        assertThat(oracle.rows("a.pcap")).extracting(TsharkRow::frame).containsExactly(1, 2);
        TsharkRow row = oracle.rows("a.pcap").getFirst();
        assertThat(row.protocols()).containsExactly("eth", "ip");
        assertThat(row.values("ip.src")).containsExactly("10.0.0.1", "10.1.0.1");
        assertThat(row.numbers("ip.id")).containsExactly(255L, 1L);
        assertThat(row.first("ip.ttl")).hasValue(64);
        TsharkRow other = oracle.rows("b.pcap").getFirst();
        assertThat(other.has("ip.src")).isFalse();
        assertThat(other.values("ip.src")).isEmpty();
        assertThat(other.first("ip.ttl")).isEmpty();
        assertThatThrownBy(() -> row.text("ip.nonsense")).hasMessageContaining("got ip.nonsense");
    }

    /// So [Tshark] may be asked for what the recorded table lacks.
    @Test
    void tsharkStillSaysWhatWasRecorded(@TempDir Path folder) throws IOException {
        Tshark.required();
        TsharkOracle oracle = TsharkOracle.required();
        List<CorpusFile> recorded = new ArrayList<>(Corpus.required().ofLinkType(CapturedFrame.ETHERNET));
        recorded.removeIf(file -> oracle.rows(file.name()).isEmpty());
        Collections.shuffle(recorded, new Random(Seeds.next()));
        for (CorpusFile file : recorded.subList(0, Seeds.isFull() ? FULL_FILE_COUNT : FILE_COUNT)) {
            List<TsharkRow> rows = oracle.rows(file.name());
            String[] columns = rows.getFirst().columns().stream()
                .filter(column -> !NOT_COMPARED.contains(column)).toArray(String[]::new);
            Path copy = Files.write(folder.resolve("capture"), file.bytes());
            List<List<String>> said = Tshark.fields(Tshark.PACKETS_ONLY, copy, columns);
            List<List<String>> wanted = new ArrayList<>();
            for (TsharkRow row : rows) {
                wanted.add(List.of(columns).stream().map(row::text).toList());
            }
            assertThat(said).as(file.name()).isEqualTo(wanted);
        }
    }

    private static Path table(Path folder, String text) throws IOException {
        Path file = folder.resolve("table.tsv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
