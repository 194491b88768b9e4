package io.millrace.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FragmentsTest {

    private static final String ALICE = "02:00:00:00:00:01";
    private static final String BOB = "02:00:00:00:00:02";

    /// A record route, which only the first fragment keeps, and a stream identifier, which all carry.
    private static final byte[] IPV4 = Frame.ethernet(ALICE, BOB).vlan(5).ipv4("10.0.0.1", "10.0.0.2")
        .identification(99).options(7, 3, 4, 1, 0x88, 4, 0xab, 0xcd).udp(1, 2).payloadOf(100).bytes();
    private static final byte[] IPV6 = Frame.ethernet(ALICE, BOB).ipv6("fd00::1", "fd00::2")
        .hopByHop().routerAlert(0).destinationOptions().udp(1, 2).payloadOf(100).bytes();

    @Test
    void cutsIpv4() {
        List<byte[]> pieces = Fragments.cut(IPV4, 40);
        assertThat(pieces).hasSize(3);
        assertThatFrame(pieces.get(0)).vlan(5).isFragment(0, true).identification(99).hasValidChecksums()
            .withIpv4Options(Hex.parse("07030401 8804abcd"));
        assertThatFrame(pieces.get(1)).isFragment(40, true).withPayloadBytes(40).hasValidChecksums()
            .withIpv4Options(Hex.parse("8804abcd"));
        assertThatFrame(pieces.get(2)).isFragment(80, false).withPayloadBytes(28).hasValidChecksums();
    }

    @Test
    void cutsIpv6AfterTheHeadersOfEveryHop() {
        List<byte[]> pieces = Fragments.cut(IPV6, 48);
        assertThat(pieces).hasSize(3);
        assertThatFrame(pieces.get(1)).isFragment(48, true).identification(1).withPayloadBytes(48);
        assertThat(Octets.u8(pieces.get(1), 20)).as("next header: hop-by-hop").isZero();
        assertThat(Octets.u8(pieces.get(1), 54)).as("next header: fragment").isEqualTo(44);
        assertThat(Octets.u8(pieces.get(1), 62)).as("next header: destination options").isEqualTo(60);
    }

    @Test
    void joinsWhatItCutInAnyOrder() {
        for (byte[] frame : List.of(IPV4, IPV6)) {
            byte[] whole = Octets.range(frame, frame.length - Fragments.fragmentableBytes(frame),
                Fragments.fragmentableBytes(frame));
            List<byte[]> pieces = new ArrayList<>(Fragments.cut(frame, 16));
            Collections.shuffle(pieces, new Random(Seeds.next()));
            assertThat(Fragments.join(pieces)).isEqualTo(whole);
            pieces.removeLast();
            assertThatThrownBy(() -> Fragments.join(pieces)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void tsharkReassemblesThePieces(@TempDir Path folder) {
        Tshark.required();
        for (byte[] frame : List.of(IPV4, IPV6)) {
            Path file = folder.resolve("pieces.pcap");
            CaptureFile.write(file, Fragments.cut(frame, 32).toArray(byte[][]::new));
            List<List<String>> rows = Tshark.fields(
                List.of("-o", "ip.defragment:TRUE", "-o", "ipv6.defragment:TRUE"), file,
                "udp.length", "udp.checksum.status", "_ws.malformed");
            assertThat(rows.getLast()).containsExactly("108", "1", "");
            assertThat(rows.getFirst()).containsExactly("", "", "");
        }
    }

    @Test
    void refusesWhatIsNoFragment() {
        assertThatThrownBy(() -> Fragments.piece(IPV4, 4, 8)).hasMessageContaining("got 4 to 12");
        assertThatThrownBy(() -> Fragments.piece(IPV4, 0, 12)).hasMessageContaining("got 0 to 12");
        byte[] piece = Fragments.cut(IPV4, 40).getFirst();
        assertThatThrownBy(() -> Fragments.cut(piece, 8)).hasMessageContaining("whole IP packet");
        byte[] arp = Frame.ethernet(ALICE, BOB).arpRequest(ALICE, "10.0.0.1", "10.0.0.2").bytes();
        assertThatThrownBy(() -> Fragments.cut(arp, 8)).hasMessageContaining("whole IP packet");
    }
}
