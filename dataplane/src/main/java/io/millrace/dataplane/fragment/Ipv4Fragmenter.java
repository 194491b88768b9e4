package io.millrace.dataplane.fragment;

import io.millrace.dataplane.account.Ledger;
import io.millrace.packet.memory.PacketPool;

/// Cuts an IPv4 packet into pieces that fit an MTU (RFC 791 §3.2), the way Linux's `ip_fragment` does.
public final class Ipv4Fragmenter {

    public Ipv4Fragmenter(PacketPool pool, Ledger ledger) {
    }

    /// Cuts the packet and gives the pieces to the sink; the packet itself is gone afterwards. Returns how many there
    /// are: 0 if packet memory ran out, and then the packet was dropped as `NO_SLOT` and no piece was made.
    ///
    /// The packet's metadata says where the IPv4 header lies (`l3`); the header is valid and DF is clear.
    public int fragment(int packet, int mtuBytes, PieceSink sink) {
        throw new UnsupportedOperationException();
    }
}
