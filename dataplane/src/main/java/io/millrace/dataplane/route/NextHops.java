package io.millrace.dataplane.route;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.util.function.IntConsumer;

/// Where routes lead to, off heap: routes that lead to the same place share a next hop. Read per packet, without
/// allocation; changed by [RouteTable] alone, on the same thread.
///
/// ```
///   0 u8 route type     1 u8 gateway family, 0 on link   2 u16 egress interface   4 i32 neighbour
///   8 i64 gateway high  16 i64 gateway low               24 i32 IPv4 source       28 i32 routes that use it
///  32 i64 source high   40 i64 source low                48 u8 source family      49 .. 63 reserved
/// ```
public final class NextHops {

    public static final int NONE = -1;

    private static final int HOP_BYTES = 64;
    private static final int TYPE = 0;
    private static final int GATEWAY_FAMILY = 1;
    private static final int EGRESS = 2;
    private static final int NEIGHBOUR = 4;
    private static final int GATEWAY_HIGH = 8;
    private static final int GATEWAY_LOW = 16;
    private static final int SOURCE_4 = 24;
    private static final int USED = 28;

    private final Slab slab;
    private IntConsumer forgottenNeighbour = neighbour -> { };

    NextHops(Arena arena) {
        this.slab = new Slab(arena, HOP_BYTES);
    }

    public RouteType type(int hop) {
        return RouteType.of(Wire.u8(slab.chunk(hop), slab.at(hop) + TYPE));
    }

    /// Index of the interface that packets leave by; meaningless for the types that refuse.
    public int egress(int hop) {
        return Wire.hostU16(slab.chunk(hop), slab.at(hop) + EGRESS);
    }

    /// 4 or 6, or 0 where the packet's own target is on the link.
    public int gatewayFamily(int hop) {
        return Wire.u8(slab.chunk(hop), slab.at(hop) + GATEWAY_FAMILY);
    }

    public int gateway4(int hop)      { return (int) gatewayLow(hop); }
    public long gatewayHigh(int hop)  { return Wire.hostI64(slab.chunk(hop), slab.at(hop) + GATEWAY_HIGH); }
    public long gatewayLow(int hop)   { return Wire.hostI64(slab.chunk(hop), slab.at(hop) + GATEWAY_LOW); }

    /// Number of the gateway's neighbour, once someone has noted it; `NONE` before, and where there is no gateway.
    public int neighbour(int hop) {
        return Wire.hostI32(slab.chunk(hop), slab.at(hop) + NEIGHBOUR);
    }

    /// Notes the gateway's neighbour, which must not be given to another address until it is [forgotten][#onForgotten].
    public void neighbour(int hop, int value) {
        Wire.hostI32(slab.chunk(hop), slab.at(hop) + NEIGHBOUR, value);
    }

    /// Who is told when a next hop that had noted a neighbour goes.
    public void onForgotten(IntConsumer listener) {
        forgottenNeighbour = listener;
    }

    /// Source of IPv4 packets that this host sends this way; 0 if it has no IPv4 address.
    public int source4(int hop) {
        return Wire.hostI32(slab.chunk(hop), slab.at(hop) + SOURCE_4);
    }
}
