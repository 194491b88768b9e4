package io.millrace.dataplane.options;

import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The options of an answer to a packet with options, as Linux's `ip_options_echo` makes them (RFC 1122 §3.2.2.6,
/// RFC 1812 §4.3.3.6): record route and timestamp go on where they stand, a source route is turned round, everything
/// else is left out.
///
/// Use: [#prepare] from the packet, ask [#firstHop] where the answer goes and find its source address, then [#write].
/// A tool of one worker; between the two it holds the options of one packet.
public final class EchoedOptions {

    /// The packet cannot be answered: an option has room left, but too little.
    public static final int UNUSABLE = -1;

    private static final int OPTION_BYTES_MAX = 40;
    private static final int HEADER_BYTES_MIN = 20;
    private static final int SOURCE = 12;

    private final OptionScan scan = new OptionScan();
    private final OwnAddresses own;
    private final OptionStamp stamp;
    private final MemorySegment echoed = Arena.ofAuto().allocate(OPTION_BYTES_MAX);
    private int echoedBytes;
    private int recordRouteAt;
    private int timestampAt;
    private int sourceRouteAt;
    private int firstHop;
    private boolean isOnItsWay;

    public EchoedOptions(OwnAddresses own) {
        this.own = own;
        this.stamp = new OptionStamp(own);
    }

    /// Takes the options of the IPv4 header at `headerAt`, whether sound or not: those behind a fault do not count.
    /// `arrivalAddress` is the address at which the packet came in. Returns how many bytes the answer's options need, a
    /// multiple of 4; or `UNUSABLE`.
    public int prepare(MemorySegment memory, long headerAt, int arrivalAddress, long nowNs) {
        echoedBytes = 0;
        recordRouteAt = -1;
        timestampAt = -1;
        sourceRouteAt = -1;
        firstHop = 0;
        isOnItsWay = false;
        if ((Wire.u8(memory, headerAt) & 0x0f) * 4 == HEADER_BYTES_MIN) return 0;
        scan.scan(memory, headerAt);
        if (scan.recordRouteAt() != 0 && !takeRecordRoute(memory, headerAt, arrivalAddress)) return UNUSABLE;
        if (scan.timestampAt() != 0 && !takeTimestamp(memory, headerAt, arrivalAddress, nowNs)) return UNUSABLE;
        if (scan.sourceRouteAt() != 0) turnSourceRoute(memory, headerAt);
        while ((echoedBytes & 3) != 0) {
            Wire.u8(echoed, echoedBytes++, OptionKind.END);
        }
        return echoedBytes;
    }

    /// After [#prepare]: where the answer is to be sent first, if not to the packet's source; 0 if there.
    public int firstHop() {
        return firstHop;
    }

    /// After [#prepare]: true if the packet has a source route with other hosts still to visit. Its target is then
    /// only the next stop, this host perhaps.
    public boolean isOnItsWay() {
        return isOnItsWay;
    }

    /// Writes the options behind the 20 bytes of the answer's header at `headerAt`. `source` is the address it is sent
    /// from; `target` the one it is meant for, which is the last of a source route.
    public void write(MemorySegment memory, long headerAt, int source, int target, long nowNs) {
        if (recordRouteAt >= 0) OptionStamp.recordRoute(echoed, recordRouteAt, source);
        if (timestampAt >= 0) stamp.stamp(echoed, timestampAt, source, nowNs);
        if (sourceRouteAt >= 0) {
            int optionBytes = Wire.u8(echoed, sourceRouteAt + OptionKind.BYTES);
            Wire.i32(echoed, sourceRouteAt + optionBytes - OptionKind.ADDRESS_BYTES, target);
        }
        Wire.copy(echoed, 0, memory, headerAt + HEADER_BYTES_MIN, echoedBytes);
    }

