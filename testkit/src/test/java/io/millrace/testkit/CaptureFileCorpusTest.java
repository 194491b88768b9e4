package io.millrace.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class CaptureFileCorpusTest {

    /// Link types (NULL, Ethernet, raw IP, Linux cooked) of which tshark takes no pseudo header off before it counts.
    private static final Set<Integer> WITHOUT_PSEUDO_HEADER = Set.of(0, 1, 12, 101, 113, 228, 229, 276);

    /// Little-endian, microseconds: nine files in ten.
    private static final String COMMON_PCAP = "d4c3b2a1";

    @Test
    void readsEveryCaptureAsItsManifestSays() {
        for (CorpusFile file : Corpus.required().files()) {
            CaptureFile capture = CaptureFile.read(file.bytes());
            assertThat(capture.frames()).as(file.name()).hasSize(file.packetCount());
            assertThat(capture.isDamaged()).as("%s: %s", file, capture.damage()).isEqualTo(file.isDamaged());
            List<Integer> linkTypes = capture.frames().stream().map(CapturedFrame::linkType).distinct().toList();
            assertThat(file.linkTypes()).as(file.name()).containsAll(linkTypes);
        }
    }

    @Test
    void readsTheLengthsThatTsharkReads() {
        TsharkOracle oracle = TsharkOracle.required();
        for (CorpusFile file : Corpus.required().where(file -> WITHOUT_PSEUDO_HEADER.containsAll(file.linkTypes()))) {
            List<CapturedFrame> frames = file.frames();
            for (TsharkRow row : oracle.rows(file.name())) {
                CapturedFrame frame = frames.get(row.frame() - 1);
                assertThat(row.first("frame.len")).as("%s %d", file, row.frame()).hasValue(frame.originalBytes());
                assertThat(row.first("frame.cap_len")).as("%s %d", file, row.frame()).hasValue(frame.bytes().length);
            }
        }
    }

    @Test
    void readsTheTimesThatTsharkReads(@TempDir Path folder) throws IOException {
        Tshark.required();
        List<CorpusFile> undamaged = Corpus.required().where(file -> !file.isDamaged() && file.packetCount() > 0);
        long seed = Seeds.next();
        List<CorpusFile> pcapngs = undamaged.stream().filter(CorpusFile::isPcapng).toList();
        List<CorpusFile> rarePcaps = undamaged.stream()
            .filter(file -> !file.isPcapng() && !file.format().equals(COMMON_PCAP)).toList();
        for (List<CorpusFile> files : List.of(Corpus.sample(pcapngs, 6, seed), Corpus.sample(rarePcaps, 3, seed))) {
            for (CorpusFile file : files) {
                Path copy = Files.write(folder.resolve("capture"), file.bytes());
                assertThat(file.frames()).as(file.name())
                    .extracting(frame -> CaptureFileTest.seconds(frame.timeNs()))
                    .isEqualTo(CaptureFileTest.tsharkSeconds(copy));
            }
        }
    }
}
