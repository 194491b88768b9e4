package io.millrace.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.control.report.ProgressListener;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// `millrace gro` as a shell sees it.
class GroVerbTest {

    private static final int FILES_SAMPLED = 40;
    private static final long US = 1_000;

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsALineAPacketAndASummary() throws IOException {
        Path capture = folder.resolve("train.pcap");
        CaptureFile.write(capture, segment(0), segment(1), arp(), segment(2));
        assertThat(millrace("gro", capture)).isZero();
        assertThat(out.toString().lines()).containsExactly(
            "     42 bytes, payload 42, frame 3",
            "    354 bytes, payload 300, 3 segments of 100, TCPV4, frames 1 2 4",
            "4 packets in, 2 out: 1 super-packet of 3 segments");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsOneJsonObjectAPacket() throws IOException {
        Path capture = folder.resolve("train.pcap");
        CaptureFile.write(capture, segment(0), segment(1));
        assertThat(millrace("gro", "--json", capture)).isZero();
        assertThat(out.toString().lines()).containsExactly("{\"bytes\":254,\"payloadBytes\":200,\"gsoSize\":100,"
            + "\"segments\":2,\"gsoType\":\"TCPV4\",\"frames\":[1,2]}");
    }

    @Test
    void heldPacketsGoOnAfterTheTimeout() throws IOException {
        Path capture = folder.resolve("slow.pcap");
        CaptureFile.write(capture, List.of(CapturedFrame.of(1_000 * US, segment(0)),
            CapturedFrame.of(1_010 * US, segment(1)), CapturedFrame.of(1_050 * US, segment(2))));
        assertThat(frames("--flush", "20")).containsExactly(List.of(1, 2), List.of(3));
        assertThat(frames("--flush", "5")).containsExactly(List.of(1), List.of(2), List.of(3));
        assertThat(frames("--flush", "100")).containsExactly(List.of(1, 2, 3));
        assertThat(frames("--flush", "end")).containsExactly(List.of(1, 2, 3));
    }

    private List<List<Integer>> frames(String... options) {
        out.getBuffer().setLength(0);
        List<Object> args = new ArrayList<>(List.of("gro", "--json"));
        args.addAll(List.of(options));
        args.add(folder.resolve("slow.pcap"));
        assertThat(millrace(args.toArray())).as(err.toString()).isZero();
        return objects().stream().map(object -> object.get("frames").valueStream().map(JsonNode::intValue).toList())
            .toList();
    }

    @Test
    void mergesUdpOnlyIfAsked() throws IOException {
        Path capture = folder.resolve("udp.pcap");
        CaptureFile.write(capture, ipv4(1).udp(1, 2).payloadOf(100).bytes(), ipv4(2).udp(1, 2).payloadOf(100).bytes());
        assertThat(millrace("gro", capture)).isZero();
        assertThat(out.toString())
            .endsWith("2 packets in, 2 out: 0 super-packets of 0 segments" + System.lineSeparator());
        out.getBuffer().setLength(0);
        assertThat(millrace("gro", "--forward-udp", capture)).isZero();
        assertThat(out.toString()).contains("2 segments of 100, UDP_L4, frames 1 2");
    }

    @Test
    void writesWhatComesOutWithRightChecksums() throws IOException {
        Path capture = folder.resolve("train.pcap");
        List<byte[]> train = new ArrayList<>();
        for (int i = 0; i < 700; i++) train.add(segment(i));
        CaptureFile.write(capture, train.toArray(byte[][]::new));
        for (String name : List.of("merged.pcap", "merged.pcapng")) {
            Path target = folder.resolve(name);
            assertThat(millrace("gro", "-o", target, capture)).isZero();
            List<byte[]> written = CaptureFile.read(Files.readAllBytes(target)).frames().stream()
                .map(CapturedFrame::bytes).toList();
            assertThat(written).hasSize(2);
            assertThat(written.getFirst()).hasSize(54 + 654 * 100);
            for (byte[] frame : written) {
                assertThat(NaiveChecksum.isIpv4Valid(frame, 14)).isTrue();
                assertThat(NaiveChecksum.isValid(NaiveChecksum.TCP, Octets.range(frame, 26, 4),
                    Octets.range(frame, 30, 4), Octets.range(frame, 34, frame.length - 34))).isTrue();
            }
        }
    }

    @Test
    void fillsInTheChecksumsOfTunnelsToo() throws IOException {
        Path capture = folder.resolve("tunnels.pcap");
        CaptureFile.write(capture,
            inside(ipv4(1).udp(7, 4789).vxlan(5).ethernet("02:00:00:00:00:03", "02:00:00:00:00:04"), 0),
            inside(ipv4(2).udp(7, 4789).vxlan(5).ethernet("02:00:00:00:00:03", "02:00:00:00:00:04"), 1),
            inside(ipv4(1).gre().withChecksum().key(9), 0), inside(ipv4(2).gre().withChecksum().key(9), 1));
        Path target = folder.resolve("merged.pcap");
        assertThat(millrace("gro", "-o", target, capture)).isZero();
        assertThat(out.toString()).contains("TCPV4|UDP_TUNNEL_CSUM").contains("TCPV4|GRE_CSUM");
        out.getBuffer().setLength(0);
        assertThat(millrace("checksum", target)).isZero();
        assertThat(out.toString()).contains("2 packets, 8 checksums: 8 good");
    }

    private static byte[] inside(Layer outer, int index) {
        return outer.ipv4("10.1.0.1", "10.1.0.2").identification(index).tcp(1, 2).sequence(100L * index)
            .payloadOf(100).bytes();
    }

    @Test
    void refusesWhatItCannotUse() throws IOException {
        Path capture = folder.resolve("train.pcap");
        CaptureFile.write(capture, segment(0));
        assertThat(millrace("gro", "--flush", "soon", capture)).isEqualTo(2);
        assertThat(err.toString()).contains("--flush must be \"end\" or microseconds from 1 to 60000000, got \"soon\"");
        assertThat(millrace("gro", "--flush", "0", capture)).isEqualTo(2);
        assertThat(millrace("gro", "-o", folder.resolve("merged.txt"), capture)).isEqualTo(2);
        assertThat(err.toString()).contains("merged.txt").contains(".pcapng");
        assertThat(millrace("gro", "-o", capture, capture)).isEqualTo(2);
        assertThat(err.toString()).contains("another file");
        assertThat(millrace("gro", folder.resolve("missing.pcap"))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void readsADamagedCaptureUpToTheDamageAndWarns() throws IOException {
        Path capture = folder.resolve("damaged.pcap");
        CaptureFile.write(capture, segment(0), segment(1));
        byte[] bytes = Files.readAllBytes(capture);
        Files.write(capture, Arrays.copyOf(bytes, bytes.length - 5));
        assertThat(millrace("gro", capture)).isEqualTo(1);
        assertThat(out.toString()).contains("1 packet in, 1 out");
        assertThat(err.toString()).startsWith("millrace: warning: " + capture + ": byte ");
    }

    @Test
    void everyFrameOfTheCorpusComesOutOnce() {
        List<CorpusFile> whole = Corpus.required().where(file -> !file.isDamaged() && !file.isGzipped());
        for (CorpusFile file : Corpus.sample(whole, FILES_SAMPLED, Seeds.next())) {
            out.getBuffer().setLength(0);
            assertThat(millrace("gro", "--json", "--forward-udp", file.path())).as("%s: %s", file, err).isZero();
            List<Integer> frames = objects().stream()
                .flatMap(object -> object.get("frames").valueStream().map(JsonNode::intValue)).sorted().toList();
            assertThat(frames).as("%s", file).hasSize(file.packetCount()).doesNotHaveDuplicates();
        }
    }

    private List<JsonNode> objects() {
        var mapper = new ObjectMapper();
        return out.toString().lines().map(mapper::readTree).toList();
    }

    private int millrace(Object... args) {
        String[] texts = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        return Main.execute(Main.commandLine((_, _, _) -> null, ProgressListener.silent(() -> false), false)
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)), texts);
    }

    private static byte[] segment(int index) {
        return ipv4(index).tcp(1, 2).sequence(100L * index).payloadOf(100).bytes();
    }

    private static byte[] arp() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
            .arpRequest("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2").bytes();
    }

    private static Layer ipv4(int id) {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2")
            .dontFragment().identification(id);
    }
}
