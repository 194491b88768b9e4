package io.millrace.dataplane;

import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.packet.address.IpAddress;

/// The addresses of a router with two ports, each with a host behind it:
///
/// ```
///  10.0.0.2, fd00::2 ---- 10.0.0.1, fd00::1, fe80::a  router  10.0.1.1, fd00:0:0:1::1, fe80::b ---- 10.0.1.2, …
/// ```
///
/// The default routes lead to the second port. There is no route to 10.9.0.0/16 and to fd00:9::/64.
public final class TestAddresses implements OwnAddresses {

    public static final int INSIDE = 0;
    public static final int OUTSIDE = 1;

    private static final IpAddress[][] OWN = {
        {ip("10.0.0.1"), ip("fd00::1"), ip("fe80::a")},
        {ip("10.0.1.1"), ip("fd00:0:0:1::1"), ip("fe80::b")},
    };

    public int outsideMtuBytes = 1500;

    @Override
    public boolean owns4(int address) {
        return address == OWN[INSIDE][0].ipv4() || address == OWN[OUTSIDE][0].ipv4();
    }

    @Override
    public boolean owns6(long high, long low, int interfaceIndex) {
        IpAddress address = IpAddress.ofIpv6(high, low);
        return address.equals(OWN[INSIDE][1]) || address.equals(OWN[OUTSIDE][1])
            || address.equals(OWN[interfaceIndex][2]);
    }

    @Override
    public int source4(int target) {
        if (target >>> 16 == 0x0a09 || target >>> 28 == 0xe || owns4(target)) return 0;
        return OWN[port4(target)][0].ipv4();
    }

    @Override
    public int mtuBytes4(int target) {
        return port4(target) == INSIDE ? 1500 : outsideMtuBytes;
    }

    @Override
    public boolean source6(long targetHigh, long targetLow, int interfaceIndex, long[] source) {
        if (targetHigh == ip("fd00:9::").high()) return false;
        IpAddress chosen = OWN[interfaceIndex][targetHigh >>> 54 == 0x3fa ? 2 : 1];
        source[0] = chosen.high();
        source[1] = chosen.low();
        return true;
    }

    private static int port4(int target) {
        return target >>> 8 == 0x0a0000 ? INSIDE : OUTSIDE;
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }
}
