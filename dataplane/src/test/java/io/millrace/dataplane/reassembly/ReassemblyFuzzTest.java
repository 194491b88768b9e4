package io.millrace.dataplane.reassembly;

import io.millrace.dataplane.PacketBench;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;

import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;

/// Storms of fragments against reassembly over arrays, fragment by fragment.
class ReassemblyFuzzTest {

    private static final int GUSTS = 3_000;
    private static final int SLOTS = 8_192;

    private final PacketBench bench = new PacketBench(SLOTS);
    private final ReassemblySettings settings = new ReassemblySettings(1_000, 1L << 40, 0);
    private final Ipv4Reassembly ipv4 = new Ipv4Reassembly(Arena.ofAuto(), bench.pool, bench.ledger, settings, 1);
    private final Ipv6Reassembly ipv6 = new Ipv6Reassembly(Arena.ofAuto(), bench.pool, bench.ledger, settings, 1);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersAsReassemblyOverArraysDoes(boolean isIpv4) {
        long seed = Seeds.next();
        Random random = new Random(seed);
        FragmentStorm storm = new FragmentStorm(random, isIpv4);
        long nowNs = 0;
        int wholeCount = 0;
        for (int gust = 0; gust < GUSTS; gust++) {
            NaiveReassembly naive = new NaiveReassembly();
            for (byte[] frame : storm.gust()) {
                String what = "gust %d of seed %d".formatted(gust, seed);
                NaiveReassembly.Answer expected = naive.add(Arrays.copyOfRange(frame, 14, frame.length));
                long droppedBefore = bench.ledger.count(Verdict.Ending.DROPPED);
                long absorbedBefore = bench.ledger.absorbed();
                int slotBytesMax = random.nextInt(4) == 0 ? 100 + random.nextInt(400) : 1792;
                int packet = bench.put(frame, slotBytesMax);
                int whole = isIpv4 ? ipv4.add(packet, 7, nowNs) : ipv6.add(packet, 7, nowNs);
                assertThat(whole == NONE ? null : bench.network(whole)).as(what).isEqualTo(expected.whole());
                assertThat(bench.ledger.count(Verdict.Ending.DROPPED) - droppedBefore).as(what)
                    .isEqualTo(expected.dropped());
                assertThat(bench.ledger.held()).as(what).isEqualTo(naive.waiting());
                if (whole == NONE) continue;
                wholeCount++;
                if (bench.ledger.absorbed() > absorbedBefore) {
                    assertThat(bench.meta.slotBytes(whole)).as(what)
                        .isGreaterThanOrEqualTo(Math.min(bench.meta.packetBytes(whole), bench.meta.l4(whole) + 128));
                }
                bench.sent(whole);
            }
            nowNs += 1_000;
            while (expire(isIpv4, nowNs) > 0) assertThat(bench.ledger.unaccounted()).isZero();
        }
        assertThat(wholeCount).isGreaterThan(GUSTS / 4);
        assertThat(bench.ledger.unaccounted()).isZero();
        assertThat(bench.ledger.held()).isZero();
        assertThat(bench.freeSlots()).isEqualTo(SLOTS);
    }

    private int expire(boolean isIpv4, long nowNs) {
        return isIpv4 ? ipv4.expire(nowNs, 1, ExpiredFragment.IGNORED) : ipv6.expire(nowNs, 1, ExpiredFragment.IGNORED);
    }
}
