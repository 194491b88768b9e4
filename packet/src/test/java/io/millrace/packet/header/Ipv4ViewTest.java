package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class Ipv4ViewTest {

    /// 10.0.0.1 to 10.0.0.2, EF with ECT(0), fragment at byte 1480 with more to come, router alert, eight bytes of
    /// payload. Checksum by hand.
    private static final String HEADER = "46ba 0020 0001 20b9 40 11 b052 0a000001 0a000002 94040000";
    private static final String PAYLOAD = "0102030405060708";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER + PAYLOAD);
    private final Ipv4View view = new Ipv4View(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.version()).isEqualTo(4);
        assertThat(view.headerBytes()).isEqualTo(24);
        assertThat(view.tos()).isEqualTo(0xba);
        assertThat(view.totalBytes()).isEqualTo(32);
        assertThat(view.identification()).isEqualTo(1);
        assertThat(view.flagsAndOffset()).isEqualTo(0x20b9);
        assertThat(view.dontFragment()).isFalse();
        assertThat(view.moreFragments()).isTrue();
        assertThat(view.isFragment()).isTrue();
        assertThat(view.fragmentOffsetBytes()).isEqualTo(1480);
        assertThat(view.ttl()).isEqualTo(64);
        assertThat(view.protocol()).isEqualTo(IpProtocol.UDP);
        assertThat(view.checksum()).isEqualTo(0xb052);
        assertThat(view.source()).isEqualTo(0x0a000001);
        assertThat(view.target()).isEqualTo(0x0a000002);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER + PAYLOAD);
        Ipv4View view = new Ipv4View(written.packets()).at(written.at());
        view.headerBytes(24);
        view.tos(0xba);
        view.totalBytes(32);
        view.identification(1);
        view.flagsAndOffset(Ipv4View.MORE_FRAGMENTS | 1480 / 8);
        view.ttl(64);
        view.protocol(IpProtocol.UDP);
        view.checksum(0xb052);
        view.source(0x0a000001);
        view.target(0x0a000002);
        written.write(20, "94040000" + PAYLOAD);
        written.isThe(HEADER + PAYLOAD);
    }

    @Test
    void rejectsPacketCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void rejectsEveryOtherVersion() {
        for (int version = 0; version < 16; version++) {
            bytes.with(0, version << 4 | 6);
            assertThat(view.isValid(32)).as("version %d", version).isEqualTo(version == 4);
        }
    }

    @Test
    void rejectsAHeaderBelowItsMinimumOrBeyondThePacket() {
        for (int words = 0; words < 16; words++) {
            bytes.with(0, 0x40 | words);
            assertThat(view.isValid(32)).as("%d words", words).isEqualTo(words >= 5 && words <= 8);
        }
    }

    @Test
    void rejectsATotalLengthBelowTheHeaderOrBeyondTheFrame() {
        for (int totalBytes = 0; totalBytes < 64; totalBytes++) {
            view.totalBytes(totalBytes);
            assertThat(view.isValid(32)).as("%d bytes", totalBytes).isEqualTo(totalBytes >= 24 && totalBytes <= 32);
        }
    }

    @Test
    void tellsFragmentsFromWholePackets() {
        view.flagsAndOffset(Ipv4View.DONT_FRAGMENT);
        assertThat(view.isFragment()).isFalse();
        assertThat(view.dontFragment()).isTrue();
        view.flagsAndOffset(Ipv4View.MORE_FRAGMENTS);
        assertThat(view.isFragment()).isTrue();
        view.flagsAndOffset(1);
        assertThat(view.isFragment()).isTrue();
        view.flagsAndOffset(0x8000);   // reserved bit (RFC 3514 notwithstanding)
        assertThat(view.isFragment()).isFalse();
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .units("headerBytes", 4, 5, 15, view::headerBytes, view::headerBytes)
            .bits("tos", 8, view::tos, view::tos)
            .bits("totalBytes", 16, view::totalBytes, view::totalBytes)
            .bits("identification", 16, view::identification, view::identification)
            .bits("flagsAndOffset", 16, view::flagsAndOffset, view::flagsAndOffset)
            .bits("ttl", 8, view::ttl, view::ttl)
            .bits("protocol", 8, view::protocol, view::protocol)
            .bits("checksum", 16, view::checksum, view::checksum)
            .bits("source", 32, view::source, view::source)
            .bits("target", 32, view::target, view::target)
            .areIndependent(Seeds.next(), 100);
        assertThat(view.version()).isEqualTo(4);
    }
}
