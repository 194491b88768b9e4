package io.millrace.dataplane.icmp;

import io.millrace.dataplane.TestAddresses;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.icmp.SuppressedErrors.Reason;
import io.millrace.packet.address.IpAddress;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Hex;
import io.millrace.testkit.Ipv6Layer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;

import static io.millrace.testkit.FrameAssert.assertThatPacket;
import static org.assertj.core.api.Assertions.assertThat;

class Icmpv6RedirectsTest {

    private static final long MAC = 0x0200000000a7L;

    private final IcmpBench bench = new IcmpBench(IcmpBench.UNLIMITED);

    @Test
    void namesTheBetterGatewayItsLinkAddressAndThePacket() {
        byte[] frame = transit().udp(1, 2).payloadOf(16).bytes();
        assertThat(redirect(frame, "fe80::7", MAC)).isTrue();
        byte[] redirect = bench.sent.getLast();
        assertThatPacket(redirect).isIcmpv6(137, 0).from("fe80::a").to("fd00::2").ttl(255).tos(0).hasValidChecksums();
        assertThat(Hex.format(Arrays.copyOfRange(redirect, 44, 80))).isEqualTo(
            "00000000" + "fe800000000000000000000000000007" + "fd000000000000050000000000000002");
        assertThat(Hex.format(Arrays.copyOfRange(redirect, 80, 88))).isEqualTo("02010200000000a7");
        assertThat(Hex.format(Arrays.copyOfRange(redirect, 88, 96))).isEqualTo("0409000000000000");
        assertThat(Arrays.copyOfRange(redirect, 96, redirect.length)).isEqualTo(Arrays.copyOfRange(frame, 14, 14 + 64));
        assertThat(bench.packets.ledger.createdBy(Origin.REDIRECT)).isEqualTo(1);
    }

    @Test
    void leavesOutALinkAddressThatIsUnknown() {
        assertThat(redirect(transit().udp(1, 2).payloadOf(16).bytes(), "fe80::7", 0)).isTrue();
        assertThat(Hex.format(Arrays.copyOfRange(bench.sent.getLast(), 80, 84))).isEqualTo("04090000");
    }

    @Test
    void saysThatTheTargetItselfIsANeighbour() {
        assertThat(redirect(transit().udp(1, 2).bytes(), "fd00:0:0:5::2", MAC)).isTrue();
    }

    @Test
    void quotesWholeUnitsOfEightBytes() {
        redirect(transit().nextHeader(200).payloadOf(21).bytes(), "fe80::7", 0);
        assertThat(bench.sent.getLast()).hasSize(80 + 8 + 56);
    }

    @Test
    void fillsUpTo1280Bytes() {
        redirect(transit().udp(1, 2).payloadOf(1400).bytes(), "fe80::7", MAC);
        assertThat(bench.sent.getLast()).hasSize(1280);
        assertThatPacket(bench.sent.getLast()).hasValidChecksums();
    }

    @Test
    void namesNoGatewayWithoutALinkLocalAddress() {
        assertThat(redirect(transit().udp(1, 2).bytes(), "fd00::7", MAC)).isFalse();
        assertThat(bench.icmp.suppressed().count(Reason.GATEWAY_NOT_LINK_LOCAL)).isEqualTo(1);
    }

    @Test
    void redirectsOneHostAndAboutOneTargetOnceASecond() {
        byte[] frame = transit().udp(1, 2).bytes();
        int sentCount = 0;
        for (int i = 0; i < 20; i++) {
            if (redirect(frame, "fe80::7", MAC)) sentCount++;
        }
        assertThat(sentCount).isEqualTo(6);
        assertThat(bench.icmp.suppressed().count(Reason.LIMITED_BY_REDIRECTS)).isEqualTo(14);
        bench.nowNs += IcmpBench.SECOND_NS;
        assertThat(redirect(frame, "fe80::7", MAC)).isTrue();
        assertThat(redirect(frame, "fe80::7", MAC)).isFalse();
    }

    private boolean redirect(byte[] frame, String gateway, long mac) {
        IpAddress address = IpAddress.parse(gateway);
        int offender = bench.put(frame);
        boolean isSent = bench.icmp.errors6().redirect(offender, address.high(), address.low(), mac,
            TestAddresses.INSIDE, bench.nowNs);
        assertThat(bench.packets.bytes(offender, 0)).isEqualTo(frame);
        bench.forget(offender);
        return isSent;
    }

    private static Ipv6Layer transit() {
        return Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv6("fd00::2", "fd00:0:0:5::2");
    }
}
