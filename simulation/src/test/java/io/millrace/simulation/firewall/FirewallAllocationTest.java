package io.millrace.simulation.firewall;

import io.millrace.testkit.Allocation;

import org.junit.jupiter.api.Test;

import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static org.assertj.core.api.Assertions.assertThat;

/// Nothing is allocated per packet: on the slow path, on the fast path, for new connections, for what is refused.
class FirewallAllocationTest {

    private static final String RULES = """
        table inet t {
            flowtable f { hook ingress priority 0; devices = { lan, wan }; }
            set blocked { type ipv4_addr . inet_service; flags dynamic, timeout; timeout 1s; size 1024; }
            chain onward { type filter hook forward priority 0; policy drop;
                udp dport 7 reject
                udp dport 8 add @blocked { ip saddr . udp sport } limit rate 10/second log prefix "eight " drop
                ct state established flow add @f
                ct state vmap { established : accept, related : accept, invalid : drop }
                iifname lan accept
            }
            chain post { type nat hook postrouting priority srcnat; oifname wan masquerade; }
        }
        """;

    @Test
    void nothingIsAllocatedPerPacket() {
        try (var scene = new FirewallScene(RULES)) {
            scene.ports.forEach(port -> port.keepsSent = false);
            byte[][] lan = {
                fromHost().ipv4(HOST, SERVER).udp(4000, 53).payloadOf(20).bytes(),
                fromHost().ipv4(HOST, SERVER).options(1, 1, 1, 0).udp(4000, 53).payloadOf(20).bytes(),
                fromHost().ipv4(HOST, SERVER).udp(4001, 7).payloadOf(20).bytes(),
                fromHost().ipv4(HOST, SERVER).udp(4001, 8).payloadOf(20).bytes(),
                fromHost().ipv4(HOST, "192.0.2.1").icmpEchoRequest(5, 1).bytes(),
                fromHost().ipv4(HOST, SERVER).ttl(1).udp(4000, 53).payloadOf(20).bytes(),
            };
            byte[] back = fromGateway().ipv4(SERVER, PUBLIC).udp(53, 4000).payloadOf(20).bytes();
            byte[] fresh = fromHost().ipv4(HOST, SERVER).udp(20_000, 5353).checksum(0).payloadOf(20).bytes();
            int[] port = {20_000};
            long allocated = Allocation.bytesOnceWarm(() -> {
                for (int i = 0; i < 200; i++) {
                    for (byte[] frame : lan) scene.ports.get(0).toReceive.add(frame);
                    scene.ports.get(1).toReceive.add(back);
                    port[0] = port[0] == 60_000 ? 20_000 : port[0] + 1;
                    fresh[34] = (byte) (port[0] >>> 8);
                    fresh[35] = (byte) port[0];
                    scene.ports.get(0).toReceive.add(fresh);
                    scene.nowNs += 50_000_000;
                    scene.worker.turn(scene.nowNs);
                }
            });
            assertThat(allocated).isZero();
            assertThat(scene.hits()).isPositive();
            assertThat(scene.worker.ledger().unaccounted()).isZero();
        }
    }
}
