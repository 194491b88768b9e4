package io.millrace.perf.load;

import io.millrace.control.config.ConfigFile;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.perf.profile.ProfileFile;
import io.millrace.testkit.Project;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Attacks against the stateful gateway of the examples, in virtual time: what the sessions beside them achieve, what
/// the verdicts say, and that nothing grows.
class AttackTest {

    private static final long TRIAL_NS = 100_000_000;
    private static final long STEP_NS = 20_000;
    private static final double KEPT_MIN = 0.9;
    private static final long GROWN_BYTES_MAX = 16 << 20;

    private record Outcome(TrialResult trial, List<String> drops, long grownBytes) {}

    /// The ruleset's name is relative to the project's root.
    private static ConfigFile gateway() throws IOException {
        Path folder = Project.root().resolve("examples/load");
        String text = Files.readString(folder.resolve("gateway-stateful.yaml"))
            .replace("examples/load/gateway.nft", folder.resolve("gateway.nft").toString());
        Path file = Files.createTempFile("gateway", ".yaml");
        try {
            return ConfigFile.read(Files.writeString(file, text));
        } finally {
            Files.delete(file);
        }
    }

    private static Outcome run(TrafficProfile profile) throws IOException {
        long[] nowNs = {1_000_000_000L};
        try (Arena arena = Arena.ofConfined();
             var world = new LoadWorld(arena, gateway().config(), profile, 4096, () -> nowNs[0] += STEP_NS)) {
            TrialRunner runner = world.runner();
            runner.run(1, TRIAL_NS / 10);
            long beforeBytes = usedBytes();
            TrialResult trial = runner.run(1, TRIAL_NS);
            return new Outcome(trial, List.copyOf(world.drops().keySet()), usedBytes() - beforeBytes);
        }
    }

    /// What is on the heap and still needed.
    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @ParameterizedTest
    @CsvSource({"syn-flood, RULE_DROPPED", "attack-fragments, FRAGMENTS_MAX", "attack-mixed, IPV4_MALFORMED",
        "attack-churn, "})
    void establishedTrafficKeepsItsThroughput(String name, String verdict) throws IOException {
        TrafficProfile attack = ProfileFile.read(Project.root().resolve("examples/load/" + name + ".yaml"));
        long meant = (long) (attack.sessions().getFirst().load().perSecond() * TRIAL_NS / 1e9);
        Outcome peace = run(new TrafficProfile("peace", List.of(), attack.sessions(), List.of()));
        assertThat(peace.trial.kinds().getFirst().completed()).isBetween(meant - 1, meant + 1);
        Outcome during = run(attack);
        assertThat(during.trial.kinds().getFirst().completed()).isGreaterThanOrEqualTo((long) (KEPT_MIN * meant));
        if (verdict != null) assertThat(during.drops).contains(verdict);
        assertThat(during.grownBytes).isLessThan(GROWN_BYTES_MAX);
    }
}
