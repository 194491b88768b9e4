package io.millrace.dataplane.forward;

import io.millrace.packet.memory.Verdict;

/// Addresses that RFC 1812 §5.3.7 and RFC 6890 bar from being forwarded and Linux forwards all the same; refused where
/// the setting `net.millrace.conf.NAME.drop_martians` is on.
final class Martians {

    /// What is wrong with these two IPv4 addresses, or null.
    static Verdict fault4(int source, int target) {
        if (isBarred4(source)) return Verdict.MARTIAN_SOURCE;
        return isBarred4(target) ? Verdict.MARTIAN_TARGET : null;
    }

    /// 0.0.0.0/8, 240.0.0.0/4, and 169.254.0.0/16, which must not leave its link (RFC 3927 §2.7).
    private static boolean isBarred4(int address) {
        return address >>> 24 == 0 || address >>> 28 == 0xf || address >>> 16 == 0xa9fe;
    }

    /// What is wrong with these two IPv6 addresses, given by their first halves, or null.
    static Verdict fault6(long sourceHigh, long sourceLow, long targetHigh, long targetLow) {
        if (isBarred6(sourceHigh, sourceLow)) return Verdict.MARTIAN_SOURCE;
        return isBarred6(targetHigh, targetLow) ? Verdict.MARTIAN_TARGET : null;
    }

    /// IPv4-mapped (::ffff:0:0/96) and IPv4-compatible addresses, and the discard prefix 100::/64.
    private static boolean isBarred6(long high, long low) {
        if (high == 0x0100_0000_0000_0000L) return true;
        return high == 0 && (low >>> 32 == 0 || low >>> 32 == 0xffff) && low >>> 16 != 0;
    }

    private Martians() {}
}
