package io.millrace.dataplane.icmp;

import io.millrace.dataplane.TestAddresses;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.icmp.SuppressedErrors.Reason;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.memory.LinkClass;
import io.millrace.testkit.Frame;
import io.millrace.testkit.FrameAssert;
import io.millrace.testkit.Ipv6Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

import static io.millrace.testkit.FrameAssert.assertThatPacket;
import static org.assertj.core.api.Assertions.assertThat;

class Icmpv6ErrorsTest {

    private final IcmpBench bench = new IcmpBench(IcmpBench.UNLIMITED);
    private final Icmpv6Errors errors = bench.icmp.errors6();

    @Test
    void tellsTheSourceThatTheHopLimitIsUsedUp() {
        byte[] frame = transit().hopLimit(1).trafficClass(0x23).flowLabel(0x12345).udp(1000, 2000).payloadOf(20)
            .bytes();
        assertThatError(frame, Icmpv6Type.TIME_EXCEEDED, 0).from("fd00::1").to("fd00::2").ttl(64).tos(0).flowLabel(0)
            .isNotFragment().quotes(packet(frame));
        assertThat(bench.packets.ledger.createdBy(Origin.ICMP_ERROR)).isEqualTo(1);
        assertThat(bench.lastIngress).isEqualTo(TestAddresses.INSIDE);
        assertThat(bench.lastReceiveNs).isEqualTo(1_000);
    }

    @Test
    void fillsUpTo1280Bytes() {
        byte[] frame = transit().udp(1, 2).payloadOf(1400).bytes();
        assertThatError(frame, Icmpv6Type.TIME_EXCEEDED, 0).quotes(Arrays.copyOf(packet(frame), 1280 - 48));
        frame = transit().udp(1, 2).payloadOf(1280 - 48 - 48).bytes();
        assertThatError(frame, Icmpv6Type.TIME_EXCEEDED, 0).quotes(packet(frame));
    }

    @Test
    void namesTheMtuAndTheByteInError() {
        int offender = bench.put(transit().udp(1, 2).bytes());
        errors.packetTooBig(offender, 1400, TestAddresses.INSIDE, bench.nowNs);
        assertThatPacket(last()).isIcmpv6(2, 0).withMtu(1400).hasValidChecksums();
        errors.parameterProblem(offender, 1, 42, TestAddresses.INSIDE, bench.nowNs);
        assertThatPacket(last()).isIcmpv6(4, 1).withMtu(42).hasValidChecksums();
        for (int code = 0; code <= 6; code++) {
            errors.unreachable(offender, code, TestAddresses.INSIDE, bench.nowNs);
            assertThatPacket(last()).isIcmpv6(1, code).withMtu(0).hasValidChecksums();
        }
        errors.reassemblyTimeExceeded(offender, TestAddresses.INSIDE, bench.nowNs);
        assertThatPacket(last()).isIcmpv6(3, 1).hasValidChecksums();
    }

    @Test
    void speaksFromTheAddressThatWasAskedOrFromThePortItCameBy() {
        assertThatError(ip("fd00::2", "fd00:0:0:1::1").udp(1, 2).bytes(), 3, 0).from("fd00:0:0:1::1");
        assertThatError(ip("2001:db8::9", "fd00::5:1").udp(1, 2).bytes(), 3, 0).from("fd00::1");
        assertThatError(ip("fe80::2", "fd00:0:0:5::2").udp(1, 2).bytes(), 3, 0).from("fe80::a").to("fe80::2");
    }

