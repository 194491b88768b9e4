package io.millrace.dataplane.reassembly;

import io.millrace.dataplane.PacketBench;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Fragments;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;

class ReassemblyTest {

    private static final long SECOND_NS = 1_000_000_000L;

    private final PacketBench bench = new PacketBench(512);
    private final List<byte[]> told = new ArrayList<>();
    private final ExpiredFragment teller = (packet, nowNs) -> told.add(bench.network(packet));
    private Ipv4Reassembly ipv4 = ipv4(ReassemblySettings.LINUX_IPV4);
    private final Ipv6Reassembly ipv6 =
        new Ipv6Reassembly(Arena.ofAuto(), bench.pool, bench.ledger, ReassemblySettings.LINUX_IPV6, 1);

    private Ipv4Reassembly ipv4(ReassemblySettings settings) {
        return new Ipv4Reassembly(Arena.ofAuto(), bench.pool, bench.ledger, settings, 1);
    }

    @Test
    void datagramCutByOthersIsTheSameAgain() {
        byte[] frame = Frame.ethernet("02:00:00:00:00:a1", "02:00:00:00:00:01").ipv4("10.0.0.2", "10.0.1.2")
            .identification(9).ttl(7).udp(1, 2).payloadOf(5_000).bytes();
        int whole = addAll4(Fragments.cut(frame, 1_000), 0);
        assertThat(bench.bytes(whole, 0)).isEqualTo(frame);
        assertThat(bench.ledger.absorbed()).isEqualTo(5);
        assertThat(bench.meta.fragmentBytesMax(whole)).isEqualTo(1_020);
        assertThat(bench.meta.fragmentsHadDf(whole)).isFalse();
        bench.sent(whole);
        assertThat(bench.ledger.unaccounted()).isZero();
    }

    @Test
    void headersOfAShortFirstFragmentLieInTheFirstSlot() {
        byte[] frame = Frame.ethernet("02:00:00:00:00:a1", "02:00:00:00:00:01").ipv4("10.0.0.2", "10.0.1.2")
            .tcp(1, 2).payloadOf(300).bytes();
        int whole = addAll4(Fragments.cut(frame, 8), 0);
        assertThat(bench.meta.slotBytes(whole)).isEqualTo(14 + 20 + 128);
        assertThat(bench.bytes(whole, 0)).isEqualTo(frame);
        assertThat(pieces(whole)).hasSize(40).containsOnly(8);
    }

    @Test
    void fragmentOfAnotherZoneIsOfAnotherDatagram() {
        List<byte[]> pieces = Fragments.cut(udp4(3, 100), 64);
        assertThat(ipv4.add(bench.put(pieces.get(0)), 1, 0)).isEqualTo(NONE);
        assertThat(ipv4.add(bench.put(pieces.get(1)), 2, 0)).isEqualTo(NONE);
        assertThat(ipv4.count()).isEqualTo(2);
    }

    @Test
    void linkLocalFragmentsOfTwoInterfacesDoNotMix() {
        byte[] frame = Frame.ethernet("02:00:00:00:00:a1", "02:00:00:00:00:01").ipv6("fe80::2", "fe80::a")
            .udp(1, 2).payloadOf(100).bytes();
        List<byte[]> pieces = Fragments.cut(frame, 64);
        assertThat(add6(pieces.get(0), 1)).isEqualTo(NONE);
        assertThat(add6(pieces.get(1), 2)).isEqualTo(NONE);
        int whole = add6(pieces.get(1), 1);
        assertThat(bench.bytes(whole, 0)).isEqualTo(frame);
        assertThat(bench.meta.ingress(whole)).isEqualTo(1);
    }

    @Test
    void fragmentHeaderAroundAWholePacketIsTakenOutWhateverWaits() {
        byte[] atomic = Frame.ethernet("02:00:00:00:00:a1", "02:00:00:00:00:01").ipv6("fd00::2", "fd00:0:0:1::2")
            .fragment(1, 0, false).udp(1, 2).payloadOf(20).bytes();
        byte[] frame = Frame.ethernet("02:00:00:00:00:a1", "02:00:00:00:00:01").ipv6("fd00::2", "fd00:0:0:1::2")
            .udp(1, 2).payloadOf(100).bytes();
        List<byte[]> pieces = Fragments.cut(frame, 64);
        assertThat(add6(pieces.get(1), 0)).isEqualTo(NONE);
        assertThat(bench.bytes(add6(atomic, 0), 0)).isEqualTo(Frame.ethernet("02:00:00:00:00:a1", "02:00:00:00:00:01")
            .ipv6("fd00::2", "fd00:0:0:1::2").udp(1, 2).payloadOf(20).bytes());
        assertThat(bench.bytes(add6(pieces.get(0), 0), 0)).isEqualTo(frame);
    }

