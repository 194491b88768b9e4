package io.millrace.dataplane.options;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// One walk over the options of an IPv4 header: where the ones lie that a router must know, and the first fault.
/// Accepts what Linux's `ip_options_compile` accepts, but for CIPSO, which is an unknown option here. Changes nothing.
///
/// Positions count from the first byte of the IPv4 header; 0 is "there is none". A walk ends at the header's end at the
/// latest: every step goes at least one byte ahead.
final class OptionScan {

    static final int NO_FAULT = -1;

    private static final int HEADER_BYTES_MIN = 20;

    private int recordRouteAt;
    private int timestampAt;
    private int sourceRouteAt;
    private boolean isStrict;
    private int endAt;
    private int faultAt;

    int recordRouteAt()  { return recordRouteAt; }
    int timestampAt()    { return timestampAt; }
    int sourceRouteAt()  { return sourceRouteAt; }
    boolean isStrict()   { return isStrict; }

    /// Where the walk ended: at an end-of-options byte, at the header's end, or at the fault.
    int endAt()          { return endAt; }

    /// What a parameter problem is to point to, or `NO_FAULT`.
    int faultAt()        { return faultAt; }

    /// Walks the options of the header at `headerAt`. True if there is no fault; otherwise what was found before it
    /// counts.
    boolean scan(MemorySegment memory, long headerAt) {
        recordRouteAt = 0;
        timestampAt = 0;
        sourceRouteAt = 0;
        isStrict = false;
        faultAt = NO_FAULT;
        int headerBytes = (Wire.u8(memory, headerAt) & 0x0f) * 4;
        for (endAt = HEADER_BYTES_MIN; endAt < headerBytes;) {
            int kind = Wire.u8(memory, headerAt + endAt);
            if (kind == OptionKind.END) return true;
            if (kind == OptionKind.NO_OPERATION) {
                endAt++;
                continue;
            }
            int roomBytes = headerBytes - endAt;
            int optionBytes = roomBytes >= 2 ? Wire.u8(memory, headerAt + endAt + OptionKind.BYTES) : 0;
            boolean fits = optionBytes >= 2 && optionBytes <= roomBytes;
            faultAt = fits ? fault(memory, headerAt, endAt, kind, optionBytes) : endAt;
            if (faultAt != NO_FAULT) return false;
            endAt += optionBytes;
        }
        return true;
    }

    private int fault(MemorySegment memory, long headerAt, int at, int kind, int optionBytes) {
        return switch (kind) {
            case OptionKind.LOOSE_SOURCE_ROUTE, OptionKind.STRICT_SOURCE_ROUTE ->
                faultOfSourceRoute(memory, headerAt, at, kind, optionBytes);
            case OptionKind.RECORD_ROUTE -> faultOfRecordRoute(memory, headerAt, at, optionBytes);
            case OptionKind.TIMESTAMP -> faultOfTimestamp(memory, headerAt, at, optionBytes);
            case OptionKind.ROUTER_ALERT -> optionBytes < 4 ? at + OptionKind.BYTES : NO_FAULT;
            default -> NO_FAULT;
        };
    }

    private int faultOfSourceRoute(MemorySegment memory, long headerAt, int at, int kind, int optionBytes) {
        if (optionBytes < 3) return at + OptionKind.BYTES;
        int pointer = Wire.u8(memory, headerAt + at + OptionKind.POINTER);
        if (pointer < OptionKind.POINTER_MIN) return at + OptionKind.POINTER;
        if (sourceRouteAt != 0) return at;   // RFC 1812 §5.2.4.1: one at most
        sourceRouteAt = at;
        isStrict = kind == OptionKind.STRICT_SOURCE_ROUTE;
        return NO_FAULT;
    }

    private int faultOfRecordRoute(MemorySegment memory, long headerAt, int at, int optionBytes) {
        if (recordRouteAt != 0) return at;
        if (optionBytes < 3) return at + OptionKind.BYTES;
        int pointer = Wire.u8(memory, headerAt + at + OptionKind.POINTER);
        if (pointer < OptionKind.POINTER_MIN) return at + OptionKind.POINTER;
        if (pointer <= optionBytes && pointer + 3 > optionBytes) return at + OptionKind.POINTER;
        recordRouteAt = at;
        return NO_FAULT;
    }

    private int faultOfTimestamp(MemorySegment memory, long headerAt, int at, int optionBytes) {
        if (timestampAt != 0) return at;
        if (optionBytes < 4) return at + OptionKind.BYTES;
        int pointer = Wire.u8(memory, headerAt + at + OptionKind.POINTER);
        if (pointer < OptionKind.TIMESTAMP_POINTER_MIN) return at + OptionKind.POINTER;
        int flags = Wire.u8(memory, headerAt + at + OptionKind.TIMESTAMP_FLAGS);
        int kind = flags & 0x0f;
        if (pointer > optionBytes) {
            boolean isCounted = kind != OptionKind.ADDRESS_GIVEN;   // where the sender named all, nobody is missed
            if (isCounted && flags >>> 4 == OptionKind.OVERFLOW_MAX) return at + OptionKind.TIMESTAMP_FLAGS;
        } else {
            int entryBytes = kind == OptionKind.ADDRESS_AND_TIME || kind == OptionKind.ADDRESS_GIVEN ? 8 : 4;
            if (pointer + entryBytes - 1 > optionBytes) return at + OptionKind.POINTER;
        }
        timestampAt = at;
        return NO_FAULT;
    }
}
