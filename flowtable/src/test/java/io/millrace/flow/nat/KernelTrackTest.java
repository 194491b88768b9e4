package io.millrace.flow.nat;

import io.millrace.flow.nat.Gateway.Passed;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/// The same packets through Linux and through this tracker: the state of each, its bytes, and the connections at last.
class KernelTrackTest {

    private static final int ETHERNET_BYTES = 14;

    private static KernelGateway linux;
    private static final long SEED = Seeds.next();
    private static final SplittableRandom RANDOM = new SplittableRandom(SEED);
    private static final Gateway OURS = Gateway.plain(SEED);

    @BeforeAll
    static void setUp() {
        linux = new KernelGateway("");
    }

    @AfterAll
    static void tearDown() {
        if (linux != null) linux.close();
    }

    @Test
    void followsRandomTcpConversationsAsLinuxDoes() {
        int conversations = Seeds.isFull() ? 400 : 60;
        for (int i = 0; i < conversations; i++) {
            converse(new TcpTalk(RANDOM, 20_000 + i), 10 + RANDOM.nextInt(50));
        }
    }

    private void converse(TcpTalk talk, int packetCount) {
        StringBuilder story = new StringBuilder();
        for (int i = 0; i < packetCount; i++) {
            int ingress = talk.next();
            story.append(talk.text());
            Passed passed = same(ingress, talk.frame(), story.toString());
            String after = stateOf(OURS.listing(), talk.port());
            assertThat(after).as("seed %d: %s", SEED, story).isEqualTo(stateOf(linux.listing(), talk.port()));
            story.append(" -> ").append(passed.state()).append(' ').append(after).append('\n');
        }
    }

    /// State, timeout in tens of seconds and flags of the conversation from that port; empty if there is none.
    private static String stateOf(TreeSet<String> lines, int port) {
        return lines.stream().filter(line -> line.contains("port=" + port + " "))
            .map(KernelTrackTest::withoutTime)
            .map(line -> line.replaceAll("(src|dst|sport|dport|mark|zone)=[^ ]*( |$)", ""))
            .collect(Collectors.joining());
    }

    @Test
    void followsUdpIcmpAndOthersAsLinuxDoes() {
        for (int i = 0; i < 150; i++) {
            int ingress = RANDOM.nextInt(2);
            int from = 2 + RANDOM.nextInt(2);
            int to = 2 + RANDOM.nextInt(2);
            Layer network = Frame.ethernet("02:00:00:00:00:0" + (ingress + 1), KernelGateway.MACS[ingress])
                .ipv4("10.0." + (ingress + 1) + "." + from, "10.0." + (2 - ingress) + "." + to);
            byte[] frame = datagram(network, false).bytes();
            same(ingress, frame, "packet " + i + " " + io.millrace.testkit.Hex.dump(frame));
        }
        for (int i = 0; i < 150; i++) {
            int ingress = RANDOM.nextInt(2);
            Layer network = Frame.ethernet("02:00:00:00:00:0" + (ingress + 1), KernelGateway.MACS[ingress])
                .ipv6("fd00:" + (ingress + 1) + "::2", "fd00:" + (2 - ingress) + "::2");
            byte[] frame = datagram(network, true).bytes();
            same(ingress, frame, "packet " + i + " " + io.millrace.testkit.Hex.dump(frame));
        }
        for (String protocol : new String[] {"udp", "icmp", "icmpv6", "gre", "unknown", "udplite"}) {
            sameListing(protocol, 0);
        }
    }

    private Layer datagram(Layer network, boolean isIpv6) {
        int one = 5_000 + RANDOM.nextInt(3);
        int other = 5_000 + RANDOM.nextInt(3);
        return switch (RANDOM.nextInt(8)) {
            case 0 -> isIpv6 ? network.icmpv6EchoRequest(one, 1) : network.icmpEchoRequest(one, 1);
            case 1 -> isIpv6 ? network.icmpv6EchoReply(one, 1) : network.icmpEchoReply(one, 1);
            case 2 -> isIpv6 ? network.icmpv6(139, 0).identifier(one) : network.icmp(13, 0).identifier(one);
            case 3 -> isIpv6 ? network.icmpv6(200, 0) : network.icmp(9, 0);
            case 4 -> network.gre().payloadOf(20);
            case 5 -> network.payloadOf(20);
            case 16 -> network.udpLite(one, other).coverageBytes(13).payloadOf(5);
            default -> network.udp(one, other).payloadOf(RANDOM.nextInt(20));
        };
    }

