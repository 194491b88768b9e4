package io.millrace.simulation.netns;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A port that can neither fill in checksums nor cut: what comes from a host that leaves both undone is finished by
/// Millrace, and every frame on that wire is valid.
@Tag("netns")
class FinishedFramesTest {

    private static final String[] CHECKSUMS_ON = {"-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE",
        "-o", "udp.check_checksum:TRUE"};
    static final String NOT_VALID = "ip.checksum.status == 0 or tcp.checksum.status == 0 "
        + "or udp.checksum.status == 0 or icmpv6.checksum.status == 0 or icmp.checksum.status == 0 or _ws.malformed";

    @TempDir
    Path folder;

    @Test
    void tsharkFindsEveryFrameValid() throws Exception {
        try (RealHosts hosts = RealHosts.make(folder, ", vnet-hdr: false", "ip", "ping", "curl", "tshark", "dumpcap")) {
            Path offered = hosts.offer("file", 3_000_000, Seeds.next());
            Path capture = folder.resolve("wan.pcapng");
            Process capturing = hosts.server().start(folder.resolve("dumpcap"), "dumpcap", "-q", "-i", "mr-wan",
                "-w", capture.toString());
            await(capture);
            for (String server : new String[] {RealHosts.SERVER4, "[" + RealHosts.SERVER6 + "]"}) {
                String url = "http://" + server + ":8000/file";
                hosts.client().run("curl", "-sS", "--fail", "-o", folder.resolve("got").toString(), url);
                assertThat(Files.mismatch(offered, folder.resolve("got"))).isEqualTo(-1);
                hosts.client().run("curl", "-sS", "-o", "/dev/null", "--data-binary", "@" + offered, url);
            }
            hosts.client().run("ping", "-n", "-c", "2", "-s", "20000", RealHosts.SERVER4);
            capturing.destroy();
            capturing.waitFor();
            assertThat(frames(capture, NOT_VALID)).as("frames that are not valid").isEmpty();
            assertThat(frames(capture, "frame.len > 1514")).as("frames over the MTU").isEmpty();
            assertThat(frames(capture, "tcp.len == 1448 and ip.src == 10.1.0.2").lines().count()).isGreaterThan(1_000);
            assertThat(frames(capture, "tcp.len == 1428 and ipv6.src == fd00:1::2").lines().count())
                .isGreaterThan(1_000);
            assertThat(hosts.stop()).contains("every packet is accounted for")
                .doesNotContain("GSO_", "TX_REFUSED", "MALFORMED", "CHECKSUM_WRONG");
        }
    }

    static void await(Path capture) throws InterruptedException, IOException {
        for (int i = 0; i < 100 && (!Files.exists(capture) || Files.size(capture) == 0); i++) Thread.sleep(50);
        Thread.sleep(200);   // from the file's header to the first packet
    }

    static String frames(Path capture, String filter) throws Exception {
        var words = new ArrayList<>(List.of("tshark", "-r", capture.toString()));
        words.addAll(List.of(CHECKSUMS_ON));
        words.addAll(List.of("-Y", filter));
        Process tshark = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String lines = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tshark.waitFor()).isZero();
        return lines;
    }
}
