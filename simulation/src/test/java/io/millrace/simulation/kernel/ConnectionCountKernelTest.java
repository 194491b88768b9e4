package io.millrace.simulation.kernel;

import io.millrace.testkit.TcpLayer;
import org.junit.jupiter.api.Test;

import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static org.assertj.core.api.Assertions.assertThat;

/// `ct count`, held against the kernel. Linux looks whether connections are over at most once a tick of its clock, so a
/// second passes where that matters.
class ConnectionCountKernelTest {

    private static final String OTHER_HOST = "192.0.2.11";

    private static TcpLayer tcp(String host, int port) {
        return fromHost().ipv4(host, SERVER).tcp(port, 80).window(500);
    }

    private static boolean opens(Duel duel, String host, int port) {
        return !duel.pass(1).lan(tcp(host, port).syn().sequence(100)).isEmpty();
    }

    @Test
    void refusesOneConnectionTooManyPerHost() {
        try (Duel duel = new Duel("""
            table ip filter {
                set hosts { type ipv4_addr; size 100; flags dynamic; }
                chain forward { type filter hook forward priority 0;
                    ct state new add @hosts { ip saddr ct count over 2 } drop
                }
            }
            """)) {
            assertThat(opens(duel, HOST, 1)).isTrue();
            assertThat(opens(duel, HOST, 2)).isTrue();
            assertThat(opens(duel, HOST, 3)).isFalse();
            assertThat(opens(duel, OTHER_HOST, 3)).isTrue();
            assertThat(opens(duel, HOST, 1)).as("the same again").isTrue();
            duel.wan(fromGateway().ipv4(SERVER, HOST).tcp(80, 1).rst().ack().acknowledgement(101));
            assertThat(opens(duel, HOST, 4)).isTrue();
            assertThat(opens(duel, HOST, 5)).isFalse();
        }
    }

    @Test
    void connectionsThatAreOverCountNoMore() {
        try (Duel duel = new Duel("""
            table ip filter {
                chain forward { type filter hook forward priority 0; tcp flags syn ct count over 1 drop; }
            }
            """)) {
            assertThat(opens(duel, HOST, 1)).isTrue();
            duel.wan(fromGateway().ipv4(SERVER, HOST).tcp(80, 1).window(500).syn().sequence(200).acknowledgement(101));
            duel.lan(tcp(HOST, 1).sequence(101).acknowledgement(201));
            assertThat(opens(duel, HOST, 2)).isFalse();
            duel.lan(tcp(HOST, 1).sequence(101).acknowledgement(201).fin());
            duel.wan(fromGateway().ipv4(SERVER, HOST).tcp(80, 1).window(500).sequence(201).acknowledgement(102).fin());
            assertThat(opens(duel, HOST, 2)).as("one side may still speak").isFalse();
            duel.lan(tcp(HOST, 1).sequence(102).acknowledgement(202));
            assertThat(opens(duel, HOST, 2)).isTrue();
        }
    }

    /// With and without `over`, of packets of known, new and no connections.
    @Test
    void everyPacketIsHeldAgainstTheCount() {
        try (Duel duel = new Duel("""
            table ip raw {
                chain pre { type filter hook prerouting priority raw; udp dport 9 notrack; }
            }
            table ip filter {
                chain forward { type filter hook forward priority 0; policy drop;
                    udp dport 1 ct count 2 accept
                    udp dport 3 ct count over 1 accept
                    udp dport 4 ip dscp 8 ct count over 1 drop
                    udp dport 4 accept
                    udp dport 9 ct count 1 accept
                }
            }
            """)) {
            assertThat(passing(duel, 1, 0, 10, 11, 10, 11, 12, 13)).isEqualTo(4);
            assertThat(passing(duel, 3, 0, 10, 11, 12)).isZero();
            assertThat(passing(duel, 4, 0, 10, 11)).isEqualTo(2);
            assertThat(passing(duel, 4, 8 << 2, 10, 11)).as("known, but not counted before").isEqualTo(1);
            assertThat(passing(duel, 9, 0, 10, 10, 11)).as("untracked").isEqualTo(3);
        }
    }

    private static int passing(Duel duel, int targetPort, int tos, int... sourcePorts) {
        int passingCount = 0;
        for (int port : sourcePorts) {
            passingCount += duel.pass(1).lan(fromHost().ipv4(HOST, SERVER).tos(tos).udp(port, targetPort)).size();
        }
        return passingCount;
    }
}
