package io.millrace.perf.bench;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class ChecksumBenchTest {

    private static final List<ChecksumResult.Size> SIZES =
        List.of(new ChecksumResult.Size(64, 2, 0, 1), new ChecksumResult.Size(1460, 20, 0, 50));

    @Test
    void printsTheHeadlineAndEveryLengthAsJson() {
        Map<String, Object> members = new ChecksumResult(SIZES, 1.5, true, "peer", 3).members();
        assertThat(members).containsEntry("bytes", 1460).containsEntry("gbPerSecond", 73.0)
            .containsEntry("nsPerPacket", 20.0).containsEntry("allocatedBytesPerPacket", 0.0)
            .containsEntry("peer", "peer").containsEntry("peerGbPerSecond", 29.2).containsEntry("ratio", 2.5)
            .containsEntry("incrementalNs", 1.5).containsEntry("rounds", 3);
        assertThat((List<?>) members.get("sizes")).hasSize(2);
    }

    @Test
    void saysNothingOfAPeerThatWasNotThere() {
        List<ChecksumResult.Size> alone = List.of(new ChecksumResult.Size(1460, 20, 0, Double.NaN));
        var result = new ChecksumResult(alone, 1.5, false, null, 3);
        assertThat(result.members()).doesNotContainKeys("peer", "ratio", "peerGbPerSecond");
        assertThat(result.text()).doesNotContain("NaN").contains("without vectors");
    }

    @Test
    void sumsAndUpdatesThePacketsOfABurst() {
        var traffic = new ChecksumTraffic();
        traffic.packetsOf(65_000);
        assertThat(traffic.sumAll()).isEqualTo(2);
        assertThat(traffic.strideBytes()).isEqualTo(65_536);
        traffic.packetsOf(20);
        assertThat(traffic.sumAll()).isEqualTo(64);
        assertThat(traffic.lowerTtls()).isPositive();
        assertThat(traffic.sink()).isPositive();
    }

    @Test
    void compilesAndRunsThePeerWhereItCan() throws IOException, InterruptedException {
        RawChecksumPeer compiled;
        try {
            compiled = RawChecksumPeer.compile();
        } catch (IOException e) {
            Assumptions.abort("no peer: " + e.getMessage());
            return;
        }
        try (RawChecksumPeer peer = compiled) {
            var traffic = new ChecksumTraffic();
            traffic.packetsOf(1460);
            assertThat(peer.nsPerPacket(1460, traffic, 10, 1_000)).isBetween(1.0, 100_000.0);
        }
    }
}
