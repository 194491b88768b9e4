package io.millrace.dataplane.fragment;

import io.millrace.dataplane.PacketBench;
import io.millrace.testkit.Frame;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Random packets at random MTUs against a fragmenter over arrays.
class Ipv4FragmenterFuzzTest {

    private static final int PACKETS = 2_000;

    private final PacketBench bench = new PacketBench(4_096);
    private final Ipv4Fragmenter fragmenter = new Ipv4Fragmenter(bench.pool, bench.ledger);

    @Test
    void cutsAsAFragmenterOverArraysDoes() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int i = 0; i < PACKETS; i++) {
            byte[] options = new byte[4 * random.nextInt(11)];
            random.nextBytes(options);
            int mtuBytes = 68 + (random.nextBoolean() ? random.nextInt(200) : random.nextInt(4000));
            byte[] payload = new byte[Math.min(mtuBytes * 20, 1 + random.nextInt(12_000))];
            random.nextBytes(payload);
            var ip = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2")
                .identification(random.nextInt(65_536)).tos(random.nextInt(256)).protocol(random.nextInt(256))
                .options(options);
            if (random.nextInt(3) == 0) ip.fragmentOffsetBytes(8 * random.nextInt(5000));
            if (random.nextInt(3) == 0) ip.moreFragments();
            byte[] frame = ip.payload(payload).bytes();
            byte[] packet = Arrays.copyOfRange(frame, 14, frame.length);
            if (packet.length <= mtuBytes) continue;

            List<byte[]> pieces = new ArrayList<>();
            int slotBytesMax = 14 + 60 + random.nextInt(1792 - 14 - 60);
            fragmenter.fragment(bench.put(frame, slotBytesMax), mtuBytes, piece -> {
                pieces.add(bench.network(piece));
                bench.sent(piece);
            });

            List<byte[]> expected = cut(packet, mtuBytes);
            assertThat(pieces).as("packet %d of seed %d", i, seed).hasSameSizeAs(expected);
            for (int k = 0; k < expected.size(); k++) {
                assertThat(pieces.get(k)).as("packet %d, piece %d of seed %d", i, k, seed).isEqualTo(expected.get(k));
            }
        }
        assertThat(bench.ledger.unaccounted()).isZero();
        assertThat(bench.freeSlots()).isEqualTo(4_096);
    }

    /// RFC 791 §3.2, the example procedure, over arrays.
    private static List<byte[]> cut(byte[] packet, int mtuBytes) {
        List<byte[]> pieces = new ArrayList<>();
        int headerBytes = (packet[0] & 0xf) * 4;
        int flags = u16(packet, 6);
        for (int at = headerBytes; at < packet.length;) {
            int leftBytes = packet.length - at;
            int pieceBytes = headerBytes + leftBytes <= mtuBytes ? leftBytes : (mtuBytes - headerBytes) / 8 * 8;
            byte[] piece = Arrays.copyOf(packet, headerBytes + pieceBytes);
            System.arraycopy(packet, at, piece, headerBytes, pieceBytes);
            boolean isLast = pieceBytes == leftBytes;
            int offset = (flags & 0x1fff) + (at - headerBytes) / 8 & 0x1fff;
            put16(piece, 6, offset | (isLast ? flags & 0x2000 : 0x2000));
            put16(piece, 2, piece.length);
            if (at > headerBytes && (flags & 0x1fff) == 0) blank(piece, headerBytes);
            put16(piece, 10, NaiveChecksum.ipv4(piece, 0));
            pieces.add(piece);
            at += pieceBytes;
        }
        return pieces;
    }

    private static void blank(byte[] piece, int headerBytes) {
        int at = 20;
        while (at < headerBytes && piece[at] != 0) {
            if (piece[at] == 1) {
                at++;
                continue;
            }
            if (at + 1 == headerBytes) return;
            int length = piece[at + 1] & 0xff;
            if (length < 2 || at + length > headerBytes) return;
            if (piece[at] >= 0) Arrays.fill(piece, at, at + length, (byte) 1);
            at += length;
        }
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }
}
