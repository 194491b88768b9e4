package io.millrace.flow.rules;

import io.millrace.flow.RouteAddress;
import io.millrace.flow.RouteAnswer;
import io.millrace.flow.RouteKind;
import io.millrace.flow.Routes;
import io.millrace.packet.address.IpAddress;

/// 10.0.0.0/8 lies behind the LAN, 192.0.2.1 is this host, there is no way to 203.0.113.0/24; the rest is the WAN's.
final class LocalRoutes implements Routes {

    private static final long OWN = IpAddress.parse("192.0.2.1").low();
    private static final long NOWHERE = IpAddress.parse("203.0.113.0").low();

    @Override
    public void find(int family, long targetHigh, long targetLow, int interfaceIndex, RouteAnswer answer) {
        if (family == 4 && targetLow == OWN) {
            answer.route(RouteKind.LOCAL, NO_INTERFACE, 65_535, 1);
        } else if (family == 4 && targetLow >>> 8 == NOWHERE >>> 8) {
            answer.none(1);
        } else {
            boolean isLan = family == 4 && targetLow >>> 24 == 10;
            answer.route(RouteKind.UNICAST, isLan ? RuleScene.LAN : RuleScene.WAN, 1500, 1);
        }
    }

    @Override
    public void neighbour(int family, long targetHigh, long targetLow, RouteAnswer answer) {
        throw new UnsupportedOperationException("rules ask for no neighbour");
    }

    @Override
    public boolean isCurrent(int generation) {
        return true;
    }

    @Override
    public RouteKind kindOf(int family, long high, long low, int interfaceIndex) {
        return family == 4 && low == OWN ? RouteKind.LOCAL : RouteKind.UNICAST;
    }

    @Override
    public boolean sourceFor(int family, int interfaceIndex, long targetHigh, long targetLow, RouteAddress source) {
        throw new UnsupportedOperationException("rules ask for no address");
    }

    @Override
    public boolean firstOf(int family, int interfaceIndex, long targetHigh, long targetLow, RouteAddress first) {
        throw new UnsupportedOperationException("rules ask for no address");
    }
}
