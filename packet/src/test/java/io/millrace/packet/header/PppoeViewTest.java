package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PppoeViewTest {

    private static final String HEADER = "11 00 0011 0006 0021";
    private static final String PAYLOAD = "45000000";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER + PAYLOAD);
    private final PppoeView view = new PppoeView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.code()).isEqualTo(PppoeView.SESSION);
        assertThat(view.session()).isEqualTo(17);
        assertThat(view.payloadBytes()).isEqualTo(6);
        assertThat(view.totalBytes()).isEqualTo(12);
        assertThat(view.isProtocolCompressed()).isFalse();
        assertThat(view.protocol()).isEqualTo(PppoeView.PPP_IPV4);
    }

    @Test
    void readsACompressedProtocol() {
        bytes.with(6, 0x57);
        assertThat(view.isProtocolCompressed()).isTrue();
        assertThat(view.protocol()).isEqualTo(PppoeView.PPP_IPV6);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER + PAYLOAD);
        PppoeView view = new PppoeView(written.packets()).at(written.at());
        view.code(PppoeView.SESSION);
        view.session(17);
        view.payloadBytes(6);
        view.protocol(PppoeView.PPP_IPV4);
        written.write(8, PAYLOAD);
        written.isThe(HEADER + PAYLOAD);
    }

    @Test
    void rejectsPacketCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
        HeaderBytes terminate = HeaderBytes.of("11 a7 0011 0000");
        PppoeView discovery = new PppoeView(terminate.packets());
        terminate.isRejectedWhenCut(at -> discovery.at(at)::isValid);
    }

    @Test
    void rejectsOtherVersionsAndSessionsWithoutAProtocol() {
        bytes.with(0, 0x12);
        assertThat(view.isValid(12)).isFalse();
        bytes.with(0, 0x21);
        assertThat(view.isValid(12)).isFalse();
        bytes.with(0, 0x11);
        for (int payloadBytes = 0; payloadBytes < 10; payloadBytes++) {
            view.payloadBytes(payloadBytes);
            assertThat(view.isValid(12)).as("%d bytes", payloadBytes).isEqualTo(payloadBytes >= 2 && payloadBytes <= 6);
        }
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("code", 8, view::code, view::code)
            .bits("session", 16, view::session, view::session)
            .bits("payloadBytes", 16, view::payloadBytes, view::payloadBytes)
            .areIndependent(Seeds.next(), 100);
        assertThat(view.protocol()).isEqualTo(PppoeView.PPP_IPV4);
    }
}
