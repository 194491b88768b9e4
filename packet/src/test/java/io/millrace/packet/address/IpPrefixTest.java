package io.millrace.packet.address;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigInteger;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IpPrefixTest {

    @Test
    void readsBothFamiliesAndPrintsThemBack() {
        for (String text : new String[] {"192.0.2.0/24", "192.0.2.1/24", "0.0.0.0/0", "10.0.0.1/32", "::/0",
                "2001:db8::/32", "fe80::1/64", "2001:db8::1/128"}) {
            assertThat(IpPrefix.parse(text)).hasToString(text);
        }
    }

    @Test
    void anAddressAloneHasAllItsBits() {
        assertThat(IpPrefix.parse("192.0.2.1")).hasToString("192.0.2.1/32");
        assertThat(IpPrefix.parse("2001:db8::1")).hasToString("2001:db8::1/128");
    }

    @Test
    void aNetworkHasNoBitBehindItsLength() {
        assertThat(IpPrefix.parse("192.0.2.0/24").isCanonical()).isTrue();
        assertThat(IpPrefix.parse("192.0.2.1/24").isCanonical()).isFalse();
        assertThat(IpPrefix.parse("192.0.2.1/24").network()).hasToString("192.0.2.0/24");
        assertThat(IpPrefix.parseNetwork("2001:db8::/32")).hasToString("2001:db8::/32");
        assertThatThrownBy(() -> IpPrefix.parseNetwork("192.0.2.1/24")).hasMessage(
            "\"192.0.2.1/24\" is not a network: bits are set behind the length of 24; the network is 192.0.2.0/24");
        assertThatThrownBy(() -> IpPrefix.parseNetwork("2001:db8::1/64"))
            .hasMessageEndingWith("the network is 2001:db8::/64");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "10.0.0.0/33      | '\"33\" at character 10; allowed: a length 0..32'",
        "10.0.0.0/        | '\"\" at character 10; allowed: a length 0..32'",
        "10.0.0.0/08      | '\"08\" at character 10; allowed: a length 0..32'",
        "10.0.0.0/-1      | '\"-1\" at character 10; allowed: a length 0..32'",
        "10.0.0.0/+1      | '\"+1\" at character 10; allowed: a length 0..32'",
        "10.0.0.0/8/8     | '\"8/8\" at character 10; allowed: a length 0..32'",
        "10.0.0.0/255.0.0.0 | '\"255.0.0.0\" at character 10; allowed: a length 0..32'",
        "::/129           | '\"129\" at character 4; allowed: a length 0..128'",
        "10.0.0/8         | '\"10.0.0\" is not an IPv4 address: text ends at character 7'",
        "/8               | '\"\" is not an IPv4 address: text ends at character 1'",
    })
    void refuses(String text, String why) {
        assertThatThrownBy(() -> IpPrefix.parse(text))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }

    @Test
    void refusesALengthBeyondTheFamily() {
        var address = IpAddress.parse("10.0.0.1");
        assertThatThrownBy(() -> new IpPrefix(address, 33)).hasMessage("prefix length must be 0..32 for IPv4, got 33");
        assertThatThrownBy(() -> new IpPrefix(address, -1)).hasMessage("prefix length must be 0..32 for IPv4, got -1");
    }

    /// The oracle compares leading bits of whole numbers.
    @Test
    void containsWhatSharesItsLeadingBits() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            IpAddress one = random(random);
            int length = random.nextInt(one.bits() + 1);
            IpAddress other = flipped(one, random.nextInt(one.bits()));
            var prefix = new IpPrefix(one, length);
            int behind = one.bits() - length;
            boolean isShared = number(one).shiftRight(behind).equals(number(other).shiftRight(behind));
            assertThat(prefix.contains(other)).as("%s contains %s, seed=%d", prefix, other, seed).isEqualTo(isShared);
            assertThat(prefix.contains(one)).isTrue();
            assertThat(number(prefix.network().address()))
                .isEqualTo(number(one).shiftRight(behind).shiftLeft(behind));
            assertThat(prefix.isCanonical()).isEqualTo(prefix.equals(prefix.network()));
        }
    }

    @Test
    void familiesDoNotContainEachOther() {
        assertThat(IpPrefix.parse("::/0").contains(IpAddress.parse("0.0.0.0"))).isFalse();
        assertThat(IpPrefix.parse("0.0.0.0/0").contains(IpAddress.parse("::"))).isFalse();
    }

    @Test
    void masksAreTheLengthsLeadingBits() {
        assertThat(IpPrefix.parse("0.0.0.0/0").maskLow()).isZero();
        assertThat(IpPrefix.parse("10.0.0.0/9").maskLow()).isEqualTo(0xff800000L);
        assertThat(IpPrefix.parse("10.0.0.0/32").maskLow()).isEqualTo(0xffffffffL);
        assertThat(IpPrefix.parse("::/65").maskHigh()).isEqualTo(-1L);
        assertThat(IpPrefix.parse("::/65").maskLow()).isEqualTo(Long.MIN_VALUE);
        assertThat(IpPrefix.parse("::/64").maskLow()).isZero();
        assertThat(IpPrefix.parse("::/1").maskHigh()).isEqualTo(Long.MIN_VALUE);
    }

    static IpAddress random(Random random) {
        return random.nextBoolean() ? IpAddress.ofIpv4(random.nextInt())
            : IpAddress.ofIpv6(random.nextLong(), random.nextLong());
    }

    private static IpAddress flipped(IpAddress address, int bit) {
        return bit < 64 ? new IpAddress(address.family(), address.high(), address.low() ^ 1L << bit)
            : new IpAddress(address.family(), address.high() ^ 1L << bit - 64, address.low());
    }

    static BigInteger number(IpAddress address) {
        return new BigInteger(Long.toUnsignedString(address.high())).shiftLeft(64)
            .or(new BigInteger(Long.toUnsignedString(address.low())));
    }
}
