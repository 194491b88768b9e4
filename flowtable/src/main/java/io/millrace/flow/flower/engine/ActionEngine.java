package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

/// Carries out a filter's actions on one packet, in order, until one says that something else follows.
///
/// Packets and bytes are counted as Linux counts them at the hook: a super-packet as its segments; at ingress without
/// the Ethernet header and the outermost tag, at egress with both; as they were when classification began.
final class ActionEngine {

    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    /// What a segment of a super-packet has in front of its payload, about: for the length limit of `police`.
    private static final int SEGMENT_HEADER_BYTES = 66;

    private final PacketMeta meta;
    private final boolean isIngress;
    private final FlowerCopies copies;
    private final FlowerTracking tracking;
    private final HeaderEdit headers;
    private final TagEdit tags;
    private final ChecksumFill checksums;
    private int target;
    private int packetCount;
    private int byteCount;
    private int longestBytes;
    private boolean hasChanged;
    private BucketTape tape;   // null while nobody notes what buckets hold

    /// @param tracking null where there is none; no filter with a `ct` action is added then
    ActionEngine(PacketMemory packets, boolean isIngress, FlowerCopies copies, FlowerTracking tracking) {
        this.meta = new PacketMeta(packets);
        this.isIngress = isIngress;
        this.copies = copies;
        this.tracking = tracking;
        this.headers = new HeaderEdit(packets);
        this.tags = new TagEdit(packets);
        this.checksums = new ChecksumFill(packets);
    }

    void tape(BucketTape buckets) {
        tape = buckets;
    }

    /// For the next packet.
    void begin(int packet, boolean isTagged) {
        packetCount = Math.max(1, meta.gsoSegments(packet));
        int skippedBytes = isIngress ? ETHERNET_BYTES + (isTagged ? TAG_BYTES : 0) : 0;
        byteCount = Math.max(0, meta.packetBytes(packet) - skippedBytes);
        boolean isCut = meta.gsoSize(packet) != 0 && meta.gsoSize(packet) != GsoType.BY_SLOTS;
        longestBytes = isCut ? Math.min(byteCount, meta.gsoSize(packet) + SEGMENT_HEADER_BYTES) : byteCount;
    }

    /// The port that a packet leaves by that was redirected.
    int target() {
        return target;
    }

    /// True once after an action changed the packet or what is known of it.
    boolean takeChanged() {
        boolean changed = hasChanged;
        hasChanged = false;
        return changed;
    }

    ActionControl run(FlowerRule rule, int packet, int networkAt, long nowNs) {
        if (rule.actionCount() == 0) return ActionControl.PASS;
        int network = networkAt;
        ActionControl control = ActionControl.PASS;
        for (int i = 0; i < rule.actionCount(); i++) {
            ActionCounters counters = rule.counters(i);
            counters.count(packetCount, byteCount, nowNs);
            FlowerAction action = rule.action(i);
            control = runOne(action, rule.bucket(i), packet, network, counters, nowNs);
            if (control.kind() == ActionControl.Kind.DROP) counters.drop(packetCount);
            if (control.kind() != ActionControl.Kind.PIPE) return control;
            if (action instanceof FlowerAction.Vlan) network = tags.networkAt(packet);
        }
        return control;
    }

    private ActionControl runOne(FlowerAction action, TokenBucket bucket, int packet, int networkAt,
                                 ActionCounters counters, long nowNs) {
        switch (action) {
            case FlowerAction.Gact gact -> {
                return gact.control();
            }
            case FlowerAction.Mirred mirred -> {
                if (mirred.isRedirect()) {
                    target = mirred.port();
                } else if (!copies.mirror(packet, mirred.port())) {
                    counters.overlimit();
                }
            }
            case FlowerAction.Pedit pedit -> {
                hasChanged = true;
                if (!headers.run(pedit, packet, networkAt)) counters.overlimit();
            }
            case FlowerAction.Vlan vlan -> {
                hasChanged = true;
                if (!tags.run(vlan, packet)) return ActionControl.DROP;
            }
            case FlowerAction.Csum csum -> {
                if (!checksums.run(csum, packet, networkAt)) return ActionControl.DROP;
            }
            case FlowerAction.Police police -> {
                if (tape != null) tape.meet(bucket);
                if (bucket.takes(byteCount, longestBytes, nowNs)) return police.conform();
                counters.overlimit();
            }
            case FlowerAction.Ct ct -> {
                hasChanged = true;
                if (!tracking.run(ct.what(), packet, networkAt, nowNs)) return ActionControl.DROP;
            }
        }
        return action.control();
    }
}
