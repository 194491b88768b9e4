package io.millrace.checksum.state;

import io.millrace.checksum.PacketFixture;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Changes packets at random beside a byte array that changes in the same way, and asks after each change whether the
/// checksum state still tells the truth.
class PacketBytesTest {

    private static final int FIRST_BYTES = 200;

    private final Random random = new Random(Seeds.next());
    private final PacketFixture fixture = new PacketFixture();
    private final PacketBytes editor = new PacketBytes(fixture.packets);
    private final ChecksumRecord record = new ChecksumRecord(fixture.packets);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void completeStaysTheSumOfWhatItNames() {
        for (int round = 0; round < 300; round++) {
            byte[] bytes = random(FIRST_BYTES + random.nextInt(3_000));
            int packet = fixture.packet(bytes, FIRST_BYTES, random);
            int start = random.nextInt(40);
            record.complete(packet, start, NaiveChecksum.sum(bytes, start, bytes.length - start));
            for (int change = 0; change < 20 && fixture.meta.slotBytes(packet) > 60; change++) {
                bytes = change(packet, bytes);
                assertThat(fixture.bytes(packet)).isEqualTo(bytes);
                if (record.state(packet) == ChecksumState.NONE) break;
                int from = record.start(packet);
                int sum = NaiveChecksum.sum(bytes, from, bytes.length - from);
                assertThat(fixture.meta.checksumSum(packet) % 0xffff).isEqualTo(sum % 0xffff);
            }
            fixture.pool.release(packet);
        }
    }

    /// Start and field are marked by their content, which moves with them.
    @Test
    void partialKeepsPointingAtTheSameBytes() {
        for (int round = 0; round < 500; round++) {
            byte[] bytes = random(FIRST_BYTES + random.nextInt(1_000));
            int start = 20 + random.nextInt(60);
            int offset = 2 + random.nextInt(60);
            int packet = fixture.packet(bytes, FIRST_BYTES, random);
            assertThat(record.partial(packet, start, offset)).isTrue();
            byte[] field = Arrays.copyOfRange(bytes, start + offset, start + offset + 2);
            byte first = bytes[start];
            for (int change = 0; change < 6; change++) {
                int at = random.nextInt(100);
                int byteCount = random.nextInt(10);
                if (random.nextBoolean()) {
                    editor.remove(packet, at, byteCount);
                } else {
                    editor.insert(packet, at, byteCount);
                }
                if (record.state(packet) == ChecksumState.NONE) break;
                byte[] now = fixture.bytes(packet);
                assertThat(now[record.start(packet)]).isEqualTo(first);
                int fieldAt = record.fieldAt(packet);
                assertThat(Arrays.copyOfRange(now, fieldAt, fieldAt + 2)).isEqualTo(field);
            }
            fixture.pool.release(packet);
        }
    }

    @Test
    void partialIsForgottenWhenItsStartOrFieldGoes() {
        assertThat(stateAfterRemoving(10, 10)).as("up to the start").isEqualTo(ChecksumState.PARTIAL);
        assertThat(stateAfterRemoving(21, 1)).as("behind the start").isEqualTo(ChecksumState.PARTIAL);
        assertThat(stateAfterRemoving(19, 2)).as("the start").isEqualTo(ChecksumState.NONE);
        assertThat(stateAfterRemoving(35, 1)).as("before the field").isEqualTo(ChecksumState.PARTIAL);
        assertThat(stateAfterRemoving(37, 1)).as("the field's second byte").isEqualTo(ChecksumState.NONE);
        assertThat(stateAfterRemoving(38, 1)).as("behind the field").isEqualTo(ChecksumState.PARTIAL);
    }

    /// Of a packet whose checksum starts at 20 and lies at 36.
    private int stateAfterRemoving(int at, int byteCount) {
        int packet = fixture.packet(random(100));
        record.partial(packet, 20, 16);
        editor.remove(packet, at, byteCount);
        return record.state(packet);
    }

    @Test
    void refusesToTrimAFieldAway() {
        int packet = fixture.packet(random(100));
        record.partial(packet, 20, 16);
        assertThat(editor.trim(packet, 37, fixture.pool)).isFalse();
        assertThat(fixture.meta.packetBytes(packet)).isEqualTo(100);
        assertThat(editor.trim(packet, 38, fixture.pool)).isTrue();
        assertThat(record.state(packet)).isEqualTo(ChecksumState.PARTIAL);
    }

    @Test
    void refusesWhatHasNoHeadroom() {
        int packet = fixture.packet(random(100));
        int headroomBytes = fixture.meta.dataAt(packet) - PacketMemory.META_BYTES;
        assertThat(editor.push(packet, headroomBytes + 1)).isFalse();
        assertThat(editor.insert(packet, 12, headroomBytes + 1)).isFalse();
        assertThat(editor.push(packet, headroomBytes)).isTrue();
        assertThat(fixture.meta.packetBytes(packet)).isEqualTo(100 + headroomBytes);
    }

    @Test
    void trimmingGivesEmptySlotsBack() {
        byte[] bytes = random(6_000);
        int packet = fixture.packet(bytes);
        assertThat(editor.trim(packet, 1_800, fixture.pool)).isTrue();
        assertThat(fixture.bytes(packet)).isEqualTo(Arrays.copyOf(bytes, 1_800));
        assertThat(fixture.meta.last(packet)).isEqualTo(fixture.meta.next(packet));
        assertThat(editor.trim(packet, 100, fixture.pool)).isTrue();
        assertThat(fixture.meta.isChain(packet)).isFalse();
        assertThat(fixture.bytes(packet)).isEqualTo(Arrays.copyOf(bytes, 100));
    }

    private byte[] change(int packet, byte[] bytes) {
        int slotBytes = fixture.meta.slotBytes(packet);
        int at = random.nextInt(slotBytes - 20);
        int byteCount = random.nextInt(12);
        byte[] behind = Arrays.copyOfRange(bytes, at, bytes.length);
        switch (random.nextInt(6)) {
            case 0 -> {
                editor.pull(packet, byteCount);
                return Arrays.copyOfRange(bytes, byteCount, bytes.length);
            }
            case 1 -> {
                if (!editor.push(packet, byteCount)) return bytes;
                byte[] pushed = random(byteCount);
                fixture.packets.segment().asSlice(fixture.meta.frameAt(packet), byteCount)
                    .copyFrom(MemorySegment.ofArray(pushed));
                return Octets.concat(pushed, bytes);
            }
            case 2 -> {
                editor.remove(packet, at, byteCount);
                return Octets.concat(Arrays.copyOf(bytes, at), Arrays.copyOfRange(behind, byteCount, behind.length));
            }
            case 3 -> {
                if (!editor.insert(packet, at, byteCount)) return bytes;
                return Octets.concat(Arrays.copyOf(bytes, at), new byte[byteCount], behind);
            }
            case 4 -> {
                int newBytes = bytes.length - random.nextInt(Math.min(bytes.length - slotBytes + 10, 400));
                editor.trim(packet, newBytes, fixture.pool);
                return Arrays.copyOf(bytes, newBytes);
            }
            default -> {
                byte[] changed = bytes.clone();
                byte[] news = random(byteCount);
                System.arraycopy(news, 0, changed, at, byteCount);
                editor.copy(packet, at, MemorySegment.ofArray(news), 0, byteCount);
                Octets.u16(changed, at + 1, 0xbeef);
                editor.u16(packet, at + 1, 0xbeef);
                return changed;
            }
        }
    }

    private byte[] random(int byteCount) {
        byte[] bytes = new byte[byteCount];
        random.nextBytes(bytes);
        return bytes;
    }
}
