package io.millrace.packet.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentFileTest {

    @TempDir Path folder;

    @Test
    void endingDecidesTheLanguage() throws IOException {
        Path json = Files.writeString(folder.resolve("a.cpr.json"), "{a: 1}");
        Path yaml = Files.writeString(folder.resolve("a.yaml"), "{a: 1}");
        assertThat(Document.read(yaml).required("a").asInt(0, 1)).isEqualTo(1);
        assertThatThrownBy(() -> Document.read(json)).hasMessageStartingWith(json + ":1:2: not valid JSON: ");
    }

    @Test
    void byteOrderMarkIsNoPartOfTheText() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "\uFEFFa: 1\r\nb: x\r\n");
        DocumentNode b = Document.read(file).required("b");
        assertThat(b.asString()).isEqualTo("x");
        assertThat(b.line()).isEqualTo(2);
        assertThat(b.column()).isEqualTo(4);
    }

    @Test
    void missingFileIsNamed() {
        Path file = folder.resolve("none.yaml");
        assertThatThrownBy(() -> Document.read(file)).isInstanceOf(DocumentException.class)
            .hasMessage(file + ": no such file");
    }

    @Test
    void folderIsNoDocument() {
        assertThatThrownBy(() -> Document.read(folder)).hasMessage(folder + ": is a directory, expected a file");
    }

    @Test
    void wrongEncodingIsShownAtItsByte() throws IOException {
        Path file = folder.resolve("latin1.yaml");
        Files.write(file, "a: 1\nb: Stra\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Document.read(file)).hasMessage(file + """
            :2:8: byte 0xdf is not UTF-8
              2 | b: Stra
                |        ^
              allowed: save the file as UTF-8""");
    }

    @Test
    void characterCutAtTheEndIsWrongEncoding() throws IOException {
        Path file = folder.resolve("cut.yaml");
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xE2, (byte) 0x82});
        assertThatThrownBy(() -> Document.read(file)).hasMessageStartingWith(file + ":1:4: byte 0xe2 is not UTF-8");
    }

    @Test
    void captureGivenForAConfigIsRefused() throws IOException {
        Path file = folder.resolve("x.pcap");
        Files.write(file, new byte[] {(byte) 0xd4, (byte) 0xc3, (byte) 0xb2, (byte) 0xa1, 2, 0, 4, 0});
        assertThatThrownBy(() -> Document.read(file)).hasMessageStartingWith(file + ":1:1: byte 0xd4 is not UTF-8");
    }

    @Test
    void tooLongFileIsRefused() throws IOException {
        Path file = folder.resolve("long.yaml");
        Files.write(file, new byte[Document.FILE_BYTES_MAX + 1]);
        assertThatThrownBy(() -> Document.read(file))
            .hasMessage(file + ": longer than 16777216 bytes, so not a document");
    }
}
