package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NdOptionViewTest {

    private static final String SOURCE_LINK_ADDRESS = "01 01 0200000000fe";
    private static final String MTU = "05 01 0000 000005dc";
    private static final String PREFIX = "03 04 40c0 00278d00 00093a80 00000000 20010db8000000000000000000000000";

    private HeaderBytes bytes;
    private NdOptionView view;

    private void given(String option) {
        bytes = HeaderBytes.of(option);
        view = new NdOptionView(bytes.packets()).at(bytes.at());
    }

    @Test
    void readsKnownOptions() {
        given(SOURCE_LINK_ADDRESS);
        assertThat(view.type()).isEqualTo(NdOptionView.SOURCE_LINK_ADDRESS);
        assertThat(view.optionBytes()).isEqualTo(NdOptionView.LINK_ADDRESS_BYTES);
        assertThat(view.mac()).isEqualTo(0x0200000000feL);
        given(MTU);
        assertThat(view.type()).isEqualTo(NdOptionView.MTU);
        assertThat(view.mtu()).isEqualTo(1500);
        given(PREFIX);
        assertThat(view.type()).isEqualTo(NdOptionView.PREFIX_INFORMATION);
        assertThat(view.optionBytes()).isEqualTo(32);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(SOURCE_LINK_ADDRESS);
        NdOptionView view = new NdOptionView(written.packets()).at(written.at());
        view.type(NdOptionView.SOURCE_LINK_ADDRESS);
        view.optionBytes(8);
        view.mac(0x0200000000feL);
        written.isThe(SOURCE_LINK_ADDRESS);
        view.type(NdOptionView.MTU);
        view.mac(0);
        view.mtu(1500);
        written.isThe(MTU);
    }

    @Test
    void rejectsOptionCutAtEveryLength() {
        for (String option : new String[] {SOURCE_LINK_ADDRESS, MTU, PREFIX}) {
            given(option);
            bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
        }
    }

    @Test
    void rejectsAnEmptyOptionSoThatAWalkEnds() {
        given(SOURCE_LINK_ADDRESS);
        bytes.with(1, 0);
        assertThat(view.isValid(8)).isFalse();
        bytes.with(1, 2);
        assertThat(view.isValid(8)).isFalse();
        assertThat(view.isValid(15)).isFalse();
    }

    @Test
    void noFieldDisturbsAnother() {
        given(SOURCE_LINK_ADDRESS);
        new Fields()
            .bits("type", 8, view::type, view::type)
            .units("optionBytes", 8, 1, 255, view::optionBytes, view::optionBytes)
            .longBits("mac", 48, view::mac, view::mac)
            .areIndependent(Seeds.next(), 100);
    }
}
