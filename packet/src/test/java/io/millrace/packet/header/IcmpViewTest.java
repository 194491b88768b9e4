package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IcmpViewTest {

    private static final String ECHO = "08 00 1234 beef 8001";
    private static final String FRAGMENTATION_NEEDED = "03 04 1234 00 20 05dc";
    private static final String PARAMETER_PROBLEM = "0c 00 1234 14 20 0000";
    private static final String REDIRECT = "05 01 1234 c00002fe";

    private HeaderBytes bytes;
    private IcmpView view;

    private void given(String header) {
        bytes = HeaderBytes.of(header);
        view = new IcmpView(bytes.packets()).at(bytes.at());
    }

    @Test
    void readsEveryFieldOfKnownMessages() {
        given(ECHO);
        assertThat(view.type()).isEqualTo(IcmpType.ECHO_REQUEST);
        assertThat(view.code()).isZero();
        assertThat(view.checksum()).isEqualTo(0x1234);
        assertThat(view.identifier()).isEqualTo(0xbeef);
        assertThat(view.sequence()).isEqualTo(0x8001);
        assertThat(view.rest()).isEqualTo(0xbeef8001);
        given(FRAGMENTATION_NEEDED);
        assertThat(view.type()).isEqualTo(IcmpType.DESTINATION_UNREACHABLE);
        assertThat(view.code()).isEqualTo(IcmpType.FRAGMENTATION_NEEDED);
        assertThat(view.quoteBytes()).isEqualTo(128);
        assertThat(view.mtu()).isEqualTo(1500);
        given(PARAMETER_PROBLEM);
        assertThat(view.type()).isEqualTo(IcmpType.PARAMETER_PROBLEM);
        assertThat(view.pointer()).isEqualTo(20);
        given(REDIRECT);
        assertThat(view.rest()).isEqualTo(0xc00002fe);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(ECHO);
        IcmpView view = new IcmpView(written.packets()).at(written.at());
        view.type(IcmpType.ECHO_REQUEST);
        view.code(0);
        view.checksum(0x1234);
        view.identifier(0xbeef);
        view.sequence(0x8001);
        written.isThe(ECHO);
        view.type(IcmpType.DESTINATION_UNREACHABLE);
        view.code(IcmpType.FRAGMENTATION_NEEDED);
        view.rest(0);
        view.quoteBytes(128);
        view.mtu(1500);
        written.isThe(FRAGMENTATION_NEEDED);
        view.type(IcmpType.PARAMETER_PROBLEM);
        view.code(IcmpType.POINTER_INDICATES_ERROR);
        view.mtu(0);
        view.pointer(20);
        written.isThe(PARAMETER_PROBLEM);
    }

    @Test
    void rejectsMessageCutAtEveryLength() {
        given(ECHO);
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void fiveTypesAreErrors() {
        for (int type = 0; type < 256; type++) {
            boolean isQuoting = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;   // RFC 792, 1122
            assertThat(IcmpType.isError(type)).as("type %d", type).isEqualTo(isQuoting);
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
            .bits("pointer", 8, view::pointer, view::pointer)
            .units("quoteBytes", 4, 0, 255, view::quoteBytes, view::quoteBytes)
            .bits("mtu", 16, view::mtu, view::mtu)
            .areIndependent(Seeds.next(), 100);
    }
}
