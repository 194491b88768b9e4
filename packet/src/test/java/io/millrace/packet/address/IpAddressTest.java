package io.millrace.packet.address;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.Comparator;
import java.util.Random;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IpAddressTest {

    @Test
    void readsBothFamilies() {
        assertThat(IpAddress.parse("192.0.2.1")).isEqualTo(new IpAddress(4, 0, 0xc0000201L));
        assertThat(IpAddress.parse("255.255.255.255").ipv4()).isEqualTo(-1);
        assertThat(IpAddress.parse("2001:db8::1")).isEqualTo(new IpAddress(6, 0x20010db800000000L, 1));
        assertThat(IpAddress.parse("::ffff:192.0.2.1").isIpv6()).isTrue();
    }

    @Test
    void refusesBitsThatItsFamilyHasNot() {
        assertThatThrownBy(() -> new IpAddress(4, 1, 0)).hasMessage("an IPv4 address has 32 bits");
        assertThatThrownBy(() -> new IpAddress(4, 0, 1L << 32)).hasMessage("an IPv4 address has 32 bits");
        assertThatThrownBy(() -> new IpAddress(5, 0, 0)).hasMessage("family must be 4 or 6, got 5");
        assertThatThrownBy(() -> IpAddress.parse("::1").ipv4()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ordersByFamilyThenAsUnsignedNumbers() {
        var random = new Random(Seeds.next());
        Comparator<IpAddress> oracle = Comparator.comparing(IpAddress::family).thenComparing(IpPrefixTest::number);
        for (int i = 0; i < 10_000; i++) {
            IpAddress one = IpPrefixTest.random(random);
            IpAddress other = random.nextInt(4) == 0 ? one : IpPrefixTest.random(random);
            assertThat(Integer.signum(one.compareTo(other))).isEqualTo(Integer.signum(oracle.compare(one, other)));
        }
    }

    @Test
    void knowsTheBordersOfItsKinds() {
        assertKind(IpAddress::isUnspecified, "0.0.0.0 ::", "0.0.0.1 ::1 1:: 128.0.0.0");
        assertKind(IpAddress::isLoopback, "127.0.0.0 127.255.255.255 ::1", "126.255.255.255 128.0.0.0 :: ::2 1::1");
        assertKind(IpAddress::isMulticast, "224.0.0.0 239.255.255.255 ff00:: ff02::1",
            "223.255.255.255 240.0.0.0 255.255.255.255 feff:: ::ff00");
        assertKind(IpAddress::isLinkLocal, "169.254.0.0 169.254.255.255 fe80:: febf::1",
            "169.253.255.255 169.255.0.0 fec0:: fe7f:: ff80::");
    }

    private static void assertKind(Predicate<IpAddress> kind, String inside, String outside) {
        for (String text : inside.split(" ")) assertThat(kind.test(IpAddress.parse(text))).as(text).isTrue();
        for (String text : outside.split(" ")) assertThat(kind.test(IpAddress.parse(text))).as(text).isFalse();
    }
}