    @Test
    void relatesErrorsToConnectionsAsLinuxDoes() {
        byte[] question = Frame.ethernet("02:00:00:00:00:01", KernelGateway.MACS[0])
            .ipv4("10.0.1.2", "10.0.2.2").udp(6_000, 53).payloadOf(30).bytes();
        same(0, question, "question");
        byte[] quote = Arrays.copyOfRange(question, ETHERNET_BYTES, question.length);
        for (int type : new int[] {3, 4, 5, 11, 12}) {
            same(1, error(1, "10.0.2.2", "10.0.1.2").icmp(type, 1).quote(quote).bytes(), "type " + type);
            same(1, error(1, "10.0.2.9", "10.0.1.2").icmp(type, 1).quote(quote).bytes(), "router, type " + type);
        }
        same(1, error(1, "10.0.2.2", "10.0.1.3").icmp(3, 1).quote(quote).bytes(), "to somebody else");
        same(1, error(1, "10.0.2.2", "10.0.1.2").icmp(3, 1).quote(Arrays.copyOf(quote, 28)).bytes(), "eight bytes");
        same(1, error(1, "10.0.2.2", "10.0.1.2").icmp(3, 1).quote(Arrays.copyOf(quote, 23)).bytes(), "too short");
        same(1, error(1, "10.0.2.2", "10.0.1.2").icmp(3, 1).checksum(1).quote(quote).bytes(), "wrong checksum");
        byte[] unknown = Frame.ipv4("10.0.1.2", "10.0.2.2").udp(6_001, 53).bytes();
        same(1, error(1, "10.0.2.2", "10.0.1.2").icmp(3, 1).quote(unknown).bytes(), "about nothing known");
        byte[] ping = Frame.ethernet("02:00:00:00:00:01", KernelGateway.MACS[0])
            .ipv4("10.0.1.2", "10.0.2.2").icmpEchoRequest(77, 1).bytes();
        same(0, ping, "ping");
        same(1, error(1, "10.0.2.2", "10.0.1.2").icmp(3, 1)
            .quote(Arrays.copyOfRange(ping, ETHERNET_BYTES, ping.length)).bytes(), "about a ping");
    }

    private static Layer error(int ingress, String source, String target) {
        return Frame.ethernet("02:00:00:00:00:0" + (ingress + 1), KernelGateway.MACS[ingress]).ipv4(source, target);
    }

    @Test
    void distrustsMalformedTransportsAsLinuxDoes() {
        Layer network = error(0, "10.0.1.2", "10.0.2.2");
        for (int flags = 0; flags < 256; flags++) {
            same(0, network.tcp(30_000 + flags, 80).flags(flags).bytes(), "TCP flags " + flags);
        }
        same(0, network.tcp(7_001, 80).syn().checksum(1).bytes(), "TCP checksum");
        same(0, network.tcp(7_002, 80).syn().headerBytes(16).bytes(), "TCP header too short");
        same(0, network.tcp(7_003, 80).syn().headerBytes(60).bytes(), "TCP header too long");
        same(0, network.udp(7_004, 80).checksum(1).payloadOf(5).bytes(), "UDP checksum");
        same(0, network.udp(7_005, 80).checksum(0).payloadOf(5).bytes(), "no UDP checksum");
        same(0, network.icmpEchoRequest(7, 1).checksum(1).bytes(), "ICMP checksum");
        same(0, network.udp(7_007, 80).payloadOf(2).bytes(), "whole");
        same(0, network.sctp(7_006, 80).payloadOf(4).bytes(), "SCTP with a strange chunk");
    }

    /// Same state, same bytes.
    private Passed same(int ingress, byte[] frame, String what) {
        Passed theirs = linux.pass(ingress, frame);
        Passed mine = OURS.pass(ingress, frame);
        assertThat(mine.state()).as("seed %d: %s", SEED, what).isEqualTo(theirs.state());
        assertThat(Arrays.copyOfRange(mine.frame(), ETHERNET_BYTES, mine.frame().length)).as(what)
            .isEqualTo(Arrays.copyOfRange(theirs.frame(), ETHERNET_BYTES, theirs.frame().length));
        return mine;
    }

    private void sameListing(String protocol, int fromPort) {
        TreeSet<String> theirs = comparable(linux.listing(), protocol, fromPort);
        TreeSet<String> mine = comparable(OURS.listing(), protocol, fromPort);
        assertThat(mine).as("seed %d", SEED).containsExactlyInAnyOrderElementsOf(theirs);
    }

    /// Lines of a protocol without what depends on the moment; timeouts over a minute in steps of ten seconds.
    private static TreeSet<String> comparable(TreeSet<String> lines, String protocol, int fromPort) {
        return lines.stream()
            .filter(line -> line.split(" +")[2].equals(protocol))
            .filter(line -> fromPort == 0 || line.matches(".*[sd]port=" + fromPort / 10_000 + "\\d{4} .*"))
            .map(KernelTrackTest::withoutTime)
            .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String withoutTime(String line) {
        String[] words = line.split(" +");
        long seconds = Long.parseLong(words[4]);
        words[4] = "" + (seconds + 9) / 10;
        return String.join(" ", words).replaceAll(" use=\\d+", "");
    }
}
