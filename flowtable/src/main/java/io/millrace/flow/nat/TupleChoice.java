package io.millrace.flow.nat;

import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.tuple.IcmpAnswers;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.header.IpProtocol;

import java.util.random.RandomGenerator;

/// Finds the tuple that a connection is translated to: within a range, and such that no other connection has the
/// answers to it. As Linux chooses (`get_unique_tuple`, `nf_nat_l4proto_unique_tuple`, 6.12 and 6.18):
///
/// 1. source: the tuple as it is, if the range holds it and it is free; else what the same client was given for another
///    target, if that is free
/// 2. an address of the range by hash; the port as it is, if the range holds it and it is free
/// 3. a search: of a source within the port's class (1–511, 600–1023, 1024–65535) or the given ports, from a random
///    place, 128 tries, then 64 from another place, and so on down to 8
///
/// Where the search fails the last one tried stays; the connection is then refused when it is confirmed.
final class TupleChoice {

    private static final int TRIES_MAX = 128;
    private static final int TRIES_MIN = 16;
    /// With fewer tries left, a TCP connection in TIME_WAIT gives its tuple up.
    private static final int TRIES_BEFORE_EVICTING = 32;
    private static final int PORT_COUNT = 65_536;

    private final ConnectionTable table;
    private final Connections connections;
    private final RandomGenerator random;
    private final AddressChoice addresses = new AddressChoice();
    private final WaitingTuples waiting;
    private final Tuple answers = new Tuple();
    private final Tuple known = new Tuple();
    private int entry;
    private NatRange range;
    private NatSide side;
    private long nowNs;
    private int firstPort;
    private int portCount;

    TupleChoice(ConnectionTable table, RandomGenerator random) {
        this.table = table;
        this.connections = table.connections();
        this.random = random;
        this.waiting = new WaitingTuples(table);
    }

    /// Puts into `chosen` what `wanted`, the unconfirmed connection's packets as they are now, become.
    void choose(int entry, Tuple wanted, NatRange range, NatSide side, Tuple chosen, long nowNs) {
        this.entry = entry;
        this.range = range;
        this.side = side;
        this.nowNs = nowNs;
        if (side == NatSide.SOURCE && !range.isRandom()) {
            if (isInRange(wanted)) {
                chosen.copyFrom(wanted);
                if (isFree(chosen)) return;
            } else if (isSameAsBefore(wanted, chosen) && isFree(chosen)) {
                return;
            }
        }
        chosen.copyFrom(wanted);
        if (range.has(NatRange.ADDRESSES)) addresses.choose(chosen, range, side, connections.zone(entry));
        if (range.isRandom() || !isPortKept(chosen)) searchPort(chosen);
    }

    private boolean isPortKept(Tuple chosen) {
        if (!range.has(NatRange.PORTS)) return isFree(chosen);
        if (range.has(NatRange.PORT_OFFSET) || !isPortInRange(chosen, side)) return false;
        return range.portMin() == range.portMax() || isFree(chosen);
    }

    private boolean isInRange(Tuple tuple) {
        boolean isAddressIn = !range.has(NatRange.ADDRESSES)
            || range.holdsAddress(tuple.sourceHigh(), tuple.sourceLow());
        return isAddressIn && (!range.has(NatRange.PORTS) || isPortInRange(tuple, NatSide.SOURCE));
    }

    private boolean isPortInRange(Tuple tuple, NatSide side) {
        if (!hasPorts(tuple.protocol()) && !IcmpAnswers.isIcmp(tuple.protocol())) return true;
        return range.holdsPort(port(tuple, side));
    }

    /// A client that speaks to several targets from one port gets one source for all, if the range allows that.
    private boolean isSameAsBefore(Tuple wanted, Tuple chosen) {
        int zone = connections.zone(entry);
        for (int each = table.firstBySource(wanted); each != Connections.NONE; each = table.nextBySource(each)) {
            connections.tuple(each, Direction.ORIGINAL, known);
            if (!known.isSameSource(wanted) || connections.zone(each) != zone) continue;
            if (!chosen.invertOf(connections.tuple(each, Direction.REPLY, known))) continue;
            chosen.target(wanted.targetHigh(), wanted.targetLow()).zone(wanted.zone());
            chosen.targetPort(wanted.targetPort());
            if (isInRange(chosen)) return true;
        }
        return false;
    }

    private boolean isFree(Tuple tuple) {
        return !table.isTaken(answersTo(tuple), nowNs);
    }

    private Tuple answersTo(Tuple tuple) {
        boolean hasInverse = answers.invertOf(tuple);
        assert hasInverse : tuple;
        return answers.zone(replyZone());
    }

    private int replyZone() {
        return connections.tuple(entry, Direction.REPLY, known).zone();
    }

    private void searchPort(Tuple tuple) {
        if (!findPorts(tuple)) return;
        int port = port(tuple, side);
        int offset = firstOffset(port);
        int tries = Math.min(portCount, TRIES_MAX);
        while (true) {
            for (int i = 0; i < tries; i++, offset = offset + 1 & PORT_COUNT - 1) {
                setPort(tuple, firstPort + offset % portCount);
                if (isFree(tuple)) return;
                boolean mayEvict = tuple.protocol() == IpProtocol.TCP && tries - i <= TRIES_BEFORE_EVICTING;
                if (mayEvict && waiting.evict(answersTo(tuple), entry, nowNs)) return;
            }
            if (tries >= portCount || tries < TRIES_MIN) return;
            tries /= 2;
            offset = randomPort();
        }
    }

    /// Sets from where and among how many ports; false if there is nothing to search.
    private boolean findPorts(Tuple tuple) {
        boolean isIcmp = IcmpAnswers.isIcmp(tuple.protocol());
        if (!isIcmp && !hasPorts(tuple.protocol())) return false;
        if (range.has(NatRange.PORTS)) {
            firstPort = range.portMin();
            portCount = range.portCount();
            return true;
        }
        if (isIcmp) {
            firstPort = 0;
            portCount = PORT_COUNT;
            return true;
        }
        if (side == NatSide.TARGET) return false;
        int port = tuple.sourcePort();
        firstPort = port >= 1024 ? 1024 : port >= 512 ? 600 : 1;
        portCount = (port >= 1024 ? PORT_COUNT : port >= 512 ? 1024 : 512) - firstPort;
        return true;
    }

    private int firstOffset(int port) {
        if (range.has(NatRange.PORT_OFFSET)) return port - range.portBase() & PORT_COUNT - 1;
        return range.isRandom() || side == NatSide.SOURCE ? randomPort() : 0;
    }

    private int randomPort() {
        return random.nextInt() >>> 16;
    }

    private static int port(Tuple tuple, NatSide side) {
        boolean isSource = side == NatSide.SOURCE || IcmpAnswers.isIcmp(tuple.protocol());
        return isSource ? tuple.sourcePort() : tuple.targetPort();
    }

    private void setPort(Tuple tuple, int port) {
        if (side == NatSide.SOURCE || IcmpAnswers.isIcmp(tuple.protocol())) {
            tuple.sourcePort(port);
        } else {
            tuple.targetPort(port);
        }
    }

    private static boolean hasPorts(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDP_LITE, IpProtocol.SCTP, IpProtocol.DCCP -> true;
            default -> false;
        };
    }
}
