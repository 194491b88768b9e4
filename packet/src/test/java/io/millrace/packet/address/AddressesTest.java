package io.millrace.packet.address;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AddressesTest {

    @Test
    void readsAndPrintsIpv4() {
        assertThat(Addresses.parseIpv4("192.0.2.1")).isEqualTo(0xc0000201);
        assertThat(Addresses.parseIpv4("0.0.0.0")).isZero();
        assertThat(Addresses.parseIpv4("255.255.255.255")).isEqualTo(-1);
        assertThat(Addresses.ipv4(0xc0000201)).isEqualTo("192.0.2.1");
        assertThat(Addresses.ipv4(-1)).isEqualTo("255.255.255.255");
    }

    @Test
    void readsAndPrintsMac() {
        assertThat(Addresses.parseMac("02:00:5e:10:00:fe")).isEqualTo(0x02005e1000feL);
        assertThat(Addresses.parseMac("02-00-5E-10-00-FE")).isEqualTo(0x02005e1000feL);
        assertThat(Addresses.mac(0x02005e1000feL)).isEqualTo("02:00:5e:10:00:fe");
        assertThat(Addresses.mac(0xffffffffffffL)).isEqualTo("ff:ff:ff:ff:ff:ff");
    }

    @Test
    void everyIpv4AddressIsReadAsTheJdkReadsIt() {
        var random = new Random(Seeds.next());
        for (int i = 0; i < 10_000; i++) {
            int address = random.nextInt();
            String text = Addresses.ipv4(address);
            assertThat(ByteBuffer.wrap(Inet4Address.ofLiteral(text).getAddress()).getInt()).as(text).isEqualTo(address);
            assertThat(Addresses.parseIpv4(text)).as(text).isEqualTo(address);
        }
    }

    @Test
    void everyMacComesBack() {
        var random = new Random(Seeds.next());
        for (int i = 0; i < 1_000; i++) {
            long mac = random.nextLong() >>> 16;
            assertThat(Addresses.parseMac(Addresses.mac(mac))).isEqualTo(mac);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 5952 §1, §2 and §4: many texts, one canonical form
        "2001:db8:0:0:1:0:0:1,              2001:db8::1:0:0:1",
        "2001:0db8:0:0:1:0:0:1,             2001:db8::1:0:0:1",
        "2001:db8::1:0:0:1,                 2001:db8::1:0:0:1",
        "2001:db8::0:1:0:0:1,               2001:db8::1:0:0:1",
        "2001:0db8::1:0:0:1,                2001:db8::1:0:0:1",
        "2001:db8:0:0:1::1,                 2001:db8::1:0:0:1",
        "2001:DB8:0:0:1::1,                 2001:db8::1:0:0:1",
        "2001:db8:0000:0:1::1,              2001:db8::1:0:0:1",
        "2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1",
        "2001:db8::1:1:1:1:1,               2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1,                2001:0:0:1::1",
        "2001:0:0:0:1:0:0:1,                2001::1:0:0:1",
        "0:0:0:0:0:0:0:0,                   ::",
        "0:0:0:0:0:0:0:1,                   ::1",
        "1:0:0:0:0:0:0:0,                   1::",
        "1:2:3:4:5:6:0:0,                   1:2:3:4:5:6::",
        "1:2:3:4:5:6:7::,                   1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8,                   0:2:3:4:5:6:7:8",
        // RFC 5952 §5, RFC 4291 §2.5.5: the mapped and the compatible form print their IPv4 address
        "::ffff:192.0.2.1,                  ::ffff:192.0.2.1",
        "::ffff:c000:201,                   ::ffff:192.0.2.1",
        "0:0:0:0:0:ffff:192.0.2.1,          ::ffff:192.0.2.1",
        "::192.0.2.1,                       ::192.0.2.1",
        "::c000:201,                        ::192.0.2.1",
        "::1:0,                             ::0.1.0.0",
        "::ffff,                            ::ffff",
        "64:ff9b::192.0.2.33,               64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4,               1:2:3:4:5:6:102:304",
        "ff02::1:ff00:1,                    ff02::1:ff00:1",
    })
    void printsTheCanonicalFormOf(String text, String canonical) {
        assertThat(Addresses.parseIpv6(text).toString()).isEqualTo(canonical);
        assertThat(Addresses.parseIpv6(canonical)).isEqualTo(Addresses.parseIpv6(text));
    }

    /// The oracle writes all forms with and without one run of zero groups left out, and takes the shortest.
    @Test
    void everyIpv6AddressPrintsInItsShortestForm() {
        var random = new Random(Seeds.next());
        for (int i = 0; i < 20_000; i++) {
            int[] groups = random.ints(8, 0, 0x10000)
                .map(group -> random.nextBoolean() ? 0 : group >>> random.nextInt(16)).toArray();
            long high = half(groups, 0);
            long low = half(groups, 4);
            if (high == 0 && (low >>> 32 == 0xffff || low >>> 32 == 0)) continue;
            String text = Addresses.ipv6(high, low);
            assertThat(text).isEqualTo(shortest(groups));
            assertThat(Addresses.parseIpv6(text)).as(text).isEqualTo(IpAddress.ofIpv6(high, low));
            var jdk = ByteBuffer.wrap(Inet6Address.ofLiteral(text).getAddress());
            assertThat(new long[] {jdk.getLong(), jdk.getLong()}).as(text).containsExactly(high, low);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "''                | text ends at character 1",
        "1.2.3             | text ends at character 6",
        "1.2.3.            | text ends at character 7",
        "1.2.3.4.5         | text goes on at character 8",
        "'1.2.3.4 '        | text goes on at character 8",
        "' 1.2.3.4'        | no digit at character 1",
        "1.2.3.256         | number over 255 at character 7",
        "1.2.3.99999999999 | number over 255 at character 7",
        "1.02.3.4          | leading zero at character 3",
        "1.2..4            | no digit at character 5",
        "1,2.3.4           | no '.' at character 2",
        "0x1.2.3.4         | no '.' at character 2",
        "1.2.3.-4          | no digit at character 7",
        "1.2.3.٤           | no digit at character 7",
        "host.example      | no digit at character 1",
    })
    void refusesIpv4(String text, String why) {
        assertThatThrownBy(() -> Addresses.parseIpv4(text))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("\"" + text + "\" is not an IPv4 address: " + why
                + "; allowed: four numbers 0..255 without leading zeros, with '.' between");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "''                        | text ends at character 1",
        ":                         | no hexadecimal digit at character 1",
        ":1                        | no hexadecimal digit at character 1",
        "1:                        | text ends at character 3",
        ":::                       | no hexadecimal digit at character 3",
        "1::2::3                   | a second \"::\" at character 6",
        "1:2:3:4:5:6:7             | text ends after 7 groups at character 14",
        "1:2:3:4:5:6:7:8:9         | a ninth group at character 17",
        "1:2:3:4:5:6:7:8::         | eight groups beside a \"::\" at character 18",
        "::1:2:3:4:5:6:7:8         | eight groups beside a \"::\" at character 18",
        "1:2:3:4::5:6:7:8          | eight groups beside a \"::\" at character 17",
        "12345::                   | no ':' at character 5",
        "fe80::1%eth0              | no ':' at character 8",
        "fe80::1/64                | no ':' at character 8",
        "[::1]                     | no hexadecimal digit at character 1",
        "::g                       | no hexadecimal digit at character 3",
        "1:2:3:4:5:6:7:1.2.3.4     | an IPv4 address behind 7 groups at character 15",
        "1:2:3:4:5:1.2.3.4         | text ends after 7 groups at character 18",
        "::1 ::2                   | no ':' at character 4",
    })
    void refusesIpv6(String text, String why) {
        assertThatThrownBy(() -> Addresses.parseIpv6(text))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("\"" + text + "\" is not an IPv6 address: " + why + "; allowed: eight groups");
    }

    @Test
    void refusesABadIpv4AddressInsideIpv6() {
        assertThatThrownBy(() -> Addresses.parseIpv6("::ffff:1.2.3.256"))
            .hasMessageStartingWith("\"::ffff:1.2.3.256\" is not an IPv4 address: number over 255 at character 14");
        assertThatThrownBy(() -> Addresses.parseIpv6("::1.2.3.4:5"))
            .hasMessageStartingWith("\"::1.2.3.4:5\" is not an IPv4 address: text goes on at character 10");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "''                   | text ends at character 1",
        "02:00:00:00:00:0     | text ends at character 17",
        "02:00:00:00:00       | text ends at character 15",
        "02:00:00:00:00:01:02 | text goes on at character 18",
        "2:0:0:0:0:1          | no hexadecimal digit at character 2",
        "02:00-00:00:00:01    | another separator at character 6",
        "0200.0000.0001       | no separator at character 3",
        "02:00:00:00:00:0g    | no hexadecimal digit at character 17",
    })
    void refusesMac(String text, String why) {
        assertThatThrownBy(() -> Addresses.parseMac(text))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("\"" + text + "\" is not a MAC address: " + why
                + "; allowed: six bytes of two hexadecimal digits, with ':' or '-' between");
    }

    @Test
    void noTextBringsAnotherErrorThanItsOwn() {
        var random = new Random(Seeds.next());
        String characters = "0123456789abcdefF:.-/%[ ]gx٣\u0000";
        for (int i = 0; i < 100_000; i++) {
            String text = random.ints(random.nextInt(20), 0, characters.length())
                .mapToObj(at -> characters.substring(at, at + 1)).collect(Collectors.joining());
            assertThat(survives(text)).as(text).isTrue();
        }
    }

    /// True if every reader takes the text or refuses it in words; what is taken must come back.
    private static boolean survives(String text) {
        try {
            assertThat(IpPrefix.parse(IpPrefix.parse(text).toString())).isEqualTo(IpPrefix.parse(text));
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("; allowed: ");
        }
        try {
            Addresses.parseMac(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("; allowed: ");
        }
        return true;
    }

    private static long half(int[] groups, int first) {
        return ByteBuffer.allocate(8).putShort((short) groups[first]).putShort((short) groups[first + 1])
            .putShort((short) groups[first + 2]).putShort((short) groups[first + 3]).getLong(0);
    }

    private static String shortest(int[] groups) {
        List<String> forms = new ArrayList<>();
        forms.add(joined(groups, 0, 8));
        for (int from = 0; from < 8; from++) {
            for (int to = from + 2; to <= 8 && IntStream.range(from, to).allMatch(i -> groups[i] == 0); to++) {
                forms.add(joined(groups, 0, from) + "::" + joined(groups, to, 8));
            }
        }
        // Stable: of equally short forms the first stays, which leaves out the first run.
        int fewestGroups = forms.stream().mapToInt(AddressesTest::groupCount).min().orElseThrow();
        return forms.stream().filter(form -> groupCount(form) == fewestGroups)
            .min(Comparator.comparingInt(form -> form.contains("::") ? form.indexOf("::") : 0)).orElseThrow();
    }

    private static int groupCount(String form) {
        return (int) List.of(form.split(":")).stream().filter(group -> !group.isEmpty()).count();
    }

    private static String joined(int[] groups, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> Integer.toHexString(groups[i])).collect(Collectors.joining(":"));
    }
}
