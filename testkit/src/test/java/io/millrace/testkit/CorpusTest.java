package io.millrace.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CorpusTest {

    private static final String HEADER = "out\tpackets\tlinktypes\tformat\tdamage\tfeatures\n";

    @TempDir
    Path folder;

    @Test
    void readsAManifest() throws IOException {
        Corpus corpus = manifest(HEADER
            + "a/one.pcap\t70\t1\td4c3b2a1\t\ttcp:70 ip:69\n"
            + "a/two.pcapng\t3\t1,113\tpcapng\ttrunc rec\tvlan:2\n"
            + "a/cut.pcap\t9\t1\td4c3b2a1\ttrunc rec\t\n"
            + "a/three.pcapng\t0\t\tpcapng\t\t\n");
        assertThat(corpus.files()).containsExactly(
            new CorpusFile("a/one.pcap", folder.resolve("a/one.pcap"), 70, List.of(1), "d4c3b2a1", "",
                Map.of("tcp", 70, "ip", 69)),
            new CorpusFile("a/two.pcapng", folder.resolve("a/two.pcapng"), 3, List.of(1, 113), "pcapng", "trunc rec",
                Map.of("vlan", 2)),
            new CorpusFile("a/cut.pcap", folder.resolve("a/cut.pcap"), 9, List.of(1), "d4c3b2a1", "trunc rec",
                Map.of()),
            new CorpusFile("a/three.pcapng", folder.resolve("a/three.pcapng"), 0, List.of(), "pcapng", "", Map.of()));
        assertThat(corpus.ofLinkType(1)).extracting(CorpusFile::name).containsExactly("a/one.pcap");
        assertThat(corpus.file("a/two.pcapng").has("vlan")).isTrue();
        assertThat(corpus.file("a/two.pcapng").isDamaged()).isTrue();
        assertThatThrownBy(() -> corpus.file("b")).hasMessage("not in the corpus: b");
    }

    @Test
    void saysWhereAManifestIsWrong() {
        assertThatThrownBy(() -> manifest("out\tpackets\n"))
            .hasMessageContaining("MANIFEST.tsv:1: columns must include");
        assertThatThrownBy(() -> manifest(HEADER + "a\t1\n"))
            .hasMessageContaining("MANIFEST.tsv:2: a row has 6 columns, got 2");
    }

    @Test
    void unpacksAGzippedCapture() throws IOException {
        byte[] capture = new PcapWriter().frame(CapturedFrame.of(5_000, new byte[] {1, 2})).bytes();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
            zip.write(capture);
        }
        Files.write(folder.resolve("one.pcap.gz"), packed.toByteArray());
        CorpusFile file = manifest(HEADER + "one.pcap.gz\t1\t1\td4c3b2a1\t\t\n").file("one.pcap.gz");
        assertThat(file.bytes()).isEqualTo(capture);
        assertThat(file.frames()).containsExactly(CapturedFrame.of(5_000, new byte[] {1, 2}));
    }

    @Test
    void samplesTheSameFilesForTheSameSeed() {
        List<CorpusFile> files = IntStream.range(100, 200).mapToObj(i ->
            new CorpusFile("file" + i, folder, 1, List.of(1), "pcapng", "", Map.of())).toList();
        List<CorpusFile> sample = Corpus.sample(files, 10, 1);
        assertThat(Corpus.sample(files, 10, 1)).isEqualTo(sample);
        if (Seeds.isFull()) {
            assertThat(sample).isEqualTo(files);
        } else {
            assertThat(sample).hasSize(10).doesNotHaveDuplicates().isSubsetOf(files);
            assertThat(Corpus.sample(files, 10, 2)).isNotEqualTo(sample);
        }
        assertThat(Corpus.sample(files, 200, 1)).isEqualTo(files);
    }

    private Corpus manifest(String text) throws IOException {
        Files.writeString(folder.resolve("MANIFEST.tsv"), text);
        return Corpus.read(folder);
    }
}