    @Test
    void extensionHeadersInFrontOfTheFragmentHeaderStay() {
        byte[] frame = Frame.ethernet("02:00:00:00:00:a1", "02:00:00:00:00:01").ipv6("fd00::2", "fd00:0:0:1::2")
            .hopByHop().destinationOptions().udp(1, 2).payloadOf(3_000).bytes();
        List<byte[]> pieces = Fragments.cut(frame, 1_000);
        Collections.reverse(pieces);
        int whole = NONE;
        for (byte[] piece : pieces) whole = add6(piece, 0);
        assertThat(bench.bytes(whole, 0)).isEqualTo(frame);
    }

    @Test
    void waitsAsLongAsTheSettingSaysAndTellsOfTheFirstFragment() {
        List<byte[]> pieces = Fragments.cut(udp4(3, 200), 64);
        ipv4.add(bench.put(pieces.get(2)), 0, 0);
        ipv4.add(bench.put(pieces.get(0)), 0, SECOND_NS);
        ipv4.add(bench.put(Fragments.cut(udp4(4, 200), 64).get(1)), 0, 2 * SECOND_NS);
        assertThat(ipv4.dueNs()).isEqualTo(30 * SECOND_NS);
        assertThat(ipv4.expire(30 * SECOND_NS - 1, 9, teller)).isZero();
        assertThat(ipv4.expire(30 * SECOND_NS, 9, teller)).isEqualTo(1);
        assertThat(told).containsExactly(Arrays.copyOfRange(pieces.get(0), 14, pieces.get(0).length));
        assertThat(ipv4.expire(32 * SECOND_NS, 9, teller)).isEqualTo(1);
        assertThat(told).hasSize(1);   // the second had no first fragment
        assertThat(bench.ledger.count(Verdict.FRAGMENTS_INCOMPLETE)).isEqualTo(3);
        assertThat(bench.ledger.unaccounted()).isZero();
        assertThat(bench.freeSlots()).isEqualTo(512);
    }

    @Test
    void expiresNoMoreThanItsBudget() {
        for (int id = 0; id < 5; id++) ipv4.add(bench.put(Fragments.cut(udp4(id, 200), 64).get(1)), 0, 0);
        assertThat(ipv4.expire(60 * SECOND_NS, 2, teller)).isEqualTo(2);
        assertThat(ipv4.count()).isEqualTo(3);
    }

    @Test
    void startsAnewWhenTooManyOthersOfItsSourceCameBetween() {
        List<byte[]> pieces = Fragments.cut(udp4(0, 100), 64);
        for (int others : new int[] {63, 64}) {
            ipv4 = ipv4(ReassemblySettings.LINUX_IPV4);
            ipv4.add(bench.put(pieces.get(0)), 0, 0);
            byte[] other = Fragments.cut(udp4(1, 200), 64).get(1);
            for (int i = 0; i < others; i++) ipv4.add(bench.put(other), 0, SECOND_NS);
            int whole = ipv4.add(bench.put(pieces.get(1)), 0, 2 * SECOND_NS);
            assertThat(whole != NONE).as("%d others", others).isEqualTo(others == 63);
        }
        assertThat(bench.ledger.count(Verdict.FRAGMENTS_TOO_FAR)).isEqualTo(1);
        assertThat(bench.ledger.count(Verdict.FRAGMENT_DUPLICATE)).isEqualTo(62 + 63);
        assertThat(ipv4.dueNs()).isEqualTo(31 * SECOND_NS);
        ipv4.expire(31 * SECOND_NS, 9, teller);
        assertThat(ipv4.dueNs()).isEqualTo(32 * SECOND_NS);   // what began anew waits from then on
    }

