package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class VlanViewTest {

    /// Priority 5 (101), drop eligible (1), VLAN 0xabc; IPv6 follows.
    private static final String HEADER = "babc 86dd";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER);
    private final VlanView view = new VlanView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.tci()).isEqualTo(0xbabc);
        assertThat(view.pcp()).isEqualTo(5);
        assertThat(view.dei()).isTrue();
        assertThat(view.vid()).isEqualTo(0xabc);
        assertThat(view.type()).isEqualTo(EtherType.IPV6);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER);
        VlanView view = new VlanView(written.packets()).at(written.at());
        view.pcp(5);
        view.dei(true);
        view.vid(0xabc);
        view.type(EtherType.IPV6);
        written.isThe(HEADER);
    }

    @Test
    void rejectsHeaderCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("pcp", 3, view::pcp, view::pcp)
            .flag("dei", view::dei, view::dei)
            .bits("vid", 12, view::vid, view::vid)
            .bits("type", 16, view::type, view::type)
            .areIndependent(Seeds.next(), 100);
    }

    @Test
    void followsThreeEtherTypes() {
        assertThat(EtherType.isVlan(0x8100)).isTrue();
        assertThat(EtherType.isVlan(0x88a8)).isTrue();
        assertThat(EtherType.isVlan(0x9100)).isTrue();
        assertThat(EtherType.isVlan(0x0800)).isFalse();
    }
}
