package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UdpViewTest {

    private static final String HEADER = "c350 0035 000c beef";
    private static final String PAYLOAD = "01020304";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER + PAYLOAD);
    private final UdpView view = new UdpView(bytes.packets()).at(bytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.sourcePort()).isEqualTo(50000);
        assertThat(view.targetPort()).isEqualTo(53);
        assertThat(view.datagramBytes()).isEqualTo(12);
        assertThat(view.checksum()).isEqualTo(0xbeef);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER + PAYLOAD);
        UdpView view = new UdpView(written.packets()).at(written.at());
        view.sourcePort(50000);
        view.targetPort(53);
        view.datagramBytes(12);
        view.checksum(0xbeef);
        written.write(8, PAYLOAD);
        written.isThe(HEADER + PAYLOAD);
    }

    @Test
    void rejectsDatagramCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
    }

    @Test
    void rejectsALengthBelowTheHeaderOrBeyondThePacket() {
        for (int datagramBytes = 0; datagramBytes < 20; datagramBytes++) {
            view.datagramBytes(datagramBytes);
            assertThat(view.isValid(12)).as("%d bytes", datagramBytes)
                .isEqualTo(datagramBytes >= 8 && datagramBytes <= 12);
        }
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("sourcePort", 16, view::sourcePort, view::sourcePort)
            .bits("targetPort", 16, view::targetPort, view::targetPort)
            .bits("datagramBytes", 16, view::datagramBytes, view::datagramBytes)
            .bits("checksum", 16, view::checksum, view::checksum)
            .areIndependent(Seeds.next(), 100);
    }
}
