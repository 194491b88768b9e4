package io.millrace.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.control.report.ProgressListener;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// `millrace checksum` as a shell sees it.
class ChecksumVerbTest {

    private static final int FILES_SAMPLED = 60;

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsALineAPacketAndASummary() throws IOException {
        Path capture = folder.resolve("mixed.pcap");
        CaptureFile.write(capture,
            ipv4().tcp(1, 2).bytes(),
            ipv4().udp(1, 2).checksum(7).bytes(),
            ipv4().udp(1, 4789).noChecksum().vxlan(1).ethernet("02:00:00:00:00:03", "02:00:00:00:00:04")
                .ipv6("fd00::1", "fd00::2").udp(1, 2).checksum(0).bytes(),
            Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2").moreFragments()
                .tcp(1, 2).payloadOf(8).bytes(),
            Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").arpRequest("02:00:00:00:00:01", "10.0.0.1",
                "10.0.0.2").bytes());
        assertThat(millrace("checksum", capture)).isZero();
        assertThat(out.toString().lines()).containsExactly(
            "      1  ip good, tcp good",
            "      2  ip good, udp bad",
            "      3  ip good, udp absent, udp illegal",
            "      4  ip good, tcp unverified (fragment)",
            "      5  no checksum",
            "5 packets, 9 checksums: 5 good, 1 bad, 1 absent, 1 illegal, 1 unverified");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsOneJsonObjectAPacket() throws IOException {
        Path capture = folder.resolve("cut.pcap");
        byte[] frame = ipv4().ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2).checksum(9).payloadOf(50).bytes();
        CaptureFile.write(capture, List.of(CapturedFrame.of(0, frame),
            new CapturedFrame(1, Arrays.copyOf(frame, 80), frame.length, CapturedFrame.ETHERNET)));
        assertThat(millrace("checksum", "--json", capture)).isZero();
        assertThat(out.toString().lines()).containsExactly(
            "{\"frame\":1,\"ip\":[\"good\",\"good\"],\"tcp\":[\"bad\"]}",
            "{\"frame\":2,\"ip\":[\"good\",\"good\"],\"tcp\":[\"unverified\"],\"unverified\":[\"tcp: cut short\"]}");
    }

    @Test
    void readsADamagedCaptureUpToTheDamageAndWarns() throws IOException {
        Path capture = folder.resolve("damaged.pcap");
        CaptureFile.write(capture, ipv4().tcp(1, 2).bytes(), ipv4().udp(1, 2).bytes());
        byte[] bytes = Files.readAllBytes(capture);
        Files.write(capture, Arrays.copyOf(bytes, bytes.length - 5));
        assertThat(millrace("checksum", capture)).isEqualTo(1);
        assertThat(out.toString()).contains("1 packet, 2 checksums: 2 good");
        assertThat(err.toString()).startsWith("millrace: warning: " + capture + ": byte ");
    }

    @Test
    void refusesWhatIsNoCapture() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "not a capture");
        assertThat(millrace("checksum", text)).isEqualTo(2);
        assertThat(err.toString()).contains("notes.txt").contains("expected");
        assertThat(millrace("checksum", folder.resolve("missing.pcap"))).isEqualTo(2);
        assertThat(millrace("checksum")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void saysSomethingOfEveryPacketOfTheCorpus() {
        var mapper = new ObjectMapper();
        List<CorpusFile> whole = Corpus.required().where(file -> !file.isDamaged() && !file.isGzipped());
        for (CorpusFile file : Corpus.sample(whole, FILES_SAMPLED, Seeds.next())) {
            out.getBuffer().setLength(0);
            assertThat(millrace("checksum", "--json", file.path())).as("%s: %s", file, err).isZero();
            List<JsonNode> objects = out.toString().lines().map(mapper::readTree).toList();
            assertThat(objects).as("%s", file).hasSize(file.packetCount());
            for (int i = 0; i < objects.size(); i++) {
                assertThat(objects.get(i).get("frame").intValue()).isEqualTo(i + 1);
            }
        }
    }

    private int millrace(Object... args) {
        String[] texts = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        return Main.execute(Main.commandLine((_, _, _) -> null, ProgressListener.silent(() -> false), false)
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)), texts);
    }

    private static Layer ipv4() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2");
    }
}
