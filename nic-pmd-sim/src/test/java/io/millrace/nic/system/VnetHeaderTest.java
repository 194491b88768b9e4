package io.millrace.nic.system;

import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class VnetHeaderTest {

    private static final int FRAME_BYTES = 1_500;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 8);
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), packets);
    private final PacketMeta meta = new PacketMeta(packets);
    private final VnetHeader header = new VnetHeader(packets);
    private final MemorySegment written = Arena.ofAuto().allocate(VnetHeader.BYTES, 2);

    @Test
    void plainFrameIsAllZeros() {
        assertThat(put(begun())).containsOnly(0);
    }

    @Test
    void readsAndWritesEveryKind() {
        int[][] kinds = {
            {1, GsoType.TCPV4}, {4, GsoType.TCPV6}, {3, GsoType.UDP}, {5, GsoType.UDP_L4},
            {0x81, GsoType.TCPV4 | GsoType.TCP_ECN}, {0x84, GsoType.TCPV6 | GsoType.TCP_ECN}};
        for (int[] kind : kinds) {
            int packet = begun();
            byte[] bytes = bytes(1, kind[0], 0, 1_400, 34, 16);
            assertThat(take(packet, bytes)).isTrue();
            assertThat(meta.gsoType(packet)).isEqualTo(kind[1] | GsoType.DODGY);
            assertThat(meta.gsoSize(packet)).isEqualTo(1_400);
            assertThat(meta.checksumState(packet)).isEqualTo(ChecksumState.PARTIAL);
            assertThat(header.canSay(packet)).isTrue();
            assertThat(put(packet)).isEqualTo(bytes);
            pool.release(packet);
        }
    }

    @Test
    void readsAndWritesAValidatedChecksum() {
        int packet = begun();
        assertThat(take(packet, bytes(2, 0, 0, 0, 0, 0))).isTrue();
        assertThat(meta.checksumState(packet)).isEqualTo(ChecksumState.UNNECESSARY);
        assertThat(put(packet)).isEqualTo(bytes(2, 0, 0, 0, 0, 0));
    }

    @Test
    void theStartFollowsThePacketsFirstByte() {
        int packet = begun();
        assertThat(take(packet, bytes(1, 0, 0, 0, 34, 6))).isTrue();
        meta.moveFront(packet, 4);
        assertThat(put(packet)).isEqualTo(bytes(1, 0, 0, 0, 38, 6));
    }

    @Test
    void aChainTellsTheKernelHowMuchToKeepTogether() {
        int packet = begun();
        meta.next(packet, pool.allocate());
        assertThat(put(packet)).isEqualTo(bytes(0, 0, FRAME_BYTES, 0, 0, 0));
        assertThat(take(packet, bytes(1, 1, 0, 1_400, 34, 16))).isTrue();
        packets.segment().set(ValueLayout.JAVA_BYTE, meta.frameAt(packet) + 34 + 12, (byte) 0x80);   // 32 bytes of TCP
        assertThat(put(packet)).isEqualTo(bytes(1, 1, 34 + 32, 1_400, 34, 16));
        packets.segment().set(ValueLayout.JAVA_BYTE, meta.frameAt(packet) + 34 + 12, (byte) 0xf0);
        meta.slotBytes(packet, 60);
        assertThat(put(packet)).isEqualTo(bytes(1, 1, 60, 1_400, 34, 16));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThat(take(begun(), bytes(0, 2, 0, 100, 0, 0))).as("unknown type").isFalse();
        assertThat(take(begun(), bytes(0, 1, 0, 0, 0, 0))).as("size 0").isFalse();
        assertThat(take(begun(), bytes(0, 1, 0, 0xffff, 0, 0))).as("size by slots").isFalse();
        assertThat(take(begun(), bytes(1, 0, 0, 0, FRAME_BYTES - 2, 1))).as("field behind the end").isFalse();
        assertThat(take(begun(), bytes(1, 0, 0, 0, 0xffff, 0xffff))).as("start behind the end").isFalse();
    }

    @Test
    void cannotSayTunnelsSlotsNorCrc32c() {
        int packet = begun();
        assertThat(header.canSay(packet)).isTrue();
        meta.gsoSize(packet, 100);
        assertThat(header.canSay(packet)).as("a size without a type").isFalse();
        meta.gsoType(packet, GsoType.TCPV4 | GsoType.GRE);
        assertThat(header.canSay(packet)).isFalse();
        meta.gsoType(packet, GsoType.TCPV4);
        assertThat(header.canSay(packet)).isTrue();
        meta.gsoSize(packet, GsoType.BY_SLOTS);
        assertThat(header.canSay(packet)).isFalse();
        meta.gsoSize(packet, 0);
        meta.checksumState(packet, ChecksumState.PARTIAL);
        meta.checksumFlags(packet, ChecksumState.CRC32C);
        assertThat(header.canSay(packet)).isFalse();
    }

    /// Whatever is accepted is given back, but for the hint of the headers' length and unknown flags.
    @Test
    void anyTenBytesAreRefusedOrGivenBack() {
        long seed = Seeds.next();
        var random = new Random(seed);
        int acceptedCount = 0;
        for (int round = 0; round < 20_000; round++) {
            int[] fields = {random.nextInt(4), random.nextInt(8) | random.nextInt(2) << 7, 0, random.nextInt(0x10000),
                random.nextInt(2_000), random.nextInt(40)};
            int packet = begun();
            if (take(packet, bytes(fields))) {
                acceptedCount++;
                byte[] back = put(packet);
                boolean isPartial = (fields[0] & 1) != 0;
                boolean isSuper = (fields[1] & 0x7f) != 0;
                assertThat(back).as("seed %d round %d", seed, round).isEqualTo(bytes(
                    isPartial ? 1 : fields[0], isSuper ? carriesEcn(fields[1]) : 0, 0, isSuper ? fields[3] : 0,
                    isPartial ? fields[4] : 0, isPartial ? fields[5] : 0));
            }
            pool.release(packet);
        }
        assertThat(acceptedCount).isGreaterThan(1_000);
    }

    /// Only TCP can have CWR; of the others the bit is dropped.
    private static int carriesEcn(int type) {
        int bare = type & 0x7f;
        return bare == 1 || bare == 4 ? type : bare;
    }

    private int begun() {
        int packet = pool.allocate();
        meta.begin(packet, FRAME_BYTES, 0, 0, 0);
        return packet;
    }

    private boolean take(int packet, byte[] bytes) {
        long at = meta.frameAt(packet) - VnetHeader.BYTES;
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, packets.segment(), at, bytes.length);
        return header.take(packet, at);
    }

    private byte[] put(int packet) {
        header.put(packet, written, 0);
        return written.toArray(ValueLayout.JAVA_BYTE);
    }

    /// Flags, GSO type, bytes of headers, GSO size, start, offset.
    private static byte[] bytes(int... fields) {
        ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.nativeOrder());
        bytes.put((byte) fields[0]).put((byte) fields[1]);
        for (int i = 2; i < fields.length; i++) bytes.putShort((short) fields[i]);
        return bytes.array();
    }
}
