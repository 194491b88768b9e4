package io.millrace.dataplane.icmp;

import io.millrace.dataplane.TestAddresses;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.icmp.SuppressedErrors.Reason;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.memory.LinkClass;
import io.millrace.testkit.Frame;
import io.millrace.testkit.FrameAssert;
import io.millrace.testkit.Hex;
import io.millrace.testkit.Ipv4Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

import static io.millrace.testkit.FrameAssert.assertThatPacket;
import static org.assertj.core.api.Assertions.assertThat;

class Icmpv4ErrorsTest {

    private final IcmpBench bench = new IcmpBench(IcmpBench.UNLIMITED);
    private final Icmpv4Errors errors = bench.icmp.errors4();

    @Test
    void tellsTheSourceThatTheTtlIsUsedUp() {
        byte[] frame = transit().ttl(1).udp(1000, 2000).payloadOf(20).bytes();
        assertThatError(frame, IcmpType.TIME_EXCEEDED, 0).from("10.0.0.1").to("10.0.0.2").ttl(64).mayBeFragmented()
            .isNotFragment().quotes(packet(frame));
        assertThat(bench.packets.ledger.createdBy(Origin.ICMP_ERROR)).isEqualTo(1);
        assertThat(bench.lastIngress).isEqualTo(TestAddresses.INSIDE);
        assertThat(bench.lastReceiveNs).isEqualTo(1_000);
    }

    /// As a Linux router was seen to: four bits of the TOS stay, precedence becomes internetwork control.
    @ParameterizedTest
    @CsvSource({"0, 0xc0", "1, 0xc0", "2, 0xc2", "3, 0xc2", "0x1c, 0xdc", "0x20, 0xc0", "0xff, 0xde"})
    void keepsFourBitsOfTheTos(String tos, String expected) {
        byte[] frame = transit().tos(Integer.decode(tos)).udp(1, 2).bytes();
        assertThatError(frame, IcmpType.TIME_EXCEEDED, 0).tos(Integer.decode(expected));
    }

    @Test
    void fillsUpTo576Bytes() {
        byte[] frame = transit().udp(1, 2).payloadOf(1400).bytes();
        assertThatError(frame, IcmpType.TIME_EXCEEDED, 0).quotes(Arrays.copyOf(packet(frame), 576 - 28));
        frame = transit().udp(1, 2).payloadOf(576 - 28 - 28).bytes();
        assertThatError(frame, IcmpType.TIME_EXCEEDED, 0).quotes(packet(frame));
    }

    @Test
    void quotesAcrossSlots() {
        byte[] frame = transit().udp(1, 2).payloadOf(1000).bytes();
        int offender = bench.packets.put(frame, 60);
        assertThat(errors.timeExceeded(offender, TestAddresses.INSIDE, bench.nowNs)).isTrue();
        assertThatPacket(bench.sent.getLast()).isIcmp(11, 0).hasValidChecksums()
            .quotes(Arrays.copyOf(packet(frame), 548));
    }

    @Test
    void fitsThePathBackWhereThatIsNarrow() {
        bench.own.outsideMtuBytes = 300;
        byte[] frame = Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv4("192.0.2.1", "10.0.0.2")
            .udp(1, 2).payloadOf(1000).bytes();
        assertThatError(frame, IcmpType.TIME_EXCEEDED, 0).from("10.0.1.1").to("192.0.2.1").withPayloadBytes(300 - 28);
    }

    @Test
    void namesTheMtuAndTheGatewayAndTheByteInError() {
        int offender = bench.put(transit().dontFragment().udp(1, 2).bytes());
        errors.fragmentationNeeded(offender, 1280, TestAddresses.INSIDE, bench.nowNs);
        assertThatPacket(last()).isIcmp(3, 4).withMtu(1280).hasValidChecksums();
        errors.parameterProblem(offender, 23, TestAddresses.INSIDE, bench.nowNs);
        assertThatPacket(last()).isIcmp(12, 0).hasValidChecksums();
        assertThat(Arrays.copyOfRange(last(), 24, 28)).containsExactly(23, 0, 0, 0);
        errors.unreachable(offender, IcmpType.SOURCE_ROUTE_FAILED, TestAddresses.INSIDE, bench.nowNs);
        assertThatPacket(last()).isIcmp(3, 5);
        errors.routeError(offender, IcmpType.ADMINISTRATIVELY_PROHIBITED, TestAddresses.INSIDE, bench.nowNs);
        assertThatPacket(last()).isIcmp(3, 13);
        errors.reassemblyTimeExceeded(offender, TestAddresses.INSIDE, bench.nowNs);
        assertThatPacket(last()).isIcmp(11, 1);
        errors.redirect(offender, 0x0a000007, TestAddresses.INSIDE, bench.nowNs);
        assertThatPacket(last()).isIcmp(5, 1).hasValidChecksums();
        assertThat(Arrays.copyOfRange(last(), 24, 28)).containsExactly(10, 0, 0, 7);
        assertThat(bench.packets.ledger.createdBy(Origin.REDIRECT)).isEqualTo(1);
    }

