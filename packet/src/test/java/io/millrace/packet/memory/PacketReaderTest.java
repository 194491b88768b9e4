package io.millrace.packet.memory;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class PacketReaderTest {

    private static final int TARGET = 7;   // a slot to copy to

    private final Arena arena = Arena.ofConfined();
    private final PacketMemory packets = new PacketMemory(arena, 8);
    private final PacketMeta meta = new PacketMeta(packets);
    private final PacketReader reader = new PacketReader(packets);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void readsAnyPartOfAnyChainInAnySteps() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            int packet = chain(bytes, random);
            int at = random.nextInt(bytes.length + 1);
            reader.from(packet, at);
            while (at < bytes.length) {
                int count = random.nextInt(bytes.length - at + 1);
                reader.copy(packets.slotAt(TARGET), count);
                assertThat(target(count)).as("seed=%d, round %d, from %d", seed, round, at)
                    .isEqualTo(Arrays.copyOfRange(bytes, at, at + count));
                at += count;
            }
            reader.copy(packets.slotAt(TARGET), 0);
        }
    }

    /// The bytes over one to six slots, some of them empty, each beginning elsewhere.
    private int chain(byte[] bytes, Random random) {
        int slotCount = random.nextInt(1, 7);
        int putBytes = 0;
        for (int slot = 0; slot < slotCount; slot++) {
            int leftBytes = bytes.length - putBytes;
            int slotBytes = slot == slotCount - 1 ? leftBytes : random.nextInt(leftBytes + 1);
            meta.begin(slot, slotBytes, 0, 0, 0);
            meta.dataAt(slot, 128 + random.nextInt(1000));
            MemorySegment.copy(
                MemorySegment.ofArray(bytes), putBytes, packets.segment(), meta.frameAt(slot), slotBytes);
            if (slot > 0) meta.next(slot - 1, slot);
            putBytes += slotBytes;
        }
        meta.packetBytes(0, bytes.length);
        meta.last(0, slotCount == 1 ? PacketMemory.NONE : slotCount - 1);
        return 0;
    }

    private byte[] target(int count) {
        return packets.segment().asSlice(packets.slotAt(TARGET), count).toArray(ValueLayout.JAVA_BYTE);
    }
}
