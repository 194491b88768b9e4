package io.millrace.dataplane.options;

import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Puts this host's addresses and the time into record-route and timestamp options, which a scan has found sound.
/// `optionAt` is where the option begins in the segment.
final class OptionStamp {

    private static final long MILLISECOND_NS = 1_000_000;
    private static final long DAY_MS = 86_400_000;
    private static final int TIMESTAMP_OVERFLOW_ONE = 0x10;

    private final OwnAddresses own;

    OptionStamp(OwnAddresses own) {
        this.own = own;
    }

    static boolean hasRoom(MemorySegment memory, long optionAt) {
        return pointer(memory, optionAt) <= Wire.u8(memory, optionAt + OptionKind.BYTES);
    }

    static void recordRoute(MemorySegment memory, long optionAt, int address) {
        if (!hasRoom(memory, optionAt)) return;
        Wire.i32(memory, freeAt(memory, optionAt), address);
        advance(memory, optionAt, OptionKind.ADDRESS_BYTES);
    }

    /// Stamps, or counts one more host for which there was no room; where the sender has named the hosts, none is
    /// missed.
    void timestamp(MemorySegment memory, long optionAt, int address, long nowNs) {
        if (hasRoom(memory, optionAt)) {
            stamp(memory, optionAt, address, nowNs);
        } else if (kind(memory, optionAt) != OptionKind.ADDRESS_GIVEN) {
            long flagsAt = optionAt + OptionKind.TIMESTAMP_FLAGS;
            Wire.u8(memory, flagsAt, Wire.u8(memory, flagsAt) + TIMESTAMP_OVERFLOW_ONE);
        }
    }

    /// Stamps an option that has room. Leaves it alone where the sender has named another host.
    void stamp(MemorySegment memory, long optionAt, int address, long nowNs) {
        long freeAt = freeAt(memory, optionAt);
        int timeOfDayMs = (int) (Math.floorDiv(nowNs, MILLISECOND_NS) % DAY_MS);
        switch (kind(memory, optionAt)) {
            case OptionKind.TIME_ONLY -> {
                Wire.i32(memory, freeAt, timeOfDayMs);
                advance(memory, optionAt, 4);
            }
            case OptionKind.ADDRESS_AND_TIME -> {
                Wire.i32(memory, freeAt, address);
                Wire.i32(memory, freeAt + OptionKind.ADDRESS_BYTES, timeOfDayMs);
                advance(memory, optionAt, 8);
            }
            case OptionKind.ADDRESS_GIVEN -> {
                if (isAnotherHost(Wire.i32(memory, freeAt))) return;
                Wire.i32(memory, freeAt + OptionKind.ADDRESS_BYTES, timeOfDayMs);
                advance(memory, optionAt, 8);
            }
            default -> { }
        }
    }

    /// True if the entry at the pointer would reach beyond the option.
    static boolean isRoomTooSmall(MemorySegment memory, long optionAt, int entryBytes) {
        return pointer(memory, optionAt) + entryBytes - 1 > Wire.u8(memory, optionAt + OptionKind.BYTES);
    }

    static int kind(MemorySegment memory, long optionAt) {
        return Wire.u8(memory, optionAt + OptionKind.TIMESTAMP_FLAGS) & 0x0f;
    }

    private boolean isAnotherHost(int address) {
        boolean isGroup = address == 0 || address == -1 || address >>> 28 == 0xe;
        return !isGroup && !own.owns4(address);
    }

    private static int pointer(MemorySegment memory, long optionAt) {
        return Wire.u8(memory, optionAt + OptionKind.POINTER);
    }

    private static long freeAt(MemorySegment memory, long optionAt) {
        return optionAt + pointer(memory, optionAt) - 1;
    }

    private static void advance(MemorySegment memory, long optionAt, int byteCount) {
        Wire.u8(memory, optionAt + OptionKind.POINTER, pointer(memory, optionAt) + byteCount);
    }
}
