package io.millrace.dataplane.options;

import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Verdict;

/// IPv4 options of a packet on its way through (RFC 791 §3.1, RFC 1812 §5.2.4 and §5.3.13).
public final class Ipv4Options {

    public Ipv4Options(PacketMemory packets, OwnAddresses own) {
    }

    /// Checks the options of a packet that arrived, after its route is known and before anything else is decided.
    /// Changes nothing. `FORWARD` if all is well; otherwise the packet is to be dropped with the verdict, and a parameter
    /// problem that points to [#problemAt] is due.
    public Verdict check(int packet) {
        throw new UnsupportedOperationException();
    }

    /// After a failed [#check] or [#followSourceRoute]: the offset in the header that a parameter problem names, or -1
    /// where nothing is said.
    public int problemAt() {
        throw new UnsupportedOperationException();
    }

    /// After a [#check] that passed: true if there is a source route, loose or strict.
    public boolean hasSourceRoute() {
        throw new UnsupportedOperationException();
    }

    /// After a [#check] that passed: true if the source route is strict. Then a next hop that is not the target itself
    /// is a source route failed.
    public boolean isStrict() {
        throw new UnsupportedOperationException();
    }

    /// For a packet with a source route, right after [#check]: `FORWARD` if it goes on, to [#sourceRouteHop] if that is
    /// not 0, otherwise to its target (which this host may be: it is read again). Any other verdict drops it.
    public Verdict followSourceRoute(int packet, boolean acceptsSourceRoute) {
        throw new UnsupportedOperationException();
    }

    /// After [#followSourceRoute]: the address that the packet is to be routed to in place of its target; 0 if none.
    public int sourceRouteHop() {
        throw new UnsupportedOperationException();
    }

    /// Completes the options of a packet that is about to leave, and its header checksum: `egressAddress` goes into
    /// record route, `arrivalAddress` (the one from which this host speaks to the packet's source) and the time into
    /// timestamps. `sourceRouteHop` is what [#sourceRouteHop] said, 0 if nothing.
    public void forward(int packet, int arrivalAddress, int egressAddress, int sourceRouteHop, long nowNs) {
        throw new UnsupportedOperationException();
    }
}
