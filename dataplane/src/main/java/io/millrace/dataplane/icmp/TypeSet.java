package io.millrace.dataplane.icmp;

/// A set of message types, 0 to 255. Immutable.
///
/// @param low     types 0 to 63, type n as bit n
/// @param second  types 64 to 127
/// @param third   types 128 to 191
/// @param high    types 192 to 255
public record TypeSet(long low, long second, long third, long high) {

    /// Every ICMPv6 error but "packet too big", without which path MTU discovery would fail: Linux's default.
    public static final TypeSet ICMPV6_ERRORS = new TypeSet(~(1L << 2), -1L, 0, 0);

    public boolean contains(int type) {
        long word = switch (type >>> 6) {
            case 0 -> low;
            case 1 -> second;
            case 2 -> third;
            default -> high;
        };
        return (word >>> (type & 63) & 1) != 0;
    }
}
