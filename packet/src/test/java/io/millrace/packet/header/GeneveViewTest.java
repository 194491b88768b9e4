package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GeneveViewTest {

    /// One option of eight bytes (class 0x0102, type 0x80: critical).
    private static final String HEADER = "02 40 6558 fedcba 00 0102 80 01 deadbeef";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER);
    private final GeneveView view = new GeneveView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.version()).isZero();
        assertThat(view.headerBytes()).isEqualTo(16);
        assertThat(view.isControl()).isFalse();
        assertThat(view.isCritical()).isTrue();
        assertThat(view.type()).isEqualTo(EtherType.ETHERNET);
        assertThat(view.vni()).isEqualTo(0xfedcba);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER);
        GeneveView view = new GeneveView(written.packets()).at(written.at());
        view.headerBytes(16);
        view.flags(false, true);
        view.type(EtherType.ETHERNET);
        view.vni(0xfedcba);
        written.write(GeneveView.OPTIONS_AT, "0102 80 01 deadbeef");
        written.isThe(HEADER);
    }

    @Test
    void rejectsHeaderCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void rejectsLaterVersionsAndOptionsBeyondThePacket() {
        bytes.with(0, 0x42);
        assertThat(view.isValid(16)).isFalse();
        bytes.with(0, 0x03);
        assertThat(view.isValid(16)).isFalse();
        bytes.with(0, 0x3f);
        assertThat(view.headerBytes()).isEqualTo(GeneveView.HEADER_BYTES_MAX);
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .units("headerBytes", 4, 2, 65, view::headerBytes, view::headerBytes)
            .flag("isControl", view::isControl, value -> view.flags(value, view.isCritical()))
            .flag("isCritical", view::isCritical, value -> view.flags(view.isControl(), value))
            .bits("type", 16, view::type, view::type)
            .bits("vni", 24, view::vni, view::vni)
            .areIndependent(Seeds.next(), 100);
    }
}
