package io.millrace.dataplane.icmp;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PeerTableTest {

    private final PeerTable peers = new PeerTable(Arena.ofAuto(), 1024, 42);

    @Test
    void startsANewPeerAsOneNotHeardOfForAMinute() {
        int peer = peers.find4(1, 500_000);
        assertThat(peers.lastMs(peer)).isEqualTo(440_000);
        assertThat(peers.tokensMs(peer)).isZero();
        assertThat(peers.redirects(peer)).isZero();
    }

    @Test
    void findsAPeerAgainWithWhatWasKept() {
        int peer = peers.find6(7, 8, 500_000);
        peers.lastMs(peer, 500_000);
        peers.tokensMs(peer, -5);
        peers.redirects(peer, 9);
        assertThat(peers.find6(7, 8, 600_000)).isEqualTo(peer);
        assertThat(peers.lastMs(peer)).isEqualTo(500_000);
        assertThat(peers.tokensMs(peer)).isEqualTo(-5);
        assertThat(peers.redirects(peer)).isEqualTo(9);
    }

    @Test
    void tellsHalvesOfAddressesAndFamiliesApart() {
        Set<Integer> found = new HashSet<>();
        found.add(peers.find4(1, 0));
        found.add(peers.find6(0, 1, 0));
        found.add(peers.find6(1, 0, 0));
        found.add(peers.find6(0, 0x0000_ffff_0000_0001L, 0));
        assertThat(found).hasSize(4);
    }

    @Test
    void forgetsTheOneNotUsedForLongestWhereItIsFull() {
        PeerTable small = new PeerTable(Arena.ofAuto(), 4, 1);
        for (int address = 0; address < 4; address++) {
            small.lastMs(small.find4(address, 1_000), 1_000 + address);
        }
        small.lastMs(small.find4(0, 2_000), 2_000);   // 1 is the oldest now
        int one = small.find4(1, 2_000);
        small.lastMs(one, 1_001);
        assertThat(small.find4(99, 2_000)).isEqualTo(one);
        assertThat(small.lastMs(small.find4(0, 3_000))).isEqualTo(2_000);
        assertThat(small.lastMs(small.find4(3, 3_000))).isEqualTo(1_003);
    }

    @Test
    void remembersAlmostAllUntilHalfFull() {
        Random random = new Random(Seeds.next());
        PeerTable table = new PeerTable(Arena.ofAuto(), 4096, random.nextLong());
        int base = random.nextInt();
        for (int i = 0; i < 2048; i++) {
            table.redirects(table.find4(base + i, 0), 1);   // neighbours in a network, as attackers and victims are
        }
        int remembered = 0;
        for (int i = 0; i < 2048; i++) {
            remembered += table.redirects(table.find4(base + i, 0));
        }
        assertThat(remembered).isGreaterThan(1800);
    }

    @Test
    void refusesACountThatIsNoPowerOfTwo() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PeerTable(Arena.ofAuto(), 1000, 1))
            .withMessageContaining("1000");
        assertThatIllegalArgumentException().isThrownBy(() -> new PeerTable(Arena.ofAuto(), 2, 1));
    }
}
