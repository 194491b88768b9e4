package io.millrace.simulation.examples;

import io.millrace.testkit.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class ExampleCapturesTest {

    @Test
    void theShippedCapturesAreWhatTheCodeMakes(@TempDir Path folder) throws IOException {
        ExampleCaptures.write(folder);
        for (String name : List.of("lan.pcap", "wan.pcap", "trunk.pcap", "bulk.pcap", "home.pcap",
            "internet.pcap", "home6.pcap", "internet6.pcap", "dsl-home.pcap", "dsl-line.pcap")) {
            assertThat(Files.readAllBytes(Project.root().resolve("examples/captures").resolve(name)))
                .as(name).isEqualTo(Files.readAllBytes(folder.resolve(name)));
        }
    }
}
