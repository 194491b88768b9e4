package io.millrace.flow.nat;

import io.millrace.flow.RouteAddress;
import io.millrace.flow.RouteAnswer;
import io.millrace.flow.RouteKind;
import io.millrace.flow.Routes;
import io.millrace.packet.address.IpAddress;

/// The addresses of a gateway with two interfaces: 10.0.1.1 and fd00:1::1 left, 10.0.2.1 and fd00:2::1 right.
final class TwoNetworks implements Routes {

    static final String[] IPV4 = {"10.0.1.1", "10.0.2.1"};
    static final String[] IPV6 = {"fd00:1::1", "fd00:2::1"};

    private final IpAddress[] ipv4 = {IpAddress.parse(IPV4[0]), IpAddress.parse(IPV4[1])};
    private final IpAddress[] ipv6 = {IpAddress.parse(IPV6[0]), IpAddress.parse(IPV6[1])};

    @Override
    public void find(int family, long targetHigh, long targetLow, int interfaceIndex, RouteAnswer answer) {
        throw new UnsupportedOperationException("nobody asks this gateway for a way");
    }

    @Override
    public void neighbour(int family, long targetHigh, long targetLow, RouteAnswer answer) {
        throw new UnsupportedOperationException("nobody asks this gateway for a neighbour");
    }

    @Override
    public boolean isCurrent(int generation) {
        return true;
    }

    @Override
    public RouteKind kindOf(int family, long high, long low, int interfaceIndex) {
        return RouteKind.UNICAST;
    }

    @Override
    public boolean sourceFor(int family, int interfaceIndex, long targetHigh, long targetLow, RouteAddress source) {
        IpAddress own = (family == 4 ? ipv4 : ipv6)[interfaceIndex];
        source.set(own.high(), own.low());
        return true;
    }

    @Override
    public boolean firstOf(int family, int interfaceIndex, long targetHigh, long targetLow, RouteAddress first) {
        return sourceFor(family, interfaceIndex, targetHigh, targetLow, first);
    }
}
