package io.millrace.perf.bench;

import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class GsoBenchTest {

    private static final GsoResult RESULT = new GsoResult(
        List.of(new GsoResult.Case("device", 40, 0), new GsoResult.Case("software", 20, 0.5)), 3);

    @Test
    void printsTheFirstCaseAndAllCasesAsJson() {
        Map<String, Object> members = RESULT.members();
        assertThat(members).containsEntry("bench", "gso").containsEntry("mpps", 40.0).containsEntry("nsPerPacket", 25.0)
            .containsEntry("allocatedBytesPerPacket", 0.0).containsEntry("gbitPerSecond", 484.48);
        assertThat((List<?>) members.get("cases")).hasSize(2);
        assertThat(RESULT.text()).contains("sums by device").contains("20.0 Mpps").contains("50.0 ns");
    }

    /// The same super-packets come again after all have been cut, and are cut the same way.
    @Test
    void cutsRightSegmentsEveryTime() {
        var traffic = new GsoTraffic(false);
        for (int turn = 0; turn < 20; turn++) {
            assertThat(traffic.cutNext()).isEqualTo(45);
            for (int i = 0; i < 45; i++) {
                byte[] segment = traffic.segment(i);
                assertThat(segment).hasSize(GsoTraffic.frameBytes());
                assertThat(NaiveChecksum.isIpv4Valid(segment, 14)).isTrue();
                assertThat(NaiveChecksum.isValid(NaiveChecksum.TCP, Octets.range(segment, 26, 4),
                    Octets.range(segment, 30, 4), Octets.range(segment, 34, segment.length - 34))).isTrue();
                assertThat(Octets.u32(segment, 38)).isEqualTo((long) i * GsoTraffic.SEGMENT_BYTES);
            }
        }
    }
}
