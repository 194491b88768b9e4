package io.millrace.simulation.model;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Verdict;

/// A route that an operator made.
///
/// @param refusal what becomes of packets that it refuses; null for one that leads on
/// @param egress  null for one that refuses
/// @param via     null where the target is on the link
public record ModelRoute(IpPrefix to, int metric, Verdict refusal, ModelLink egress, IpAddress via) {

    /// As `ip route` takes it, behind the action.
    public String text() {
        String type = refusal == null ? "" : switch (refusal) {
            case ROUTE_UNREACHABLE -> "unreachable ";
            case ROUTE_BLACKHOLE -> "blackhole ";
            case ROUTE_PROHIBIT -> "prohibit ";
            default -> throw new IllegalStateException(refusal.name());
        };
        String way = refusal != null ? "" : (via == null ? "" : " via " + via) + " dev " + egress.name();
        return type + to + way + " metric " + metric;
    }
}
