package io.millrace.testkit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TsharkTest {

    @TempDir
    Path folder;

    @BeforeEach
    void isThere() {
        Tshark.required();
    }

    @Test
    void givesEveryOccurrenceOfAField() {
        Path file = folder.resolve("one.pcap");
        CaptureFile.write(file,
            Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").vlan(1).vlan(2).payloadOf(9).bytes(),
            Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").payloadOf(9).bytes());
        assertThat(Tshark.fields(file, "frame.number", "vlan.id"))
            .isEqualTo(List.of(List.of("1", "1,2"), List.of("2", "")));
        assertThat(Tshark.fields(List.of("-Y", "vlan"), file, "frame.number")).isEqualTo(List.of(List.of("1")));
        assertThat(Tshark.packetCount(file)).isEqualTo(2);
    }

    @Test
    void saysWhyTsharkFailed() throws IOException {
        Path file = folder.resolve("one.pcap");
        CaptureFile.write(file, new byte[60]);
        assertThatThrownBy(() -> Tshark.fields(file, "no.such.field"))
            .isInstanceOf(IllegalStateException.class).hasMessageContaining("no.such.field");
        Path nonsense = Files.writeString(folder.resolve("nonsense"), "no capture file at all");
        assertThatThrownBy(() -> Tshark.fields(nonsense, "frame.len"))
            .isInstanceOf(IllegalStateException.class).hasMessageContaining("ended with");
    }

    @Test
    void endsAProgramThatTakesTooLong() {
        assertThatThrownBy(() -> Tshark.run(List.of("sleep", "60"), 1))
            .hasMessage("not done after 1 s: [sleep, 60]");
    }
}
