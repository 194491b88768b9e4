package io.millrace.dataplane.options;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Verdict;

/// IPv4 options of a packet on its way through (RFC 791 §3.1, RFC 1812 §5.2.4 and §5.3.13), as Linux's
/// `ip_options_compile` and `ip_forward_options` treat them.
public final class Ipv4Options {

    public Ipv4Options(PacketMemory packets) {
    }

    /// True if the IPv4 header at `l3` has options; the other methods need not be called where it has none.
    public boolean isPresent(int packet) {
        throw new UnsupportedOperationException();
    }

    /// Checks the options of a packet that arrived, after its route is known and before anything else is decided;
    /// writes `ownAddress` and the time into record-route and timestamp options with room.
    ///
    /// `FORWARD` if all is well, otherwise `IPV4_OPTIONS_MALFORMED`: the packet is to be dropped and, if [#problemAt] is
    /// not negative, a parameter problem with that pointer is due. `ownAddress` is the packet's target where that is this
    /// host's, else the address from which this host would speak to the packet's source. Leaves the header checksum
    /// alone: it is wrong until [#forward].
    public Verdict check(int packet, int ownAddress, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// After a failed [#check]: the offset in the header that a parameter problem names.
    public int problemAt() {
        throw new UnsupportedOperationException();
    }

    /// After a [#check] that passed: true if there is a source route (loose or strict), whether used up or not.
    public boolean hasSourceRoute() {
        throw new UnsupportedOperationException();
    }

    /// Completes the options of a packet that leaves by an interface with this address, and the header checksum.
    public void forward(int packet, int egressAddress) {
        throw new UnsupportedOperationException();
    }
}
