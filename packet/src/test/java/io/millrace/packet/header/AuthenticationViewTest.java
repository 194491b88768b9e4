package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AuthenticationViewTest {

    /// TCP behind; six words, so 96 bits of check value.
    private static final String HEADER = "06 04 0000 00000100 80000001 0102030405060708090a0b0c";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER);
    private final AuthenticationView view = new AuthenticationView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.nextHeader()).isEqualTo(IpProtocol.TCP);
        assertThat(view.headerBytes()).isEqualTo(24);
        assertThat(view.spi()).isEqualTo(0x100);
        assertThat(view.sequence()).isEqualTo(0x80000001);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER);
        AuthenticationView view = new AuthenticationView(written.packets()).at(written.at());
        written.write(2, "0000");
        view.nextHeader(IpProtocol.TCP);
        view.headerBytes(24);
        view.spi(0x100);
        view.sequence(0x80000001);
        written.write(AuthenticationView.CHECK_VALUE_AT, "0102030405060708090a0b0c");
        written.isThe(HEADER);
    }

    @Test
    void rejectsHeaderCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void rejectsALengthBelowTheFixedPart() {
        bytes.with(1, 0);
        assertThat(view.isValid(24)).isFalse();
        bytes.with(1, 1);
        assertThat(view.isValid(24)).isTrue();
        bytes.with(1, 255);
        assertThat(view.isValid(24)).isFalse();
        assertThat(view.headerBytes()).isEqualTo(AuthenticationView.HEADER_BYTES_MAX);
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("nextHeader", 8, view::nextHeader, view::nextHeader)
            .units("headerBytes", 4, 3, 257, view::headerBytes, view::headerBytes)
            .bits("spi", 32, view::spi, view::spi)
            .bits("sequence", 32, view::sequence, view::sequence)
            .areIndependent(Seeds.next(), 100);
    }
}
