package io.millrace.testkit;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class CaptureFileCorpusTest {

    @Test
    void readsEveryCaptureAsItsManifestSays() {
        for (CorpusFile file : Corpus.required().files()) {
            CaptureFile capture = CaptureFile.read(file.bytes());
            assertThat(capture.frames()).as(file.name()).hasSize(file.packetCount());
            assertThat(capture.isDamaged()).as(file.name() + ": " + capture.damage()).isEqualTo(file.isDamaged());
            List<Integer> linkTypes = capture.frames().stream().map(CapturedFrame::linkType).distinct().sorted().toList();
            assertThat(file.linkTypes()).as(file.name()).containsAll(linkTypes);
        }
    }
}
