package io.millrace.nic.capture;

import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// The files of the pcapng conformance suite, each beside a text that gives its blocks in order.
class PcapngConformanceTest {

    private static final String SEQUENCE = "Block sequence: ";

    @Test
    void givesPacketsAndInterfacesInTheOrderOfTheBlocks() throws IOException {
        List<CorpusFile> files = Corpus.required().where(file -> file.name().startsWith("pcapng-gen/")
            && file.isPcapng());
        assertThat(files).hasSizeGreaterThan(40);
        for (CorpusFile file : files) {
            assertThat(interfacesBeforeEachPacket(file.path())).as(file.name())
                .isEqualTo(interfacesBeforeEachPacket(blocks(file.path())));
        }
    }

    private static List<Integer> interfacesBeforeEachPacket(Path file) throws CaptureException {
        List<Integer> counts = new ArrayList<>();
        try (CaptureReader reader = CaptureReader.open(file)) {
            while (reader.advance()) {
                counts.add(reader.interfaceCount());
            }
            assertThat(reader.damage()).isNull();
            counts.add(reader.interfaceCount());
        }
        return counts;
    }

    private static List<Integer> interfacesBeforeEachPacket(List<String> blocks) {
        List<Integer> counts = new ArrayList<>();
        int interfaceCount = 0;
        for (String block : blocks) {
            if (block.equals("IDB")) interfaceCount++;
            if (block.equals("EPB") || block.equals("SPB") || block.equals("PB")) counts.add(interfaceCount);
        }
        counts.add(interfaceCount);
        return counts;
    }

    private static List<String> blocks(Path file) throws IOException {
        Path text = file.resolveSibling(file.getFileName().toString().replace(".pcapng", ".txt"));
        String line = Files.readAllLines(text).stream().filter(candidate -> candidate.startsWith(SEQUENCE))
            .findFirst().orElseThrow();
        return List.of(line.substring(SEQUENCE.length()).strip().split(", *"));
    }
}
