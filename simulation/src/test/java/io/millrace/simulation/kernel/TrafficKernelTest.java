package io.millrace.simulation.kernel;

import io.millrace.testkit.Fragments;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static io.millrace.simulation.firewall.FirewallScene.DMZ_HOST;
import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.HOST_6;
import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.SERVER_6;
import static io.millrace.simulation.firewall.FirewallScene.fromDmz;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;

/// Random traffic of all kinds through a gateway, and through a gateway whose flows leave the slow path here, held
/// against the kernel.
class TrafficKernelTest {

    private static final int STEPS = 1_500;

    /// Nothing makes two connections clash, for which the kernel would draw a port.
    private static final String STATEFUL = """
        table inet filter {
            chain input { type filter hook input priority 0;
                iifname "wan" ct state new drop
            }
            chain forward { type filter hook forward priority 0; policy drop;
                ct state invalid drop
                ct state established,related accept
                ct status dnat accept
                iifname "dmz" meta l4proto { tcp, udp } th sport 8000-9000 drop
                iifname { "lan", "dmz" } accept
            }
        }
        """;
    private static final String NAT = """
        table ip nat {
            chain pre { type nat hook prerouting priority dstnat;
                iifname "wan" tcp dport 8000-8003 dnat to 10.0.3.10
                iifname "wan" udp dport 8000-8003 dnat to 10.0.3.10
            }
            chain post { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
        }
        """;

    private final long seed = Seeds.next();
    private final Random random = new Random(seed);
    private final List<byte[]> lately = new ArrayList<>();   // what left by wan, to be quoted

    @Test
    void anyIpv4TrafficThroughAGateway() {
        try (Duel duel = new Duel(STATEFUL + NAT)) {
            for (int i = 0; i < STEPS; i++) {
                switch (random.nextInt(9)) {
                    case 0, 1, 2 -> note(send(duel, "lan", fromHost().ipv4(HOST, SERVER)
                        .ttl(1 + random.nextInt(3)).tos(random.nextInt(256)), 1000, 50));
                    case 3 -> note(send(duel, "dmz", fromDmz().ipv4(DMZ_HOST, SERVER).ttl(9), 2000, 60));
                    case 4, 5 -> send(duel, "wan", fromGateway().ipv4(SERVER, PUBLIC).ttl(9), 50, 1000);
                    case 6 -> send(duel, "wan", fromGateway().ipv4(SERVER, PUBLIC).ttl(9), 3000, 8000);
                    case 7 -> send(duel, "dmz", fromDmz().ipv4(DMZ_HOST, SERVER).ttl(9), 8000, 3000);
                    default -> quote(duel);
                }
            }
        }
    }

    @Test
    void anyIpv6TrafficThroughAFirewall() {
        try (Duel duel = new Duel(STATEFUL)) {
            for (int i = 0; i < STEPS; i++) {
                int hostPort = 1000 + random.nextInt(3);
                int serverPort = 50 + random.nextInt(3);
                boolean isOut = random.nextBoolean();
                Layer ip = isOut ? fromHost().ipv6(HOST_6, SERVER_6).hopLimit(1 + random.nextInt(4))
                    : fromGateway().ipv6(SERVER_6, HOST_6).hopLimit(9);
                if (random.nextInt(4) == 0) ip = ip.destinationOptions();
                Layer payload = switch (random.nextInt(5)) {
                    case 0 -> isOut ? ip.icmpv6EchoRequest(hostPort, 1).payloadOf(20)
                        : ip.icmpv6EchoReply(hostPort, 1).payloadOf(20);
                    case 1 -> isOut ? tcp(ip, hostPort, serverPort) : tcp(ip, serverPort, hostPort);
                    default -> (isOut ? ip.udp(hostPort, serverPort) : ip.udp(serverPort, hostPort))
                        .payloadOf(random.nextInt(40));
                };
                duel.send(isOut ? "lan" : "wan", payload.bytes());
            }
        }
    }

