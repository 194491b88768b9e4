package io.millrace.dataplane.fragment;

import io.millrace.dataplane.PacketBench;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static io.millrace.testkit.FrameAssert.assertThatPacket;
import static org.assertj.core.api.Assertions.assertThat;

class Ipv4FragmenterTest {

    private final PacketBench bench = new PacketBench(16_384);
    private final Ipv4Fragmenter fragmenter = new Ipv4Fragmenter(bench.pool, bench.ledger);

    @Test
    void cutsAtTheLastMultipleOfEightThatFits() {
        byte[] frame = ip().identification(0x1234).udp(1, 2).payloadOf(1472 + 28).bytes();
        List<byte[]> pieces = fragment(bench.put(frame), 1500);

        assertThat(pieces).hasSize(2);
        assertThatPacket(pieces.get(0)).isIpv4().isFragment(0, true).identification(0x1234).hasValidChecksums();
        assertThatPacket(pieces.get(1)).isIpv4().isFragment(1480, false).identification(0x1234).hasValidChecksums();
        assertThat(pieces.get(0)).hasSize(1500);
        assertThat(pieces.get(1)).hasSize(20 + 28);
        assertThat(payloads(pieces)).isEqualTo(payload(frame));
    }

    @Test
    void givesTheLastPieceAllThatFitsEvenIfNotAMultipleOfEight() {
        byte[] frame = ip().protocol(200).payloadOf(48 + 47).bytes();
        List<byte[]> pieces = fragment(bench.put(frame), 68);

        assertThat(pieces).extracting(piece -> piece.length).containsExactly(68, 67);
    }

    @Test
    void cutsAPacketOneByteTooLong() {
        byte[] frame = ip().protocol(200).payloadOf(49).bytes();
        List<byte[]> pieces = fragment(bench.put(frame), 68);

        assertThat(pieces).extracting(piece -> piece.length).containsExactly(68, 21);
    }

    @Test
    void roundsDownWhereTheMtuIsNoMultipleOfEight() {
        byte[] frame = ip().protocol(200).payloadOf(110).bytes();
        List<byte[]> pieces = fragment(bench.put(frame), 75);   // 55 bytes of payload fit, 48 are used

        assertThat(pieces).extracting(piece -> piece.length).containsExactly(68, 68, 34);
    }

    @Test
    void cutsAPieceFurtherAndKeepsItsPlace() {
        byte[] frame = ip().fragmentOffsetBytes(4000).moreFragments().protocol(17).payloadOf(120).bytes();
        List<byte[]> pieces = fragment(bench.put(frame), 76);

        assertThat(pieces).hasSize(3);
        assertThatPacket(pieces.get(0)).isFragment(4000, true);
        assertThatPacket(pieces.get(1)).isFragment(4056, true);
        assertThatPacket(pieces.get(2)).isFragment(4112, true);   // another follows, though not from here
        assertThat(payloads(pieces)).isEqualTo(payload(frame));
    }

    @Test
    void keepsOptionsOfTheFirstPieceAndBlanksTheUncopiedOfTheOthers() {
        // NOP, record route (not copied), loose source route (copied), timestamp (not copied), end, pad
        byte[] frame = ip().options(1, 7, 7, 4, 0, 0, 0, 0, 0x83, 7, 8, 9, 9, 9, 9, 0x44, 8, 5, 0, 0, 0, 0, 0, 0)
            .protocol(200).payloadOf(64).bytes();
        List<byte[]> pieces = fragment(bench.put(frame), 84);

        assertThat(options(pieces.get(0))).containsExactly(
            1, 7, 7, 4, 0, 0, 0, 0, 0x83, 7, 8, 9, 9, 9, 9, 0x44, 8, 5, 0, 0, 0, 0, 0, 0);
        assertThat(options(pieces.get(1))).containsExactly(
            1, 1, 1, 1, 1, 1, 1, 1, 0x83, 7, 8, 9, 9, 9, 9, 1, 1, 1, 1, 1, 1, 1, 1, 0);
        assertThatPacket(pieces.get(1)).hasValidChecksums();
    }

    @Test
    void leavesOptionsOfALaterPieceAlone() {
        byte[] frame = ip().fragmentOffsetBytes(800).options(7, 7, 4, 0, 0, 0, 0, 0).protocol(200).payloadOf(64)
            .bytes();
        List<byte[]> pieces = fragment(bench.put(frame), 68);

        assertThat(options(pieces.get(1))).containsExactly(7, 7, 4, 0, 0, 0, 0, 0);
    }

    @Test
    void stopsAtAnOptionWithoutAPossibleLength() {
        for (int length : new int[] {0, 1, 9, 255}) {
            byte[] frame = ip().options(1, 1, 1, 1, 7, length, 4, 0).protocol(200).payloadOf(64).bytes();
            List<byte[]> pieces = fragment(bench.put(frame), 68);
            assertThat(options(pieces.get(1))).containsExactly(1, 1, 1, 1, 7, length, 4, 0);
        }
    }

    @Test
    void makesTheMostPiecesThereCanBe() {
        byte[] frame = ip().options(new int[40]).protocol(200).payloadOf(65_535 - 60).bytes();
        List<byte[]> pieces = fragment(bench.put(frame, 1792), 68);

        assertThat(pieces).hasSize(8185);
        assertThatPacket(pieces.getLast()).isFragment(65_472, false);
        assertThat(payloads(pieces)).isEqualTo(payload(frame));
    }