    private boolean takeRecordRoute(MemorySegment memory, long headerAt, int arrivalAddress) {
        int at = take(memory, headerAt + scan.recordRouteAt());
        OptionStamp.recordRoute(echoed, at, arrivalAddress);
        recordRouteAt = at;
        return !OptionStamp.hasRoom(echoed, at)
            || !OptionStamp.isRoomTooSmall(echoed, at, OptionKind.ADDRESS_BYTES);
    }

    private boolean takeTimestamp(MemorySegment memory, long headerAt, int arrivalAddress, long nowNs) {
        int at = take(memory, headerAt + scan.timestampAt());
        stamp.timestamp(echoed, at, arrivalAddress, nowNs);
        if (!OptionStamp.hasRoom(echoed, at)) return true;   // counted on arrival, or filled by it: nothing to add
        timestampAt = at;
        boolean hasAddress = OptionStamp.kind(echoed, at) == OptionKind.ADDRESS_AND_TIME;
        if (OptionStamp.isRoomTooSmall(echoed, at, hasAddress ? 8 : 4)) return false;
        // Prespecified entries are 8 bytes, yet Linux asks for 4 only; with 4 to 7 left it adds nothing.
        if (OptionStamp.kind(echoed, at) == OptionKind.ADDRESS_GIVEN && OptionStamp.isRoomTooSmall(echoed, at, 8)) {
            timestampAt = -1;
        }
        return true;
    }

    private int take(MemorySegment memory, long optionAt) {
        int at = echoedBytes;
        int optionBytes = Wire.u8(memory, optionAt + OptionKind.BYTES);
        Wire.copy(memory, optionAt, echoed, at, optionBytes);
        echoedBytes += optionBytes;
        return at;
    }

    /// The hops already passed, last first. The one passed last is where the answer goes; the others follow, and the
    /// slot behind them is for the packet's source. A source that recorded itself as first hop is not visited twice
    /// (RFC 1812 §4.2.2.1).
    private void turnSourceRoute(MemorySegment memory, long headerAt) {
        long optionAt = headerAt + scan.sourceRouteAt();
        int optionBytes = Wire.u8(memory, optionAt + OptionKind.BYTES);
        int pointer = Wire.u8(memory, optionAt + OptionKind.POINTER);
        for (int leftAt = pointer - 1; leftAt + OptionKind.ADDRESS_BYTES <= optionBytes && !isOnItsWay;
             leftAt += OptionKind.ADDRESS_BYTES) {
            isOnItsWay = !own.owns4(Wire.i32(memory, optionAt + leftAt));
        }
        int passedAt = Math.min(pointer, optionBytes + 1) - 1 - OptionKind.ADDRESS_BYTES;   // from the option's start
        if (passedAt < OptionKind.ROUTE_DATA) return;
        int hop = Wire.i32(memory, optionAt + passedAt);
        int at = echoedBytes;
        int turnedBytes = OptionKind.ROUTE_DATA;
        for (passedAt -= OptionKind.ADDRESS_BYTES; passedAt >= OptionKind.ROUTE_DATA;
             passedAt -= OptionKind.ADDRESS_BYTES) {
            Wire.i32(echoed, at + turnedBytes, Wire.i32(memory, optionAt + passedAt));
            turnedBytes += OptionKind.ADDRESS_BYTES;
        }
        boolean startsAtSource = Wire.i32(memory, optionAt + passedAt + OptionKind.ADDRESS_BYTES)
            == Wire.i32(memory, headerAt + SOURCE);
        if (!startsAtSource) turnedBytes += OptionKind.ADDRESS_BYTES;
        if (turnedBytes == OptionKind.ROUTE_DATA) return;
        Wire.u8(echoed, at, Wire.u8(memory, optionAt));
        Wire.u8(echoed, at + OptionKind.BYTES, turnedBytes);
        Wire.u8(echoed, at + OptionKind.POINTER, OptionKind.POINTER_MIN);
        echoedBytes += turnedBytes;
        sourceRouteAt = at;
        firstHop = hop;
    }
}
