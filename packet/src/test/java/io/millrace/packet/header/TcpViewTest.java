package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class TcpViewTest {

    /// SYN with MSS 1460, SACK permitted, timestamps, NOP, window scale 7: as Linux sends it.
    private static final String HEADER = "c350 0050 11223344 80000001 a0 02 faf0 abcd 0007"
        + "020405b4 0402 080a0000000100000000 01 030307";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER);
    private final TcpView view = new TcpView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.sourcePort()).isEqualTo(50000);
        assertThat(view.targetPort()).isEqualTo(80);
        assertThat(view.sequence()).isEqualTo(0x11223344);
        assertThat(view.acknowledgement()).isEqualTo(0x80000001);
        assertThat(view.headerBytes()).isEqualTo(40);
        assertThat(view.reserved()).isZero();
        assertThat(view.flags()).isEqualTo(TcpFlags.SYN);
        assertThat(view.window()).isEqualTo(64240);
        assertThat(view.checksum()).isEqualTo(0xabcd);
        assertThat(view.urgentPointer()).isEqualTo(7);
        assertThat(walk()).containsExactly("2:4", "4:2", "8:10", "1:1", "3:3");
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER);
        TcpView view = new TcpView(written.packets()).at(written.at());
        view.sourcePort(50000);
        view.targetPort(80);
        view.sequence(0x11223344);
        view.acknowledgement(0x80000001);
        view.reserved(0);
        view.headerBytes(40);
        view.flags(TcpFlags.SYN);
        view.window(64240);
        view.checksum(0xabcd);
        view.urgentPointer(7);
        written.write(TcpView.OPTIONS_AT, "020405b4 0402 080a0000000100000000 01 030307");
        written.isThe(HEADER);
    }

    @Test
    void rejectsHeaderCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void rejectsAHeaderBelowItsMinimumOrBeyondThePacket() {
        for (int words = 0; words < 16; words++) {
            bytes.with(12, words << 4 | 0x0f);
            assertThat(view.isValid(40)).as("%d words", words).isEqualTo(words >= 5 && words <= 10);
        }
    }

    @Test
    void flagsAreTheBitsOfTheRfc() {
        int[] flags = {TcpFlags.FIN, TcpFlags.SYN, TcpFlags.RST, TcpFlags.PSH, TcpFlags.ACK, TcpFlags.URG,
            TcpFlags.ECE, TcpFlags.CWR};
        for (int bit = 0; bit < 8; bit++) {
            bytes.with(13, 1 << bit);
            assertThat(view.flags()).isEqualTo(flags[bit]);
        }
    }

    @Test
    void rejectsMalformedOptions() {
        bytes.with(21, 0);   // no option is this short
        assertThat(walk()).containsExactly("malformed");
        bytes.with(21, 1);
        assertThat(walk()).containsExactly("malformed");
        bytes.with(21, 21);  // beyond the header
        assertThat(walk()).containsExactly("malformed");
        bytes.with(21, 19).with(39, 2);   // a kind whose length would lie beyond the header
        assertThat(walk()).containsExactly("2:19", "malformed");
        bytes.with(39, 0);
        assertThat(walk()).containsExactly("2:19", "0:1");
    }

    @Test
    void walksAnyBytesToAnEnd() {
        var random = new Random(Seeds.next());
        for (int i = 0; i < 10_000; i++) {
            for (int at = 20; at < 40; at++) {
                bytes.with(at, random.nextBoolean() ? random.nextInt(1, 9) : random.nextInt(256));
            }
            assertThat(walk()).hasSizeBetween(1, 20);
        }
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("sourcePort", 16, view::sourcePort, view::sourcePort)
            .bits("targetPort", 16, view::targetPort, view::targetPort)
            .bits("sequence", 32, view::sequence, view::sequence)
            .bits("acknowledgement", 32, view::acknowledgement, view::acknowledgement)
            .units("headerBytes", 4, 5, 15, view::headerBytes, view::headerBytes)
            .bits("reserved", 4, view::reserved, view::reserved)
            .bits("flags", 8, view::flags, view::flags)
            .bits("window", 16, view::window, view::window)
            .bits("checksum", 16, view::checksum, view::checksum)
            .bits("urgentPointer", 16, view::urgentPointer, view::urgentPointer)
            .areIndependent(Seeds.next(), 100);
    }

    private List<String> walk() {
        List<String> seen = new ArrayList<>();
        for (int at = TcpView.OPTIONS_AT; at < view.headerBytes(); at += view.optionBytes(at)) {
            if (!view.isOptionValid(at)) {
                seen.add("malformed");
                break;
            }
            seen.add(view.optionKind(at) + ":" + view.optionBytes(at));
            if (view.optionKind(at) == TcpOption.END) break;
        }
        return seen;
    }
}
