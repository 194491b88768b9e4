package io.millrace.simulation.model;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.frame.OnesSum;
import io.millrace.simulation.frame.SeenFrame;

import java.util.ArrayList;
import java.util.List;

/// A router that decides by reading lists: no trie, no cache, no state but its configuration. It knows the packets that
/// the world's hosts send, not every packet there is.
public final class ModelRouter {

    private static final int METRIC_CONNECTED_IPV6 = 256;

    private final List<ModelLink> links;
    private final List<ModelRoute> routes = new ArrayList<>();

    public ModelRouter(List<ModelLink> links) {
        this.links = List.copyOf(links);
    }

    public List<ModelLink> links() {
        return links;
    }

    public List<ModelRoute> routes() {
        return routes;
    }

    public boolean owns(IpAddress address) {
        for (ModelLink each : links) {
            if (each.owns(address)) return true;
        }
        return false;
    }

    /// The interface of frames with this VLAN on a port, or null.
    public ModelLink link(int port, int vlan) {
        for (ModelLink each : links) {
            if (each.port() == port && each.vlan() == vlan) return each;
        }
        return null;
    }

    /// What should become of a frame that comes in by a port now.
    ///
    /// @param target where it is to go: its own, or what that is translated to
    public Fate fate(int port, SeenFrame frame, IpAddress target) {
        ModelLink ingress = link(port, frame.vlan());
        if (ingress == null) return Fate.ended(Verdict.VLAN_UNKNOWN);
        if (frame.targetMac() != ingress.mac()) return Fate.ended(Verdict.OTHER_HOST);
        boolean isIpv4 = frame.source().isIpv4();
        if (isIpv4 && OnesSum.checksum(frame.bytes(), frame.l3(), frame.l4() - frame.l3()) != 0) {
            return Fate.ended(Verdict.IPV4_CHECKSUM_WRONG);
        }
        if (isIpv4 && owns(frame.source())) return Fate.ended(Verdict.MARTIAN_SOURCE);
        if (owns(target)) return Fate.ended(Verdict.LOCAL_IN);
        if (!ingress.forwards(isIpv4 ? 4 : 6)) return Fate.ended(Verdict.FORWARDING_OFF);
        Fate way = way(target);
        if (!way.goesOn()) return way;
        if (frame.hopLimit() <= 1) return Fate.ended(Verdict.TTL_EXPIRED);
        if (frame.packetBytes() > way.mtuBytes() && !frame.isFragmentable()) {
            return Fate.ended(isIpv4 ? Verdict.FRAGMENTATION_NEEDED : Verdict.PACKET_TOO_BIG);
        }
        return way;
    }

    /// Where a packet to this target goes.
    public Fate way(IpAddress target) {
        Fate best = Fate.ended(Verdict.NO_ROUTE);
        int bestLength = -1;
        int bestMetric = 0;
        for (ModelLink link : links) {
            for (IpPrefix each : link.addresses()) {
                IpPrefix network = each.network();
                if (!network.contains(target) || each.length() <= bestLength) continue;
                best = Fate.forward(link, target);
                bestLength = each.length();
                bestMetric = target.isIpv4() ? 0 : METRIC_CONNECTED_IPV6;
            }
        }
        for (ModelRoute each : routes) {
            if (!each.to().contains(target)) continue;
            boolean isBetter = each.to().length() > bestLength
                || each.to().length() == bestLength && each.metric() < bestMetric;
            if (!isBetter) continue;
            best = each.refusal() != null ? Fate.ended(each.refusal()) : Fate.forward(each.egress(),
                each.via() == null ? target : each.via());
            bestLength = each.to().length();
            bestMetric = each.metric();
        }
        return best;
    }
}
