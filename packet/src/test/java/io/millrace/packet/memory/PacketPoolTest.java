package io.millrace.packet.memory;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PacketPoolTest {

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void givesEverySlotOnceThenNone() {
        for (int slotCount : new int[] {1, 2, 3, 64, 65, 5000}) {
            PacketPool pool = pool(slotCount);
            List<Integer> all = drain(pool);
            assertThat(all).containsExactlyInAnyOrderElementsOf(IntStream.range(0, slotCount).boxed().toList());
            assertThat(pool.allocate()).isEqualTo(NONE);
            all.forEach(pool::release);
            assertThat(drain(pool)).hasSize(slotCount);
        }
    }

    @Test
    void aFreshMemoryIsGivenInRisingOrder() {
        PacketPool pool = pool(100);
        for (int expected = 0; expected < 50; expected++) {
            assertThat(pool.allocate()).isEqualTo(expected);
        }
    }

    @Test
    void givesTheLastReleasedFirst() {
        PacketPool pool = pool(64);
        int[] packets = IntStream.range(0, 20).map(i -> pool.allocate()).toArray();
        for (int packet : packets) {
            pool.release(packet);
        }
        for (int i = packets.length - 1; i >= 0; i--) {
            assertThat(pool.allocate()).isEqualTo(packets[i]);
        }
    }

    @Test
    void releasesAChainWhole() {
        PacketPool pool = pool(8);
        var meta = new PacketMeta(pool.packets());
        List<Integer> slots = drain(pool);
        for (int i = 0; i + 1 < slots.size(); i++) {
            meta.next(slots.get(i), slots.get(i + 1));
        }
        pool.release(slots.getFirst());
        assertThat(drain(pool)).containsExactlyInAnyOrderElementsOf(slots);
    }

    @Test
    void aSlotGivenIsNoChainWhateverItWasBefore() {
        PacketPool pool = pool(2);
        var meta = new PacketMeta(pool.packets());
        int first = pool.allocate();
        int second = pool.allocate();
        meta.next(first, second);
        pool.release(first);
        for (int i = 0; i < 2; i++) {
            assertThat(meta.isChain(pool.allocate())).isFalse();
        }
    }

    @Test
    void trimsAChainToAnyLengthAndTakesBackTheRest() {
        int[] slotBytes = {100, 0, 300, 1};
        for (int packetBytes = 0; packetBytes <= 401; packetBytes++) {
            PacketPool pool = pool(slotBytes.length);
            var meta = new PacketMeta(pool.packets());
            int packet = chain(pool, slotBytes);
            pool.trim(packet, packetBytes);
            assertThat(meta.packetBytes(packet)).isEqualTo(packetBytes);
            int presentBytes = 0;
            int lastSlot = packet;
            int count = 0;
            for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
                presentBytes += meta.slotBytes(slot);
                lastSlot = slot;
                count++;
            }
            assertThat(presentBytes).isEqualTo(packetBytes);
            assertThat(count).isEqualTo(packetBytes <= 100 ? 1 : packetBytes <= 400 ? 3 : 4);
            assertThat(meta.last(packet)).isEqualTo(count == 1 ? NONE : lastSlot);
            assertThat(drain(pool)).hasSize(slotBytes.length - count);
        }
    }

    @Test
    void releasesTheWholeBurst() {
        PacketPool pool = pool(64);
        var burst = new Burst();
        while (burst.room() > 0) burst.add(pool.allocate());
        pool.releaseAll(burst);
        assertThat(burst.count()).isZero();
        assertThat(drain(pool)).hasSize(64);
    }

    @Test
    void poisonsWhatIsReleased() {
        PacketPool pool = pool(3);
        int packet = pool.allocate();
        int kept = pool.allocate();
        new PacketMeta(pool.packets()).begin(kept, 60, 0, 0, 0);
        pool.release(packet);
        long slotAt = pool.packets().slotAt(packet);
        for (int i = 0; i < PacketMemory.CHUNK_BYTES; i++) {
            assertThat(Wire.u8(pool.packets().segment(), slotAt + i)).as("byte %d", i).isEqualTo(0xDE);
        }
        assertThat(new PacketMeta(pool.packets()).packetBytes(kept)).isEqualTo(60);
    }

    @Test
    void aDoubleReleaseNamesBothPlaces() {
        PacketPool pool = pool(3);
        int packet = pool.allocate();
        releaseInOnePlace(pool, packet);
        assertThatThrownBy(() -> releaseInAnother(pool, packet))
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("packet " + packet + " released twice")
            .satisfies(error -> {
                assertThat(methods(error)).contains("releaseInAnother").doesNotContain("releaseInOnePlace");
                assertThat(methods(error.getCause())).contains("releaseInOnePlace").doesNotContain("releaseInAnother");
            });
    }

    @Test
    void aDoubleReleaseThroughAnotherPoolIsFoundToo() {
        PacketPool pool = pool(3);
        int packet = pool.allocate();
        releaseInOnePlace(pool, packet);
        assertThatThrownBy(() -> releaseInAnother(pool.another(), packet)).isInstanceOf(AssertionError.class);
    }

    @Test
    void writingToAReleasedSlotNamesThePlaceOfItsRelease() {
        for (int at : new int[] {0, PacketMemory.FRAME_AT, PacketMemory.CHUNK_BYTES - 1}) {
            PacketPool pool = pool(3);
            int packet = pool.allocate();
            releaseInOnePlace(pool, packet);
            Wire.u8(pool.packets().segment(), pool.packets().slotAt(packet) + at, 0);
            assertThatThrownBy(pool::allocate)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("packet " + packet + " was written to after its release")
                .satisfies(error -> assertThat(methods(error.getCause())).contains("releaseInOnePlace"));
        }
    }

    @Test
    void twoPoolsShareOneMemory() {
        long seed = Seeds.next();
        var random = new Random(seed);
        int slotCount = 10_000;   // more than two pools keep, so that both draw and spill
        PacketPool first = pool(slotCount);
        PacketPool[] pools = {first, first.another()};
        List<Integer> out = new ArrayList<>();
        Set<Integer> isOut = new HashSet<>();
        for (int step = 0; step < 60; step++) {
            PacketPool pool = pools[random.nextInt(2)];
            int count = random.nextInt(4000);
            if (random.nextBoolean()) {
                for (int i = 0; i < count; i++) {
                    int packet = pool.allocate();
                    if (packet == NONE) break;
                    assertThat(isOut.add(packet)).as("packet %d given twice, seed=%d", packet, seed).isTrue();
                    out.add(packet);
                }
            } else {
                for (int i = 0; i < count && !out.isEmpty(); i++) {
                    int packet = out.removeLast();
                    isOut.remove(packet);
                    pool.release(packet);
                }
            }
        }
        int freeCount = drain(pools[0]).size() + drain(pools[1]).size();
        assertThat(freeCount + out.size()).as("seed=%d", seed).isEqualTo(slotCount);
    }

    @Test
    void whatOnePoolSpillsAnotherCanTake() {
        int slotCount = 3 * 4096;
        PacketPool receiver = pool(slotCount);
        PacketPool sender = receiver.another();
        // One side only takes and the other only gives back, as with packets that cross workers.
        for (int i = 0; i < 3 * slotCount; i++) {
            int packet = receiver.allocate();
            assertThat(packet).as("allocation %d", i).isNotEqualTo(NONE);
            sender.release(packet);
        }
    }

    private PacketPool pool(int slotCount) {
        return new PacketPool(arena, new PacketMemory(arena, slotCount));
    }

    private static int chain(PacketPool pool, int... slotBytes) {
        var meta = new PacketMeta(pool.packets());
        int packet = pool.allocate();
        meta.begin(packet, slotBytes[0], 0, 0, 0);
        int last = packet;
        for (int i = 1; i < slotBytes.length; i++) {
            int slot = pool.allocate();
            meta.begin(slot, slotBytes[i], 0, 0, 0);
            meta.next(last, slot);
            last = slot;
        }
        meta.last(packet, slotBytes.length == 1 ? NONE : last);
        meta.packetBytes(packet, IntStream.of(slotBytes).sum());
        return packet;
    }

    private static List<Integer> drain(PacketPool pool) {
        List<Integer> packets = new ArrayList<>();
        for (int packet = pool.allocate(); packet != NONE; packet = pool.allocate()) {
            packets.add(packet);
        }
        return packets;
    }

    private static void releaseInOnePlace(PacketPool pool, int packet) {
        pool.release(packet);
    }

    private static void releaseInAnother(PacketPool pool, int packet) {
        pool.release(packet);
    }

    private static List<String> methods(Throwable error) {
        return List.of(error.getStackTrace()).stream().map(StackTraceElement::getMethodName).toList();
    }
}
