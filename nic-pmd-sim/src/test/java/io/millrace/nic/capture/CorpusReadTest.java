package io.millrace.nic.capture;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CorpusReadTest {

    @TempDir
    Path folder;

    @Test
    void givesThePacketsThatTheManifestCounts() throws IOException {
        for (CorpusFile file : Corpus.required().files()) {
            ReadCapture read = ReadCapture.of(Unpacked.path(file, folder));
            assertThat(read.frames()).as(file.name()).hasSize(file.packetCount());
            assertThat(read.interfaces().stream().map(CaptureInterface::linkType).collect(Collectors.toSet()))
                .as(file.name()).isEqualTo(new TreeSet<>(file.linkTypes()));
            assertThat(read.damage() != null).as(file.name() + ": " + read.damage()).isEqualTo(file.isDamaged());
        }
    }

    @Test
    void givesWhatANaiveReaderGives() throws IOException {
        for (CorpusFile file : Corpus.required().files()) {
            assertThat(ReadCapture.of(Unpacked.path(file, folder)).frames()).as(file.name())
                .isEqualTo(CaptureFile.read(file.bytes()).frames());
        }
    }

    @Test
    void refusesPackedFilesByName() {
        for (CorpusFile file : Corpus.required().where(CorpusFile::isGzipped)) {
            assertThatThrownBy(() -> CaptureReader.open(file.path())).isInstanceOf(CaptureException.class)
                .hasMessageContaining("gzip: decompress it first");
        }
    }
}
