package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class NdViewTest {

    private static final String TARGET = "fe80000000000000 00000000000000fe";
    private static final String SOLICITATION = "87 00 1234 00000000" + TARGET;
    private static final String ADVERTISEMENT = "88 00 1234 e0000000" + TARGET;
    private static final String ROUTER_SOLICITATION = "85 00 1234 00000000";
    private static final String ROUTER_ADVERTISEMENT = "86 00 1234 40 c0 0708 00000000 00000000";
    private static final String REDIRECT = "89 00 1234 00000000" + TARGET + "20010db8000000000000000000000002";

    private HeaderBytes bytes;
    private NdView view;

    private void given(String message) {
        bytes = HeaderBytes.of(message);
        view = new NdView(bytes.packets()).at(bytes.at());
    }

    @Test
    void readsEveryFieldOfAKnownAdvertisement() {
        given(ADVERTISEMENT);
        assertThat(view.type()).isEqualTo(Icmpv6Type.NEIGHBOUR_ADVERTISEMENT);
        assertThat(view.flags()).isEqualTo(0xe0);
        assertThat(view.isRouter()).isTrue();
        assertThat(view.isSolicited()).isTrue();
        assertThat(view.isOverride()).isTrue();
        assertThat(view.targetHigh()).isEqualTo(0xfe80000000000000L);
        assertThat(view.targetLow()).isEqualTo(0xfe);
    }

    @Test
    void tellsTheThreeFlagsApart() {
        given(ADVERTISEMENT);
        view.flags(true, false, false);
        assertThat(view.flags()).isEqualTo(0x80);
        assertThat(view.isRouter()).isTrue();
        view.flags(false, true, false);
        assertThat(view.flags()).isEqualTo(0x40);
        assertThat(view.isSolicited()).isTrue();
        assertThat(view.isRouter()).isFalse();
        view.flags(false, false, true);
        assertThat(view.flags()).isEqualTo(0x20);
        assertThat(view.isOverride()).isTrue();
        assertThat(view.isSolicited()).isFalse();
        view.flags(false, false, false);
        assertThat(view.isOverride()).isFalse();
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(ADVERTISEMENT);
        NdView view = new NdView(written.packets()).at(written.at());
        view.type(Icmpv6Type.NEIGHBOUR_ADVERTISEMENT);
        written.write(2, "1234");   // the checksum is Icmpv6View's
        view.flags(true, true, true);
        view.targetHigh(0xfe80000000000000L);
        view.targetLow(0xfe);
        written.isThe(ADVERTISEMENT);
        view.type(Icmpv6Type.NEIGHBOUR_SOLICITATION);
        view.flags(false, false, false);
        written.isThe(SOLICITATION);
    }

    @Test
    void writesARedirect() {
        HeaderBytes written = HeaderBytes.unwritten(REDIRECT);
        NdView view = new NdView(written.packets()).at(written.at());
        view.type(Icmpv6Type.REDIRECT);
        written.write(2, "1234");
        view.flags(false, false, false);
        view.targetHigh(0xfe80000000000000L);
        view.targetLow(0xfe);
        view.destination(0x20010db800000000L, 2);
        written.isThe(REDIRECT);
    }

    @Test
    void rejectsEveryMessageCutAtEveryLength() {
        for (String message : List.of(
            SOLICITATION, ADVERTISEMENT, ROUTER_SOLICITATION, ROUTER_ADVERTISEMENT, REDIRECT)) {
            given(message);
            assertThat(view.optionsAt()).isEqualTo(bytes.count());
            bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
        }
    }

    @Test
    void rejectsOtherMessagesAndCodes() {
        given(REDIRECT);
        for (int type = 0; type < 256; type++) {
            bytes.with(0, type);
            assertThat(view.isValid(40)).as("type %d", type).isEqualTo(type >= 133 && type <= 137);
        }
        given(SOLICITATION);
        bytes.with(1, 1);
        assertThat(view.isValid(24)).isFalse();
    }

    @Test
    void noFieldDisturbsAnother() {
        given(ADVERTISEMENT);
        new Fields()
            .bits("type", 8, view::type, view::type)
            .flag("isOverride", view::isOverride, value -> view.flags(false, false, value))
            .longBits("targetHigh", 64, view::targetHigh, view::targetHigh)
            .longBits("targetLow", 64, view::targetLow, view::targetLow)
            .areIndependent(Seeds.next(), 100);
    }
}
