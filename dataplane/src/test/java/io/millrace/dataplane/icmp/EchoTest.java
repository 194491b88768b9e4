package io.millrace.dataplane.icmp;

import io.millrace.dataplane.TestAddresses;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.icmp.SuppressedErrors.Reason;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Hex;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Ipv6Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;

import static io.millrace.testkit.FrameAssert.assertThatPacket;
import static org.assertj.core.api.Assertions.assertThat;

class EchoTest {

    private final IcmpBench bench = new IcmpBench(IcmpSettings.LINUX);

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 255})
    void answersAnyCode(int code) {
        byte[] reply = only(ip("10.0.0.1").tos(0x23).ttl(7).icmp(8, code).identifier(77).sequence(3).payloadOf(33)
            .bytes());
        assertThatPacket(reply).isIcmp(0, code).from("10.0.0.1").to("10.0.0.2").tos(0x23).ttl(64).mayBeFragmented()
            .withEcho(77, 3).hasValidChecksums().withPayload(counting(33));
        reply = only(ip6("fd00::1").icmpv6(128, code).identifier(77).sequence(3).payloadOf(33).bytes());
        assertThatPacket(reply).isIcmpv6(129, code).withEcho(77, 3).hasValidChecksums().withPayload(counting(33));
        assertThat(bench.packets.ledger.count(Verdict.ECHO_ANSWERED)).isEqualTo(2);
        assertThat(bench.packets.ledger.createdBy(Origin.ECHO_REPLY)).isEqualTo(2);
        assertThat(bench.packets.ledger.unaccounted()).isZero();
        assertThat(bench.packets.freeSlots()).isEqualTo(512);
    }

    @Test
    void answersForTheAddressOfAnotherPort() {
        assertThatPacket(only(ip("10.0.1.1").icmpEchoRequest(1, 1).bytes())).from("10.0.1.1").to("10.0.0.2");
        assertThatPacket(only(ip6("fd00:0:0:1::1").icmpv6EchoRequest(1, 1).bytes())).from("fd00:0:0:1::1")
            .to("fd00::2");
    }

    @Test
    void keepsTrafficClassAndDropsTheFlowLabel() {
        byte[] reply = only(ip6("fd00::1").trafficClass(0x23).flowLabel(0x12345).hopLimit(9).icmpv6EchoRequest(1, 2)
            .bytes());
        assertThatPacket(reply).from("fd00::1").to("fd00::2").tos(0x23).flowLabel(0).ttl(64).hasValidChecksums();
    }

    @Test
    void answersLongRequestsInTheirOwnSlots() {
        byte[] frame = ip("10.0.0.1").icmpEchoRequest(9, 9).payloadOf(65_535 - 28).bytes();
        for (int slotBytesMax : new int[] {1792, 99, 42}) {
            IcmpBench large = new IcmpBench(IcmpSettings.LINUX, 2048);
            List<byte[]> replies = large.deliver(large.packets.put(frame, slotBytesMax), false);
            assertThatPacket(replies.getFirst()).isIcmp(0, 0).withEcho(9, 9).hasValidChecksums()
                .withPayload(counting(65_535 - 28));
        }
        byte[] frame6 = ip6("fd00::1").icmpv6EchoRequest(9, 9).payloadOf(65_535 - 8).bytes();
        IcmpBench large = new IcmpBench(IcmpSettings.LINUX, 2048);
        assertThatPacket(large.deliver(large.packets.put(frame6, 1000), false).getFirst()).isIcmpv6(129, 0)
            .hasValidChecksums().withPayload(counting(65_535 - 8));
    }

    /// All bytes zero sum to zero, and only 0xFFFF says so: an incremental update alone would store 0.
    @Test
    void getsTheChecksumOfZerosRight() {
        byte[] reply = only(ip("10.0.0.1").icmpEchoRequest(0, 0).payload(new byte[40]).bytes());
        assertThatPacket(reply).isIcmp(0, 0).hasValidChecksums();
        assertThat(Arrays.copyOfRange(reply, 22, 24)).containsExactly(0xff, 0xff);
    }

    @Test
    void goesOnWithRecordedOptionsAndLeavesTheRestOut() {
        byte[] reply = only(ip("10.0.0.1").options(Hex.parse("01 94040000 070f08 01020304 0000000000000000"))
            .icmpEchoRequest(1, 2).payloadOf(5).bytes());
        assertThatPacket(reply).isIcmp(0, 0).withEcho(1, 2).hasValidChecksums().withPayload(counting(5));
        assertThat(Hex.format(Arrays.copyOfRange(reply, 20, 36))).isEqualTo("070f10010203040a0000010a00000100");
    }

    @Test
    void leavesOutExtensionHeaders() {
        byte[] reply = only(ip6("fd00::1").hopByHop().routerAlert(1).destinationOptions().icmpv6EchoRequest(1, 2)
            .payloadOf(5).bytes());
        assertThat(reply).hasSize(40 + 8 + 5);
        assertThatPacket(reply).isIcmpv6(129, 0).hasValidChecksums();
        assertThatPacket(only(ip6("fd00::1").fragment(5, 0, false).icmpv6EchoRequest(1, 2).bytes())).isIcmpv6(129, 0);
    }

    @Test
    void answersAllNodesFromItsOwnAddress() {
        assertThatPacket(only(ip6("ff02::1").icmpv6EchoRequest(1, 2).payloadOf(5).bytes())).from("fd00::1")
            .to("fd00::2").hasValidChecksums();
        byte[] fromLinkLocal = Frame.ethernet(IcmpBench.INSIDE_HOST, "33:33:00:00:00:02").ipv6("fe80::2", "ff02::2")
            .icmpv6EchoRequest(1, 2).bytes();
        assertThatPacket(only(fromLinkLocal)).from("fe80::a").to("fe80::2").hasValidChecksums();
        assertThat(bench.lastIngress).isEqualTo(TestAddresses.INSIDE);
    }

    @Test
    void ignoresBroadcastsUnlessToldOtherwise() {
        byte[] frame = ip("10.0.0.255").icmpEchoRequest(1, 2).bytes();
        assertThat(bench.deliver(bench.put(frame), true)).isEmpty();
        assertThat(bench.deliver(ip("224.0.0.1").icmpEchoRequest(1, 2).bytes())).isEmpty();
        assertThat(bench.packets.ledger.count(Verdict.ECHO_IGNORED)).isEqualTo(2);
        bench.icmp.apply(echo(false, false, false));
        assertThatPacket(bench.deliver(bench.put(frame), true).getFirst()).from("10.0.0.1").to("10.0.0.2")
            .hasValidChecksums();
    }

    @Test
    void ignoresEchoWhereToldTo() {
        bench.icmp.apply(echo(true, true, true));
        assertThat(bench.deliver(ip("10.0.0.1").icmpEchoRequest(1, 2).bytes())).isEmpty();
        assertThat(bench.deliver(ip6("fd00::1").icmpv6EchoRequest(1, 2).bytes())).isEmpty();
        assertThat(bench.packets.ledger.count(Verdict.ECHO_IGNORED)).isEqualTo(2);
    }

    @Test
    void answersTimestampRequests() {
        bench.nowNs = 86_400_000_000_000L + 0x01234567L * 1_000_000;
        byte[] reply = only(ip("10.0.0.1").tos(0x23).icmp(13, 7).identifier(5).sequence(6)
            .payload(Hex.parse("11223344 00000000 00000000 99")).bytes());
        assertThatPacket(reply).isIcmp(14, 0).from("10.0.0.1").to("10.0.0.2").withEcho(5, 6).hasValidChecksums()
            .withPayload(Hex.parse("11223344 01234567 01234567"));
        assertThat(bench.packets.ledger.createdBy(Origin.TIMESTAMP_REPLY)).isEqualTo(1);
        assertThat(bench.deliver(ip("10.0.0.1").icmp(13, 0).payloadOf(11).bytes())).isEmpty();
        assertThat(bench.packets.ledger.count(Verdict.ICMP_MALFORMED)).isEqualTo(1);
    }

    @Test
    void limitsRepliesWhereTheMaskSaysSo() {
        IcmpBench limited = new IcmpBench(IcmpBench.limits(1, 1000));
        int replyCount = 0;
        for (int i = 0; i < 10; i++) {
            replyCount += limited.deliver(ip("10.0.0.1").icmpEchoRequest(1, i).bytes()).size();
        }
        assertThat(replyCount).isEqualTo(6);
        assertThat(limited.packets.ledger.count(Verdict.ECHO_IGNORED)).isEqualTo(4);
        assertThat(limited.icmp.suppressed().count(Reason.LIMITED_BY_TARGET)).isEqualTo(4);
        assertThat(limited.packets.ledger.unaccounted()).isZero();
    }

    @Test
    void ignoresRequestsWhoseOptionsCannotBeTurnedRound() {
        byte[] frame = ip("10.0.0.1").options(Hex.parse("070904000000000000000000")).icmpEchoRequest(1, 2).bytes();
        assertThat(bench.deliver(frame)).isEmpty();
        assertThat(bench.icmp.suppressed().count(Reason.OPTIONS_UNUSABLE)).isEqualTo(1);
    }

    private byte[] only(byte[] frame) {
        List<byte[]> sent = bench.deliver(frame);
        assertThat(sent).hasSize(1);
        return sent.getFirst();
    }

    private static IcmpSettings echo(boolean ignoresAll, boolean ignoresBroadcast, boolean ignoresAllV6) {
        return new IcmpSettings(1000, 0x1818, 1000, 50, ignoresAll, ignoresBroadcast, 64, 100,
            IcmpSettings.LINUX.ratemaskV6(), ignoresAllV6, false, 64);
    }

    private static byte[] counting(int byteCount) {
        byte[] frame = Frame.raw().payloadOf(byteCount).bytes();
        return Arrays.copyOfRange(frame, frame.length - byteCount, frame.length);
    }

    private static Ipv4Layer ip(String target) {
        return Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv4("10.0.0.2", target);
    }

    private static Ipv6Layer ip6(String target) {
        return Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv6("fd00::2", target);
    }
}
