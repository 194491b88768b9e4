package io.millrace.flow.nat;

import io.millrace.flow.nat.Gateway.Passed;
import io.millrace.flow.track.Tracked;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

/// The same connections through Linux's NAT and ours: questions, answers and errors, byte by byte. Ports are unique, so
/// none is chosen at random.
class KernelNatTest {

    private static final int ETHERNET_BYTES = 14;
    private static final String RULESET = """
        table ip nat {
          chain pre {
            type nat hook prerouting priority dstnat;
            iifname "left" tcp dport 8080 dnat to 10.0.2.3:80
            iifname "left" udp dport 53 dnat to 10.0.2.4-10.0.2.7
          }
          chain post {
            type nat hook postrouting priority srcnat;
            oifname "right" ip saddr 10.0.1.2 masquerade
            oifname "right" ip saddr 10.0.1.3 snat to 10.0.2.20-10.0.2.90
            oifname "right" ip saddr 10.0.1.4 snat to 10.0.2.20-10.0.2.90 persistent
            oifname "right" ip saddr 10.0.1.5 udp dport 1-60000 snat to 10.0.2.99:40000-40000
          }
        }
        table ip6 nat {
          chain post {
            type nat hook postrouting priority srcnat;
            oifname "right" ip6 saddr fd00:1::2 masquerade
            oifname "right" ip6 saddr fd00:1::3 snat to fd00:2::20-fd00:2::1:90
          }
        }
        """;

    private static final long SEED = Seeds.next();
    private static final SplittableRandom RANDOM = new SplittableRandom(SEED);
    private static final Gateway OURS = new Gateway(new TrackSettings(), SEED, KernelNatTest::rules);
    private static KernelGateway linux;

    @BeforeAll
    static void setUp() {
        linux = new KernelGateway(RULESET);
    }

    @AfterAll
    static void tearDown() {
        if (linux != null) linux.close();
    }

    private static boolean rules(Nat nat, Tracked tracked, NatSide side, int ingress, int egress, long nowNs) {
        var tuple = OURS.connections().tuple(tracked.entry(), 0, new Tuple());
        NatRange range = new NatRange().set(0);
        boolean isTcp = tuple.protocol() == 6;
        boolean isUdp = tuple.protocol() == 17;
        if (ingress != Gateway.LEFT) return true;
        if (side == NatSide.TARGET) {
            if (tuple.family() == 6) return true;
            if (isTcp && tuple.targetPort() == 8080) {
                nat.bind(tracked, between(range, "10.0.2.3", "10.0.2.3").ports(80, 80), side, nowNs);
            } else if (isUdp && tuple.targetPort() == 53) {
                nat.bind(tracked, between(range, "10.0.2.4", "10.0.2.7"), side, nowNs);
            }
            return true;
        }
        String source = tuple.family() == 4 ? Addresses.ipv4((int) tuple.sourceLow())
            : Addresses.ipv6(tuple.sourceHigh(), tuple.sourceLow());
        switch (source) {
            case "10.0.1.2", "fd00:1::2" -> {
                return nat.masquerade(tracked, range, egress, tuple.targetHigh(), tuple.targetLow(), nowNs);
            }
            case "10.0.1.3" -> nat.bind(tracked, between(range, "10.0.2.20", "10.0.2.90"), side, nowNs);
            case "10.0.1.4" -> nat.bind(tracked,
                between(range.set(NatRange.PERSISTENT), "10.0.2.20", "10.0.2.90"), side, nowNs);
            case "10.0.1.5" -> {
                boolean isMeant = isUdp && tuple.targetPort() <= 60_000;
                between(range, "10.0.2.99", "10.0.2.99").ports(40_000, 40_000);
                if (isMeant) nat.bind(tracked, range, side, nowNs);
            }
            case "fd00:1::3" -> nat.bind(tracked, between(range, "fd00:2::20", "fd00:2::1:90"), side, nowNs);
            default -> { }
        }
        return true;
    }

    private static NatRange between(NatRange range, String min, String max) {
        IpAddress first = IpAddress.parse(min);
        IpAddress last = IpAddress.parse(max);
        return range.addresses(first.high(), first.low(), last.high(), last.low());
    }

    @Test
    void translatesIpv4AsLinuxDoes() {
        for (int i = 0; i < 120; i++) {
            String source = "10.0.1." + (2 + RANDOM.nextInt(5));
            String target = "10.0.2." + (2 + RANDOM.nextInt(3));
            Layer network = left().ipv4(source, target);
            int port = 10_000 + i;
            talk(question(network, port, false), "from " + source + ":" + port);
        }
    }

