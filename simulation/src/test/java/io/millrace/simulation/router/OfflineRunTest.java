package io.millrace.simulation.router;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Virtual time: order across ports, ties, and times that run backwards.
class OfflineRunTest {

    private static final String MAC = "02:00:00:00:00:0a";
    private static final String TARGET = "02:00:00:00:00:01";

    @TempDir
    private Path folder;

    /// Three ports receive for one router; all leave by the fourth, which shows the order in which they were taken.
    @Test
    void packetsAreTakenByTimeThenPortThenPlace() throws IOException {
        long seed = Seeds.next();
        var random = new Random(seed);
        List<List<CapturedFrame>> inputs = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        record Sent(long timeNs, int port, int place) {}
        var expected = new ArrayList<Sent>();
        for (int port = 0; port < inputs.size(); port++) {
            long timeNs = 1_000_000_000L;
            for (int place = 0; place < 500; place++) {
                timeNs += random.nextInt(4) * 1_000L;   // often the same time on several ports
                inputs.get(port).add(CapturedFrame.of(timeNs, frame(port, place)));
                expected.add(new Sent(timeNs, port, place));
            }
            CaptureFile.write(folder.resolve("in" + port + ".pcap"), inputs.get(port));
        }
        expected.sort(Comparator.comparingLong(Sent::timeNs).thenComparingInt(Sent::port)
            .thenComparingInt(Sent::place));
        List<CapturedFrame> sent = run();
        assertThat(sent).as("seed=%d", seed).hasSize(expected.size());
        for (int i = 0; i < sent.size(); i++) {
            byte[] bytes = sent.get(i).bytes();
            assertThat(new Sent(sent.get(i).timeNs(), bytes[34 + 1], (bytes[36] & 0xff) << 8 | bytes[37] & 0xff))
                .as("seed=%d, packet %d", seed, i).isEqualTo(expected.get(i));
        }
    }

    @Test
    void aTimeThatRunsBackwardsCountsAsNow() throws IOException {
        CaptureFile.write(folder.resolve("in0.pcap"), List.of(CapturedFrame.of(5_000_000, frame(0, 0)),
            CapturedFrame.of(1_000_000, frame(0, 1)), CapturedFrame.of(6_000_000, frame(0, 2))));
        CaptureFile.write(folder.resolve("in1.pcap"), List.of(CapturedFrame.of(5_500_000, frame(1, 0))));
        CaptureFile.write(folder.resolve("in2.pcap"), List.of());
        assertThat(run()).extracting(CapturedFrame::timeNs)
            .containsExactly(5_000_000L, 5_000_000L, 5_500_000L, 6_000_000L);
    }

    private static byte[] frame(int port, int place) {
        return Frame.ethernet(MAC, TARGET).ipv4("198.18." + port + ".9", "203.0.113.9").udp(port, place).bytes();
    }

    private List<CapturedFrame> run() throws IOException {
        String yaml = "ports:\n";
        for (int port = 0; port < 3; port++) {
            yaml += "  in%d: { wire: pcap, rx: %s, mac: \"%s\", addresses: [198.18.%d.1/24] }\n"
                .formatted(port, folder.resolve("in" + port + ".pcap"), TARGET, port);
        }
        yaml += "  out: { wire: pcap, tx: %s, mac: \"02:00:00:00:00:02\", addresses: [203.0.113.1/24] }\n"
            .formatted(folder.resolve("out.pcap"));
        yaml += "neighbours:\n  - { address: 203.0.113.9, mac: \"02:00:00:00:00:09\" }\n";
        OfflineRouter.run(folder, yaml);
        return CaptureFile.read(folder.resolve("out.pcap")).frames();
    }
}
