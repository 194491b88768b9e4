package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class Ipv6FragmentViewTest {

    /// UDP, at byte 1480 (185 units), more to come.
    private static final String HEADER = "11 00 05c9 deadbeef";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER);
    private final Ipv6FragmentView view = new Ipv6FragmentView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.nextHeader()).isEqualTo(IpProtocol.UDP);
        assertThat(view.reserved()).isZero();
        assertThat(view.offsetAndFlags()).isEqualTo(0x05c9);
        assertThat(view.fragmentOffsetBytes()).isEqualTo(1480);
        assertThat(view.moreFragments()).isTrue();
        assertThat(view.isAtomic()).isFalse();
        assertThat(view.identification()).isEqualTo(0xdeadbeef);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER);
        Ipv6FragmentView view = new Ipv6FragmentView(written.packets()).at(written.at());
        view.nextHeader(IpProtocol.UDP);
        view.reserved(0);
        view.offsetAndFlags(1480 | Ipv6FragmentView.MORE_FRAGMENTS);
        view.identification(0xdeadbeef);
        written.isThe(HEADER);
    }

    @Test
    void rejectsHeaderCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void anAtomicFragmentIsTheWholePacket() {
        view.offsetAndFlags(0x0006);   // reserved bits only
        assertThat(view.isAtomic()).isTrue();
        assertThat(view.fragmentOffsetBytes()).isZero();
        view.offsetAndFlags(8);
        assertThat(view.isAtomic()).isFalse();
        view.offsetAndFlags(1);
        assertThat(view.isAtomic()).isFalse();
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("nextHeader", 8, view::nextHeader, view::nextHeader)
            .bits("reserved", 8, view::reserved, view::reserved)
            .bits("offsetAndFlags", 16, view::offsetAndFlags, view::offsetAndFlags)
            .bits("identification", 32, view::identification, view::identification)
            .areIndependent(Seeds.next(), 100);
    }
}
