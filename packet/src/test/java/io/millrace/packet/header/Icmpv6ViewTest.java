package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class Icmpv6ViewTest {

    private static final String ECHO = "80 00 1234 beef 8001";
    private static final String PACKET_TOO_BIG = "02 00 1234 00000500";
    private static final String PARAMETER_PROBLEM = "04 01 1234 80000028";

    private HeaderBytes bytes;
    private Icmpv6View view;

    private void given(String header) {
        bytes = HeaderBytes.of(header);
        view = new Icmpv6View(bytes.packets()).at(bytes.at());
    }

    @Test
    void readsEveryFieldOfKnownMessages() {
        given(ECHO);
        assertThat(view.type()).isEqualTo(Icmpv6Type.ECHO_REQUEST);
        assertThat(view.code()).isZero();
        assertThat(view.checksum()).isEqualTo(0x1234);
        assertThat(view.identifier()).isEqualTo(0xbeef);
        assertThat(view.sequence()).isEqualTo(0x8001);
        assertThat(view.rest()).isEqualTo(0xbeef8001);
        given(PACKET_TOO_BIG);
        assertThat(view.type()).isEqualTo(Icmpv6Type.PACKET_TOO_BIG);
        assertThat(view.mtu()).isEqualTo(1280);
        given(PARAMETER_PROBLEM);
        assertThat(view.code()).isEqualTo(Icmpv6Type.UNKNOWN_NEXT_HEADER);
        assertThat(view.pointer()).isEqualTo(0x80000028L);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(ECHO);
        Icmpv6View view = new Icmpv6View(written.packets()).at(written.at());
        view.type(Icmpv6Type.ECHO_REQUEST);
        view.code(0);
        view.checksum(0x1234);
        view.identifier(0xbeef);
        view.sequence(0x8001);
        written.isThe(ECHO);
        view.type(Icmpv6Type.PACKET_TOO_BIG);
        view.mtu(1280);
        written.isThe(PACKET_TOO_BIG);
        view.type(Icmpv6Type.PARAMETER_PROBLEM);
        view.code(Icmpv6Type.UNKNOWN_NEXT_HEADER);
        view.pointer(0x80000028L);
        written.isThe(PARAMETER_PROBLEM);
    }

    @Test
    void rejectsMessageCutAtEveryLength() {
        given(ECHO);
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void kindsOfTypesHaveTheRfcsBorders() {
        for (int type = 0; type < 256; type++) {
            assertThat(Icmpv6Type.isError(type)).isEqualTo(type <= 127);
            assertThat(Icmpv6Type.isNeighbourDiscovery(type)).isEqualTo(type >= 133 && type <= 137);
        }
    }

    @Test
    void noFieldDisturbsAnother() {
        given(ECHO);
        new Fields()
            .bits("type", 8, view::type, view::type)
            .bits("code", 8, view::code, view::code)
            .bits("checksum", 16, view::checksum, view::checksum)
            .bits("identifier", 16, view::identifier, view::identifier)
            .bits("sequence", 16, view::sequence, view::sequence)
            .areIndependent(Seeds.next(), 100);
        new Fields()
            .bits("checksum", 16, view::checksum, view::checksum)
            .longBits("mtu", 32, view::mtu, view::mtu)
            .areIndependent(Seeds.next(), 100);
    }
}
