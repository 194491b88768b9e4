package io.millrace.simulation.world;

import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.verb.Failure;
import io.millrace.simulation.verb.SeedRuns;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatedWorldTest {

    private static final int SEEDS = 200;
    private static final long FIRST_SEED = 800_000;
    private static final String PAST_SEEDS = "/simulation/past-seeds.txt";

    @Test
    void freshSeedsHold() {
        long first = Seeds.next() >> 1;
        var runs = new SeedRuns();
        for (long seed = first; seed < first + SEEDS; seed++) assertHolds(runs.run(seed));
        assertThat(runs.doneCount()).isEqualTo(SEEDS);
        assertThat(runs.packetCount()).isGreaterThanOrEqualTo((long) SEEDS * World.PACKETS_MIN);
        assertThat(runs.changeCount()).isGreaterThanOrEqualTo((long) SEEDS * World.CHANGES_MIN);
    }

    /// Each line: a seed in whose world something once did not hold, and what.
    @Test
    void pastSeedsHold() throws IOException {
        var runs = new SeedRuns();
        try (var lines = new BufferedReader(new InputStreamReader(
            SimulatedWorldTest.class.getResourceAsStream(PAST_SEEDS), StandardCharsets.UTF_8))) {
            for (String line : lines.lines().filter(each -> !each.startsWith("#")).toList()) {
                assertHolds(runs.run(Long.parseLong(line.split(" ", 2)[0])));
            }
        }
        assertThat(runs.doneCount()).isPositive();
    }

    @Test
    void sameSeedsDoTheSameInAnyOrderAndProcess() throws IOException, InterruptedException {
        long first = Seeds.next() >> 1;
        var backwards = new SeedRuns();
        for (long seed = first + 9; seed >= first; seed--) assertHolds(backwards.run(seed));
        var other = SimulateProcess.run(null, "--seeds", "10", "--from", "" + first);
        assertThat(other.answer().get("hash").asString()).isEqualTo(Long.toHexString(backwards.hash()));
        var shifted = new SeedRuns();
        assertHolds(shifted.run(first + 10));
        assertThat(shifted.hash()).isNotEqualTo(backwards.hash());
    }

    /// A world in which nothing went wrong would prove nothing.
    @Test
    void packetsComeToManyEnds() {
        Set<Verdict> wanted = EnumSet.of(Verdict.SENT, Verdict.ARP_LEARNED, Verdict.ND_LEARNED, Verdict.ECHO_ANSWERED,
            Verdict.OTHER_HOST, Verdict.VLAN_UNKNOWN, Verdict.IPV4_CHECKSUM_WRONG, Verdict.FORWARDING_OFF,
            Verdict.NO_ROUTE, Verdict.ROUTE_UNREACHABLE, Verdict.ROUTE_BLACKHOLE, Verdict.ROUTE_PROHIBIT,
            Verdict.TTL_EXPIRED, Verdict.FRAGMENTATION_NEEDED, Verdict.PACKET_TOO_BIG, Verdict.NEIGHBOUR_UNRESOLVED,
            Verdict.NEIGHBOUR_QUEUE_FULL, Verdict.PORT_CLOSED, Verdict.TX_FULL);
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 50 && !wanted.isEmpty(); seed++) {
            try (var world = new World(seed)) {
                world.run();
                wanted.removeIf(each -> world.count(each) > 0);
            }
        }
        assertThat(wanted).as("never happened").isEmpty();
    }

    private static void assertHolds(Optional<Failure> failure) {
        assertThat(failure.map(Failure::text).orElse("")).isEmpty();
    }

    @Test
    void everySeedTakesItsOwnWay() {
        try (var one = new World(1); var other = new World(2)) {
            assertThat(List.of(one.run().hash())).doesNotContain(other.run().hash());
        }
    }
}
