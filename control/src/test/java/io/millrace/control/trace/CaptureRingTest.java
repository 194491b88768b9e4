package io.millrace.control.trace;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

import static org.assertj.core.api.Assertions.assertThat;

class CaptureRingTest {

    /// Of 1,000 bytes with their heads, rounded up: 4 MB hold about four thousand.
    private static final int FRAME_BYTES = 1_000;

    @Test
    void countsWhatFindsNoRoomAndGoesOnOnceThereIsSome() {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, 8);
            var meta = new PacketMeta(packets);
            int packet = new PacketPool(arena, packets).allocate();
            meta.slotBytes(packet, FRAME_BYTES);
            meta.packetBytes(packet, FRAME_BYTES);
            var ring = new CaptureRing(FrameFilter.ALL, packets);
            int offered = 10_000;
            for (int i = 0; i < offered; i++) ring.take(packet, 0, CaptureRing.OUTBOUND, Verdict.SENT, 0, i);
            var kept = new int[1];
            ring.messages().read((_, buffer, at, byteCount) -> {
                assertThat(byteCount).isEqualTo(CaptureRing.FRAME_AT + FRAME_BYTES);
                assertThat(buffer.getLong(at + CaptureRing.TIME_AT)).isEqualTo(kept[0]++);
            });
            assertThat(kept[0]).isBetween(3_900, 4_100);
            assertThat(ring.missed()).isEqualTo(offered - kept[0]);
            ring.take(packet, 0, CaptureRing.OUTBOUND, Verdict.SENT, 0, 0);
            // The first reading may end at the end of the buffer.
            int again = ring.messages().read((_, _, _, _) -> { }) + ring.messages().read((_, _, _, _) -> { });
            assertThat(again).isOne();
            assertThat(ring.missed()).isEqualTo(offered - kept[0]);
        }
    }
}
