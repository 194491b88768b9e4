package io.millrace.simulation.kernel;

import io.millrace.testkit.Fragments;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import org.junit.jupiter.api.Test;

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

/// Verdicts, sets, maps, states, limits and rejections, held against the kernel.
class FilterKernelTest {

    private static Layer udp(int targetPort) {
        return fromHost().ipv4(HOST, SERVER).udp(4000, targetPort).payloadOf(20);
    }

    @Test
    void verdictsSetsAndMaps() {
        try (Duel duel = new Duel("""
            table inet filter {
                set allowed { type inet_service; flags interval; elements = { 53, 100-199, 1000-1009 } }
                set pairs { type ipv4_addr . inet_service; elements = { 198.51.100.80 . 7, 198.51.100.81 . 8 } }
                map verdicts { type inet_service : verdict; elements = { 300 : drop, 301 : accept, 302 : jump more } }
                chain more { udp length 28 accept; ip ttl < 10 drop; return; }
                chain forward { type filter hook forward priority 0; policy drop;
                    udp dport vmap @verdicts
                    udp dport @allowed accept
                    ip daddr . udp dport @pairs accept
                    udp dport { 400, 402 } ip saddr 192.0.2.0/28 accept
                    udp dport 500-510 meta mark set 7
                    meta mark 7 accept
                    ip6 nexthdr udp udp dport 53 accept
                    ip protocol icmp icmp type echo-request accept
                    tcp flags & (syn|ack) == syn tcp dport != 80 accept
                    iifname "dmz" oifname "lan" ip dscp ef accept
                    @th,16,16 0x0999 accept
                }
            }
            """)) {
            int passedCount = 0;
            for (int port : new int[] {7, 8, 53, 99, 100, 150, 199, 200, 300, 301, 302, 400, 401, 402, 500, 510, 511,
                999, 1000, 1009, 1010, 0x0999}) {
                passedCount += duel.lan(udp(port)).size();
            }
            assertThat(passedCount).isEqualTo(14);
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(1, 302));
            duel.lan(fromHost().ipv4(HOST, "198.51.100.81").udp(1, 8));
            duel.lan(fromHost().ipv6(HOST_6, SERVER_6).udp(1, 53));
            duel.lan(fromHost().ipv6(HOST_6, SERVER_6).udp(1, 54));
            duel.lan(fromHost().ipv4(HOST, SERVER).icmpEchoRequest(1, 1));
            duel.lan(fromHost().ipv4(HOST, SERVER).icmpEchoReply(1, 1));
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1, 80).syn());
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1, 81).syn());
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1, 81).syn().ack());
            duel.dmz(fromDmz().ipv4(DMZ_HOST, HOST).tos(0xb8).udp(1, 2));
            duel.dmz(fromDmz().ipv4(DMZ_HOST, HOST).tos(0xb4).udp(1, 2));
        }
    }

    @Test
    void statesOfConnections() {
        try (Duel duel = new Duel("""
            table inet filter {
                chain forward { type filter hook forward priority 0; policy drop;
                    ct state vmap { established : accept, related : accept, invalid : drop }
                    iifname "lan" ct state new accept
                }
            }
            """)) {
            duel.wan(fromGateway().ipv4(SERVER, HOST).udp(53, 4000));
            duel.lan(udp(53));
            duel.wan(fromGateway().ipv4(SERVER, HOST).udp(53, 4000));
            duel.wan(fromGateway().ipv4(SERVER, HOST).udp(54, 4000));
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53).checksum(0x1234).payloadOf(4));
            duel.wan(fromGateway().ipv4("203.0.113.254", HOST).icmp(3, 3)
                .quote(Frame.packetIn(fromHost().ipv4(HOST, SERVER).ttl(1).udp(4000, 53).payloadOf(20).bytes())));
            duel.wan(fromGateway().ipv4("203.0.113.254", HOST).icmp(3, 3)
                .quote(Frame.packetIn(fromHost().ipv4(HOST, SERVER).ttl(1).udp(4001, 53).payloadOf(20).bytes())));
            duel.lan(fromHost().ipv4(HOST, SERVER).icmpEchoRequest(7, 1));
            duel.wan(fromGateway().ipv4(SERVER, HOST).icmpEchoReply(7, 1));
            duel.wan(fromGateway().ipv4(SERVER, HOST).icmpEchoReply(8, 1));
            duel.lan(fromHost().ipv4(HOST, SERVER).icmp(18, 0).payloadOf(16));
            duel.lan(fromHost().ipv6(HOST_6, SERVER_6).icmpv6EchoRequest(7, 1));
            duel.wan(fromGateway().ipv6(SERVER_6, HOST_6).icmpv6EchoReply(7, 1));
            duel.lan(fromHost().ipv4(HOST, SERVER).protocol(99).payloadOf(10));
            duel.wan(fromGateway().ipv4(SERVER, HOST).protocol(99).payloadOf(10));
            duel.wan(fromGateway().ipv4(SERVER, HOST).protocol(98).payloadOf(10));
        }
    }

    @Test
    void rejectionsOfEveryKind() {
        try (Duel duel = new Duel("""
            table inet filter {
                chain forward { type filter hook forward priority 0;
                    udp dport 1 reject
                    udp dport 2 reject with icmp type host-prohibited
                    udp dport 3 reject with icmpx type admin-prohibited
                    udp dport 4 reject with icmpx type no-route
                    tcp dport 5 reject with tcp reset
                    tcp dport 6 reject
                    meta l4proto icmp reject with icmp type net-unreachable
                    ip6 nexthdr udp udp dport 7 reject with icmpv6 type addr-unreachable
                }
                chain input { type filter hook input priority 0;
                    udp dport 8 reject
                    tcp dport 9 reject with tcp reset
                }
            }
            """)) {
            for (int port = 1; port <= 7; port++) {
                duel.lan(udp(port));
                duel.lan(fromHost().ipv6(HOST_6, SERVER_6).udp(1, port).payloadOf(30));
            }
            for (int port : new int[] {5, 6}) {
                duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1, port).syn().sequence(1000));
                duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1, port).sequence(1000).acknowledgement(77).payloadOf(9));
                duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1, port).rst().sequence(1000));
                duel.lan(fromHost().ipv6(HOST_6, SERVER_6).tcp(1, port).syn().sequence(1000));
            }
            duel.lan(fromHost().ipv4(HOST, SERVER).icmpEchoRequest(1, 1));
            duel.lan(fromHost().ipv4(HOST, SERVER).icmp(3, 1).quote(new byte[28]));
            duel.lan(fromHost().ipv4(HOST, "192.0.2.1").udp(1, 8));
            duel.lan(fromHost().ipv4(HOST, PUBLIC).tcp(1, 9).syn());
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(1, 1).checksum(0x5555).payloadOf(4));
            for (byte[] piece : Fragments.cut(udp(1).bytes(), 16)) duel.send("lan", piece);
        }
    }

    @Test
    void limitsAndQuotas() {
        try (Duel duel = new Duel("""
            table inet filter {
                chain forward { type filter hook forward priority 0; policy drop;
                    udp dport 1 limit rate 10/hour burst 3 packets accept
                    udp dport 2 limit rate over 10/hour burst 2 packets drop
                    udp dport 2 accept
                    udp dport 3 quota 100 bytes accept
                    udp dport 4 quota over 100 bytes drop
                    udp dport 4 accept
                    udp dport 5 numgen inc mod 3 vmap { 0 : accept, 1 : drop, 2 : accept }
                }
            }
            """)) {
            int passedCount = 0;
            for (int port : List.of(1, 2, 3, 4, 5)) {
                for (int i = 0; i < 7; i++) passedCount += duel.lan(udp(port)).size();
            }
            assertThat(passedCount).isBetween(10, 25);
        }
    }

    @Test
    void dynamicSets() {
        try (Duel duel = new Duel("""
            table ip filter {
                set seen { type ipv4_addr . inet_service; flags dynamic,timeout; timeout 1s; size 16; }
                set meters { type ipv4_addr; flags dynamic; size 16; }
                chain forward { type filter hook forward priority 0; policy drop;
                    udp dport 1 add @seen { ip saddr . udp sport } drop
                    udp dport 2 ip saddr . udp sport @seen accept
                    udp dport 3 add @meters { ip saddr limit rate 1/hour burst 2 packets } accept
                    udp dport 4 update @seen { ip saddr . udp sport } accept
                    udp dport 5 delete @seen { ip saddr . udp sport } accept
                }
            }
            """)) {
            for (int port : List.of(2, 1, 2, 3, 3, 3, 3, 5, 2, 1, 2)) duel.lan(udp(port));
            duel.pass(2);
            duel.lan(udp(2));
        }
    }
}
