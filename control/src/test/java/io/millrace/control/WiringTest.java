package io.millrace.control;

import io.millrace.control.report.ProgressListener;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Frame;
import io.millrace.testkit.PcapngWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// `millrace run` from the command line to the files it writes.
class WiringTest {

    private static final byte[] FRAME = Frame.ethernet("02:00:00:00:00:0a", "02:00:00:00:00:0b")
        .ipv4("192.0.2.1", "192.0.2.2").udp(1, 2).payloadOf(20).bytes();

    @TempDir
    private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String yaml, String... options) throws IOException {
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, yaml.replace("DIR", folder.toString()));
        String[] arguments = new String[options.length + 2];
        arguments[0] = "run";
        arguments[1] = config.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        return Main.execute(Main.commandLine(new Wiring(), ProgressListener.silent(() -> false), false)
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)), arguments);
    }

    private static final String PATCH = """
        forwarding: patch
        ports:
          left: { wire: pcap, rx: DIR/left.pcap, tx: DIR/left-out.pcapng }
          right: { wire: pcap, rx: DIR/right.pcap, tx: DIR/right-out.pcapng }
        """;

    @Test
    void joinedPortsPassEveryFrameOnUnchanged() throws IOException {
        List<CapturedFrame> left = List.of(new CapturedFrame(1_000_000_000_000L, FRAME, FRAME.length, 1),
            new CapturedFrame(2_000_000_000_000L, new byte[5], 2_000, 1));
        List<CapturedFrame> right = List.of(new CapturedFrame(1_500_000_000_000L, new byte[] {1, 2, 3}, 3, 147),
            new CapturedFrame(1_600_000_000_000L, new byte[9_000], 9_000, 147));
        CaptureFile.write(folder.resolve("left.pcap"), left);
        CaptureFile.write(folder.resolve("right.pcap"), right);
        assertThat(run(PATCH)).as(err.toString()).isZero();
        assertThat(CaptureFile.read(folder.resolve("right-out.pcapng")).frames()).isEqualTo(left);
        assertThat(CaptureFile.read(folder.resolve("left-out.pcapng")).frames()).isEqualTo(right);
        assertThat(out.toString()).contains("every packet is accounted for");
    }

    @Test
    void aDamagedCaptureIsForwardedUpToTheDamageAndReported() throws IOException {
        CaptureFile.write(folder.resolve("left.pcap"), FRAME, FRAME, FRAME);
        CaptureFile.write(folder.resolve("right.pcap"), FRAME);
        byte[] whole = Files.readAllBytes(folder.resolve("left.pcap"));
        Files.write(folder.resolve("left.pcap"), Arrays.copyOf(whole, whole.length - 7));
        assertThat(run(PATCH)).isEqualTo(1);
        assertThat(CaptureFile.read(folder.resolve("right-out.pcapng")).frames()).hasSize(2);
        int recordAt = 24 + 2 * (16 + FRAME.length);
        assertThat(out.toString()).contains("left.pcap: byte ").contains("" + (recordAt + 16));
    }

    @Test
    void aClassicPcapOfTwoLinkTypesIsRefusedBeforeAnythingIsWritten() throws IOException {
        Files.write(folder.resolve("left.pcapng"), new PcapngWriter().section(false).interfaceOf(1).interfaceOf(113)
            .enhanced(0, 1, FRAME).enhanced(1, 2, FRAME).bytes());
        CaptureFile.write(folder.resolve("right.pcap"), FRAME);
        int status = run("""
            forwarding: patch
            ports:
              left: { wire: pcap, rx: DIR/left.pcapng, tx: DIR/left-out.pcap }
              right: { wire: pcap, rx: DIR/right.pcap, tx: DIR/right-out.pcap }
            """);
        assertThat(status).isEqualTo(2);
        assertThat(err.toString()).contains("pcapng").contains("^");
        assertThat(folder.resolve("left-out.pcap")).doesNotExist();
        assertThat(folder.resolve("right-out.pcap")).doesNotExist();
    }

    @Test
    void aFileThatIsNoCaptureIsRefusedWithItsPlaceInTheConfig() throws IOException {
        Files.writeString(folder.resolve("left.pcap"), "this is no capture at all, only text");
        CaptureFile.write(folder.resolve("right.pcap"), FRAME);
        assertThat(run(PATCH)).isEqualTo(2);
        assertThat(err.toString()).contains("config.yaml:3:").contains("left.pcap: byte 0").contains("^");
        assertThat(folder.resolve("left-out.pcapng")).doesNotExist();
    }

    @Test
    void replayPortsRunInRealTimeUntilTheirLoopsAreOver() throws IOException {
        CaptureFile.write(folder.resolve("left.pcap"), FRAME, FRAME, FRAME);
        for (String threading : List.of("shared", "dedicated")) {
            int status = run("""
                threading: %s
                forwarding: patch
                ports:
                  left: { wire: replay, rx: DIR/left.pcap, loops: 1000 }
                  right: { wire: "null" }
                """.formatted(threading), "--report", "json");
            assertThat(status).as(err.toString()).isZero();
            assertThat(out.toString().replaceAll("\\s", "")).contains("\"received\":3000").contains("\"sent\":3000");
            out.getBuffer().setLength(0);
        }
    }
}
