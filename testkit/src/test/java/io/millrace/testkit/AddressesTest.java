package io.millrace.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AddressesTest {

    /// The left column in many spellings, the right one as RFC 5952 wants it.
    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:0,         ::",
        "0:0:0:0:0:0:0:1,         ::1",
        "2001:DB8:0:0:1:0:0:1,    2001:db8::1:0:0:1",
        "2001:0db8::0001:0:1,     2001:db8::1:0:1",
        "2001:db8:0:1:1:1:1:1,    2001:db8:0:1:1:1:1:1",
        "1:0:0:2:0:0:0:3,         1:0:0:2::3",
        "fe80:0:0:0:0:0:0:0,      fe80::",
        "::ffff:1.2.3.4,          ::ffff:102:304",
        "10.0.0.255,              10.0.0.255"})
    void spellsAnAddressInOneWay(String spelling, String text) {
        assertThat(Addresses.ip(Addresses.ip(spelling))).isEqualTo(text);
    }

    @Test
    void readsMacAddresses() {
        assertThat(Addresses.mac("02:ab:00:00:00:ff")).isEqualTo(Hex.parse("02ab000000ff"));
        assertThat(Addresses.mac(Hex.parse("0002ab000000ff00"), 1)).isEqualTo("02:ab:00:00:00:ff");
    }

    @Test
    void refusesWhatIsNoAddress() {
        assertThatThrownBy(() -> Addresses.mac("02-00-00-00-00-01")).hasMessageContaining("02-00-00-00-00-01");
        assertThatThrownBy(() -> Addresses.mac("02:00")).hasMessage("MAC address must have six bytes, got 02:00");
        assertThatThrownBy(() -> Addresses.ip("localhost")).hasMessageContaining("localhost");
        assertThatThrownBy(() -> Addresses.ipv4("::1")).hasMessage("not an IPv4 address: ::1");
        assertThatThrownBy(() -> Addresses.ipv6("1.2.3.4")).hasMessage("not an IPv6 address: 1.2.3.4");
        assertThatThrownBy(() -> Addresses.ip(new byte[5])).hasMessageContaining("got 5");
    }
}
