package io.millrace.dataplane.route;

import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.InterfaceSettings;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class LocalAddressesTest {

    private static final InterfaceSettings HOST = new InterfaceSettings(false, false, true, false, false);

    private final LocalAddresses addresses = new LocalAddresses(List.of(
        iface(3, InterfaceSettings.ROUTER, "10.3.7.1/24", "10.3.0.1/16", "10.3.9.1/24", "10.3.9.2/24", "fe80::3/64",
            "2001:db8:3::1/64", "2001:db8:3::2/64"),
        iface(0, InterfaceSettings.ROUTER, "192.0.2.1/32", "fe80::10/64", "fd00::10/64", "2001:db8::10/64"),
        iface(1, HOST, "fe80::11/64", "fd00:1::11/127")));

    @ParameterizedTest
    @CsvSource({
        "3, 10.3.7.99, 10.3.7.1",
        "3, 10.3.9.99, 10.3.0.1",     // the first that holds it, not the longest
        "3, 10.4.0.1,  10.3.7.1",
        "3, 0.0.0.0,   10.3.7.1",
        "0, 8.8.8.8,   192.0.2.1",
        "1, 8.8.8.8,   192.0.2.1",    // none of its own: another interface's
        "2, 8.8.8.8,   192.0.2.1",    // no such interface among these
    })
    void choosesAnIpv4Source(int interfaceIndex, String target, String source) {
        int found = addresses.source4(interfaceIndex, IpAddress.parse(target).ipv4());
        assertThat(IpAddress.ofIpv4(found)).hasToString(source);
    }

    /// RFC 6724 §5; of equal addresses the last configured.
    @ParameterizedTest
    @CsvSource({
        "3, 2001:db8:3::1,  2001:db8:3::1",    // rule 1: the same
        "3, 2001:db8:3::77, 2001:db8:3::2",
        "3, fe80::77,       fe80::3",          // on the link: addresses of the interface, of that scope
        "1, fe80::77,       fe80::11",
        "3, ff02::5,        fe80::3",
        "1, ff02::5,        fe80::11",
        "3, ff0e::5,        2001:db8:3::2",    // rule 2: a scope that reaches far enough
        "0, 2001:db8:3::77, 2001:db8::10",     // rule 5: of the outgoing interface
        "0, fd00:9::1,      fd00::10",         // rule 6: the label of unique local addresses
        "0, 2600::1,        2001:db8::10",
        "1, 2600::1,        fd00:1::11",       // rule 5 before rule 6, as in Linux
        "3, fd00:9::1,      2001:db8:3::2",
    })
    void choosesAnIpv6Source(int interfaceIndex, String target, String source) {
        IpAddress to = IpAddress.parse(target);
        int found = addresses.source6(interfaceIndex, to.high(), to.low());
        assertThat(IpAddress.ofIpv6(addresses.high(found), addresses.low(found))).hasToString(source);
    }

    @Test
    void hasNoSourceWithoutAddresses() {
        var none = new LocalAddresses(List.of(iface(0, HOST)));
        assertThat(none.source4(0, 1)).isZero();
        assertThat(none.source6(0, 1, 1)).isEqualTo(LocalAddresses.NONE);
        assertThat(none.linkLocal6(0)).isEqualTo(LocalAddresses.NONE);
        assertThat(none.isJoined6(0, 0xff02L << 48, 1)).isFalse();
        assertThat(none.has4(0) || none.has6(0)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "3, ff02::1, true", "3, ff02::2, true", "3, ff05::2, true", "1, ff02::2, false", "1, ff05::2, false",
        "1, ff02::1, true", "3, ff02::1:ff00:1, true", "3, ff02::1:ff00:2, true", "3, ff02::1:ff00:3, true",
        "3, ff02::1:ff00:4, false", "3, ff02::1:ff00:0, true", "1, ff02::1:ff00:0, false", "1, ff02::1:ff00:11, true",
        "0, ff02::1:ff00:1, false", "3, ff02::3, false", "3, ff01::1, false", "3, ff0e::1:ff00:1, false",
        "3, ff02::2:ff00:1, false",
    })
    void joinsTheGroupsOfItsAddresses(int interfaceIndex, String group, boolean isJoined) {
        IpAddress to = IpAddress.parse(group);
        assertThat(addresses.isJoined6(interfaceIndex, to.high(), to.low())).isEqualTo(isJoined);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 2001:db8:3::, true", "3, fe80::, true", "0, 2001:db8:3::, false", "1, fe80::, false",
        "1, fd00:1::10, false", "3, 2001:db8:3::1, false",
    })
    void knowsItsSubnetRouterAddresses(int interfaceIndex, String text, boolean isAnycast) {
        IpAddress address = IpAddress.parse(text);
        assertThat(addresses.isAnycast6(interfaceIndex, address.high(), address.low())).isEqualTo(isAnycast);
    }

    @Test
    void knowsWhoseAnAddressIs() {
        IpAddress address = IpAddress.parse("2001:db8:3::1");
        assertThat(addresses.owns6(3, address.high(), address.low())).isTrue();
        assertThat(addresses.owns6(0, address.high(), address.low())).isFalse();
        int number = addresses.find6(address.high(), address.low());
        assertThat(addresses.high(number)).isEqualTo(address.high());
        assertThat(addresses.low(number)).isEqualTo(address.low());
        assertThat(addresses.find6(1, 1)).isEqualTo(LocalAddresses.NONE);
    }

    private static Interface iface(int index, InterfaceSettings settings, String... addresses) {
        return new Interface(index, "port" + index, index, 0, 0, 0x0200_0000_0001L, 1500,
            Arrays.stream(addresses).map(IpPrefix::parse).toList(), settings);
    }
}
