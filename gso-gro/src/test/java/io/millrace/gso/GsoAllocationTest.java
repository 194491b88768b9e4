package io.millrace.gso;

import io.millrace.checksum.transmit.DeviceChecksums;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;
import io.millrace.testkit.Allocation;
import io.millrace.testkit.Frame;
import io.millrace.testkit.NaiveSegmenter;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;

/// Cutting allocates nothing once it is compiled, with and without payload to copy, sums to take and tunnels around.
class GsoAllocationTest {

    private static final int ROUNDS = 300;

    @Test
    void allocatesNothingOnceWarm() {
        byte[] bytes = Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:00:01").ipv4("192.0.2.1", "192.0.2.2")
            .udp(1, 4789).partialChecksum().vxlan(1).ethernet("02:00:00:00:00:02", "02:00:00:00:00:01")
            .ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).partialChecksum().payloadOf(30_000).bytes();
        int headerBytes = bytes.length - 30_000;
        SuperFrame frame = new SuperFrame(bytes, GsoType.TCPV4 | GsoType.UDP_TUNNEL_CSUM, 1_000, headerBytes - 20,
            headerBytes, 16, true, new int[0], new NaiveSegmenter(1_000));
        try (GsoFixture fixture = new GsoFixture()) {
            Work work = new Work(fixture, frame);
            assertThat(Allocation.bytesOnceWarm(work::run)).isZero();
            assertThat(work.segmentCount).isPositive().isEqualTo(work.roundCount * 30);
        }
    }

    /// Copies of one super-packet, cut for a device that fills in checksums and for one that does not, in turn.
    private static final class Work {

        private static final DeviceSegmentation SUMS_ONLY =
            DeviceSegmentation.cutsNothing(DeviceChecksums.ANYTHING);

        private final GsoFixture fixture;
        private final GsoHelp help;
        private final int[] target = new int[64];
        private final int packet;
        private long segmentCount;
        private long roundCount;

        Work(GsoFixture fixture, SuperFrame frame) {
            this.fixture = fixture;
            this.help = new GsoHelp(fixture.pool, 1);
            this.packet = fixture.packet(frame, GsoFixture.Layout.FULL, new Random(1));
        }

        void run() {
            for (int round = 0; round < ROUNDS; round++) {
                DeviceSegmentation device = (round & 1) == 0 ? DeviceSegmentation.NOTHING : SUMS_ONLY;
                if (help.gsoHelp(copyOfPacket(), device, target) != Verdict.FORWARD) return;
                segmentCount += help.count();
                roundCount++;
                for (int i = 0; i < help.count(); i++) {
                    fixture.pool.release(target[i]);
                }
            }
        }

        private int copyOfPacket() {
            int first = NONE;
            int last = NONE;
            for (int slot = packet; slot != NONE; slot = fixture.meta.next(slot)) {
                int copy = fixture.pool.allocate();
                Wire.copy(fixture.packets.segment(), fixture.packets.slotAt(slot), fixture.packets.segment(),
                    fixture.packets.slotAt(copy), PacketMemory.CHUNK_BYTES);
                fixture.meta.next(copy, NONE);
                if (first == NONE) {
                    first = copy;
                } else {
                    fixture.meta.next(last, copy);
                    fixture.meta.last(first, copy);
                }
                last = copy;
            }
            return first;
        }
    }
}
