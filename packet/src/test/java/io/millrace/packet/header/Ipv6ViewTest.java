package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class Ipv6ViewTest {

    /// 2001:db8::1 to 2001:db8::2, EF, flow label 0x12345, eight bytes of payload.
    private static final String HEADER = "6b812345 0008 11 40"
        + "20010db8000000000000000000000001 20010db8000000000000000000000002";
    private static final String PAYLOAD = "0102030405060708";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER + PAYLOAD);
    private final Ipv6View view = new Ipv6View(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.firstWord()).isEqualTo(0x6b812345);
        assertThat(view.version()).isEqualTo(6);
        assertThat(view.trafficClass()).isEqualTo(0xb8);
        assertThat(view.flowLabel()).isEqualTo(0x12345);
        assertThat(view.payloadBytes()).isEqualTo(8);
        assertThat(view.totalBytes()).isEqualTo(48);
        assertThat(view.nextHeader()).isEqualTo(IpProtocol.UDP);
        assertThat(view.hopLimit()).isEqualTo(64);
        assertThat(view.sourceHigh()).isEqualTo(0x20010db800000000L);
        assertThat(view.sourceLow()).isEqualTo(1);
        assertThat(view.targetHigh()).isEqualTo(0x20010db800000000L);
        assertThat(view.targetLow()).isEqualTo(2);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER + PAYLOAD);
        Ipv6View view = new Ipv6View(written.packets()).at(written.at());
        view.classAndLabel(0xb8, 0x12345);
        view.payloadBytes(8);
        view.nextHeader(IpProtocol.UDP);
        view.hopLimit(64);
        view.sourceHigh(0x20010db800000000L);
        view.sourceLow(1);
        view.targetHigh(0x20010db800000000L);
        view.targetLow(2);
        written.write(40, PAYLOAD);
        written.isThe(HEADER + PAYLOAD);
    }

    @Test
    void rejectsPacketCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void rejectsEveryOtherVersion() {
        for (int version = 0; version < 16; version++) {
            bytes.with(0, version << 4);
            assertThat(view.isValid(48)).as("version %d", version).isEqualTo(version == 6);
        }
    }

    @Test
    void rejectsAPayloadBeyondTheFrame() {
        view.payloadBytes(9);
        assertThat(view.isValid(48)).isFalse();
        view.payloadBytes(0xffff);
        assertThat(view.isValid(48)).isFalse();
        view.payloadBytes(0);
        assertThat(view.isValid(48)).isTrue();
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("trafficClass", 8, view::trafficClass, view::trafficClass)
            .bits("flowLabel", 20, view::flowLabel, view::flowLabel)
            .bits("payloadBytes", 16, view::payloadBytes, view::payloadBytes)
            .bits("nextHeader", 8, view::nextHeader, view::nextHeader)
            .bits("hopLimit", 8, view::hopLimit, view::hopLimit)
            .longBits("sourceHigh", 64, view::sourceHigh, view::sourceHigh)
            .longBits("sourceLow", 64, view::sourceLow, view::sourceLow)
            .longBits("targetHigh", 64, view::targetHigh, view::targetHigh)
            .longBits("targetLow", 64, view::targetLow, view::targetLow)
            .areIndependent(Seeds.next(), 100);
        assertThat(view.version()).isEqualTo(6);
    }
}
