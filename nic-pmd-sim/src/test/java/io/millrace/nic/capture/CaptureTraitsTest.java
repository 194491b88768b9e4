package io.millrace.nic.capture;

import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.PcapWriter;
import io.millrace.testkit.PcapngWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CaptureTraitsTest {

    private static final byte[] FRAME = new byte[20];

    @TempDir
    Path folder;

    @Test
    void saysWhatThePacketsOfAPcapAre() throws IOException {
        CaptureTraits microseconds = traits(new PcapWriter().linkType(101).bytes());
        assertThat(microseconds.linkTypes()).containsExactly(101);
        assertThat(microseconds.resolution()).isEqualTo(TimeScale.MICROSECONDS);
        CaptureTraits nanoseconds = traits(new PcapWriter().nanoseconds().frame(CapturedFrame.of(0, FRAME)).bytes());
        assertThat(nanoseconds.resolution()).isEqualTo(TimeScale.NANOSECONDS);
    }

    @Test
    void countsOnlyTheInterfacesOfAPcapngThatHavePackets() throws IOException {
        var file = new PcapngWriter().section(false).interfaceOf(1).interfaceOf(101).interfaceOf(113, 0, 9, 0)
            .enhanced(1, 5, FRAME).enhanced(0, 5, FRAME).enhanced(1, 5, FRAME);
        assertThat(traits(file.bytes()).linkTypes()).containsExactly(1, 101);
        assertThat(traits(file.bytes()).isWholeMicroseconds()).isTrue();
        file.section(true).interfaceOf(1, 0, 9, 0).enhanced(0, 5, FRAME);
        assertThat(traits(file.bytes()).linkTypes()).containsExactly(1, 101);
        assertThat(traits(file.bytes()).isWholeMicroseconds()).isFalse();
    }

    @Test
    void joinsWhatSeveralCapturesHold() {
        var nanoseconds = new CaptureTraits(CaptureTraits.NONE.linkTypes(), false);
        CaptureTraits both = CaptureTraits.ofLinkType(101).and(nanoseconds);
        assertThat(both.linkTypes()).containsExactly(101);
        assertThat(both.isWholeMicroseconds()).isFalse();
    }

    @Test
    void givesOneLinkTypeOrAnError() throws IOException {
        Path target = Path.of("out.pcap");
        assertThat(CaptureTraits.NONE.onlyLinkType(target, 1)).isEqualTo(1);
        assertThat(CaptureTraits.ofLinkType(101).onlyLinkType(target, 1)).isEqualTo(101);
        CaptureTraits two = CaptureTraits.ofLinkType(101).and(CaptureTraits.ofLinkType(1));
        assertThatThrownBy(() -> two.onlyLinkType(target, 1)).hasMessage("out.pcap: expected packets of one link type, "
            + "for a classic pcap takes no more, found link types [1, 101] (use a name that ends in .pcapng)");
    }

    private CaptureTraits traits(byte[] file) throws IOException {
        return CaptureTraits.of(Files.write(folder.resolve("file"), file));
    }
}
