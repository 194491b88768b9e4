package io.millrace.control.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.packet.document.Document;
import io.millrace.packet.document.DocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What tests of refused configs share: a folder, written `@`, with `lan.pcap` (also named `link.pcap` and
/// `hard.pcap`), `wan.pcap`, a file `plain` and a folder `dir.pcap`.
class RefusedConfigs {

    @TempDir Path folder;

    @BeforeEach
    void layOutFiles() throws IOException {
        Path lan = Files.createFile(folder.resolve("lan.pcap"));
        Files.createFile(folder.resolve("wan.pcap"));
        Files.createFile(folder.resolve("plain"));
        Files.createDirectory(folder.resolve("dir.pcap"));
        Files.createSymbolicLink(folder.resolve("link.pcap"), lan);
        Files.createLink(folder.resolve("hard.pcap"), lan);
    }

    void assertRefused(String yaml, String message) {
        var exception = catchThrowableOfType(DocumentException.class,
            () -> ConfigReader.read(Document.yaml("g.yaml", yaml.replace("@", folder.toString()))));
        assertThat(exception).as("refused").isNotNull();
        assertThat(exception.getMessage().replace(folder.toString(), "@")).isEqualTo(message.stripTrailing());
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
