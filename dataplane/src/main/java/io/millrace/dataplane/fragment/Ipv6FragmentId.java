package io.millrace.dataplane.fragment;

import io.millrace.packet.header.Ipv6View;

/// The identification of IPv6 fragments that were put together here and are cut again. It is kept in the metadata bound
/// to the packet's addresses: if they are still the same when it leaves, so is the identification; if NAT has changed
/// them, two senders that now share an address and once chose the same number do not share it any more.
public final class Ipv6FragmentId {

    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

    /// Binds an identification to the addresses of a header, or releases it from them: the same operation.
    public static int bound(Ipv6View ip, int identification) {
        long hash = mixed(ip.sourceHigh()) ^ ip.sourceLow();
        hash = mixed(hash) ^ ip.targetHigh();
        hash = mixed(hash) ^ ip.targetLow();
        return identification ^ (int) (mixed(hash) >>> 32);
    }

    private static long mixed(long value) {
        long product = (value ^ value >>> 29) * MIX;
        return product ^ product >>> 32;
    }

    private Ipv6FragmentId() {}
}