    @Test
    void speaksFromTheAddressThatWasAsked() {
        byte[] frame = ip("10.0.0.2", "10.0.1.1").udp(1, 2).bytes();
        assertThatError(frame, IcmpType.TIME_EXCEEDED, 0).from("10.0.1.1");
    }

    @Test
    void echoesRecordRouteAndQuotesTheOptionsAsTheyCame() {
        byte[] options = Hex.parse("01 070f04 000000000000000000000000");
        byte[] frame = transit().options(options).udp(1, 2).payloadOf(20).bytes();
        assertThatError(frame, IcmpType.TIME_EXCEEDED, 0).quotes(packet(frame));
        assertThat(Hex.format(Arrays.copyOfRange(last(), 20, 36))).isEqualTo("070f0c0a0000010a0000010000000000");
    }

    @Test
    void sendsByWayOfAReversedSourceRoute() {
        byte[] frame = transit().options(Hex.parse("830b0c0a0005050a00060600")).protocol(200).payloadOf(20).bytes();
        assertThatError(frame, IcmpType.TIME_EXCEEDED, 0).from("10.0.1.1").to("10.0.6.6");
        assertThat(Hex.format(Arrays.copyOfRange(last(), 20, 32))).isEqualTo("830b040a0005050a00000200");
    }

    /// Its target is then only a stop, and the packet in transit.
    @Test
    void speaksFromTheWayBackWhereASourceRouteGoesOn() {
        byte[] onItsWay = ip("10.0.0.2", "10.0.1.1").options(Hex.parse("8307040a00020200")).protocol(200).bytes();
        assertThatError(onItsWay, IcmpType.TIME_EXCEEDED, 0).from("10.0.0.1");
        byte[] usedUp = ip("10.0.0.2", "10.0.1.1").options(Hex.parse("8307040a00000100")).protocol(200).bytes();
        assertThatError(usedUp, IcmpType.TIME_EXCEEDED, 0).from("10.0.1.1");
    }

    @Test
    void saysNothingWhereOptionsCannotBeTurnedRound() {
        byte[] frame = transit().options(Hex.parse("070904000000000000000000")).udp(1, 2).bytes();
        assertSuppressed(frame, LinkClass.HOST, Reason.OPTIONS_UNUSABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 19, 42, 255})
    void saysNothingAboutErrorsAndUnknownTypes(int type) {
        assertSuppressed(transit().icmp(type, 0).bytes(), LinkClass.HOST, Reason.ABOUT_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 13, 14, 15, 16, 17, 18})
    void speaksAboutQueries(int type) {
        assertThatError(transit().icmp(type, 0).bytes(), IcmpType.TIME_EXCEEDED, 0);
    }

    @Test
    void saysNothingAboutIcmpWhoseTypeIsMissing() {
        assertSuppressed(transit().protocol(1).bytes(), LinkClass.HOST, Reason.ABOUT_ERROR);
        assertSuppressed(transit().options(new int[40]).protocol(1).bytes(), LinkClass.HOST, Reason.ABOUT_ERROR);
    }

    @Test
    void saysNothingAboutLaterFragmentsOnly() {
        byte[] later = transit().fragmentOffsetBytes(8).protocol(17).payloadOf(8).bytes();
        assertSuppressed(later, LinkClass.HOST, Reason.ABOUT_LATER_FRAGMENT);
        assertThatError(transit().moreFragments().udp(1, 2).payloadOf(8).bytes(), IcmpType.TIME_EXCEEDED, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"224.0.0.1", "239.255.255.255", "255.255.255.255", "0.0.0.0"})
    void saysNothingAboutPacketsToGroups(String target) {
        assertSuppressed(ip("10.0.0.2", target).udp(1, 2).bytes(), LinkClass.HOST, Reason.TO_GROUP);
    }

