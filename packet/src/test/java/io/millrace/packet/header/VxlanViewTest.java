package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class VxlanViewTest {

    private static final String HEADER = "08 000000 fedcba 00";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER);
    private final VxlanView view = new VxlanView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.flags()).isEqualTo(VxlanView.VNI_PRESENT);
        assertThat(view.vni()).isEqualTo(0xfedcba);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER);
        VxlanView view = new VxlanView(written.packets()).at(written.at());
        view.flags(VxlanView.VNI_PRESENT);
        view.vni(0xfedcba);
        written.isThe(HEADER);
    }

    @Test
    void rejectsHeaderCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void rejectsAHeaderWithoutAVni() {
        bytes.with(0, 0xf7);
        assertThat(view.isValid(8)).isFalse();
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("flags", 8, view::flags, view::flags)
            .bits("vni", 24, view::vni, view::vni)
            .areIndependent(Seeds.next(), 100);
    }
}
