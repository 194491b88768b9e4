package io.millrace.nic.capture;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The byte order of a capture's own fields: that of the machine which wrote it, told by a magic number.
enum FieldOrder {

    BIG,
    LITTLE;

    int u16(MemorySegment m, long at) {
        int value = Wire.u16(m, at);
        return this == BIG ? value : Short.toUnsignedInt(Short.reverseBytes((short) value));
    }

    int i32(MemorySegment m, long at) {
        int value = Wire.i32(m, at);
        return this == BIG ? value : Integer.reverseBytes(value);
    }

    long u32(MemorySegment m, long at) {
        return Integer.toUnsignedLong(i32(m, at));
    }

    long i64(MemorySegment m, long at) {
        long value = Wire.i64(m, at);
        return this == BIG ? value : Long.reverseBytes(value);
    }

    void u16(MemorySegment m, long at, int value) {
        Wire.u16(m, at, this == BIG ? value : Short.reverseBytes((short) value));
    }

    void i32(MemorySegment m, long at, int value) {
        Wire.i32(m, at, this == BIG ? value : Integer.reverseBytes(value));
    }

    void i64(MemorySegment m, long at, long value) {
        Wire.i64(m, at, this == BIG ? value : Long.reverseBytes(value));
    }
}
