package io.millrace.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

class FrameTest {

    @TempDir
    Path folder;

    @Test
    void tsharkReadsTheSameFieldsAndGoodChecksums() {
        Tshark.required();
        byte[] frame = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").vlan(10)
            .ipv4("10.0.0.1", "10.0.0.2").ttl(63)
            .udp(1000, 2000)
            .payloadOf(11)
            .bytes();
        Path file = folder.resolve("one.pcap");
        CaptureFile.write(file, frame);
        assertThat(Tshark.fields(file, "vlan.id", "ip.src", "ip.ttl", "udp.dstport", "ip.checksum.status",
            "udp.checksum.status", "_ws.malformed"))
            .isEqualTo(List.of(List.of("10", "10.0.0.1", "63", "2000", "1", "1", "")));
        assertThatFrame(frame).isUdp().vlan(10).from("10.0.0.1", 1000).to("10.0.0.2", 2000).ttl(63)
            .withPayloadBytes(11).hasValidChecksums();
    }
}
