package io.millrace.packet.memory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WireTest {

    private static final byte[] BYTES = HexFormat.of().parseHex("00f1e2d3c4b5a69788796a5b4c3d2e1f");

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(BYTES.length);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void readsNetworkOrderUnsignedAtOddPlaces() {
        fill(BYTES);
        assertThat(Wire.u8(memory, 1)).isEqualTo(0xf1);
        assertThat(Wire.u16(memory, 1)).isEqualTo(0xf1e2);
        assertThat(Wire.i32(memory, 1)).isEqualTo(0xf1e2d3c4);
        assertThat(Wire.u32(memory, 1)).isEqualTo(0xf1e2d3c4L);
        assertThat(Wire.u48(memory, 1)).isEqualTo(0xf1e2d3c4b5a6L);
        assertThat(Wire.i64(memory, 1)).isEqualTo(0xf1e2d3c4b5a69788L);
    }

    @Test
    void writesNetworkOrderAndNothingBeside() {
        assertWrites("f1", m -> Wire.u8(memory, m, 0xf1));
        assertWrites("f1e2", m -> Wire.u16(memory, m, 0xf1e2));
        assertWrites("f1e2d3c4", m -> Wire.i32(memory, m, 0xf1e2d3c4));
        assertWrites("f1e2d3c4b5a6", m -> Wire.u48(memory, m, 0xf1e2d3c4b5a6L));
        assertWrites("f1e2d3c4b5a69788", m -> Wire.i64(memory, m, 0xf1e2d3c4b5a69788L));
    }

    @Test
    void writesOnlyTheLowBitsOfAWiderNumber() {
        assertWrites("f1", m -> Wire.u8(memory, m, 0xabcdf1));
        assertWrites("f1e2", m -> Wire.u16(memory, m, 0xabcdf1e2));
        assertWrites("f1e2d3c4b5a6", m -> Wire.u48(memory, m, 0xabcdf1e2d3c4b5a6L));
    }

    @Test
    void hostFormsAreInTheOrderOfTheMachine() {
        fill(BYTES);
        ByteBuffer expected = ByteBuffer.wrap(BYTES).order(ByteOrder.nativeOrder());
        assertThat(Wire.hostU16(memory, 1)).isEqualTo(Short.toUnsignedInt(expected.getShort(1)));
        assertThat(Wire.hostI32(memory, 1)).isEqualTo(expected.getInt(1));
        assertThat(Wire.hostI64(memory, 1)).isEqualTo(expected.getLong(1));
        Wire.hostU16(memory, 3, 0x8001);
        Wire.hostI32(memory, 5, 0x80000001);
        assertThat(Wire.hostU16(memory, 3)).isEqualTo(0x8001);
        assertThat(Wire.hostI32(memory, 5)).isEqualTo(0x80000001);
        Wire.hostI64(memory, 7, 0x8000000000000001L);
        assertThat(Wire.hostI64(memory, 7)).isEqualTo(0x8000000000000001L);
    }

    @Test
    void aGroupWrittenAtOnceReadsAsItsThreeNumbers() {
        Wire.hostI64(memory, 2, Wire.hostGroup(0x8001, 0x9002, 0xa0000003));
        assertThat(Wire.hostU16(memory, 2)).isEqualTo(0x8001);
        assertThat(Wire.hostU16(memory, 4)).isEqualTo(0x9002);
        assertThat(Wire.hostI32(memory, 6)).isEqualTo(0xa0000003);
    }

    @Test
    void everyAccessBeyondTheSegmentIsRefused() {
        record Access(String name, int byteCount, LongConsumer use) {}
        var accesses = List.of(
            new Access("u8", 1, at -> Wire.u8(memory, at)),
            new Access("u16", 2, at -> Wire.u16(memory, at)),
            new Access("i32", 4, at -> Wire.i32(memory, at)),
            new Access("u32", 4, at -> Wire.u32(memory, at)),
            new Access("u48", 6, at -> Wire.u48(memory, at)),
            new Access("i64", 8, at -> Wire.i64(memory, at)),
            new Access("hostU16", 2, at -> Wire.hostU16(memory, at)),
            new Access("hostI32", 4, at -> Wire.hostI32(memory, at)),
            new Access("hostI64", 8, at -> Wire.hostI64(memory, at)),
            new Access("write u8", 1, at -> Wire.u8(memory, at, 1)),
            new Access("write u16", 2, at -> Wire.u16(memory, at, 1)),
            new Access("write i32", 4, at -> Wire.i32(memory, at, 1)),
            new Access("write u48", 6, at -> Wire.u48(memory, at, 1)),
            new Access("write i64", 8, at -> Wire.i64(memory, at, 1)),
            new Access("write hostU16", 2, at -> Wire.hostU16(memory, at, 1)),
            new Access("write hostI32", 4, at -> Wire.hostI32(memory, at, 1)),
            new Access("write hostI64", 8, at -> Wire.hostI64(memory, at, 1)),
            new Access("copy from", 3, at -> Wire.copy(memory, at, memory, 0, 3)),
            new Access("copy to", 3, at -> Wire.copy(memory, 0, memory, at, 3)));
        for (Access access : accesses) {
            long lastAt = BYTES.length - access.byteCount;
            access.use.accept(lastAt);
            for (long at : new long[] {lastAt + 1, BYTES.length, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
                assertThatThrownBy(() -> access.use.accept(at)).as("%s at %d", access.name, at)
                    .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void copiesOverlappingRangesAsIfThroughAThirdPlace() {
        fill(BYTES);
        Wire.copy(memory, 0, memory, 3, 10);
        assertThat(HexFormat.of().formatHex(bytes())).isEqualTo("00f1e2" + "00f1e2d3c4b5a6978879" + "3d2e1f");
    }

    private void assertWrites(String expected, LongConsumer write) {
        memory.fill((byte) 0x55);
        write.accept(3);
        assertThat(HexFormat.of().formatHex(bytes()))
            .isEqualTo("555555" + expected + "55".repeat(BYTES.length - 3 - expected.length() / 2));
    }

    private void fill(byte[] bytes) {
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, 0, bytes.length);
    }

    private byte[] bytes() {
        return memory.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }
}
