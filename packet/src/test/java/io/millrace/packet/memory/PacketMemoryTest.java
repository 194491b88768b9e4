package io.millrace.packet.memory;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PacketMemoryTest {

    /// What Linux asks of a UMEM: `PAGE_SIZE`, a chunk size of 2,048 or more, `XDP_PACKET_HEADROOM`.
    private static final int PAGE_BYTES = 4096;
    private static final int CHUNK_BYTES = 2048;
    private static final int STRIDE_BYTES = 2112;
    private static final int XDP_PACKET_HEADROOM = 256;

    @Test
    void everySlotIsAChunkOfAUmemAnOddNumberOfCacheLinesFromTheNext() {
        assertThat(PacketMemory.CHUNK_BYTES).isEqualTo(CHUNK_BYTES);
        assertThat(STRIDE_BYTES / 64 % 2).isEqualTo(1);
        assertThat(STRIDE_BYTES % 64).isZero();
        try (Arena arena = Arena.ofConfined()) {
            for (int slotCount : new int[] {1, 2, 3, 1000}) {
                var packets = new PacketMemory(arena, slotCount);
                assertThat(packets.segment().address() % PAGE_BYTES).isZero();
                assertThat(packets.segment().byteSize()).isEqualTo((long) slotCount * STRIDE_BYTES);
                assertThat(packets.slotCount()).isEqualTo(slotCount);
                for (int packet = 0; packet < slotCount; packet++) {
                    assertThat(packets.slotAt(packet)).isEqualTo((long) packet * STRIDE_BYTES);
                }
            }
        }
    }

    @Test
    void theFrameBeginsWhereTheKernelPutsIt() {
        assertThat(PacketMemory.FRAME_AT).isEqualTo(XDP_PACKET_HEADROOM);
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, 2);
            var meta = new PacketMeta(packets);
            meta.begin(1, 60, 0, 0, 0);
            assertThat(meta.frameAt(1)).isEqualTo(STRIDE_BYTES + XDP_PACKET_HEADROOM);
        }
    }

    @Test
    void countsTheSlotsOfAFrame() {
        int frameBytesMax = CHUNK_BYTES - XDP_PACKET_HEADROOM;
        assertThat(PacketMemory.FRAME_BYTES_MAX).isEqualTo(frameBytesMax);
        assertThat(PacketMemory.slotsFor(0)).isEqualTo(1);
        assertThat(PacketMemory.slotsFor(frameBytesMax)).isEqualTo(1);
        assertThat(PacketMemory.slotsFor(frameBytesMax + 1)).isEqualTo(2);
        assertThat(PacketMemory.slotsFor(2 * frameBytesMax)).isEqualTo(2);
        assertThat(PacketMemory.slotsFor(65_549)).isEqualTo(37);
    }

    @Test
    void refusesAMemoryWithoutSlots() {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> new PacketMemory(arena, 0)).hasMessage("slotCount must be positive, got 0");
        }
    }

    @Test
    void aSlotOutsideOfTheMemoryCannotBeReached() {
        try (Arena arena = Arena.ofConfined()) {
            var meta = new PacketMeta(new PacketMemory(arena, 2));
            assertThatThrownBy(() -> meta.port(2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> meta.port(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aSlotBeyondTheLastIsAnError() {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, 2);
            assertThatThrownBy(() -> packets.slotAt(2)).isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> packets.slotAt(-1)).isInstanceOf(AssertionError.class);
        }
    }
}
