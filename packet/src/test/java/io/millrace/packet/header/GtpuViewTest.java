package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class GtpuViewTest {

    private static final String PLAIN = "30 ff 0004 80000001 01020304";
    /// Sequence number and two extension headers: a PDU session container, then a UDP port.
    private static final String EXTENDED = "36 ff 000c 80000001 beef 00 85 01 0009 40 01 1388 00";

    private HeaderBytes bytes;
    private GtpuView view;

    private void given(String header) {
        bytes = HeaderBytes.of(header);
        view = new GtpuView(bytes.packets()).at(bytes.at());
    }

    @Test
    void readsEveryFieldOfKnownHeaders() {
        given(PLAIN);
        assertThat(view.flags()).isZero();
        assertThat(view.type()).isEqualTo(GtpuView.USER_PACKET);
        assertThat(view.totalBytes()).isEqualTo(12);
        assertThat(view.headerBytes()).isEqualTo(8);
        assertThat(view.teid()).isEqualTo(0x80000001);
        assertThat(walk()).isEmpty();
        given(EXTENDED);
        assertThat(view.hasExtension()).isTrue();
        assertThat(view.hasSequence()).isTrue();
        assertThat(view.headerBytes()).isEqualTo(12);
        assertThat(view.sequence()).isEqualTo(0xbeef);
        assertThat(view.extensionType()).isEqualTo(0x85);
        assertThat(walk()).containsExactly("85@12", "40@16");
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(EXTENDED);
        GtpuView view = new GtpuView(written.packets()).at(written.at());
        view.flags(GtpuView.EXTENSION_PRESENT | GtpuView.SEQUENCE_PRESENT);
        view.type(GtpuView.USER_PACKET);
        view.totalBytes(20);
        view.teid(0x80000001);
        view.sequence(0xbeef);
        written.write(10, "00");
        view.extensionType(0x85);
        written.write(12, "01 0009 40 01 1388 00");
        written.isThe(EXTENDED);
    }

    @Test
    void rejectsMessageCutAtEveryLength() {
        for (String header : new String[] {PLAIN, EXTENDED}) {
            given(header);
            bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
        }
    }

    @Test
    void rejectsOtherVersionsAndTheChargingProtocol() {
        given(PLAIN);
        for (int high = 0; high < 16; high++) {
            bytes.with(0, high << 4);
            assertThat(view.isValid(12)).as("first byte %x0", high).isEqualTo(high == 3);
        }
    }

    @Test
    void rejectsALengthThatDoesNotCoverTheOptionalFields() {
        for (int flags = 1; flags < 8; flags++) {
            given("3" + flags + " ff 0003 80000001 00000000");
            assertThat(view.isValid(12)).isFalse();
            bytes.with(3, 4);
            assertThat(view.isValid(12)).isTrue();
        }
    }

    @Test
    void rejectsMalformedExtensions() {
        given(EXTENDED);
        bytes.with(12, 0);
        assertThat(walk()).containsExactly("malformed");
        bytes.with(12, 3);
        assertThat(walk()).containsExactly("malformed");
        bytes.with(12, 2);
        assertThat(walk()).containsExactly("85@12");
        bytes.with(19, 0x85);   // one more, beyond the end
        assertThat(walk()).containsExactly("85@12", "malformed");
    }

    @Test
    void walksAnyBytesToAnEnd() {
        given(EXTENDED);
        var random = new Random(Seeds.next());
        for (int i = 0; i < 10_000; i++) {
            for (int at = 11; at < 20; at++) {
                bytes.with(at, random.nextBoolean() ? random.nextInt(3) : random.nextInt(256));
            }
            assertThat(walk()).hasSizeBetween(0, 3);
        }
    }

    @Test
    void noFieldDisturbsAnother() {
        given(EXTENDED);
        new Fields()
            .bits("flags", 3, view::flags, view::flags)
            .bits("type", 8, view::type, view::type)
            .units("totalBytes", 1, 8, 8 + 0xffff, view::totalBytes, view::totalBytes)
            .bits("teid", 32, view::teid, view::teid)
            .bits("sequence", 16, view::sequence, view::sequence)
            .bits("extensionType", 8, view::extensionType, view::extensionType)
            .areIndependent(Seeds.next(), 100);
    }

    private List<String> walk() {
        List<String> seen = new ArrayList<>();
        int type = view.hasExtension() ? view.extensionType() : 0;
        for (int at = view.headerBytes(); type != 0; at += view.extensionBytes(at)) {
            if (!view.isExtensionValid(at)) {
                seen.add("malformed");
                break;
            }
            seen.add(Integer.toHexString(type) + "@" + at);
            type = view.nextExtensionType(at);
        }
        return seen;
    }
}
