package io.millrace.dataplane.route;

/// How far an IPv6 address reaches (RFC 4007, RFC 4291 §2.7), and its label in Linux's table of
/// address labels (RFC 6724 §2.1 with ORCHID added, without what is deprecated). Scopes are numbers as in a multicast
/// address: greater reaches further. Unique local addresses are global (RFC 4193).
public final class Ipv6Scope {

    public static final int INTERFACE = 1;
    public static final int LINK = 2;
    public static final int SITE = 5;
    public static final int GLOBAL = 14;
    static final int MAX = 15;

    public static int of(long high, long low) {
        if (isMulticast(high)) return (int) (high >>> 48) & 0xf;
        if (high >>> 54 == 0x3fa) return LINK;              // fe80::/10
        if (high >>> 54 == 0x3fb) return SITE;              // fec0::/10, deprecated
        return high == 0 && low == 1 ? LINK : GLOBAL;       // RFC 4007 §4: loopback is treated as link-local
    }

    public static boolean isMulticast(long high) {
        return high >>> 56 == 0xff;
    }

    static int label(long high, long low) {
        if (high == 0 && low == 1) return 0;                // ::1
        if (high == 0 && low >>> 32 == 0xffff) return 4;    // ::ffff:0:0/96
        if (high == 0 && low >>> 32 == 0) return 3;         // ::/96
        if (high >>> 57 == 0x7e) return 5;                  // fc00::/7
        if (high >>> 48 == 0x2002) return 2;                // 6to4
        if (high >>> 32 == 0x2001_0000L) return 6;          // Teredo
        return high >>> 36 == 0x200_1001L ? 7 : 1;          // ORCHID, all others
    }

    private Ipv6Scope() {}
}
