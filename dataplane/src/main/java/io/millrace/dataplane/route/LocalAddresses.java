package io.millrace.dataplane.route;

import io.millrace.dataplane.iface.Interface;
import io.millrace.packet.address.IpPrefix;

import java.util.Comparator;
import java.util.List;

/// The addresses of all interfaces as arrays of numbers: to ask, per packet and without allocation, whose an address is
/// and which one to send from. Immutable.
///
/// An IPv6 address is named by its number, 0 to [#count6] − 1, because a method returns only one `long`. Addresses
/// stand in the order of their interfaces, inside one in the order of its configuration.
public final class LocalAddresses {

    public static final int NONE = -1;

    private static final long SOLICITED_NODE_HIGH = 0xff02L << 48;   // ff02::1:ffXX:XXXX, RFC 4291 §2.7.1
    private static final long SOLICITED_NODE_LOW = 0x1_ff00_0000L;
    private static final long SOLICITED_BITS = 0xff_ffffL;
    private static final long SITE_MULTICAST_HIGH = 0xff05L << 48;
    private static final int ALL_NODES = 1;
    private static final int ALL_ROUTERS = 2;
    private static final int ANYCAST_LENGTH_MAX = 126;               // RFC 6164: not on point-to-point links

    private final int[] first4;          // by interface index: its first address; its last is before the next one's
    private final int[] first6;
    private final boolean[] forwards6;
    private final int[] address4;
    private final int[] length4;
    private final boolean[] isPrimary4;  // of its subnet on its interface
    private final int[] owner6;
    private final long[] high6;
    private final long[] low6;
    private final int[] length6;

    LocalAddresses(List<Interface> interfaces) {
        List<Interface> ordered = interfaces.stream().sorted(Comparator.comparingInt(Interface::index)).toList();
        int indexCount = ordered.isEmpty() ? 0 : ordered.getLast().index() + 1;
        first4 = new int[indexCount + 1];
        first6 = new int[indexCount + 1];
        forwards6 = new boolean[indexCount];
        int count4 = count(ordered, 4);
        address4 = new int[count4];
        length4 = new int[count4];
        isPrimary4 = new boolean[count4];
        int count6 = count(ordered, 6);
        owner6 = new int[count6];
        high6 = new long[count6];
        low6 = new long[count6];
        length6 = new int[count6];
        for (Interface each : ordered) take(each);
    }

    private static int count(List<Interface> interfaces, int family) {
        return (int) interfaces.stream().flatMap(each -> each.addresses().stream())
            .filter(each -> each.address().family() == family).count();
    }

    private void take(Interface owner) {
        int next4 = first4[owner.index()];
        int next6 = first6[owner.index()];
        forwards6[owner.index()] = owner.settings().forwardsIpv6();
        for (IpPrefix each : owner.addresses()) {
            if (each.address().isIpv4()) {
                isPrimary4[next4] = !hasSubnet(first4[owner.index()], next4, each);
                address4[next4] = each.address().ipv4();
                length4[next4++] = each.length();
            } else {
                owner6[next6] = owner.index();
                high6[next6] = each.address().high();
                low6[next6] = each.address().low();
                length6[next6++] = each.length();
            }
        }
        for (int index = owner.index() + 1; index < first4.length; index++) {
            first4[index] = next4;
            first6[index] = next6;
        }
    }

    /// Linux calls an address secondary if its interface has an earlier one in the same subnet of the same length.
    private boolean hasSubnet(int from, int end, IpPrefix address) {
        for (int i = from; i < end; i++) {
            if (length4[i] == address.length() && isInSubnet4(i, address.address().ipv4())) return true;
        }
        return false;
    }

    public int count6()            { return high6.length; }
    public long high(int address)  { return high6[address]; }
    public long low(int address)   { return low6[address]; }

    /// True if the interface has an address of the family.
    public boolean has4(int interfaceIndex) { return first4[interfaceIndex] < first4[interfaceIndex + 1]; }
    public boolean has6(int interfaceIndex) { return first6[interfaceIndex] < first6[interfaceIndex + 1]; }

    /// Number of an IPv6 address of any interface, or `NONE`.
    public int find6(long high, long low) {
        return find6(0, high6.length, high, low);
    }

    /// True if the interface itself has this IPv6 address.
    public boolean owns6(int interfaceIndex, long high, long low) {
        return find6(first6[interfaceIndex], first6[interfaceIndex + 1], high, low) != NONE;
    }

    private int find6(int from, int end, long high, long low) {
        for (int i = from; i < end; i++) {
            if (high6[i] == high && low6[i] == low) return i;
        }
        return NONE;
    }

    /// True if this is the subnet-router anycast address of a subnet of the interface (RFC 4291 §2.6.1) and it routes.
    public boolean isAnycast6(int interfaceIndex, long high, long low) {
        if (!forwards6[interfaceIndex]) return false;
        for (int i = first6[interfaceIndex]; i < first6[interfaceIndex + 1]; i++) {
            if (length6[i] > ANYCAST_LENGTH_MAX) continue;
            if (high == (high6[i] & PrefixBits.maskHigh(length6[i]))
                && low == (low6[i] & PrefixBits.maskLow(length6[i]))) {
                return (high | low) != 0;
            }
        }
        return false;
    }

