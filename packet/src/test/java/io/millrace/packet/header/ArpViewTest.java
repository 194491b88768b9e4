package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ArpViewTest {

    /// Who has 192.0.2.254? Tell 192.0.2.1.
    private static final String HEADER = "0001 0800 06 04 0001 020000000001 c0000201 000000000000 c00002fe";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER);
    private final ArpView view = new ArpView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.hardwareType()).isEqualTo(1);
        assertThat(view.operation()).isEqualTo(ArpView.REQUEST);
        assertThat(view.senderMac()).isEqualTo(0x020000000001L);
        assertThat(view.sender()).isEqualTo(0xc0000201);
        assertThat(view.targetMac()).isZero();
        assertThat(view.target()).isEqualTo(0xc00002fe);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER);
        ArpView view = new ArpView(written.packets()).at(written.at());
        view.ethernetAndIpv4();
        view.operation(ArpView.REQUEST);
        view.senderMac(0x020000000001L);
        view.sender(0xc0000201);
        view.targetMac(0);
        view.target(0xc00002fe);
        written.isThe(HEADER);
    }

    @Test
    void rejectsHeaderCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void rejectsWhatIsNotIpv4OverEthernet() {
        for (int index = 0; index < 6; index++) {
            HeaderBytes other = HeaderBytes.of(HEADER).with(index, 0x7f);
            assertThat(new ArpView(other.packets()).at(other.at()).isValid(28)).as("byte %d", index).isFalse();
        }
    }

    @Test
    void takesIeee802ForEthernetAsLinuxDoes() {
        bytes.with(1, 6);
        assertThat(view.isValid(28)).isTrue();
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("operation", 16, view::operation, view::operation)
            .longBits("senderMac", 48, view::senderMac, view::senderMac)
            .bits("sender", 32, view::sender, view::sender)
            .longBits("targetMac", 48, view::targetMac, view::targetMac)
            .bits("target", 32, view::target, view::target)
            .areIndependent(Seeds.next(), 100);
        assertThat(view.isValid(28)).isTrue();
    }
}
