package io.millrace.flow.path;

import io.millrace.flow.RouteAddress;
import io.millrace.flow.RouteAnswer;
import io.millrace.flow.RouteKind;
import io.millrace.flow.Routes;
import io.millrace.packet.address.Addresses;

/// A router with interface 0, where 192.168.1.0/24 is on the link, and interface 1 with a gateway to all else.
final class TwoInterfaces implements Routes {

    static final int NUD_REACHABLE = 0x02;
    static final int NUD_STALE = 0x04;
    static final int GATEWAY = 203 << 24 | 113 << 8 | 254;

    int generation = 3;
    int neighbourState = NUD_REACHABLE;
    RouteKind onward = RouteKind.UNICAST;
    int mtuBytes = 1400;

    private static boolean isHere(long low) {
        return (int) low >>> 8 == (192 << 16 | 168 << 8 | 1);
    }

    @Override
    public void find(int family, long high, long low, int interfaceIndex, RouteAnswer answer) {
        int egress = isHere(low) ? 0 : 1;
        if (interfaceIndex != NO_INTERFACE && interfaceIndex != egress) {
            answer.none(generation);
            return;
        }
        answer.route(egress == 1 ? onward : RouteKind.UNICAST, egress, egress == 1 ? mtuBytes : 1500, generation);
        if (egress == 1) answer.gateway(4, 0, GATEWAY & 0xffff_ffffL);
    }

    @Override
    public void neighbour(int family, long high, long low, RouteAnswer answer) {
        String mac = answer.egress() == 1 ? FlowScene.GATEWAY_MAC : FlowScene.HOST_MAC;
        answer.neighbour(neighbourState, neighbourState != 0, Addresses.parseMac(mac));
    }

    @Override public boolean isCurrent(int number) { return number == generation; }

    @Override
    public RouteKind kindOf(int family, long high, long low, int interfaceIndex) {
        return RouteKind.UNICAST;
    }

    @Override
    public boolean sourceFor(int family, int interfaceIndex, long high, long low, RouteAddress source) {
        return false;
    }

    @Override
    public boolean firstOf(int family, int interfaceIndex, long high, long low, RouteAddress first) {
        return false;
    }
}
