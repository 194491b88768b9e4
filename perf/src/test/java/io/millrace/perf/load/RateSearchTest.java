package io.millrace.perf.load;

import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.layer.Layer;
import io.millrace.nic.driver.gen.layer.LayerKind;
import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.gen.stream.FlowSpec;
import io.millrace.nic.driver.gen.stream.Mutation;
import io.millrace.nic.driver.gen.stream.Rate;
import io.millrace.nic.driver.gen.stream.SizeMix;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.nic.driver.link.LinkFaults;
import io.millrace.nic.driver.link.LinkPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class RateSearchTest {

    private static final long TURN_NS = 5_000;

    /// Carries up to a limit and loses the rest.
    private static TrialResult limited(double share, double limit) {
        long sent = Math.round(1e9 * share);
        return TrialResult.ofPackets(share, sent, sent, Math.max(0, sent - Math.round(1e9 * limit)), 1);
    }

    @Test
    void findsALimitWithinItsPrecision() {
        for (double limit : new double[] {0.0031, 0.02, 0.3, 0.77, 0.999}) {
            for (double precision : new double[] {0.1, 0.01, 0.001}) {
                for (RateSearch.Method method : RateSearch.Method.values()) {
                    var search = new RateSearch((share, _) -> limited(share, limit), 0.001, precision, method);
                    assertThat(search.find(0)).isBetween(limit / (1 + precision), limit * (1 + 1e-8));
                    double pdr = search.find(0.005);   // lost / sent = 0.5 % at limit / 0.995
                    assertThat(pdr).isBetween(Math.min(1, limit / 0.995) / (1 + precision),
                        Math.min(1, limit / 0.995) + 1e-9);
                    assertThat(search.trials().size()).isLessThan(60);
                }
            }
        }
    }

    @Test
    void everythingPassesOrNothingDoes() {
        assertThat(new RateSearch((share, _) -> limited(share, 2), 0.001, 0.01, RateSearch.Method.MLR).find(0))
            .isEqualTo(1);
        assertThat(new RateSearch((share, _) -> limited(share, 0), 0.001, 0.01, RateSearch.Method.MLR).find(0))
            .isZero();
    }

    @Test
    void aRateThatPassesAboveOneThatFailedDoesNotCount() {
        int[] count = {0};
        var search = new RateSearch((share, _) -> {
            boolean isOddFailure = share < 0.5 && share > 0.2 && count[0]++ == 0;
            return limited(share, isOddFailure ? 0.1 : 0.6);
        }, 0.001, 0.01, RateSearch.Method.BINARY);
        double found = search.find(0);
        double lowestFailure = search.trials().stream().filter(each -> each.lost() > 0)
            .mapToDouble(TrialResult::share).min().orElseThrow();
        assertThat(found).isLessThan(lowestFailure);
    }

    @Test
    void findsTheKnownLimitOfALinkInMemory() {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, 1 << 13);
            var pool = new PacketPool(arena, packets);
            var layers = new LayerStack(List.of(Layer.of(LayerKind.ETHERNET), Layer.of(LayerKind.IPV4),
                Layer.of(LayerKind.UDP)));
            var stream = new StreamSpec("s", "", layers, new byte[0], List.of(), FlowSpec.ONE, SizeMix.fixed(64),
                new Rate.Packets(1e6), 1, 0, StreamSpec.ENDLESS, StreamSpec.ENDLESS, 1, true, Mutation.NONE);
            var gen = new GenPort(arena, packets, "gen", 0, TrafficProfile.ofStreams("p", List.of(stream)),
                new Receiver(arena, packets, 1, false), 4096, 0);
            // 64 and 24 bytes at layer 1: 210,000 packets a second.
            var faults = new LinkFaults(0, 0, 0, 0, 1000, 0, 0, 210_000 * 88 * 8.0, 32, 1);
            LinkPort[] link = LinkPort.pair(packets, "a", 1, "b", 2, faults, LinkFaults.NONE);
            var burst = new Burst();
            long[] nowNs = {0};
            var runner = new TrialRunner(List.of(gen), turnNs -> {
                int count = gen.receive(0, burst, pool, turnNs);
                link[0].transmit(0, burst, pool, turnNs);
                burst.clear();
                while (link[1].receive(0, burst, pool, turnNs) > 0) {
                    gen.transmit(0, burst, pool, turnNs);
                    burst.clear();
                }
                return count;
            }, () -> nowNs[0] += TURN_NS, () -> new long[0]);
            var search = new RateSearch((share, length) -> runner.run(share, (long) (50_000_000 * length)), 0.001, 0.01,
                RateSearch.Method.MLR);
            // A queue of 32 packets lets a trial of 10,500 pass though it is a little too fast.
            assertThat(search.find(0) * runner.fullPps()).isBetween(210_000 / 1.011, 210_000 * 1.005);
            assertThat(search.find(0.1) * runner.fullPps()).isBetween(210_000 / 0.9 / 1.011, 210_000 / 0.9 * 1.005);
            assertThat(runner.latency().getMinValue()).isGreaterThan(1000);
        }
    }
}
