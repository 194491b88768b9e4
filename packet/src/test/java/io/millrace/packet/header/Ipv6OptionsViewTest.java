package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class Ipv6OptionsViewTest {

    /// Router alert 0 (MLD), Pad1, Pad1, then PadN of eight bytes.
    private static final String HEADER = "3a 01 05020000 00 00 0106000000000000";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER);
    private final Ipv6OptionsView view = new Ipv6OptionsView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.nextHeader()).isEqualTo(IpProtocol.ICMPV6);
        assertThat(view.headerBytes()).isEqualTo(16);
        assertThat(view.optionType(2)).isEqualTo(Ipv6OptionsView.ROUTER_ALERT);
        assertThat(view.optionBytes(2)).isEqualTo(4);
        assertThat(view.optionDataAt(2)).isEqualTo(4);
        assertThat(walk()).containsExactly("5:4", "0:1", "0:1", "1:8");
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER);
        Ipv6OptionsView view = new Ipv6OptionsView(written.packets()).at(written.at());
        view.nextHeader(IpProtocol.ICMPV6);
        view.headerBytes(16);
        view.option(2, Ipv6OptionsView.ROUTER_ALERT, 4);
        written.write(4, "0000 0000");
        view.option(8, Ipv6OptionsView.PAD_N, 8);
        written.write(10, "000000000000");
        written.isThe(HEADER);
    }

    @Test
    void rejectsHeaderCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void rejectsAnOptionBeyondTheHeader() {
        bytes.with(9, 7);
        assertThat(walk()).containsExactly("5:4", "0:1", "0:1", "malformed");
        bytes.with(8, 0).with(9, 0).with(10, 0).with(11, 0).with(12, 0).with(13, 0).with(14, 0).with(15, 5);
        assertThat(walk()).endsWith("0:1", "malformed");
    }

    @Test
    void walksAnyBytesToAnEnd() {
        var random = new Random(Seeds.next());
        for (int i = 0; i < 10_000; i++) {
            for (int at = 2; at < 16; at++) {
                bytes.with(at, random.nextBoolean() ? random.nextInt(8) : random.nextInt(256));
            }
            assertThat(walk()).hasSizeBetween(1, 14);
        }
    }

    @Test
    void knowsWhatToDoAboutUnknownOptions() {
        assertThat(Ipv6OptionsView.actionIfUnknown(0x1e)).isEqualTo(Ipv6OptionsView.UNKNOWN_SKIP);
        assertThat(Ipv6OptionsView.actionIfUnknown(0x5e)).isEqualTo(Ipv6OptionsView.UNKNOWN_DISCARD);
        assertThat(Ipv6OptionsView.actionIfUnknown(0x9e)).isEqualTo(Ipv6OptionsView.UNKNOWN_REPORT);
        assertThat(Ipv6OptionsView.actionIfUnknown(0xde)).isEqualTo(Ipv6OptionsView.UNKNOWN_REPORT_UNLESS_MULTICAST);
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("nextHeader", 8, view::nextHeader, view::nextHeader)
            .units("headerBytes", 8, 1, 256, view::headerBytes, view::headerBytes)
            .areIndependent(Seeds.next(), 100);
        view.headerBytes(16);
        assertThat(walk()).containsExactly("5:4", "0:1", "0:1", "1:8");
    }

    private List<String> walk() {
        List<String> seen = new ArrayList<>();
        for (int at = Ipv6OptionsView.OPTIONS_AT; at < view.headerBytes(); at += view.optionBytes(at)) {
            if (!view.isOptionValid(at)) {
                seen.add("malformed");
                break;
            }
            seen.add(view.optionType(at) + ":" + view.optionBytes(at));
        }
        return seen;
    }
}
