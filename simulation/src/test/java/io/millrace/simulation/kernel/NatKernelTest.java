package io.millrace.simulation.kernel;

import io.millrace.testkit.Fragments;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static io.millrace.simulation.firewall.FirewallScene.DMZ_HOST;
import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.HOST_6;
import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.SERVER_6;
import static io.millrace.simulation.firewall.FirewallScene.fromDmz;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static org.assertj.core.api.Assertions.assertThat;

/// Translation of every kind, held against the kernel.
class NatKernelTest {

    private static final String GATEWAY_RULES = """
        table ip nat {
            chain pre { type nat hook prerouting priority dstnat;
                iifname "wan" tcp dport 8080 dnat to 10.0.3.10:80
                iifname "wan" udp dport 5000-5009 dnat to 10.0.3.10
                ip daddr 203.0.113.1 tcp dport 8080 dnat to 10.0.3.10:80
                udp dport 7000 redirect to :7001
            }
            chain post { type nat hook postrouting priority srcnat;
                oifname "wan" masquerade
                ip saddr 10.0.3.0/24 oifname "dmz" masquerade
                ip saddr 192.0.2.0/24 oifname "dmz" ip daddr 10.0.3.10 tcp dport 80 snat to 10.0.3.1
            }
        }
        """;

    @Test
    void masqueradeOfEveryProtocol() {
        try (Duel duel = new Duel(GATEWAY_RULES)) {
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53).payloadOf(20));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, 4000).payloadOf(33));
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(4001, 53).checksum(0).payloadOf(20));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, 4001).checksum(0).payloadOf(33));
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(4000, 80).syn().sequence(5).mss(1400));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).tcp(80, 4000).syn().sequence(9).acknowledgement(6));
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(4000, 80).sequence(6).acknowledgement(10).payloadOf(10));
            duel.lan(fromHost().ipv4(HOST, SERVER).icmpEchoRequest(77, 1).payloadOf(30));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).icmpEchoReply(77, 1).payloadOf(30));
            duel.lan(fromHost().ipv4(HOST, SERVER).protocol(99).payloadOf(30));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).protocol(99).payloadOf(30));
            duel.lan(fromHost().ipv4(HOST, SERVER).sctp(5000, 6000).payloadOf(16));
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(4002, 53).checksum(0x7777).payloadOf(20));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, 4999));
        }
    }

    @Test
    void portForwardAndHairpin() {
        try (Duel duel = new Duel(GATEWAY_RULES)) {
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).tcp(3000, 8080).syn().sequence(5));
            duel.dmz(fromDmz().ipv4(DMZ_HOST, SERVER).tcp(80, 3000).syn().sequence(9).acknowledgement(6));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(3000, 5007).payloadOf(3));
            duel.dmz(fromDmz().ipv4(DMZ_HOST, SERVER).udp(5007, 3000).payloadOf(3));
            duel.dmz(fromDmz().ipv4(DMZ_HOST, PUBLIC).tcp(3001, 8080).syn().sequence(5));
            duel.lan(fromHost().ipv4(HOST, PUBLIC).tcp(3002, 8080).syn().sequence(5));
            duel.dmz(fromDmz().ipv4(DMZ_HOST, "10.0.3.1").tcp(80, 3002).syn().sequence(9).acknowledgement(6));
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(3003, 7000).payloadOf(3));
            duel.lan(fromHost().ipv4(HOST, PUBLIC).udp(3003, 7000).payloadOf(3));
        }
    }

    @Test
    void errorsOfBothDirections() {
        try (Duel duel = new Duel(GATEWAY_RULES)) {
            byte[] sent = duel.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53).payloadOf(20)).getFirst();
            byte[] quoted = Frame.packetIn(sent);
            for (int code : new int[] {1, 3, 4}) {
                duel.wan(fromGateway().ipv4("203.0.113.254", PUBLIC).icmp(3, code).quote(quoted));
            }
            duel.wan(fromGateway().ipv4("203.0.113.254", PUBLIC).icmp(11, 0).quote(quoted));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).icmp(3, 3).quote(Arrays.copyOf(quoted, 28)));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).icmp(3, 3).quote(Arrays.copyOf(quoted, 24)));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).icmp(3, 3).checksum(0x1111).quote(quoted));
            duel.lan(fromHost().ipv4(HOST, SERVER).ttl(1).udp(4000, 53).payloadOf(20));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, 4000).payloadOf(10));
            byte[] answer = fromGateway().ipv4(SERVER, HOST).udp(53, 4000).payloadOf(10).bytes();
            duel.lan(fromHost().ipv4(HOST, SERVER).icmp(3, 3).quote(Frame.packetIn(answer)));
            duel.lan(fromHost().ipv4("192.0.2.11", SERVER).icmp(3, 1).quote(Frame.packetIn(answer)));
            duel.lan(fromHost().ipv4(HOST, SERVER).icmpEchoRequest(77, 1).payloadOf(30));
            byte[] echo = Frame.packetIn(fromGateway().ipv4(PUBLIC, SERVER).icmpEchoRequest(77, 1).payloadOf(30).bytes());
            duel.wan(fromGateway().ipv4("203.0.113.254", PUBLIC).icmp(11, 0).quote(echo));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).ttl(1).udp(53, 4000).payloadOf(10));
        }
    }

    @Test
    void addressesRangesAndMaps() {
        try (Duel duel = new Duel("""
            table ip nat {
                chain pre { type nat hook prerouting priority dstnat;
                    iifname "wan" ip daddr 203.0.113.50 dnat to 192.0.2.10
                    iifname "wan" dnat to tcp dport map { 80 : 10.0.3.10, 81 : 192.0.2.10 }
                    iifname "wan" ip daddr 203.0.113.51 udp dport 1-100 dnat to 192.0.2.10-192.0.2.11 persistent
                }
                chain post { type nat hook postrouting priority srcnat;
                    oifname "wan" udp sport 1-500 snat to 203.0.113.7
                    oifname "wan" udp sport 501-1000 snat to 203.0.113.8:2000-2000
                    oifname "wan" tcp sport 1-1000 snat to 203.0.113.20-203.0.113.27
                    oifname "wan" ip protocol icmp snat to 203.0.113.20-203.0.113.27 persistent
                }
            }
            table ip6 nat {
                chain post { type nat hook postrouting priority srcnat; oifname "wan" snat to 2001:db8:2::77; }
            }
            """)) {
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(300, 53).payloadOf(20));
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(600, 53).payloadOf(20));
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(601, 54).payloadOf(20));
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(602, 53).payloadOf(20));   // the range is exhausted
            duel.wan(fromGateway().ipv4("198.51.100.1", "203.0.113.50").udp(9, 9).payloadOf(20));
            duel.lan(fromHost().ipv4(HOST, "198.51.100.1").udp(9, 9).payloadOf(20));
            duel.wan(fromGateway().ipv4("198.51.100.1", PUBLIC).tcp(9, 80).syn());
            duel.wan(fromGateway().ipv4("198.51.100.1", PUBLIC).tcp(9, 81).syn());
            duel.wan(fromGateway().ipv4("198.51.100.1", PUBLIC).tcp(9, 82).syn());
            duel.lan(fromHost().ipv6(HOST_6, SERVER_6).udp(1, 2).payloadOf(9));
            duel.wan(fromGateway().ipv6(SERVER_6, "2001:db8:2::77").udp(2, 1).payloadOf(9));
            duel.lan(fromHost().ipv6(HOST_6, SERVER_6).tcp(1, 2).syn());
            byte[] quoted = Frame.packetIn(fromGateway().ipv6("2001:db8:2::77", SERVER_6).udp(1, 2).payloadOf(9).bytes());
            duel.wan(fromGateway().ipv6("2001:db8:2::fe", "2001:db8:2::77").icmpv6(1, 4).quote(quoted));
            duel.wan(fromGateway().ipv6("2001:db8:2::fe", "2001:db8:2::77").icmpv6(3, 0).quote(quoted));
        }
    }

    @Test
    void mapsToRangesAndPrefixes() {
        try (Duel duel = new Duel("""
            table ip nat {
                map outside { type ipv4_addr : interval ipv4_addr; flags interval;
                    elements = { 192.0.2.0-192.0.2.10 : 203.0.113.20-203.0.113.27, 192.0.2.11 : 203.0.113.40/30 }
                }
                chain post { type nat hook postrouting priority srcnat;
                    oifname "wan" meta l4proto tcp snat ip to ip saddr map @outside
                    oifname "wan" meta l4proto udp snat ip prefix to ip saddr map { 192.0.2.0/28 : 203.0.113.64/28 }
                }
                chain pre { type nat hook prerouting priority dstnat;
                    iifname "wan" dnat ip to ip daddr . udp dport map {
                        203.0.113.1 . 500-509 : 10.0.3.10 . 53, 203.0.113.2 . 600 : 10.0.3.10 . 54 }
                }
            }
            """)) {
            for (int i = 0; i < 6; i++) {
                duel.lan(fromHost().ipv4(HOST, "198.51.100." + i).tcp(4000 + i, 80).syn());
                duel.lan(fromHost().ipv4("192.0.2.11", "198.51.100." + i).tcp(4000 + i, 80).syn());
                duel.lan(fromHost().ipv4("192.0.2." + i, "198.51.100." + i).udp(4000 + i, 80));
            }
            for (int port : new int[] {499, 500, 509, 510, 600}) {
                duel.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(port + 4000, port).payloadOf(3));
            }
            duel.wan(fromGateway().ipv4(SERVER, "203.0.113.2").udp(9, 600).payloadOf(3));
            duel.dmz(fromDmz().ipv4(DMZ_HOST, SERVER).udp(53, 4509).payloadOf(3));
        }
    }

    @Test
    void clashOfPortsTakesAnotherOfTheSameClass() {
        try (Duel duel = new Duel(GATEWAY_RULES).blurred(NatKernelTest::withoutSourcePort)) {
            for (String source : List.of(HOST, "192.0.2.11", "192.0.2.12")) {
                List<byte[]> sent = duel.lan(fromHost().ipv4(source, SERVER).udp(4000, 53).payloadOf(20));
                int port = Octets.u16(sent.getFirst(), 34);
                assertThat(port == 4000).isEqualTo(source.equals(HOST));
                assertThat(port).isGreaterThanOrEqualTo(1024);
            }
        }
    }

    /// Linux draws the port; that it comes from the range is the same, and everything else.
    @ParameterizedTest
    @ValueSource(strings = {"random", "fully-random", "random,persistent"})
    void drawnPortsComeFromTheRange(String flags) {
        List<Integer> ports = new ArrayList<>();
        try (Duel duel = new Duel("""
            table ip nat {
                chain post { type nat hook postrouting priority srcnat;
                    udp dport 53 oifname "wan" masquerade to :5000-5003 FLAGS
                    udp dport 54 oifname "wan" snat to 203.0.113.7:6000-6003 FLAGS
                    udp dport 55 oifname "wan" masquerade FLAGS
                }
            }
            """.replace("FLAGS", flags)).blurred(frame -> {
                ports.add(Octets.u16(frame, 34));
                return withoutSourcePort(frame);
            })) {
            for (int i = 0; i < 4; i++) {
                duel.lan(fromHost().ipv4(HOST, SERVER).udp(4000 + i, 53).payloadOf(20));
                duel.lan(fromHost().ipv4(HOST, SERVER).udp(4000 + i, 54).payloadOf(20));
            }
            assertThat(ports).hasSize(16).allMatch(port -> port / 4 == 5000 / 4 || port / 4 == 6000 / 4);
            ports.clear();
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(4010, 53).payloadOf(20));   // every port is taken
            assertThat(ports).isEmpty();
            for (int source : new int[] {100, 600, 4000}) {
                duel.lan(fromHost().ipv4(HOST, SERVER).udp(source, 55).payloadOf(20));
            }
            assertThat(ports).hasSize(6);
            assertThat(ports.subList(0, 2)).allMatch(port -> port < 512);
            assertThat(ports.subList(2, 4)).allMatch(port -> port >= 600 && port < 1024);
            assertThat(ports.subList(4, 6)).allMatch(port -> port >= 1024);
        }
    }

    @Test
    void clashOfEchoIdentifiersTakesAnother() {
        List<Integer> identifiers = new ArrayList<>();
        try (Duel duel = new Duel(GATEWAY_RULES).blurred(frame -> {
            identifiers.add(Octets.u16(frame, 38));
            frame[36] = frame[37] = frame[38] = frame[39] = 0;
            return frame;
        })) {
            duel.lan(fromHost().ipv4(HOST, SERVER).icmpEchoRequest(7, 1).payloadOf(20));
            assertThat(identifiers).containsExactly(7, 7);
            duel.lan(fromHost().ipv4("192.0.2.11", SERVER).icmpEchoRequest(7, 1).payloadOf(20));
            assertThat(identifiers.subList(2, 4)).doesNotContain(7);
        }
    }

    private static byte[] withoutSourcePort(byte[] frame) {
        frame[34] = frame[35] = frame[40] = frame[41] = 0;
        return frame;
    }

    @Test
    void fragmentsAreTranslatedAsAWhole() {
        try (Duel duel = new Duel(GATEWAY_RULES)) {
            byte[] whole = fromHost().ipv4(HOST, SERVER).identification(5).udp(4000, 53).payloadOf(3_000).bytes();
            for (byte[] piece : Fragments.cut(whole, 1_000)) duel.send("lan", piece);
            byte[] answer = fromGateway().ipv4(SERVER, PUBLIC).identification(6).udp(53, 4000).payloadOf(2_500).bytes();
            for (byte[] piece : Fragments.cut(answer, 1_480).reversed()) duel.send("wan", piece);
            byte[] tiny = fromHost().ipv4(HOST, SERVER).identification(7).udp(4000, 53).payloadOf(100).bytes();
            for (byte[] piece : Fragments.cut(tiny, 8)) duel.send("lan", piece);
            byte[] ping = fromHost().ipv4(HOST, "192.0.2.1").identification(8).icmpEchoRequest(1, 1).payloadOf(3_000)
                .bytes();
            for (byte[] piece : Fragments.cut(ping, 1_480)) duel.send("lan", piece);
        }
    }
}
