package io.millrace.nic.driver.gen;

import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.gen.receive.StreamReceipt;
import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.nic.driver.gen.stream.FlowSpec;
import io.millrace.nic.driver.gen.stream.Rate;
import io.millrace.nic.driver.gen.stream.SizeMix;
import io.millrace.nic.driver.gen.stream.PacketSource;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.nic.driver.link.LinkDirection;
import io.millrace.nic.driver.link.LinkFaults;
import io.millrace.nic.driver.link.LinkPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// What a link did to generated packets is what the receiver says, packet by packet.
class LinkReportTest {

    private static final int PACKETS = 100_000;
    private static final long STEP_NS = 1000;

    private final long seed = Seeds.next();

    private record Result(StreamReceipt receipt, LinkDirection link, Receiver receiver, PacketSource source) {

        long lostCount() {
            return source.sentCount() - receipt.arrivedCount();
        }
    }

    /// A port that generates, a link, and a port that receives, until all is over.
    private Result run(LinkFaults faults, double pps, SizeMix sizes, int ringSlots) {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, 1 << 14);
            var pool = new PacketPool(arena, packets);
            StreamSpec spec = Generated.stamped(Generated.stream(Generated.UDP, sizes, new Rate.Packets(pps), PACKETS,
                seed, FlowSpec.ONE,
                Generated.field(Generated.UDP, 2, "source-port", new FieldValues.Uniform(1, 65_535), false)));
            var receiver = new Receiver(arena, packets, 1, true);
            var gen = new GenPort(arena, packets, "gen", 0, TrafficProfile.ofStreams("p", List.of(spec)), receiver,
                ringSlots, 0);
            LinkPort[] link = LinkPort.pair(packets, "a", 1, "b", 2, faults, LinkFaults.NONE);
            var burst = new Burst();
            for (long nowNs = 0; !gen.isExhausted() || link[0].outgoing().waitingCount() > 0; nowNs += STEP_NS) {
                while (gen.receive(0, burst, pool, nowNs) > 0) {
                    link[0].transmit(0, burst, pool, nowNs);
                    burst.clear();
                }
                while (link[1].receive(0, burst, pool, nowNs) > 0) {
                    gen.transmit(0, burst, pool, nowNs);
                    burst.clear();
                }
            }
            return new Result(receiver.stream(0), link[0].outgoing(), receiver, gen.sources().getFirst());
        }
    }

    private LinkFaults faults(double loss, double duplication, double reordering, double corruption) {
        return new LinkFaults(loss, duplication, reordering, corruption, 20_000, 0, 5_500, 0, 1 << 13, seed);
    }

    @Test
    void aGoodLinkLosesNothing() {
        Result result = run(LinkFaults.NONE, 1e6, SizeMix.inTurn(64, 1514, 4000), GenPort.NO_RING);
        assertThat(result.receipt.receivedCount()).isEqualTo(PACKETS);
        assertThat(result.receipt.duplicateCount() + result.receipt.reorderedCount() + result.lostCount()).isZero();
    }

    @Test
    void reportsPlantedFaultsExactly() {
        for (boolean isMixed : new boolean[] {false, true}) {
            double other = isMixed ? 0.01 : 0;
            Result loss = run(faults(0.01, other, other, 0), 1e6, SizeMix.fixed(64), GenPort.NO_RING);
            assertThat(loss.link.lostCount()).isPositive();
            check(loss);
            check(run(faults(other, 0.02, other, 0), 1e6, SizeMix.inTurn(64, 4000), GenPort.NO_RING));
            check(run(faults(other, other, 0.03, 0), 1e6, SizeMix.fixed(64), GenPort.NO_RING));
        }
    }

    private static void check(Result result) {
        assertThat(result.lostCount()).isEqualTo(result.link.lostCount());
        assertThat(result.receipt.duplicateCount()).isEqualTo(result.link.duplicatedCount());
        assertThat(result.receipt.reorderedCount()).isEqualTo(result.link.reorderedCount());
        assertThat(result.receipt.lateCount()).isZero();
        assertThat(result.receipt.corruptedCount() + result.receiver.unknownCount()).isZero();
    }

    @Test
    void everyDamagedPacketIsFound() {
        Result result = run(faults(0, 0, 0, 0.05), 1e6, SizeMix.fixed(200), GenPort.NO_RING);
        assertThat(result.link.corruptedCount()).isPositive();
        assertThat(result.receipt.corruptedCount() + result.receiver.unknownCorruptedCount())
            .isEqualTo(result.link.corruptedCount());
        assertThat(result.receipt.receivedCount()).isEqualTo(PACKETS - result.link.corruptedCount());
    }

    @Test
    void latencyIsTheDelayOfTheLink() {
        Result result = run(faults(0, 0, 0, 0), 1e6, SizeMix.fixed(64), GenPort.NO_RING);
        assertThat(result.receipt.latency().getMinValue()).isBetween(19_900L, 20_100L);
        assertThat(result.receipt.latency().getMaxValue()).isBetween(20_000L, 21_100L);
    }

    @Test
    void aLimitedLinkLosesWhatIsOverItsRate() {
        // 64 + 24 bytes at 352 Mbit/s are 500,000 packets a second: half of what is offered.
        var limited = new LinkFaults(0, 0, 0, 0, 0, 0, 0, 352e6, 64, seed);
        Result result = run(limited, 1e6, SizeMix.fixed(64), GenPort.NO_RING);
        assertThat(result.lostCount()).isEqualTo(result.link.overflowCount());
        assertThat(result.receipt.receivedCount()).isBetween(PACKETS / 2 - 500L, PACKETS / 2 + 500L);
    }

    @Test
    void latencyCountsFromTheIntendedTimeWhileTheReaderStalls() {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, 4096);
            var pool = new PacketPool(arena, packets);
            StreamSpec spec = Generated.stamped(Generated.stream(Generated.UDP, SizeMix.fixed(64),
                new Rate.Packets(1e6), 1000, seed, FlowSpec.ONE));
            var receiver = new Receiver(arena, packets, 1, false);
            var gen = new GenPort(arena, packets, "gen", 0, TrafficProfile.ofStreams("p", List.of(spec)), receiver,
                100, 0);
            var burst = new Burst();
            long stallNs = 999_000;   // all 1,000 are due, the ring holds 100
            while (gen.receive(0, burst, pool, stallNs) > 0) {
                gen.transmit(0, burst, pool, stallNs);
                burst.clear();
            }
            assertThat(gen.sources().getFirst().missedCount()).isEqualTo(900);
            assertThat(gen.counters().rxDropped()).isEqualTo(900);
            assertThat(receiver.stream(0).receivedCount()).isEqualTo(100);
            assertThat(receiver.stream(0).latency().getMaxValue()).isBetween(998_000L, 1_000_000L);
            assertThat(receiver.stream(0).latency().getMinValue()).isBetween(899_000L, 901_000L);
            assertThat(gen.isExhausted()).isTrue();
        }
    }
}