    @Test
    void translatesIpv6AsLinuxDoes() {
        for (int i = 0; i < 80; i++) {
            String source = "fd00:1::" + (2 + RANDOM.nextInt(3));
            talk(question(left().ipv6(source, "fd00:2::" + (2 + RANDOM.nextInt(3))), 20_000 + i, true), source);
        }
    }

    private static Layer left() {
        return Frame.ethernet("02:00:00:00:00:01", KernelGateway.MACS[0]);
    }

    private static byte[] question(Layer network, int port, boolean isIpv6) {
        return switch (RANDOM.nextInt(6)) {
            case 0 -> network.tcp(port, 8080).syn().mss(1460).bytes();
            case 1 -> network.tcp(port, 443).syn().payloadOf(0).bytes();
            case 2 -> network.udp(port, 53).payloadOf(RANDOM.nextInt(40)).bytes();
            case 3 -> isIpv6 ? network.udp(port, 60_001).payloadOf(7).bytes()
                : network.udp(port, 60_001).checksum(0).payloadOf(7).bytes();
            case 4 -> isIpv6 ? network.icmpv6EchoRequest(port, 1).payloadOf(9).bytes()
                : network.icmpEchoRequest(port, 1).payloadOf(9).bytes();
            default -> network.udp(port, 4_500).payloadOf(3).bytes();
        };
    }

    /// A question, an error about it from the far side, the answer, another question.
    private static void talk(byte[] question, String what) {
        byte[] sent = same(Gateway.LEFT, question, what);
        if (sent == null) return;   // one port for all: both have given it away
        byte[] quote = Arrays.copyOfRange(sent, ETHERNET_BYTES, sent.length);
        boolean isIpv6 = (quote[0] & 0xf0) == 0x60;
        same(Gateway.RIGHT, error(sent, isIpv6, quote), what + ": error");
        same(Gateway.RIGHT, error(sent, isIpv6, Arrays.copyOf(quote, isIpv6 ? 48 : 28)), what + ": short error");
        byte[] answer = turned(sent, isIpv6);
        if (answer != null) same(Gateway.RIGHT, answer, what + ": answer");
        same(Gateway.LEFT, question, what + ": again");
    }

    private static byte[] error(byte[] sent, boolean isIpv6, byte[] quote) {
        Layer right = Frame.ethernet("02:00:00:00:00:02", KernelGateway.MACS[1]);
        return isIpv6
            ? right.ipv6(address(sent, 38, 16), address(sent, 22, 16)).icmpv6(1, 4).quote(quote).bytes()
            : right.ipv4(address(sent, 30, 4), address(sent, 26, 4)).icmp(3, 3).quote(quote).bytes();
    }

    private static String address(byte[] frame, int at, int byteCount) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(frame, at, at + byteCount)).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What the far side answers; null for a TCP connection, whose answer would need numbers.
    private static byte[] turned(byte[] sent, boolean isIpv6) {
        int protocol = isIpv6 ? sent[20] : sent[23];
        int at = ETHERNET_BYTES + (isIpv6 ? 40 : 20);
        int first = (sent[at] & 0xff) << 8 | sent[at + 1] & 0xff;
        int second = (sent[at + 2] & 0xff) << 8 | sent[at + 3] & 0xff;
        Layer right = Frame.ethernet("02:00:00:00:00:02", KernelGateway.MACS[1]);
        Layer network = isIpv6 ? right.ipv6(address(sent, 38, 16), address(sent, 22, 16))
            : right.ipv4(address(sent, 30, 4), address(sent, 26, 4));
        int identifier = (sent[at + 4] & 0xff) << 8 | sent[at + 5] & 0xff;
        return switch (protocol) {
            case 17 -> network.udp(second, first).payloadOf(12).bytes();
            case 1 -> network.icmpEchoReply(identifier, 1).payloadOf(9).bytes();
            case 58 -> network.icmpv6EchoReply(identifier, 1).payloadOf(9).bytes();
            case 6 -> network.tcp(second, first).syn().acknowledgement(1).bytes();
            default -> null;
        };
    }

    private static byte[] same(int ingress, byte[] frame, String what) {
        Passed theirs = linux.pass(ingress, frame);
        Passed mine = OURS.pass(ingress, frame);
        assertThat(mine.frame() == null).as("seed %d: %s dropped", SEED, what).isEqualTo(theirs.frame() == null);
        if (mine.frame() == null) return null;
        assertThat(mine.state()).as("seed %d: %s", SEED, what).isEqualTo(theirs.state());
        byte[] mineBytes = Arrays.copyOfRange(mine.frame(), ETHERNET_BYTES, mine.frame().length);
        assertThat(mineBytes).as("seed %d: %s", SEED, what)
            .isEqualTo(Arrays.copyOfRange(theirs.frame(), ETHERNET_BYTES, theirs.frame().length));
        return mine.frame();
    }
}
