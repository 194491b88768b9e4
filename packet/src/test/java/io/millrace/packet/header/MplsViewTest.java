package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MplsViewTest {

    /// Label 0x12345, traffic class 5 (101), bottom of the stack (1), TTL 64.
    private static final String ENTRY = "12345b40";

    private final HeaderBytes bytes = HeaderBytes.of(ENTRY);
    private final MplsView view = new MplsView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownEntry() {
        assertThat(view.entry()).isEqualTo(0x12345b40);
        assertThat(view.label()).isEqualTo(0x12345);
        assertThat(view.trafficClass()).isEqualTo(5);
        assertThat(view.isBottom()).isTrue();
        assertThat(view.ttl()).isEqualTo(64);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(ENTRY);
        MplsView view = new MplsView(written.packets()).at(written.at());
        view.label(0x12345);
        view.trafficClass(5);
        view.isBottom(true);
        view.ttl(64);
        written.isThe(ENTRY);
    }

    @Test
    void rejectsEntryCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("label", 20, view::label, view::label)
            .bits("trafficClass", 3, view::trafficClass, view::trafficClass)
            .flag("isBottom", view::isBottom, view::isBottom)
            .bits("ttl", 8, view::ttl, view::ttl)
            .areIndependent(Seeds.next(), 100);
    }
}