    /// True if packets to this multicast address are taken on the interface: those to all nodes, to all routers where
    /// it routes, and to the solicited-node groups of its own addresses.
    public boolean isJoined6(int interfaceIndex, long high, long low) {
        if (!has6(interfaceIndex)) return false;
        if (high == SITE_MULTICAST_HIGH) return low == ALL_ROUTERS && forwards6[interfaceIndex];
        if (high != SOLICITED_NODE_HIGH) return false;
        if (low == ALL_NODES) return true;
        if (low == ALL_ROUTERS) return forwards6[interfaceIndex];
        if ((low & ~SOLICITED_BITS) != SOLICITED_NODE_LOW) return false;
        for (int i = first6[interfaceIndex]; i < first6[interfaceIndex + 1]; i++) {
            long anycastLow = low6[i] & PrefixBits.maskLow(length6[i]);
            if (((low6[i] ^ low) & SOLICITED_BITS) == 0) return true;
            boolean hasAnycast = forwards6[interfaceIndex] && length6[i] <= ANYCAST_LENGTH_MAX;
            if (hasAnycast && ((anycastLow ^ low) & SOLICITED_BITS) == 0) return true;
        }
        return false;
    }

    /// The IPv4 address to send from on an interface: that of the subnet which holds `target`, else its first one, else
    /// the first of another interface; 0 if there is none. (Linux: `inet_select_addr`.)
    public int source4(int interfaceIndex, int target) {
        for (int i = first4[interfaceIndex]; i < first4[interfaceIndex + 1]; i++) {
            if (isPrimary4[i] && isInSubnet4(i, target)) return address4[i];
        }
        if (has4(interfaceIndex)) return address4[first4[interfaceIndex]];
        return address4.length == 0 ? 0 : address4[0];
    }

    private boolean isInSubnet4(int address, int target) {
        int length = length4[address];
        return length == 0 || (address4[address] ^ target) >>> 32 - length == 0;   // a shift by 32 would be none
    }

    /// Number of the link-local address of the interface, or `NONE`.
    public int linkLocal6(int interfaceIndex) {
        for (int i = first6[interfaceIndex]; i < first6[interfaceIndex + 1]; i++) {
            if (Ipv6Scope.of(high6[i], low6[i]) == Ipv6Scope.LINK) return i;
        }
        return NONE;
    }

    /// Number of the IPv6 address to send from, or `NONE`: RFC 6724 §5, of which rules 1, 2, 5, 6 and 8 can tell two
    /// addresses of a router apart. Of equal ones the address configured last wins, as in Linux.
    public int source6(int interfaceIndex, long targetHigh, long targetLow) {
        int targetScope = Ipv6Scope.of(targetHigh, targetLow);
        boolean isOnLink = targetScope <= Ipv6Scope.LINK || Ipv6Scope.isMulticast(targetHigh);
        int best = NONE;
        for (int index = 0; index < forwards6.length; index++) {
            if (isOnLink && index != interfaceIndex) continue;
            for (int i = first6[index + 1] - 1; i >= first6[index]; i--) {
                if (best == NONE || isBetter(i, best, interfaceIndex, targetHigh, targetLow, targetScope)) best = i;
            }
        }
        return best;
    }

    private boolean isBetter(int address, int best, int interfaceIndex, long high, long low, int scope) {
        boolean isSame = high6[address] == high && low6[address] == low;
        boolean isBestSame = high6[best] == high && low6[best] == low;
        if (isSame != isBestSame) return isSame;
        int scopeRank = scopeRank(address, scope);
        int bestScopeRank = scopeRank(best, scope);
        if (scopeRank != bestScopeRank) return scopeRank > bestScopeRank;
        boolean isOutgoing = owner6[address] == interfaceIndex;
        boolean isBestOutgoing = owner6[best] == interfaceIndex;
        if (isOutgoing != isBestOutgoing) return isOutgoing;
        int label = Ipv6Scope.label(high, low);
        boolean hasLabel = Ipv6Scope.label(high6[address], low6[address]) == label;
        boolean hasBestLabel = Ipv6Scope.label(high6[best], low6[best]) == label;
        if (hasLabel != hasBestLabel) return hasLabel;
        return sharedCount(address, high, low) > sharedCount(best, high, low);
    }

    /// The smallest scope that reaches the target is best; of those that do not, the greatest.
    private int scopeRank(int address, int targetScope) {
        int scope = Ipv6Scope.of(high6[address], low6[address]);
        return scope >= targetScope ? -scope : scope - 2 * Ipv6Scope.MAX;
    }

    private int sharedCount(int address, long high, long low) {
        return Math.min(length6[address], PrefixBits.sharedCount(high6[address], low6[address], high, low));
    }
}
