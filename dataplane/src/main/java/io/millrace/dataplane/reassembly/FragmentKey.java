package io.millrace.dataplane.reassembly;

/// Which datagram a fragment belongs to. Filled in anew for each fragment.
final class FragmentKey {

    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

    long sourceHigh;   // of IPv4 zero
    long sourceLow;
    long targetHigh;
    long targetLow;
    int identification;
    int user;          // the zone, or whatever keeps datagrams apart that look alike
    int scope;         // of IPv4 the protocol; of IPv6 the interface, where the target has a meaning on its link only

    void ipv4(int source, int target, int identification, int protocol, int user) {
        this.sourceHigh = 0;
        this.sourceLow = source;
        this.targetHigh = 0;
        this.targetLow = target;
        this.identification = identification;
        this.scope = protocol;
        this.user = user;
    }

    void ipv6(long sourceHigh, long sourceLow, long targetHigh, long targetLow, int identification, int scope,
              int user) {
        this.sourceHigh = sourceHigh;
        this.sourceLow = sourceLow;
        this.targetHigh = targetHigh;
        this.targetLow = targetLow;
        this.identification = identification;
        this.scope = scope;
        this.user = user;
    }

    /// @param secret keeps senders from choosing keys that collide
    int hash(long secret) {
        long hash = mixed(secret ^ sourceHigh) ^ sourceLow;
        hash = mixed(hash) ^ targetHigh;
        hash = mixed(hash) ^ targetLow;
        hash = mixed(hash) ^ ((long) identification << 32 | scope);
        return (int) (mixed(mixed(hash) ^ user) >>> 32);
    }

    private static long mixed(long value) {
        long product = (value ^ value >>> 29) * MIX;
        return product ^ product >>> 32;
    }
}
