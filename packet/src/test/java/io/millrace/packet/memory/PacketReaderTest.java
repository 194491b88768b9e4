package io.millrace.packet.memory;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class PacketReaderTest {

    private static final int SLOTS = 40;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), SLOTS);
    private final PacketMeta meta = new PacketMeta(packets);
    private final PacketReader reader = new PacketReader(packets);
    private final long targetAt = packets.slotAt(SLOTS - 8);

    @Test
    void copiesAnyRangeInAnyPartsFromAnyChain() {
        Random random = new Random(Seeds.next());
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(10_000)];
            random.nextBytes(bytes);
            chain(bytes, random);
            int from = random.nextInt(bytes.length + 1);
            int byteCount = random.nextInt(bytes.length - from + 1);
            reader.from(0, from);
            int doneBytes = 0;
            while (doneBytes < byteCount) {
                int partBytes = 1 + random.nextInt(byteCount - doneBytes);
                reader.copy(targetAt + doneBytes, partBytes);
                doneBytes += partBytes;
            }
            for (int i = 0; i < byteCount; i++) {
                assertThat((byte) Wire.u8(packets.segment(), targetAt + i)).isEqualTo(bytes[from + i]);
            }
        }
    }

    @Test
    void copiesNothingAtTheEnd() {
        chain(new byte[] {1, 2, 3}, new Random(1));
        Wire.u8(packets.segment(), targetAt, 0x77);
        reader.from(0, 3).copy(targetAt, 0);
        assertThat(Wire.u8(packets.segment(), targetAt)).isEqualTo(0x77);
    }

    /// Slots of random sizes, some of them empty, from slot 0 on.
    private void chain(byte[] bytes, Random random) {
        int slot = 0;
        int doneBytes = 0;
        while (true) {
            int room = slot >= 25 ? 1792 : random.nextInt(4) == 0 ? 0 : random.nextInt(1792);
            int partBytes = Math.min(room, bytes.length - doneBytes);
            meta.begin(slot, partBytes, 0, 0, 0);
            for (int i = 0; i < partBytes; i++) {
                Wire.u8(packets.segment(), meta.frameAt(slot) + i, bytes[doneBytes + i]);
            }
            doneBytes += partBytes;
            if (doneBytes == bytes.length) break;
            meta.next(slot, slot + 1);
            slot++;
        }
        meta.packetBytes(0, bytes.length);
    }
}
