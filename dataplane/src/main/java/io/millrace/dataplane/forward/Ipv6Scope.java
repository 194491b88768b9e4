package io.millrace.dataplane.forward;

/// What the first bytes of an IPv6 address say about how far it reaches (RFC 4291 §2.4, §2.7). Takes the first half of
/// the address.
final class Ipv6Scope {

    private static final int LINK_LOCAL_PREFIX = 0xfe80 >>> 6;   // fe80::/10
    private static final int MULTICAST_PREFIX = 0xff;
    private static final int INTERFACE_LOCAL = 1;

    static boolean isLinkLocal(long high) {
        return high >>> 54 == LINK_LOCAL_PREFIX;
    }

    static boolean isMulticast(long high) {
        return high >>> 56 == MULTICAST_PREFIX;
    }

    /// A multicast address that no packet on a link may carry: interface-local or reserved scope 0.
    static boolean isBelowLink(long high) {
        return isMulticast(high) && (high >>> 48 & 0xf) <= INTERFACE_LOCAL;
    }

    private Ipv6Scope() {}
}