    @Test
    void makesChainsWhereTheMtuIsBeyondASlot() {
        byte[] frame = ip().protocol(200).payloadOf(30_000).bytes();
        List<byte[]> pieces = fragment(bench.put(frame, 1000), 9000);

        assertThat(pieces).extracting(piece -> piece.length).containsExactly(8996, 8996, 8996, 20 + 30_000 - 3 * 8976);
        assertThat(payloads(pieces)).isEqualTo(payload(frame));
    }

    @Test
    void copiesWhatIsKnownOfThePacketToEveryPiece() {
        int packet = bench.put(ip().protocol(200).payloadOf(100).bytes());
        bench.meta.mark(packet, 77);
        bench.meta.egress(packet, 5);
        bench.meta.receiveNs(packet, 123_456_789L);
        bench.meta.linkClass(packet, 2);
        bench.meta.isTraced(packet, true);
        List<Integer> offsets = new ArrayList<>();
        fragmenter.fragment(packet, 68, piece -> {
            assertThat(bench.meta.mark(piece)).isEqualTo(77);
            assertThat(bench.meta.egress(piece)).isEqualTo(5);
            assertThat(bench.meta.receiveNs(piece)).isEqualTo(123_456_789L);
            assertThat(bench.meta.linkClass(piece)).isEqualTo(2);
            assertThat(bench.meta.isTraced(piece)).isTrue();
            assertThat(bench.meta.l3(piece)).isEqualTo(14);
            assertThat(bench.meta.end(piece)).isEqualTo(bench.meta.packetBytes(piece));
            boolean isFirst = (bench.meta.flags(piece) & ParseFlags.FIRST_FRAGMENT) != 0;
            assertThat(isFirst).isEqualTo(offsets.isEmpty());
            assertThat(bench.meta.flags(piece) & ParseFlags.FRAGMENT).isNotZero();
            assertThat(bench.bytes(piece, 0)).startsWith(Arrays.copyOf(ip().bytes(), 14));   // the link header too
            offsets.add(piece);
            bench.sent(piece);
        });
        assertThat(offsets).hasSize(3);
    }

    @Test
    void dropsThePacketWholeIfMemoryRunsOutHalfWay() {
        PacketBench small = new PacketBench(8);
        Ipv4Fragmenter poor = new Ipv4Fragmenter(small.pool, small.ledger);
        int packet = small.put(ip().protocol(200).payloadOf(48 * 8).bytes());

        int pieceCount = poor.fragment(packet, 68, piece -> {
            throw new AssertionError("a piece without the others");
        });

        assertThat(pieceCount).isZero();
        assertThat(small.ledger.count(Verdict.NO_SLOT)).isEqualTo(1);
        assertThat(small.ledger.unaccounted()).isZero();
        assertThat(small.freeSlots()).isEqualTo(8);
    }

    @Test
    void dropsThePacketWholeIfMemoryRunsOutWithinAChain() {
        PacketBench small = new PacketBench(12);
        Ipv4Fragmenter poor = new Ipv4Fragmenter(small.pool, small.ledger);
        int packet = small.put(ip().protocol(200).payloadOf(10_000).bytes(), PacketMemory.FRAME_BYTES_MAX);

        assertThat(poor.fragment(packet, 9000, piece -> { throw new AssertionError(); })).isZero();
        assertThat(small.freeSlots()).isEqualTo(12);
        assertThat(small.ledger.unaccounted()).isZero();
    }

    @Test
    void keepsTheAccountAndTheMemory() {
        List<byte[]> pieces = fragment(bench.put(ip().protocol(200).payloadOf(5000).bytes(), 700), 576);

        assertThat(pieces).hasSizeGreaterThan(5);
        assertThat(bench.ledger.split()).isEqualTo(pieces.size() - 1);
        assertThat(bench.ledger.unaccounted()).isZero();
        assertThat(bench.freeSlots()).isEqualTo(16_384);
    }

    private List<byte[]> fragment(int packet, int mtuBytes) {
        List<byte[]> pieces = new ArrayList<>();
        int pieceCount = fragmenter.fragment(packet, mtuBytes, piece -> {
            pieces.add(bench.network(piece));
            bench.sent(piece);
        });
        assertThat(pieceCount).isEqualTo(pieces.size());
        return pieces;
    }

    private static Ipv4Layer ip() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2");
    }

    private static byte[] payload(byte[] frame) {
        return Arrays.copyOfRange(frame, 14 + (frame[14] & 0xf) * 4, frame.length);
    }

    private static byte[] payloads(List<byte[]> pieces) {
        byte[] all = new byte[0];
        for (byte[] piece : pieces) {
            int headerBytes = (piece[0] & 0xf) * 4;
            int doneBytes = all.length;
            all = Arrays.copyOf(all, doneBytes + piece.length - headerBytes);
            System.arraycopy(piece, headerBytes, all, doneBytes, piece.length - headerBytes);
        }
        return all;
    }

    private static int[] options(byte[] piece) {
        int[] options = new int[(piece[0] & 0xf) * 4 - 20];
        for (int i = 0; i < options.length; i++) {
            options[i] = piece[20 + i] & 0xff;
        }
        return options;
    }
}
