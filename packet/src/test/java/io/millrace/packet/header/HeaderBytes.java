package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.function.IntPredicate;
import java.util.function.LongFunction;

import static org.assertj.core.api.Assertions.assertThat;

/// The bytes of one header in a packet memory of their own, at an odd place, amid bytes that nobody may touch.
final class HeaderBytes {

    private static final long AT = 301;
    private static final byte GUARD = 0x55;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 1);
    private final MemorySegment memory = packets.segment();
    private final byte[] literal;

    private HeaderBytes(byte[] literal) {
        this.literal = literal;
        memory.fill(GUARD);
        put(literal, AT, literal.length);
    }

    /// Blanks in the text are for the reader.
    static HeaderBytes of(String hex) {
        return new HeaderBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /// As many bytes as the literal has, all `0xaa`: a header that is to be written must leave none of them.
    static HeaderBytes unwritten(String hex) {
        HeaderBytes bytes = of(hex);
        bytes.memory.asSlice(AT, bytes.literal.length).fill((byte) 0xaa);
        return bytes;
    }

    PacketMemory packets() {
        return packets;
    }

    long at() {
        return AT;
    }

    int count() {
        return literal.length;
    }

    /// Changes one byte of the header.
    HeaderBytes with(int index, int value) {
        Wire.u8(memory, AT + index, value);
        return this;
    }

    void write(int index, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        put(bytes, AT + index, bytes.length);
    }

    void isThe(String hex) {
        byte[] now = memory.asSlice(AT, literal.length).toArray(ValueLayout.JAVA_BYTE);
        assertThat(HexFormat.of().formatHex(now)).isEqualTo(hex.replace(" ", ""));
        for (long at = 0; at < memory.byteSize(); at++) {
            if (at == AT) at += literal.length;
            assertThat(Wire.u8(memory, at)).as("byte %d from the header", at - AT).isEqualTo(GUARD);
        }
    }

    /// Proves that the literal is valid, but no first part of it: neither where the rest is only said to be missing,
    /// nor where it lies beyond the end of the memory, so that reading it would throw.
    void isRejectedWhenCut(LongFunction<IntPredicate> isValidAt) {
        assertThat(isValidAt.apply(AT).test(literal.length)).as("whole").isTrue();
        assertThat(isValidAt.apply(AT).test(literal.length + 1)).as("whole and more").isTrue();
        for (int count = 0; count < literal.length; count++) {
            assertThat(isValidAt.apply(AT).test(count)).as("%d bytes available", count).isFalse();
            long atEnd = memory.byteSize() - count;
            put(literal, atEnd, count);
            assertThat(isValidAt.apply(atEnd).test(count)).as("%d bytes present", count).isFalse();
        }
    }

    private void put(byte[] bytes, long at, int count) {
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, at, count);
    }
}
