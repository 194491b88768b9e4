package io.millrace.control.command.conntrack;

import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.track.machine.TcpConntrackState;
import io.millrace.flow.track.machine.TcpState;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.header.IpProtocol;

/// Which connections are meant: those for which all that was said is true. Read by one thread at a time.
final class ConnectionFilter {

    private static final int ANY = -1;

    private final Side[] sides = {new Side(), new Side()};
    private final Tuple tuple = new Tuple();
    private final TcpState tcp = new TcpState();
    private int family = ANY;
    private int protocol = ANY;
    private int zone = ANY;
    private int status;
    private int anyStatus;
    private boolean hasMark;
    private int mark;
    private int markMask;
    private String tcpState = "";

    /// What is said of one direction's tuple.
    static final class Side {
        IpPrefix source;
        IpPrefix target;
        int sourcePort = ANY;
        int targetPort = ANY;
        int icmpType = ANY;
        int icmpCode = ANY;
        int icmpId = ANY;

        private boolean matches(Tuple tuple) {
            if (!contains(source, tuple.family(), tuple.sourceHigh(), tuple.sourceLow())) return false;
            if (!contains(target, tuple.family(), tuple.targetHigh(), tuple.targetLow())) return false;
            boolean isIcmp = tuple.protocol() == IpProtocol.ICMP || tuple.protocol() == IpProtocol.ICMPV6;
            if (isIcmp) {
                return is(icmpType, tuple.targetPort() >>> 8) && is(icmpCode, tuple.targetPort() & 0xff)
                    && is(icmpId, tuple.sourcePort()) && sourcePort == ANY && targetPort == ANY;
            }
            return is(sourcePort, tuple.sourcePort()) && is(targetPort, tuple.targetPort()) && icmpType == ANY
                && icmpCode == ANY && icmpId == ANY;
        }

        private static boolean is(int wanted, int value) {
            return wanted == ANY || wanted == value;
        }

        private static boolean contains(IpPrefix prefix, int family, long high, long low) {
            if (prefix == null) return true;
            return family == prefix.address().family() && (high & prefix.maskHigh()) == prefix.address().high()
                && (low & prefix.maskLow()) == prefix.address().low();
        }
    }

    Side side(int direction)       { return sides[direction]; }
    int family()                   { return family; }
    void family(int value)         { family = value; }
    int protocol()                 { return protocol; }
    void protocol(int value)       { protocol = value; }
    void zone(int value)           { zone = value; }
    void tcpState(String value)    { tcpState = value; }
    /// All of these bits are set.
    void status(int bits)          { status |= bits; }
    /// One of these bits is set.
    void anyStatus(int bits)       { anyStatus |= bits; }

    void mark(int value, int mask) {
        hasMark = true;
        mark = value;
        markMask = mask;
    }

    boolean matches(Connections connections, int entry) {
        int bits = connections.status(entry);
        if ((bits & status) != status || anyStatus != 0 && (bits & anyStatus) == 0) return false;
        if (hasMark && (connections.mark(entry) & markMask) != mark) return false;
        if (zone != ANY && connections.zone(entry) != zone) return false;
        connections.tuple(entry, Direction.REPLY, tuple);
        if (!sides[Direction.REPLY].matches(tuple)) return false;
        connections.tuple(entry, Direction.ORIGINAL, tuple);
        if (family != ANY && tuple.family() != family || protocol != ANY && tuple.protocol() != protocol) return false;
        if (!sides[Direction.ORIGINAL].matches(tuple)) return false;
        return tcpState.isEmpty() || tuple.protocol() == IpProtocol.TCP
            && (bits & ConnectionStatus.OFFLOAD) == 0
            && tcpState.equals(TcpConntrackState.name(connections.tcp(entry, tcp).state()));
    }

    /// The tuple that the original direction is said to have in full; null where something is left open.
    Tuple exact() {
        Side side = sides[Direction.ORIGINAL];
        if (side.source == null || side.target == null || protocol == ANY) return null;
        boolean hasPorts = side.sourcePort != ANY && side.targetPort != ANY;
        boolean isIcmp = side.icmpType != ANY && side.icmpCode != ANY && side.icmpId != ANY;
        if (!hasPorts && !isIcmp) return null;
        return new Tuple().set(side.source.address().family(), protocol)
            .source(side.source.address().high(), side.source.address().low())
            .target(side.target.address().high(), side.target.address().low())
            .ports(hasPorts ? side.sourcePort : side.icmpId,
                hasPorts ? side.targetPort : side.icmpType << 8 | side.icmpCode)
            .zone(zone == ANY ? 0 : zone);
    }
}
