package io.millrace.flow.nat;

import io.millrace.flow.nat.Gateway.Passed;
import io.millrace.flow.nat.Gateway.Rule;
import io.millrace.flow.track.PacketState;
import io.millrace.flow.track.TrackCounter;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.TcpLayer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

/// Which addresses and ports connections get, and that their packets carry them with checksums as right as before.
class NatTest {

    private static final int ETHERNET_BYTES = 14;

    private final long seed = Seeds.next();
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void keepsThePortWhereItIsFree() {
        Gateway gateway = gateway(snatTo("10.0.2.1", "10.0.2.1"));
        assertThatFrame(ask(gateway, "10.0.1.2", 4_000)).isUdp().from("10.0.2.1", 4_000).hasValidChecksums();
    }

    @Test
    void picksAPortOfTheSameClassWhereItIsTaken() {
        for (int port : new int[] {300, 700, 5_000}) {
            Gateway gateway = gateway(snatTo("10.0.2.1", "10.0.2.1"));
            ask(gateway, "10.0.1.2", port);
            for (int host = 3; host < 40; host++) {
                int chosen = sourcePort(ask(gateway, "10.0.1." + host, port));
                int low = port < 512 ? 1 : port < 1024 ? 600 : 1024;
                int high = port < 512 ? 511 : port < 1024 ? 1023 : 65_535;
                assertThat(chosen).as("seed %d", seed).isBetween(low, high).isNotEqualTo(port);
            }
        }
    }

    @Test
    void givesAClientOnePortForAllItsTargets() {
        Gateway gateway = gateway(snatTo("10.0.2.1", "10.0.2.1"));
        ask(gateway, "10.0.1.2", 5_000);
        int chosen = sourcePort(ask(gateway, "10.0.1.3", 5_000));
        byte[] other = passed(gateway, left().ipv4("10.0.1.3", "10.0.2.77").udp(5_000, 53).bytes());
        assertThat(sourcePort(other)).isEqualTo(chosen);
    }

    @Test
    void givesAnUntranslatedConnectionAnotherPortWhereItsOwnWasGivenAway() {
        Gateway[] asked = new Gateway[1];
        Gateway gateway = gateway((nat, tracked, side, ingress, egress, nowNs) -> {
            Tuple tuple = asked[0].connections().tuple(tracked.entry(), 0, new Tuple());
            boolean isOthers = tuple.sourceLow() != IpAddress.parse("10.0.2.1").low();
            if (side == NatSide.SOURCE && isOthers) nat.bind(tracked, range("10.0.2.1", "10.0.2.1"), side, nowNs);
            return true;
        });
        asked[0] = gateway;
        ask(gateway, "10.0.1.2", 4_000);
        byte[] own = passed(gateway, left().ipv4("10.0.2.1", "10.0.2.2").udp(4_000, 53).bytes());
        assertThat(sourcePort(own)).isNotEqualTo(4_000).isGreaterThanOrEqualTo(1_024);
    }

