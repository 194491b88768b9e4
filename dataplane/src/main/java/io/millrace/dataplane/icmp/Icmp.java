package io.millrace.dataplane.icmp;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.dataplane.output.Output;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;

/// All ICMP of one worker: its errors, its answers, their limits. Touched by its worker alone.
public final class Icmp {

    /// `seed` drives IPv4 ids and the small randomness in the limits, nothing else.
    public Icmp(Arena arena, PacketPool pool, Ledger ledger, Output output, OwnAddresses own, IcmpSettings settings,
                long seed) {
    }

    public Icmpv4Errors errors4() {
        throw new UnsupportedOperationException();
    }

    public Icmpv6Errors errors6() {
        throw new UnsupportedOperationException();
    }

    public LocalDelivery localDelivery() {
        throw new UnsupportedOperationException();
    }

    public SuppressedErrors suppressed() {
        throw new UnsupportedOperationException();
    }

    /// Takes new settings, between two bursts.
    public void apply(IcmpSettings settings) {
        throw new UnsupportedOperationException();
    }
}