    @Test
    void speaksAboutLaterFragmentsOfAnyProtocol() {
        assertThatError(transit().fragment(7, 800, true).payloadOf(16).bytes(), 3, 0);
        assertThatError(transit().fragment(7, 800, true).nextHeader(58).payload(new byte[16]).bytes(), 3, 0);
        assertThatError(transit().fragment(7, 0, true).nextHeader(58).bytes(), 3, 0);   // its type is in none of it
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 100, 127, 137})
    void saysNothingAboutErrorsAndRedirects(int type) {
        assertSuppressed(transit().icmpv6(type, 0).bytes(), Reason.ABOUT_ERROR);
        assertSuppressed(transit().hopByHop().routerAlert(0).destinationOptions().icmpv6(type, 0).bytes(),
            Reason.ABOUT_ERROR);
        assertSuppressed(transit().fragment(9, 0, true).icmpv6(type, 0).bytes(), Reason.ABOUT_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 129, 130, 135, 255})
    void speaksAboutMessagesThatAreNoErrors(int type) {
        assertThatError(transit().icmpv6(type, 0).bytes(), 3, 0);
    }

    @Test
    void saysNothingAboutIcmpv6WhoseTypeIsMissing() {
        assertSuppressed(transit().nextHeader(58).bytes(), Reason.ABOUT_ERROR);
    }

    @Test
    void speaksAboutHeadersThatEndTooSoon() {
        assertThatError(transit().nextHeader(60).payload((byte) 58).bytes(), 3, 0);
        assertThatError(transit().nextHeader(44).payload((byte) 58, (byte) 0, (byte) 0).bytes(), 3, 0);
        assertThatError(transit().nextHeader(60).payload((byte) 17, (byte) 9, (byte) 0, (byte) 0).bytes(), 3, 0);
    }

    @Test
    void saysNothingWhereIcmpv6IsBeyondTheEnd() {
        assertSuppressed(transit().nextHeader(60).payload((byte) 58, (byte) 9).bytes(), Reason.ABOUT_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::", "ff02::1"})
    void saysNothingToSourcesThatAreNotOneHost(String source) {
        assertSuppressed(ip(source, "fd00::5:1").udp(1, 2).bytes(), Reason.FROM_GROUP);
    }

    @Test
    void saysToGroupsOnlyThatPacketsAreTooBigAndWhatOptionsAskFor() {
        byte[] frame = ip("fd00::2", "ff02::1").hopByHop().option(0x9e, new byte[4]).udp(1, 2).bytes();
        assertSuppressed(frame, Reason.TO_GROUP);
        int offender = bench.put(frame);
        assertThat(errors.packetTooBig(offender, 1280, TestAddresses.INSIDE, bench.nowNs)).isTrue();
        assertThatPacket(last()).from("fd00::1");
        assertThat(errors.parameterProblem(offender, 2, 42, TestAddresses.INSIDE, bench.nowNs)).isTrue();
        assertThat(errors.parameterProblem(offender, 1, 42, TestAddresses.INSIDE, bench.nowNs)).isFalse();
        assertThat(errors.parameterProblem(offender, 2, 40, TestAddresses.INSIDE, bench.nowNs)).isFalse();
        bench.packets.meta.linkClass(offender, LinkClass.MULTICAST);
        assertThat(errors.unreachable(offender, 0, TestAddresses.INSIDE, bench.nowNs)).isFalse();
        int toHost = bench.put(transit().udp(1, 2).bytes());
        bench.packets.meta.linkClass(toHost, LinkClass.BROADCAST);
        assertThat(errors.unreachable(toHost, 0, TestAddresses.INSIDE, bench.nowNs)).isFalse();
    }

    @Test
    void saysNothingWithoutAWayBack() {
        assertSuppressed(ip("fd00:9::1", "fd00::5:1").udp(1, 2).bytes(), Reason.NO_WAY_BACK);
    }

    @Test
    void keepsWithinTheLimitsButForPacketTooBig() {
        IcmpBench limited = new IcmpBench(IcmpSettings.LINUX);
        int offender = limited.put(transit().udp(1, 2).bytes());
        for (int i = 0; i < 20; i++) {
            limited.icmp.errors6().timeExceeded(offender, TestAddresses.INSIDE, limited.nowNs);
            limited.icmp.errors6().packetTooBig(offender, 1280, TestAddresses.INSIDE, limited.nowNs);
        }
        assertThat(limited.sent).hasSize(26);
        assertThat(limited.icmp.suppressed().count(Reason.LIMITED_BY_TARGET)).isEqualTo(14);
    }

    @Test
    void saysNothingWithoutMemory() {
        IcmpBench full = new IcmpBench(IcmpBench.UNLIMITED, 1);
        int offender = full.put(transit().udp(1, 2).bytes());
        assertThat(full.icmp.errors6().timeExceeded(offender, TestAddresses.INSIDE, full.nowNs)).isFalse();
        assertThat(full.icmp.suppressed().count(Reason.NO_SLOT)).isEqualTo(1);
    }

    private FrameAssert assertThatError(byte[] frame, int type, int code) {
        int offender = bench.put(frame);
        assertThat(errors.timeExceeded(offender, TestAddresses.INSIDE, bench.nowNs)).isTrue();
        assertThat(bench.packets.bytes(offender, 0)).isEqualTo(frame);
        bench.forget(offender);
        return assertThatPacket(last()).isIcmpv6(type, code).hasValidChecksums();
    }

    private void assertSuppressed(byte[] frame, Reason reason) {
        int offender = bench.put(frame);
        long before = bench.icmp.suppressed().count(reason);
        assertThat(errors.timeExceeded(offender, TestAddresses.INSIDE, bench.nowNs)).isFalse();
        assertThat(bench.icmp.suppressed().count(reason)).isEqualTo(before + 1);
        bench.forget(offender);
        assertThat(bench.packets.ledger.unaccounted()).isZero();
    }

    private byte[] last() {
        return bench.sent.getLast();
    }

    private static Ipv6Layer transit() {
        return ip("fd00::2", "fd00:0:0:5::2");
    }

    private static Ipv6Layer ip(String source, String target) {
        return Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv6(source, target);
    }

    private static byte[] packet(byte[] frame) {
        return Arrays.copyOfRange(frame, 14, frame.length);
    }
}