    @Test
    void refusesNewConnectionsWhenPortsAreExhausted() {
        Rule rule = (nat, tracked, side, ingress, egress, nowNs) -> {
            if (side == NatSide.SOURCE) nat.bind(tracked, range("10.0.2.1", "10.0.2.1").ports(100, 149), side, nowNs);
            return true;
        };
        Gateway gateway = gateway(rule);
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            ports.add(sourcePort(ask(gateway, "10.0.1.2", 2_000 + i)));
        }
        assertThat(ports).hasSize(50).allMatch(port -> port >= 100 && port < 150);
        assertThat(gateway.pass(Gateway.LEFT, question("10.0.1.2", 3_000)).frame()).isNull();
        assertThat(gateway.table().counters().get(TrackCounter.INSERT_FAILED)).isEqualTo(1);
        assertThat(gateway.pass(Gateway.LEFT, question("10.0.1.2", 2_000)).frame()).as("those there go on").isNotNull();
        assertThat(gateway.table().count()).isEqualTo(50);
    }

    @Test
    void takesAPortFromAConnectionInTimeWait() {
        Rule rule = (nat, tracked, side, ingress, egress, nowNs) -> {
            if (side == NatSide.SOURCE) nat.bind(tracked, range("10.0.2.1", "10.0.2.1").ports(100, 100), side, nowNs);
            return true;
        };
        Gateway gateway = gateway(rule);
        passed(gateway, tcp(2_000, TcpLayer.SYN, 10, 0));
        answered(gateway, TcpLayer.SYN | TcpLayer.ACK, 500, 11);
        passed(gateway, tcp(2_000, TcpLayer.ACK, 11, 501));
        passed(gateway, tcp(2_000, TcpLayer.FIN | TcpLayer.ACK, 11, 501));
        answered(gateway, TcpLayer.FIN | TcpLayer.ACK, 501, 12);
        passed(gateway, tcp(2_000, TcpLayer.ACK, 12, 502));
        assertThat(gateway.listing()).first().asString().contains("TIME_WAIT");
        assertThat(gateway.pass(Gateway.LEFT, tcp(2_001, TcpLayer.SYN, 5, 0)).frame()).as("begins before it").isNull();
        assertThat(sourcePort(passed(gateway, tcp(2_001, TcpLayer.SYN, 5_000, 0)))).isEqualTo(100);
    }

    @Test
    void choosesAtRandomWhereTold() {
        for (int flag : new int[] {NatRange.RANDOM, NatRange.FULLY_RANDOM}) {
            Rule rule = (nat, tracked, side, ingress, egress, nowNs) -> {
                if (side == NatSide.SOURCE) nat.bind(tracked, range("10.0.2.1", "10.0.2.1", flag), side, nowNs);
                return true;
            };
            Gateway gateway = gateway(rule);
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                ports.add(sourcePort(ask(gateway, "10.0.1.2", 5_000 + i)));
            }
            assertThat(ports).as("seed %d", seed).hasSizeGreaterThan(15).doesNotContain(5_000, 5_001, 5_002, 5_003);
        }
    }

    @Test
    void replacesThePrefixAndKeepsTheHost() {
        Rule rule = (nat, tracked, side, ingress, egress, nowNs) -> {
            if (side == NatSide.SOURCE) {
                nat.bind(tracked, range("10.7.2.0", "10.7.2.255", NatRange.PREFIX), side, nowNs);
            }
            return true;
        };
        assertThatFrame(ask(gateway(rule), "10.0.1.77", 4_000)).from("10.7.2.77", 4_000).hasValidChecksums();
    }

    @Test
    void keepsAClientsAddressWhateverItAsksIfPersistent() {
        Set<Integer> addresses = new HashSet<>();
        Set<Integer> spread = new HashSet<>();
        for (boolean isPersistent : new boolean[] {true, false}) {
            int flags = isPersistent ? NatRange.PERSISTENT : 0;
            Rule rule = (nat, tracked, side, ingress, egress, nowNs) -> {
                if (side == NatSide.SOURCE) nat.bind(tracked, range("10.0.2.10", "10.0.2.200", flags), side, nowNs);
                return true;
            };
            Gateway gateway = gateway(rule);
            for (int i = 0; i < 30; i++) {
                byte[] sent = passed(gateway, left().ipv4("10.0.1.9", "10.0.2." + i).udp(3_000 + i, 53).bytes());
                (isPersistent ? addresses : spread).add((int) sent[29]);
            }
        }
        assertThat(addresses).hasSize(1);
        assertThat(spread).hasSizeGreaterThan(5);
    }

    @Test
    void turnsAHairpinRound() {
        Rule rule = (nat, tracked, side, ingress, egress, nowNs) -> {
            String to = side == NatSide.TARGET ? "10.0.1.50" : "10.0.1.1";
            nat.bind(tracked, range(to, to), side, nowNs);
            return true;
        };
        Gateway gateway = gateway(rule);
        byte[] sent = passed(gateway, left().ipv4("10.0.1.2", "10.0.2.1").udp(4_000, 80).bytes());
        assertThatFrame(sent).from("10.0.1.1", 4_000).to("10.0.1.50", 80).hasValidChecksums();
        byte[] back = gateway.pass(Gateway.RIGHT, left().ipv4("10.0.1.50", "10.0.1.1").udp(80, 4_000).bytes()).frame();
        assertThatFrame(back).from("10.0.2.1", 80).to("10.0.1.2", 4_000).hasValidChecksums();
    }

    @Test
    void masqueradesAndRedirects() {
        Rule rule = (nat, tracked, side, ingress, egress, nowNs) -> side == NatSide.TARGET
            ? nat.redirect(tracked, new NatRange().set(0).ports(3128, 3128), ingress, nowNs)
            : nat.masquerade(tracked, new NatRange().set(0), egress, 0, 0, nowNs);
        assertThatFrame(ask(gateway(rule), "10.0.1.2", 4_000))
            .from("10.0.2.1", 4_000).to("10.0.1.1", 3128).hasValidChecksums();
        byte[] sixth = passed(gateway(rule), left().ipv6("fd00:1::2", "fd00:2::2").tcp(1, 2).syn().bytes());
        assertThatFrame(sixth).from("fd00:2::1", 1).to("fd00:1::1", 3128).hasValidChecksums();
    }

    @Test
    void leavesAMissingUdpChecksumMissing() {
        Gateway gateway = gateway(snatTo("10.0.2.1", "10.0.2.1"));
        byte[] sent = passed(gateway, left().ipv4("10.0.1.2", "10.0.2.2").udp(9, 53).checksum(0).bytes());
        assertThat(sent[40] | sent[41]).isZero();
    }

    @Test
    void answersComeBackAsTheyWouldHaveWithoutTranslation() {
        Gateway gateway = gateway(snatTo("10.0.2.9", "10.0.2.99"));
        for (int i = 0; i < 300; i++) {
            int port = 1_024 + random.nextInt(60_000);
            Layer network = left().ipv4("10.0.1." + (2 + random.nextInt(200)), "10.0.2.2");
            byte[] question = random.nextBoolean() ? network.udp(port, 53).payloadOf(random.nextInt(30)).bytes()
                : network.tcp(port, 53).syn().payloadOf(0).bytes();
            byte[] sent = passed(gateway, question);
            assertThatFrame(sent).as("seed %d", seed).hasValidChecksums();
            byte[] back = gateway.pass(Gateway.RIGHT, swapped(sent)).frame();
            assertThat(back).as("seed %d", seed).isEqualTo(swapped(question));
        }
    }

    /// With checksums not looked at, a wrong one comes through wrong by the same amount, a partial one still partial.
    @Test
    void leavesWrongChecksumsAsWrongAndPartialOnesPartial() {
        for (int i = 0; i < 200; i++) {
            Gateway gateway = gateway(snatTo("10.0.2.9", "10.0.2.99"));
            gateway.settings().set(TrackSysctl.CHECKSUM, 0);
            Layer network = left().ipv4("10.0.1.2", "10.0.2.2");
            byte[] right = network.tcp(1_500, 80).syn().bytes();
            int error = 1 + random.nextInt(0xfffe);
            int checksum = (right[50] & 0xff) << 8 | right[51] & 0xff;
            byte[] wrong = network.tcp(1_500, 80).syn().checksum(plus(checksum, error)).bytes();
            byte[] sent = passed(gateway, wrong);
            byte[] whole = passed(gateway(snatTo("10.0.2.9", "10.0.2.99")), right);
            int expected = plus((whole[50] & 0xff) << 8 | whole[51] & 0xff, error);
            assertThat(((sent[50] & 0xff) << 8 | sent[51] & 0xff) % 0xffff).as("seed %d", seed)
                .isEqualTo(expected % 0xffff);
        }
    }

    private static int plus(int one, int other) {
        int sum = one + other;
        return (sum & 0xffff) + (sum >>> 16);
    }

    @Test
    void translatesErrorsWithWhatTheyQuote() {
        Gateway gateway = gateway(snatTo("10.0.2.9", "10.0.2.9"));
        byte[] question = left().ipv4("10.0.1.2", "10.0.2.2").udp(4_000, 53).payloadOf(20).bytes();
        byte[] sent = passed(gateway, question);
        byte[] quote = Arrays.copyOfRange(sent, ETHERNET_BYTES, sent.length);
        byte[] error = left().ipv4("10.0.2.50", "10.0.2.9").icmp(3, 1).quote(quote).bytes();
        Passed passed = gateway.pass(Gateway.RIGHT, error);
        assertThat(passed.state()).isEqualTo(PacketState.RELATED_REPLY);
        assertThatFrame(passed.frame()).from("10.0.2.50").to("10.0.1.2").hasValidChecksums()
            .quotes(Arrays.copyOfRange(question, ETHERNET_BYTES, question.length));
    }

    @Test
    void updatesTheSeedOfAPartialChecksum() {
        Gateway gateway = gateway(snatTo("10.0.2.9", "10.0.2.9"));
        byte[] frame = left().ipv4("10.0.1.2", "10.0.2.2").tcp(1_500, 80).syn().partialChecksum().bytes();
        gateway.load(frame);
        gateway.meta().checksumState(0, ChecksumState.PARTIAL);
        gateway.meta().checksumStart(0, gateway.meta().dataAt(0) + 34);
        gateway.meta().checksumOffset(0, 16);
        assertThat(gateway.passQuietly(Gateway.LEFT, frame.length)).isTrue();
        byte[] expected = left().ipv4("10.0.2.9", "10.0.2.2").tcp(1_500, 80).syn().partialChecksum().bytes();
        assertThat(gateway.unload(frame.length)).isEqualTo(expected);
    }

    private Gateway gateway(Rule rule) {
        return new Gateway(new TrackSettings().set(TrackSysctl.MAX, 1_024), seed, rule);
    }

    private static Rule snatTo(String min, String max) {
        return (nat, tracked, side, ingress, egress, nowNs) -> {
            if (side == NatSide.SOURCE) nat.bind(tracked, range(min, max), side, nowNs);
            return true;
        };
    }

    private static NatRange range(String min, String max) {
        return range(min, max, 0);
    }

    private static NatRange range(String min, String max, int flags) {
        IpAddress first = IpAddress.parse(min);
        IpAddress last = IpAddress.parse(max);
        return new NatRange().set(flags).addresses(first.high(), first.low(), last.high(), last.low());
    }

    private static Layer left() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:01:01");
    }

    private static byte[] question(String source, int port) {
        return left().ipv4(source, "10.0.2.2").udp(port, 53).payloadOf(4).bytes();
    }

    private static byte[] tcp(int port, int flags, int sequence, int acknowledgement) {
        return left().ipv4("10.0.1.2", "10.0.2.2").tcp(port, 80).sequence(sequence).acknowledgement(acknowledgement)
            .flags(flags).bytes();
    }

    private static void answered(Gateway gateway, int flags, int sequence, int acknowledgement) {
        byte[] frame = left().ipv4("10.0.2.2", "10.0.2.1").tcp(80, 100).sequence(sequence)
            .acknowledgement(acknowledgement).flags(flags).bytes();
        assertThat(gateway.pass(Gateway.RIGHT, frame).state()).isEqualTo(PacketState.ESTABLISHED_REPLY);
    }

    private static byte[] ask(Gateway gateway, String source, int port) {
        return passed(gateway, question(source, port));
    }

    private static byte[] passed(Gateway gateway, byte[] frame) {
        byte[] sent = gateway.pass(Gateway.LEFT, frame).frame();
        assertThat(sent).isNotNull();
        return sent;
    }

    private static int sourcePort(byte[] frame) {
        return (frame[34] & 0xff) << 8 | frame[35] & 0xff;
    }

    /// Source and target exchanged, addresses and ports; sums do not mind. A SYN becomes SYN and ACK.
    private static byte[] swapped(byte[] frame) {
        byte[] back = frame.clone();
        System.arraycopy(frame, 26, back, 30, 4);
        System.arraycopy(frame, 30, back, 26, 4);
        System.arraycopy(frame, 34, back, 36, 2);
        System.arraycopy(frame, 36, back, 34, 2);
        return back;
    }
}
