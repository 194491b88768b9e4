package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EthernetViewTest {

    private static final String HEADER = "0200000000fe 020000000001 0800";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER);
    private final EthernetView view = new EthernetView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.isValid(bytes.count())).isTrue();
        assertThat(view.target()).isEqualTo(0x0200000000feL);
        assertThat(view.source()).isEqualTo(0x020000000001L);
        assertThat(view.type()).isEqualTo(EtherType.IPV4);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER);
        EthernetView view = new EthernetView(written.packets()).at(written.at());
        view.target(0x0200000000feL);
        view.source(0x020000000001L);
        view.type(EtherType.IPV4);
        written.isThe(HEADER);
    }

    @Test
    void rejectsHeaderCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .longBits("target", 48, view::target, view::target)
            .longBits("source", 48, view::source, view::source)
            .bits("type", 16, view::type, view::type)
            .areIndependent(Seeds.next(), 100);
    }

    @Test
    void tellsGroupsFromStations() {
        assertThat(EthernetView.isGroup(EthernetView.BROADCAST)).isTrue();
        assertThat(EthernetView.isGroup(0x01005e000001L)).isTrue();
        assertThat(EthernetView.isGroup(0x333300000001L)).isTrue();
        assertThat(EthernetView.isGroup(0x0200000000feL)).isFalse();
        assertThat(EthernetView.isGroup(0xfeffffffffffL)).isFalse();
    }
}
