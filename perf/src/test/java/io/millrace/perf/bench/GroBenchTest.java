package io.millrace.perf.bench;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class GroBenchTest {

    private static final int POLLS = 3;
    private static final double WARM_UP_SECONDS = 0.01;

    @Test
    void measuresEveryKindOfTraffic() {
        GroResult result = GroBench.run(1, POLLS, false, WARM_UP_SECONDS);
        assertThat(result.cases()).extracting(GroResult.Case::flows).containsExactly(1, 8, 64, 512, 1, 8, 64, 512);
        assertThat(result.cases()).allMatch(each -> each.ns() > 0 && each.payloadBytes() == 1460);
        assertThat(result.cases().subList(0, 4)).allMatch(GroResult.Case::isSumKnown);
        assertThat(result.cases().subList(4, 8)).noneMatch(GroResult.Case::isSumKnown);
    }

    @Test
    void mergesWhatItMeasures() {
        for (boolean hasTimestamps : List.of(false, true)) {
            List<GroResult.Case> cases = GroBench.run(1, 1, hasTimestamps, WARM_UP_SECONDS).cases();
            assertThat(cases.get(0).merged()).as("one flow fills packets").isGreaterThan(42);
            assertThat(cases.get(2).merged()).as("64 flows fit in the buckets").isEqualTo(16);
            assertThat(cases.get(3).merged()).as("512 flows take each other's place").isEqualTo(1);
            assertThat(cases.get(5).merged()).as("checksums are right").isEqualTo(cases.get(1).merged());
        }
    }

    @Test
    void printsTheHeadlineAndEveryCaseAsJson() {
        var result = new GroResult(List.of(new GroResult.Case(1, true, 1460, 1514, 50, 0, 42.7),
            new GroResult.Case(64, false, 1460, 1514, 100, 0, 16)), 3, null);
        Map<String, Object> members = result.members();
        assertThat(members).containsEntry("bench", "gro").containsEntry("mpps", 20.0)
            .containsEntry("nsPerPacket", 50.0).containsEntry("allocatedBytesPerPacket", 0.0)
            .containsEntry("gbitsPerSecond", 242.24).containsEntry("checksum", "known").containsEntry("rounds", 3);
        assertThat((List<?>) members.get("cases")).hasSize(2);
        assertThat(result.text()).contains("known").contains("verified").contains("42.7");
    }
}
