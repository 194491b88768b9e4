package io.millrace.dataplane.route;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/// Where routes lead to, off heap: routes that lead to the same place share a next hop. Read per packet, without
/// allocation; changed by [RouteTable] alone, on the same thread.
///
/// ```
///   0 u8 route type     1 u8 gateway family, 0 on link   2 u16 egress interface   4 i32 neighbour
///   8 i64 gateway high  16 i64 gateway low (an IPv4 address in its low 32 bits)
///  24 i32 IPv4 source   28 i32 number of the IPv6 source 32 i32 routes that use it 36 .. 63 reserved
/// ```
public final class NextHops {

    public static final int NONE = -1;

    /// The egress of next hops without one.
    public static final int NO_EGRESS = 0xffff;

    static final int HOPS_MAX = 1 << 20;
    private static final int HOP_BYTES = 64;
    private static final int TYPE = 0;
    private static final int GATEWAY_FAMILY = 1;
    private static final int EGRESS = 2;
    private static final int NEIGHBOUR = 4;
    private static final int GATEWAY_HIGH = 8;
    private static final int GATEWAY_LOW = 16;
    private static final int SOURCE_4 = 24;
    private static final int SOURCE_6 = 28;
    private static final int USED = 32;

    /// What makes two next hops the same.
    ///
    /// @param via      the gateway, or `null`
    /// @param source4  0 for none
    /// @param source6  number in [LocalAddresses], where the route prefers one; or its `NONE`
    record Key(RouteType type, int egress, IpAddress via, int source4, int source6) {}

    private final Slab slab;
    private final MemorySegment memory;
    private final Map<Key, Integer> numbers = new HashMap<>();
    private IntConsumer forgottenNeighbour = neighbour -> { };

    NextHops(Arena arena, int hopsMax) {
        this.slab = new Slab(arena, HOP_BYTES, hopsMax);
        this.memory = slab.memory();
    }

    /// Next hops in use.
    public int count() {
        return slab.usedCount();
    }

    int leftCount() {
        return slab.leftCount();
    }

    /// Type, egress and neighbour in one word, for what is done to every packet; see [#isUnicast], [#egressOf] and
    /// [#neighbourOf].
    public static long way(MemorySegment memory, int hop) {
        return Wire.hostI64(memory, at(hop));
    }

    /// The memory of all next hops, which never moves; for [#way].
    public MemorySegment memory() {
        return memory;
    }

    public static boolean isUnicast(long way)  { return ((int) way & 0xff) == RouteType.UNICAST.ordinal(); }
    public static int egressOf(long way)       { return (int) way >>> 16; }
    public static int neighbourOf(long way)    { return (int) (way >>> 32); }

    public RouteType type(int hop) {
        return RouteType.of(Wire.u8(memory, at(hop) + TYPE));
    }

    /// Index of the interface that packets leave by, or `NO_EGRESS`.
    public int egress(int hop) {
        return Wire.hostU16(memory, at(hop) + EGRESS);
    }

    /// 4 or 6, or 0 where the packet's own target is on the link.
    public int gatewayFamily(int hop) {
        return Wire.u8(memory, at(hop) + GATEWAY_FAMILY);
    }

    public int gateway4(int hop)      { return (int) gatewayLow(hop); }
    public long gatewayHigh(int hop)  { return Wire.hostI64(memory, at(hop) + GATEWAY_HIGH); }
    public long gatewayLow(int hop)   { return Wire.hostI64(memory, at(hop) + GATEWAY_LOW); }

    /// Number of the gateway's neighbour, once someone has noted it; `NONE` before, and where there is no gateway.
    public int neighbour(int hop) {
        return Wire.hostI32(memory, at(hop) + NEIGHBOUR);
    }

    /// Notes the gateway's neighbour. That number must stay this gateway's until the listener of [#onForgotten] hears
    /// it.
    public void neighbour(int hop, int value) {
        Wire.hostI32(memory, at(hop) + NEIGHBOUR, value);
    }

    /// Who is told the neighbour's number when a next hop that had noted one goes.
    public void onForgotten(IntConsumer listener) {
        forgottenNeighbour = listener;
    }

    /// Source of IPv4 packets that this host sends this way; 0 if it has no IPv4 address.
    public int source4(int hop) {
        return Wire.hostI32(memory, at(hop) + SOURCE_4);
    }

    /// Number of the IPv6 source that the route prefers, or `NONE`; see [RouteTable#source6].
    int preferredSource6(int hop) {
        return Wire.hostI32(memory, at(hop) + SOURCE_6);
    }

    /// The number of the next hop that is so, for one more route.
    int acquire(Key key) {
        Integer known = numbers.get(key);
        int hop = known != null ? known : add(key);
        Wire.hostI32(memory, at(hop) + USED, used(hop) + 1);
        return hop;
    }

    private int add(Key key) {
        int hop = slab.allocate();
        long at = at(hop);
        Wire.u8(memory, at + TYPE, key.type().ordinal());
        Wire.hostU16(memory, at + EGRESS, key.egress() == Route.NO_INTERFACE ? NO_EGRESS : key.egress());
        Wire.hostI32(memory, at + NEIGHBOUR, NONE);
        Wire.hostI32(memory, at + SOURCE_4, key.source4());
        Wire.hostI32(memory, at + SOURCE_6, key.source6());
        if (key.via() != null) {
            Wire.u8(memory, at + GATEWAY_FAMILY, key.via().family());
            Wire.hostI64(memory, at + GATEWAY_HIGH, key.via().high());
            Wire.hostI64(memory, at + GATEWAY_LOW, key.via().low());
        }
        numbers.put(key, hop);
        return hop;
    }

    /// One route less. With the last the next hop goes.
    void release(Key key) {
        int hop = numbers.get(key);
        int used = used(hop) - 1;
        Wire.hostI32(memory, at(hop) + USED, used);
        if (used > 0) return;
        int neighbour = neighbour(hop);
        numbers.remove(key);
        slab.free(hop);
        if (neighbour != NONE) forgottenNeighbour.accept(neighbour);
    }

    private int used(int hop) {
        return Wire.hostI32(memory, at(hop) + USED);
    }

    private static long at(int hop) {
        return (long) hop * HOP_BYTES;
    }
}
