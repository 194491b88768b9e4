package io.millrace.flow.rules;

import io.millrace.flow.RouteAnswer;
import io.millrace.flow.RouteKind;
import io.millrace.flow.Routes;
import io.millrace.flow.ruleset.Expression.FibInput;
import io.millrace.flow.ruleset.Expression.FibResult;
import io.millrace.packet.memory.Wire;

/// Asks the routing table as nft's `fib` does (`nft_fib_ipv4.c`, `nft_fib_ipv6.c`). Inputs are a bit for each
/// [FibInput].
final class RouteFact {

    static final int PRESENT = FibResult.PRESENT.ordinal();
    static final int TYPE = FibResult.TYPE.ordinal();
    static final int OIF_NAME = FibResult.OIFNAME.ordinal();

    static final int UNKNOWN = -1;

    private static final int TCP_BYTES = 20;
    private static final int LENGTH_MAX = 0xffff;
    /// `TCP_MIN_MSS`
    private static final int SEGMENT_BYTES_MIN = 88;

    /// No interface: no number of one.
    private static final int NO_INTERFACE = -1;

    private static final int SADDR = 1 << FibInput.SADDR.ordinal();
    private static final int IIF = 1 << FibInput.IIF.ordinal();
    private static final int OIF = 1 << FibInput.OIF.ordinal();

    private static final int IPV4_SOURCE_AT = 12;
    private static final int IPV4_TARGET_AT = 16;
    private static final int IPV6_SOURCE_AT = 8;
    private static final int IPV6_TARGET_AT = 24;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;

    private final Routes routes;
    private final RouteAnswer answer = new RouteAnswer();

    RouteFact(Routes routes) {
        this.routes = routes;
    }

    /// Fills the register at `at`, four of them for a name. False if the packet has no addresses.
    boolean read(RulePacket packet, int inputs, int result, RuleInterfaces interfaces, int[] registers, int at) {
        int family = packet.family();
        int headerBytes = family == 4 ? IPV4_BYTES : IPV6_BYTES;
        if (family == 0 || packet.l3() + headerBytes > packet.end()) return false;
        boolean isSource = (inputs & SADDR) != 0;
        long header = packet.frameAt() + packet.l3();
        long high = 0;
        long low;
        if (family == 4) {
            low = Wire.u32(packet.memory(), header + (isSource ? IPV4_SOURCE_AT : IPV4_TARGET_AT));
        } else {
            long addressAt = header + (isSource ? IPV6_SOURCE_AT : IPV6_TARGET_AT);
            high = Wire.i64(packet.memory(), addressAt);
            low = Wire.i64(packet.memory(), addressAt + Long.BYTES);
        }
        int interfaceIndex = Routes.NO_INTERFACE;
        if ((inputs & IIF) != 0) interfaceIndex = packet.ingress();
        if ((inputs & OIF) != 0) interfaceIndex = packet.egress();
        if (result == TYPE) {
            registers[at] = number(routes.kindOf(family, high, low, interfaceIndex));
            return true;
        }
        int egress = egress(family, high, low, interfaceIndex);
        if (result == OIF_NAME) {
            interfaces.copyName(egress, registers, at);
        } else if (result == PRESENT) {
            registers[at] = egress == NO_INTERFACE ? 0 : 1;
        } else {
            registers[at] = egress;
        }
        return true;
    }

    /// The largest TCP segment that fits the route to the packet's target and the one to its source, as the smaller MTU
    /// says (`nft_rt.c`); [#UNKNOWN] if the packet has no addresses or its target no route.
    int segmentBytesMax(RulePacket packet) {
        int family = packet.family();
        int headerBytes = family == 4 ? IPV4_BYTES : IPV6_BYTES;
        if (family == 0 || packet.l3() + headerBytes > packet.end()) return UNKNOWN;
        int mtuBytes = mtuBytes(packet, false);
        if (mtuBytes == UNKNOWN) return UNKNOWN;
        int backMtuBytes = mtuBytes(packet, true);
        if (backMtuBytes != UNKNOWN) mtuBytes = Math.min(mtuBytes, backMtuBytes);
        int bytes = mtuBytes - headerBytes - TCP_BYTES;
        return bytes <= 0 || mtuBytes > LENGTH_MAX ? SEGMENT_BYTES_MIN : bytes;
    }

    private int mtuBytes(RulePacket packet, boolean isSource) {
        long header = packet.frameAt() + packet.l3();
        if (packet.family() == 4) {
            long address = Wire.u32(packet.memory(), header + (isSource ? IPV4_SOURCE_AT : IPV4_TARGET_AT));
            routes.find(4, 0, address, Routes.NO_INTERFACE, answer);
        } else {
            long addressAt = header + (isSource ? IPV6_SOURCE_AT : IPV6_TARGET_AT);
            routes.find(6, Wire.i64(packet.memory(), addressAt), Wire.i64(packet.memory(), addressAt + Long.BYTES),
                Routes.NO_INTERFACE, answer);
        }
        return answer.kind().isOnward() ? answer.mtuBytes() : UNKNOWN;
    }

    private int egress(int family, long high, long low, int wanted) {
        routes.find(family, high, low, wanted, answer);
        if (!answer.kind().isOnward()) return NO_INTERFACE;
        return wanted == Routes.NO_INTERFACE || wanted == answer.egress() ? answer.egress() : NO_INTERFACE;
    }

    /// Linux's RTN numbers, by which nft compares.
    private static int number(RouteKind kind) {
        return switch (kind) {
            case NONE -> 0;
            case UNICAST -> 1;
            case LOCAL -> 2;
            case BROADCAST -> 3;
            case ANYCAST -> 4;
            case MULTICAST -> 5;
            case BLACKHOLE -> 6;
            case UNREACHABLE -> 7;
            case PROHIBIT -> 8;
        };
    }
}
