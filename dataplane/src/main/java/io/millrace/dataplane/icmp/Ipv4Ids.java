package io.millrace.dataplane.icmp;

import java.util.random.RandomGenerator;

/// Identifications for IPv4 packets of this host's own that may be fragmented (RFC 6864): a counter per bucket of
/// (source, target, protocol), so that one host's packets say nothing about those to another. Belongs to one worker.
final class Ipv4Ids {

    private static final int BUCKETS = 2048;
    private static final int MIXER = 0x9e3779b9;

    private final short[] counters = new short[BUCKETS];
    private final int key;

    Ipv4Ids(RandomGenerator random) {
        this.key = random.nextInt();
        for (int i = 0; i < BUCKETS; i++) {
            counters[i] = (short) random.nextInt();
        }
    }

    int next(int source, int target, int protocol) {
        int mixed = (source ^ key) * MIXER;
        mixed = (mixed ^ mixed >>> 15 ^ target) * MIXER;
        mixed = (mixed ^ mixed >>> 13 ^ protocol) * MIXER;
        return counters[mixed >>> 21]++ & 0xffff;
    }
}