    @Test
    void flowsThatLeftTheSlowPathSendTheSame() {
        String offloading = """
            table inet flows {
                flowtable f { hook ingress priority 0; devices = { lan, wan }; }
                chain forward { type filter hook forward priority -10; ct state established flow add @f; }
            }
            """;
        try (Duel duel = new Duel(STATEFUL + NAT, offloading + STATEFUL + NAT, Map.of())) {
            long hostNext = 100;
            long serverNext = 200;
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1000, 80).syn().sequence(hostNext++).window(60_000));
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).tcp(80, 1000).syn().sequence(serverNext++)
                .acknowledgement(hostNext).window(60_000));
            for (int i = 0; i < 200; i++) {
                int byteCount = random.nextInt(1_400);
                if (random.nextBoolean()) {
                    duel.lan(fromHost().ipv4(HOST, SERVER).ttl(1 + random.nextInt(5)).tcp(1000, 80).sequence(hostNext)
                        .acknowledgement(serverNext).window(60_000).payloadOf(byteCount));
                    hostNext += byteCount;
                } else {
                    duel.wan(fromGateway().ipv4(SERVER, PUBLIC).ttl(9).tcp(80, 1000).sequence(serverNext)
                        .acknowledgement(hostNext).window(60_000).payloadOf(byteCount));
                    serverNext += byteCount;
                }
                duel.lan(fromHost().ipv4(HOST, SERVER).udp(1001, 53).payloadOf(byteCount));
                duel.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, 1001).payloadOf(byteCount));
            }
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1000, 80).sequence(hostNext).acknowledgement(serverNext).fin());
            duel.wan(fromGateway().ipv4(SERVER, PUBLIC).tcp(80, 1000).sequence(serverNext)
                .acknowledgement(hostNext + 1).fin());
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1000, 80).sequence(hostNext + 1)
                .acknowledgement(serverNext + 1));
        }
    }

    private List<byte[]> send(Duel duel, String port, Layer ip, int sourceFrom, int targetFrom) {
        int source = sourceFrom + random.nextInt(3);
        int target = targetFrom + random.nextInt(3);
        boolean isOut = !port.equals("wan");
        Layer payload = switch (random.nextInt(8)) {
            case 0 -> isOut ? ip.icmpEchoRequest(source, 1).payloadOf(20) : ip.icmpEchoReply(target, 1).payloadOf(20);
            case 1, 2, 3 -> tcp(ip, source, target);
            case 4 -> ip.udp(source, target).checksum(random.nextInt(3)).payloadOf(random.nextInt(40));
            default -> ip.udp(source, target).payloadOf(random.nextInt(40));
        };
        byte[] frame = payload.bytes();
        if (random.nextInt(6) > 0 || Fragments.fragmentableBytes(frame) <= 24) return duel.send(port, frame);
        List<byte[]> sent = new ArrayList<>();
        for (byte[] piece : Fragments.cut(frame, 24)) sent.addAll(duel.send(port, piece));
        return sent;
    }

    private Layer tcp(Layer ip, int source, int target) {
        var tcp = ip.tcp(source, target).sequence(random.nextInt(200)).window(random.nextInt(2_000));
        int kind = random.nextInt(8);
        if (kind < 3) tcp.syn();
        if (kind == 3) tcp.fin();
        if (kind == 4) tcp.rst();
        if (kind > 1) tcp.acknowledgement(random.nextInt(200));
        return tcp.payloadOf(random.nextInt(30));
    }

    private void note(List<byte[]> sent) {
        for (byte[] frame : sent) {
            if (frame[5] != (byte) 0xfe) continue;   // to the gateway
            lately.add(frame);
            if (lately.size() > 8) lately.removeFirst();
        }
    }

    /// An error about something that was sent before, by the gateway, or by the server, cut at any length.
    private void quote(Duel duel) {
        if (lately.isEmpty()) return;
        byte[] packet = Frame.packetIn(lately.get(random.nextInt(lately.size())));
        byte[] quoted = Arrays.copyOf(packet, Math.min(packet.length, 20 + random.nextInt(40)));
        String speaker = random.nextBoolean() ? SERVER : "203.0.113.254";
        int[] types = {3, 11, 12, 4, 5};
        duel.send("wan", fromGateway().ipv4(speaker, PUBLIC).icmp(types[random.nextInt(5)], random.nextInt(4))
            .quote(quoted).bytes());
    }
}
