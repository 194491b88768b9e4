package io.millrace.perf.bench;

import io.millrace.dataplane.config.SysctlConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// What the benchmarks of rules and connections measure is what they say.
class RulesWorldTest {

    private static final int FLOWS = 640;
    private static final long TURN_NS = 50_000;

    private final Path capture;

    RulesWorldTest() throws IOException {
        capture = BenchTraffic.generate(BenchTraffic.folder(), FLOWS, BenchWorld.LAN_MAC);
    }

    @ParameterizedTest
    @EnumSource(RulesBench.Kind.class)
    void everyPacketPassesEveryRule(RulesBench.Kind kind) throws IOException {
        BenchWorld world = BenchWorld.rules(capture, kind.ruleset(100), SysctlConfig.LINUX);
        turns(world, FLOWS);
        assertThat(world.shareSent()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(RulesBench.Kind.class)
    void theRulesDropWhatTheyName(RulesBench.Kind kind) throws IOException {
        String meant = kind.ruleset(100).replace("10.0.0.99", "198.18.0.99");
        assertThat(meant).contains("198.18.0.99");
        BenchWorld world = BenchWorld.rules(capture, meant, SysctlConfig.LINUX);
        turns(world, FLOWS);
        assertThat(world.shareSent()).isEqualTo((FLOWS - 1.0) / FLOWS);
    }

    @Test
    void everyPacketIsANewConnectionThatIsTranslated() throws IOException {
        SysctlConfig sysctl = SysctlConfig.LINUX.written("net.netfilter.nf_conntrack_max", 2 * FLOWS, List.of());
        BenchWorld world = BenchWorld.rules(capture, ConnectionsBench.RULESET, sysctl);
        long nowNs = turns(world, FLOWS);
        assertThat(world.connectionCount()).isEqualTo(FLOWS);
        assertThat(world.shareSent()).isEqualTo(1);
        world.endConnections(nowNs + ConnectionsBench.OVER_NS);
        assertThat(world.connectionCount()).isZero();
    }

    private static long turns(BenchWorld world, int packetCount) {
        long nowNs = 1;
        for (int received = 0; received < packetCount; nowNs += TURN_NS) received += world.turn(nowNs);
        return nowNs;
    }
}
