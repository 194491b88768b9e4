package io.millrace.control;

import io.millrace.control.report.ProgressListener;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveSegmenter;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// `millrace gso` as a shell sees it.
class GsoVerbTest {

    private static final int FILES_SAMPLED = 20;

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsALineAPacketInTheOrderOfTheFrames() throws IOException {
        Path capture = folder.resolve("mixed.pcap");
        CaptureFile.write(capture, tcp(250), tcp(100), udp(101),
            ipv4().icmpEchoRequest(1, 1).payloadOf(300).bytes());
        assertThat(millrace("gso", capture, "--size", 100)).as("%s", err).isZero();
        assertThat(out.toString().lines()).containsExactly(
            "    154 bytes, payload 100, frame 1",
            "    154 bytes, payload 100, frame 1",
            "    104 bytes, payload 50, frame 1",
            "    154 bytes, payload 100, frame 2",
            "    142 bytes, payload 100, frame 3",
            "     43 bytes, payload 1, frame 3",
            "    342 bytes, payload 300, frame 4",
            "4 packets in, 7 out: 0 super-packets of 0 segments");
    }

    @Test
    void printsOneJsonObjectAPacket() throws IOException {
        Path capture = folder.resolve("one.pcap");
        CaptureFile.write(capture, tcp(150));
        assertThat(millrace("gso", "--json", "--size", 100, capture)).isZero();
        assertThat(out.toString().lines()).containsExactly(
            "{\"bytes\":154,\"payloadBytes\":100,\"gsoSize\":0,\"segments\":1,\"gsoType\":\"NONE\",\"frames\":[1]}",
            "{\"bytes\":104,\"payloadBytes\":50,\"gsoSize\":0,\"segments\":1,\"gsoType\":\"NONE\",\"frames\":[1]}");
    }

    @Test
    void writesWhatTheNaiveSegmenterCuts() throws IOException {
        Path capture = folder.resolve("tunnels.pcap");
        Layer sum = ipv4().udp(1, 4789).vxlan(1).ethernet("02:00:00:00:00:03", "02:00:00:00:00:04");
        byte[] vxlanSum = sum.ipv6("fd00::1", "fd00::2").tcp(1, 2).psh().payloadOf(1_000).bytes();
        byte[] gre = ipv4().gre().withChecksum().key(5).ipv4("10.1.0.1", "10.1.0.2").udp(1, 2).payloadOf(999).bytes();
        byte[] padded = Arrays.copyOf(tcp(250), 400);
        CaptureFile.write(capture, vxlanSum, gre, padded);
        Path written = folder.resolve("cut.pcap");
        assertThat(millrace("gso", capture, "--size", 120, "-o", written)).as("%s", err).isZero();
        List<byte[]> expected = new ArrayList<>(new NaiveSegmenter(120).udpTunnel(true).cut(vxlanSum));
        expected.addAll(new NaiveSegmenter(120).cut(gre));
        expected.addAll(new NaiveSegmenter(120).cut(tcp(250)));
        List<byte[]> found = CaptureFile.read(written).frames().stream().map(CapturedFrame::bytes).toList();
        assertThat(found).containsExactlyElementsOf(expected);
    }

    @Test
    void leavesAloneWhatIsCutShortOrAFragment() throws IOException {
        Path capture = folder.resolve("left.pcap");
        byte[] whole = tcp(500);
        byte[] fragment = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2")
            .moreFragments().tcp(1, 2).payloadOf(500).bytes();
        CaptureFile.write(capture, List.of(CapturedFrame.of(0, fragment),
            new CapturedFrame(1, Arrays.copyOf(whole, 300), whole.length, CapturedFrame.ETHERNET)));
        Path written = folder.resolve("left-out.pcapng");
        assertThat(millrace("gso", capture, "--size", 100, "-o", written)).isZero();
        assertThat(CaptureFile.read(written).frames()).isEqualTo(CaptureFile.read(capture).frames());
    }

    @Test
    void refusesWrongArguments() throws IOException {
        Path capture = folder.resolve("some.pcap");
        CaptureFile.write(capture, tcp(10));
        assertThat(millrace("gso", capture)).isEqualTo(2);
        assertThat(millrace("gso", capture, "--size", 0)).isEqualTo(2);
        assertThat(err.toString()).contains("--size must be 1 to 65534, got 0");
        assertThat(millrace("gso", capture, "--size", 65_535)).isEqualTo(2);
        assertThat(millrace("gso", capture, "--size", 9, "-o", capture)).isEqualTo(2);
        assertThat(err.toString()).contains("some.pcap").contains("the capture that is read");
        assertThat(millrace("gso", capture, "--size", 9, "-o", folder.resolve("x.gz"))).isEqualTo(2);
        assertThat(millrace("gso", folder.resolve("missing.pcap"), "--size", 9)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    /// No byte of payload is lost or made: what comes out of a frame has its payload, whatever the frame is.
    @Test
    void keepsThePayloadOfEveryFrameOfTheCorpus() throws IOException {
        var mapper = new ObjectMapper();
        List<CorpusFile> whole = Corpus.required().where(file -> !file.isDamaged() && !file.isGzipped());
        for (CorpusFile file : Corpus.sample(whole, FILES_SAMPLED, Seeds.next())) {
            List<JsonNode> uncut = lines(mapper, file, 65_534);
            List<JsonNode> cut = lines(mapper, file, 64);
            long[] payloadByFrame = new long[uncut.size() + 1];
            for (JsonNode line : uncut) payloadByFrame[frame(line)] += line.get("payloadBytes").longValue();
            for (JsonNode line : cut) payloadByFrame[frame(line)] -= line.get("payloadBytes").longValue();
            assertThat(payloadByFrame).as("%s", file).containsOnly(0);
        }
    }

    private List<JsonNode> lines(ObjectMapper mapper, CorpusFile file, int size) {
        out.getBuffer().setLength(0);
        assertThat(millrace("gso", "--json", "--size", size, file.path())).as("%s: %s", file, err).isZero();
        return out.toString().lines().map(mapper::readTree).toList();
    }

    private static int frame(JsonNode line) {
        assertThat(line.get("frames").size()).isEqualTo(1);
        return line.get("frames").get(0).intValue();
    }

    private int millrace(Object... args) {
        String[] texts = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        return Main.execute(Main.commandLine((_, _, _) -> null, ProgressListener.silent(() -> false), false)
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)), texts);
    }

    private static Layer ipv4() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2");
    }

    private static byte[] tcp(int payloadBytes) { return ipv4().tcp(1, 2).payloadOf(payloadBytes).bytes(); }
    private static byte[] udp(int payloadBytes) { return ipv4().udp(1, 2).payloadOf(payloadBytes).bytes(); }
}