    @ParameterizedTest
    @ValueSource(ints = {LinkClass.BROADCAST, LinkClass.MULTICAST, LinkClass.OTHER_HOST})
    void saysNothingAboutFramesToOthersThanThisHost(int linkClass) {
        assertSuppressed(transit().udp(1, 2).bytes(), linkClass, Reason.TO_GROUP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.5", "240.0.0.1", "255.255.255.255"})
    void saysNothingToSourcesThatAreNotOneHost(String source) {
        assertSuppressed(ip(source, "10.0.2.2").udp(1, 2).bytes(), LinkClass.HOST, Reason.FROM_GROUP);
    }

    @Test
    void saysNothingWithoutAWayBack() {
        assertSuppressed(ip("10.9.0.1", "10.0.2.2").udp(1, 2).bytes(), LinkClass.HOST, Reason.NO_WAY_BACK);
    }

    @Test
    void saysNothingWithoutMemory() {
        IcmpBench full = new IcmpBench(IcmpBench.UNLIMITED, 1);
        int offender = full.put(transit().udp(1, 2).bytes());
        assertThat(full.icmp.errors4().timeExceeded(offender, TestAddresses.INSIDE, full.nowNs)).isFalse();
        assertThat(full.icmp.suppressed().count(Reason.NO_SLOT)).isEqualTo(1);
        assertThat(full.packets.ledger.created()).isZero();
    }

    @Test
    void keepsWithinTheLimits() {
        IcmpBench limited = new IcmpBench(IcmpSettings.LINUX);
        int offender = limited.put(transit().udp(1, 2).bytes());
        for (int i = 0; i < 10; i++) {
            limited.icmp.errors4().timeExceeded(offender, TestAddresses.INSIDE, limited.nowNs);
        }
        assertThat(limited.sent).hasSize(6);
        assertThat(limited.icmp.suppressed().count(Reason.LIMITED_BY_TARGET)).isEqualTo(4);
        int free = limited.put(transit().dontFragment().udp(1, 2).bytes());
        for (int i = 0; i < 200; i++) {
            limited.icmp.errors4().fragmentationNeeded(free, 1280, TestAddresses.INSIDE, limited.nowNs);
        }
        assertThat(limited.sent).as("path MTU discovery is never limited").hasSize(206);
    }

    @Test
    void keepsWithinTheLimitOverAllTargets() {
        IcmpBench limited = new IcmpBench(IcmpSettings.LINUX);
        for (int i = 0; i < 200; i++) {
            int offender = limited.put(ip("10.0.0." + (i + 2), "10.0.2.2").udp(1, 2).bytes());
            limited.icmp.errors4().timeExceeded(offender, TestAddresses.INSIDE, limited.nowNs);
            limited.forget(offender);
        }
        assertThat(limited.sent).hasSizeBetween(35, 75);
        assertThat(limited.icmp.suppressed().count(Reason.LIMITED_OVERALL)).isEqualTo(200 - limited.sent.size());
    }

    @Test
    void limitsRouteErrorsAndRedirectsOnTopOfThat() {
        int offender = bench.put(transit().udp(1, 2).bytes());
        for (int i = 0; i < 20; i++) {
            errors.routeError(offender, IcmpType.NET_UNREACHABLE, TestAddresses.INSIDE, bench.nowNs);
        }
        assertThat(bench.sent).hasSize(5);
        assertThat(bench.icmp.suppressed().count(Reason.LIMITED_BY_ROUTE_ERRORS)).isEqualTo(15);
        errors.redirect(offender, 0x0a000007, TestAddresses.INSIDE, bench.nowNs);
        errors.redirect(offender, 0x0a000007, TestAddresses.INSIDE, bench.nowNs);
        assertThat(bench.sent).hasSize(6);
        assertThat(bench.icmp.suppressed().count(Reason.LIMITED_BY_REDIRECTS)).isEqualTo(1);
    }

    @Test
    void leavesTheOffenderAsItWas() {
        byte[] frame = transit().options(Hex.parse("01070f04000000000000000000000000")).udp(1, 2).payloadOf(30).bytes();
        int offender = bench.put(frame);
        errors.timeExceeded(offender, TestAddresses.INSIDE, bench.nowNs);
        assertThat(bench.packets.bytes(offender, 0)).isEqualTo(frame);
        bench.forget(offender);
        assertThat(bench.packets.ledger.unaccounted()).isZero();
        assertThat(bench.packets.freeSlots()).isEqualTo(512);
    }

    @Test
    void takesNewSettings() {
        bench.icmp.apply(new IcmpSettings(0, 0, 1000, 50, false, true, 200, 0, IcmpBench.UNLIMITED.ratemaskV6(),
            false, false, 64));
        assertThatError(transit().udp(1, 2).bytes(), IcmpType.TIME_EXCEEDED, 0).ttl(200);
    }

    private FrameAssert assertThatError(byte[] frame, int type, int code) {
        int offender = bench.put(frame);
        assertThat(errors.timeExceeded(offender, TestAddresses.INSIDE, bench.nowNs)).isTrue();
        bench.forget(offender);
        return assertThatPacket(last()).isIcmp(type, code).hasValidChecksums();
    }

    private void assertSuppressed(byte[] frame, int linkClass, Reason reason) {
        int offender = bench.put(frame);
        bench.packets.meta.linkClass(offender, linkClass);
        long before = bench.icmp.suppressed().count(reason);
        assertThat(errors.timeExceeded(offender, TestAddresses.INSIDE, bench.nowNs)).isFalse();
        assertThat(bench.sent).isEmpty();
        assertThat(bench.icmp.suppressed().count(reason)).isEqualTo(before + 1);
        bench.forget(offender);
        assertThat(bench.packets.ledger.unaccounted()).isZero();
    }

    private byte[] last() {
        return bench.sent.getLast();
    }

    private static Ipv4Layer transit() {
        return ip("10.0.0.2", "10.0.2.2");
    }

    private static Ipv4Layer ip(String source, String target) {
        return Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv4(source, target);
    }

    private static byte[] packet(byte[] frame) {
        return Arrays.copyOfRange(frame, 14, frame.length);
    }
}
