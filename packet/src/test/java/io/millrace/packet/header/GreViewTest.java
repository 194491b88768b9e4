package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GreViewTest {

    private static final String PLAIN = "0000 0800";
    private static final String ALL = "b000 6558 abcd0000 0000007b 80000001";
    /// PPTP: key (payload 16, call 5), sequence and acknowledgement.
    private static final String PPTP = "3081 880b 00100005 00000007 00000006";

    private HeaderBytes bytes;
    private GreView view;

    private void given(String header) {
        bytes = HeaderBytes.of(header);
        view = new GreView(bytes.packets()).at(bytes.at());
    }

    @Test
    void readsEveryFieldOfKnownHeaders() {
        given(PLAIN);
        assertThat(view.flags()).isZero();
        assertThat(view.version()).isZero();
        assertThat(view.type()).isEqualTo(EtherType.IPV4);
        assertThat(view.headerBytes()).isEqualTo(4);
        assertThat(view.hasChecksum() || view.hasKey() || view.hasSequence() || view.hasAcknowledgement()).isFalse();
        given(ALL);
        assertThat(view.type()).isEqualTo(EtherType.ETHERNET);
        assertThat(view.headerBytes()).isEqualTo(16);
        assertThat(view.checksum()).isEqualTo(0xabcd);
        assertThat(view.key()).isEqualTo(123);
        assertThat(view.sequence()).isEqualTo(0x80000001);
        given(PPTP);
        assertThat(view.version()).isEqualTo(1);
        assertThat(view.type()).isEqualTo(EtherType.PPP);
        assertThat(view.headerBytes()).isEqualTo(16);
        assertThat(view.key()).isEqualTo(0x00100005);
        assertThat(view.sequence()).isEqualTo(7);
        assertThat(view.acknowledgement()).isEqualTo(6);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(ALL);
        GreView view = new GreView(written.packets()).at(written.at());
        view.flags(GreView.CHECKSUM_PRESENT | GreView.KEY_PRESENT | GreView.SEQUENCE_PRESENT);
        view.type(EtherType.ETHERNET);
        view.checksum(0xabcd);
        view.key(123);
        view.sequence(0x80000001);
        written.isThe(ALL);
        view.flags(GreView.KEY_PRESENT | GreView.SEQUENCE_PRESENT | GreView.ACKNOWLEDGEMENT_PRESENT | 1);
        view.type(EtherType.PPP);
        view.key(0x00100005);
        view.sequence(7);
        view.acknowledgement(6);
        written.isThe(PPTP);
    }

    @Test
    void rejectsHeaderCutAtEveryLength() {
        for (String header : new String[] {PLAIN, ALL, PPTP}) {
            given(header);
            bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
        }
    }

    @Test
    void everyOptionalFieldMovesThoseBehindIt() {
        given(ALL);
        for (int bits = 0; bits < 8; bits++) {
            int checksumBytes = (bits & 1) * 4;
            int keyBytes = (bits >> 1 & 1) * 4;
            int sequenceBytes = (bits >> 2) * 4;
            view.flags(checksumBytes << 13 | keyBytes << 11 | sequenceBytes << 10);
            assertThat(view.keyAt()).isEqualTo(4 + checksumBytes);
            assertThat(view.sequenceAt()).isEqualTo(4 + checksumBytes + keyBytes);
            assertThat(view.headerBytes()).isEqualTo(4 + checksumBytes + keyBytes + sequenceBytes);
        }
    }

    @Test
    void rejectsSourceRoutesAndLaterVersions() {
        given(PLAIN);
        view.flags(GreView.ROUTING_PRESENT);
        assertThat(view.isValid(100)).isFalse();
        for (int version = 0; version < 8; version++) {
            view.flags(version);
            assertThat(view.isValid(4)).as("version %d", version).isEqualTo(version <= 1);
        }
    }

    @Test
    void onlyVersion1HasAnAcknowledgement() {
        given(PLAIN);
        view.flags(GreView.ACKNOWLEDGEMENT_PRESENT);
        assertThat(view.hasAcknowledgement()).isFalse();
        assertThat(view.headerBytes()).isEqualTo(4);
    }

    @Test
    void noFieldDisturbsAnother() {
        given(ALL);
        new Fields()
            .bits("type", 16, view::type, view::type)
            .bits("checksum", 16, view::checksum, view::checksum)
            .bits("key", 32, view::key, view::key)
            .bits("sequence", 32, view::sequence, view::sequence)
            .areIndependent(Seeds.next(), 100);
        assertThat(view.flags()).isEqualTo(0xb000);
    }
}
