package io.millrace.dataplane.route;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

import static io.millrace.dataplane.route.PrefixTable.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PrefixTableTest {

    private final Arena arena = Arena.ofConfined();
    private final PrefixTable ipv4 = new PrefixTable(arena, 32);
    private final PrefixTable ipv6 = new PrefixTable(arena, 128);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void findsNothingInAnEmptyTable() {
        assertThat(lookup("10.0.0.1")).isEqualTo(NONE);
        assertThat(lookup("::")).isEqualTo(NONE);
    }

    @Test
    void defaultRouteHoldsEveryAddress() {
        put("0.0.0.0/0", 7);
        put("::/0", 8);
        assertThat(lookup("0.0.0.0")).isEqualTo(7);
        assertThat(lookup("255.255.255.255")).isEqualTo(7);
        assertThat(lookup("ffff::1")).isEqualTo(8);
    }

    @Test
    void valueZeroIsAValue() {
        put("0.0.0.0/0", 0);
        assertThat(lookup("1.2.3.4")).isZero();
        put("1.2.3.4/32", 0);
        assertThat(lookup("1.2.3.4")).isZero();
    }

    @Test
    void holdsTheGreatestValue() {
        put("10.0.0.0/8", PrefixTable.VALUE_MAX);
        put("10.1.0.0/24", PrefixTable.VALUE_MAX);
        assertThat(lookup("10.2.0.0")).isEqualTo(PrefixTable.VALUE_MAX);
        assertThat(lookup("10.1.0.9")).isEqualTo(PrefixTable.VALUE_MAX);
    }

    @Test
    void longestPrefixWinsWhateverTheOrderOfAdding() {
        String[] prefixes = {"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/23", "10.1.2.0/24", "10.1.2.128/25",
            "10.1.2.129/32"};
        for (int turn = 0; turn < prefixes.length; turn++) {
            for (int i = 0; i < prefixes.length; i++) {
                int index = (i + turn) % prefixes.length;
                put(prefixes[index], index);
            }
            assertThat(lookup("10.200.0.1")).isEqualTo(0);
            assertThat(lookup("10.1.200.1")).isEqualTo(1);
            assertThat(lookup("10.1.3.1")).isEqualTo(2);
            assertThat(lookup("10.1.2.1")).isEqualTo(3);
            assertThat(lookup("10.1.2.130")).isEqualTo(4);
            assertThat(lookup("10.1.2.129")).isEqualTo(5);
            for (String prefix : prefixes) remove(prefix);
        }
        assertThat(ipv4.count()).isZero();
    }

    @Test
    void removalUncoversTheNextShorterPrefix() {
        String[] prefixes = {"10.1.0.0/17", "10.1.0.0/18", "10.1.0.0/20", "10.1.0.0/21", "10.1.8.0/21", "10.1.0.0/24"};
        for (int i = 0; i < prefixes.length; i++) put(prefixes[i], i);
        remove("10.1.0.0/20");   // hidden behind its two halves until now
        remove("10.1.0.0/21");
        remove("10.1.8.0/21");
        assertThat(lookup("10.1.8.1")).isEqualTo(1);
        assertThat(lookup("10.1.0.1")).isEqualTo(5);
        remove("10.1.0.0/24");
        assertThat(lookup("10.1.0.1")).isEqualTo(1);
        remove("10.1.0.0/18");
        assertThat(lookup("10.1.0.1")).isEqualTo(0);
    }

    @Test
    void putTellsTheValueItReplaces() {
        assertThat(put("10.1.0.0/16", 1)).isEqualTo(NONE);
        assertThat(put("10.1.0.0/16", 2)).isEqualTo(1);
        assertThat(lookup("10.1.9.9")).isEqualTo(2);
        assertThat(put("2001:db8::/48", 3)).isEqualTo(NONE);
        assertThat(put("2001:db8::/48", 4)).isEqualTo(3);
        assertThat(lookup("2001:db8::1")).isEqualTo(4);
        assertThat(ipv6.count()).isEqualTo(1);
    }

    @Test
    void removalOfWhatIsNotThereChangesNothing() {
        put("10.1.0.0/16", 1);
        assertThat(remove("10.1.0.0/17")).isEqualTo(NONE);
        assertThat(remove("10.0.0.0/8")).isEqualTo(NONE);
        assertThat(lookup("10.1.0.1")).isEqualTo(1);
    }

    @Test
    void longSharedBitsCostOneNode() {
        for (int host = 1; host <= 200; host++) put("2001:db8:1:2:3:4:5:" + Integer.toHexString(host) + "/128", host);
        assertThat(ipv6.nodeCount()).isEqualTo(1);
        assertThat(lookup("2001:db8:1:2:3:4:5:c8")).isEqualTo(200);
        assertThat(lookup("2001:db8:1:2:3:4:5:c9")).isEqualTo(NONE);
        assertThat(lookup("2001:db8:1:2:3:4:6:c8")).isEqualTo(NONE);
    }

    @Test
    void prefixThatEndsInsideASkipIsFound() {
        for (int host = 1; host <= 9; host++) put("2001:db8:1:2:3:4:5:" + host + "/128", host);
        put("2001:db8::/32", 100);
        put("2001:db8:1::/48", 101);
        put("2001:db8:1:2:3:4::/97", 102);
        put("2001:db8:1:3::/64", 103);
        assertThat(lookup("2001:db8:1:2:3:4:5:9")).isEqualTo(9);
        assertThat(lookup("2001:db8:1:2:3:4:6:9")).isEqualTo(102);
        assertThat(lookup("2001:db8:1:2:4::")).isEqualTo(101);
        assertThat(lookup("2001:db8:1:3::9")).isEqualTo(103);
        assertThat(lookup("2001:db8:9::")).isEqualTo(100);
        assertThat(lookup("2001:db9::")).isEqualTo(NONE);
    }

    @Test
    void nodesGoWithTheirLastPrefix() {
        for (int i = 0; i < 5_000; i++) put4(i * 7_777, 32, i);
        assertThat(ipv4.nodeCount()).isPositive();
        for (int i = 0; i < 5_000; i++) assertThat(ipv4.remove4(i * 7_777, 32)).isEqualTo(i);
        assertThat(ipv4.nodeCount()).isZero();
        assertThat(ipv4.count()).isZero();
    }

    @Test
    void exactTellsOneFromAShorterOne() {
        put("10.1.0.0/16", 1);
        assertThat(ipv4.exact(10L << 56 | 1L << 48, 0, 16)).isEqualTo(1);
        assertThat(ipv4.exact(10L << 56 | 1L << 48, 0, 17)).isEqualTo(NONE);
    }

    @Test
    void refusesWhatIsNoPrefix() {
        assertThatThrownBy(() -> ipv4.put4(0x0a000001, 24, 1)).hasMessageContaining("bits are set behind the length");
        assertThatThrownBy(() -> ipv4.put4(0, 33, 1)).hasMessageContaining("length must be 0..32");
        assertThatThrownBy(() -> ipv6.put(0, 1, 127, 1)).hasMessageContaining("bits are set behind the length");
        assertThatThrownBy(() -> ipv6.put(0, 0, -1, 1)).hasMessageContaining("length must be 0..128");
        assertThatThrownBy(() -> ipv4.put4(0, 0, PrefixTable.VALUE_MAX + 1)).hasMessageContaining("value must be");
        assertThatThrownBy(() -> new PrefixTable(arena, 64)).hasMessageContaining("32 or 128");
    }

    private void put4(int address, int length, int value) {
        assertThat(ipv4.put4(address, length, value)).isEqualTo(NONE);
    }

    private int put(String text, int value) {
        IpPrefix prefix = IpPrefix.parseNetwork(text);
        return prefix.address().isIpv4() ? ipv4.put4(prefix.address().ipv4(), prefix.length(), value)
            : ipv6.put(prefix.address().high(), prefix.address().low(), prefix.length(), value);
    }

    private int remove(String text) {
        IpPrefix prefix = IpPrefix.parseNetwork(text);
        return prefix.address().isIpv4() ? ipv4.remove4(prefix.address().ipv4(), prefix.length())
            : ipv6.remove(prefix.address().high(), prefix.address().low(), prefix.length());
    }

    private int lookup(String text) {
        IpAddress address = IpAddress.parse(text);
        return address.isIpv4() ? ipv4.lookup().ipv4(address.ipv4()) : ipv6.lookup().ipv6(address.high(), address.low());
    }
}