    @Test
    void othersOfAnotherSourceDoNotCount() {
        List<byte[]> pieces = Fragments.cut(udp4(0, 100), 64);
        ipv4.add(bench.put(pieces.get(0)), 0, 0);
        byte[] other = Frame.ethernet("02:00:00:00:00:a1", "02:00:00:00:00:01").ipv4("10.0.0.77", "10.0.1.2")
            .identification(5).moreFragments().protocol(17).payloadOf(64).bytes();
        for (int i = 0; i < 100; i++) ipv4.add(bench.put(other), 0, 0);
        assertThat(ipv4.add(bench.put(pieces.get(1)), 0, 0)).isNotEqualTo(NONE);
    }

    @Test
    void floodOfFragmentsUsesNoMoreThanItsMemory() {
        ipv4 = ipv4(new ReassemblySettings(30 * SECOND_NS, 100 * 2048, 64));
        for (int id = 0; id < 60_000; id++) {
            int fragment = bench.put(Fragments.cut(udp4(id, 100), 64).get(id & 1));
            ipv4.add(fragment, 0, id * 1_000L);
        }
        assertThat(ipv4.slotCount()).isEqualTo(101);   // Linux too refuses only once more than the limit is in use
        assertThat(bench.ledger.count(Verdict.FRAGMENTS_MAX)).isEqualTo(60_000 - 101);
        byte[] late = Fragments.cut(udp4(60_001, 100), 64).get(0);
        ipv4.expire(31 * SECOND_NS, 1_000, teller);
        ipv4.add(bench.put(late), 0, 31 * SECOND_NS);
        assertThat(ipv4.slotCount()).isEqualTo(1);
        assertThat(bench.ledger.unaccounted()).isZero();
    }

    @Test
    void leavesHalfOfThePacketMemoryToOthersWhateverTheSettingSays() {
        ipv4 = ipv4(new ReassemblySettings(30 * SECOND_NS, 1L << 40, 0));
        for (int id = 0; id < 400; id++) ipv4.add(bench.put(Fragments.cut(udp4(id, 100), 64).get(0)), 0, 0);
        assertThat(ipv4.slotCount()).isEqualTo(256);
        ipv4.releaseHeld();
        assertThat(bench.ledger.count(Verdict.INPUT_ENDED)).isEqualTo(256);
        assertThat(bench.freeSlots()).isEqualTo(512);
    }

    @Test
    void refusesAllWhereTheLimitIsZero() {
        ipv4.settings(new ReassemblySettings(SECOND_NS, 0, 0));
        ipv4.add(bench.put(Fragments.cut(udp4(1, 100), 64).get(0)), 0, 0);
        assertThat(bench.ledger.count(Verdict.FRAGMENTS_MAX)).isEqualTo(1);
    }

    @Test
    void shorterTimeoutHoldsForWhatComesLater() {
        ipv4.add(bench.put(Fragments.cut(udp4(1, 100), 64).get(0)), 0, 0);
        ipv4.settings(new ReassemblySettings(SECOND_NS, 4 << 20, 64));
        ipv4.add(bench.put(Fragments.cut(udp4(2, 100), 64).get(0)), 0, 0);
        assertThat(ipv4.expire(SECOND_NS, 9, teller)).isEqualTo(1);
        assertThat(ipv4.expire(30 * SECOND_NS, 9, teller)).isEqualTo(1);
    }

    private int add6(byte[] frame, int ingress) {
        int packet = bench.put(frame);
        bench.meta.ingress(packet, ingress);
        return ipv6.add(packet, 0, 0);
    }

    private int addAll4(List<byte[]> frames, int user) {
        int whole = NONE;
        for (byte[] frame : frames) {
            assertThat(whole).isEqualTo(NONE);
            whole = ipv4.add(bench.put(frame), user, 0);
        }
        return whole;
    }

    private List<Integer> pieces(int whole) {
        List<Integer> pieces = new ArrayList<>();
        for (int slot = whole; slot != NONE; slot = bench.meta.next(slot)) {
            if (bench.meta.pieceBytes(slot) != 0) pieces.add(bench.meta.pieceBytes(slot));
        }
        return pieces;
    }

    private static byte[] udp4(int identification, int payloadBytes) {
        return Frame.ethernet("02:00:00:00:00:a1", "02:00:00:00:00:01").ipv4("10.0.0.2", "10.0.1.2")
            .identification(identification & 0xffff).udp(1, 2).payloadOf(payloadBytes).bytes();
    }
}
