package io.millrace.nic.sim.receive;

import io.millrace.gro.MergeSettings;
import io.millrace.gro.Merging;
import io.millrace.nic.sim.account.NicAccount;
import io.millrace.nic.sim.audit.AuditRing;
import io.millrace.nic.sim.fault.Flaws;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.filter.DeviceFilters;
import io.millrace.nic.sim.flow.DeviceFlows;
import io.millrace.nic.sim.flow.Handover;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.ring.DescriptorQueue;
import io.millrace.nic.sim.steer.PortSteering;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;

/// The way of a port's packets from its wire to the rings of its queues.
///
/// ```
///  burst ─▶ filters ─▶ parse ─▶ flow table ─▶ checksum ─▶ rules, steered flows, hash ─▶ (merge) ─▶ ring of a queue
///           │drop, redirect       │hit                       │drop                               │full
///           ▼                     ▼                          ▼                                   ▼
///     FLOWER_DROPPED, wire   wire of a port     NIC_RULE, NIC_HASH_DISCARD                  NIC_RX_FULL
/// ```
///
/// Every packet handed over carries its place in the order of arrival, in the options of its descriptor, so that who
/// takes from all queues can take in that order. One turn of the device is one poll of merging, which begins and ends
/// empty.
///
/// The device's thread alone.
public final class ReceivePipeline {

    private final PacketMeta meta;
    private final NicParser parser;
    private final ChecksumUnit checksums;
    private final PortSteering steering;
    private final DescriptorQueue[] queues;
    private final NicAccount account;
    private final FilterUnit filtering;
    private final DeviceFlows flows;
    private final Handover handover;
    private final Egress egress;
    private final int port;
    private final Burst[] sorted;       // by queue: what is to be merged
    private final Merging[] mergings;   // by queue; made when first wanted
    private final Burst merged = new Burst();
    private final Burst alike = new Burst();
    private final PacketMemory packets;
    private final long[] queuePackets;
    private final int[] queuedPlaces = new int[Burst.PACKETS_MAX];
    private final int[] queuedQueues = new int[Burst.PACKETS_MAX];
    private final ReceiveAudit audit;
    private final NicFaults faults;
    private final Flaws flaws;
    private int arrivals;
    private long changeCountSeen;
    private volatile long wayChange;

    /// @param filters of the device; null if it has none
    /// @param flows   of the device; null if it has no flow table
    /// @param egress  takes what they forward
    /// @param port    index of the port
    public ReceivePipeline(NicModel model, NicParser parser, PortSteering steering, DescriptorQueue[] queues,
                           PacketMemory packets, NicAccount account, DeviceFilters filters, DeviceFlows flows,
                           Handover handover, Egress egress, int port, NicFaults faults) {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.parser = parser;
        this.checksums = new ChecksumUnit(model.receiveChecksum(), faults, packets);
        this.steering = steering;
        this.queues = queues.clone();
        this.account = account;
        this.filtering = filters == null ? null : new FilterUnit(filters, packets, account, egress, port);
        this.flows = flows;
        this.handover = handover;
        this.egress = egress;
        this.port = port;
        this.sorted = new Burst[queues.length];
        this.mergings = new Merging[queues.length];
        this.queuePackets = new long[queues.length];
        this.audit = new ReceiveAudit(parser, port);
        this.faults = faults;
        this.flaws = new Flaws(packets);
    }

    /// Takes every packet of the burst, which a wire has just given; it is empty afterwards.
    ///
    /// @param features that are on: bits of [NicFeature]
    public void process(Burst burst, int features, long nowNs) {
        boolean isFiltered = filtering != null && (features & NicFeature.FILTERS.bit()) != 0 && filtering.isUsed();
        if (isFiltered && filtering.process(burst, nowNs)) {
            receiveApart(burst, features, nowNs);
        } else {
            receive(burst, features, nowNs);
        }
    }

    /// What filters have trapped goes past the flow table; the order stays.
    private void receiveApart(Burst burst, int features, long nowNs) {
        for (int i = 0; i < burst.count(); i++) {
            alike.add(burst.packet(i));
            boolean isTrapped = filtering.isTrapped(i);
            boolean isLast = i + 1 == burst.count() || filtering.isTrapped(i + 1) != isTrapped;
            if (isLast) receive(alike, isTrapped ? features & ~NicFeature.FLOWS.bit() : features, nowNs);
        }
        burst.clear();
    }

    private void receive(Burst burst, int features, long nowNs) {
        boolean sums = (features & NicFeature.RECEIVE_CHECKSUM.bit()) != 0;
        boolean hashes = (features & NicFeature.RECEIVE_HASH.bit()) != 0;
        boolean merges = (features & NicFeature.MERGING.bit()) != 0;
        int queuedCount = 0;
        lookForChange();
        parser.parse(burst);
        audit.begin(burst, nowNs);
        boolean isFlowed = flows != null && (features & NicFeature.FLOWS.bit()) != 0 && flows.isUsedBy(port);
        if (isFlowed) forward(burst, nowNs);
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            int place = isFlowed ? flows.placeOf(i) : i;
            if (sums && checksums.examine(packet)) {
                account.checksumFound();
                audit.summed(place, packet);
            }
            int queue = steering.choose(packet, place, hashes);
            audit.hashed(place, steering.lastHashed(), meta.hash(packet));
            if (queue < 0) {
                account.dropReceived(packet,
                    queue == PortSteering.DROPPED ? Verdict.NIC_RULE : Verdict.NIC_HASH_DISCARD);
                continue;
            }
            meta.queue(packet, queue);
            if (isFlowed) {
                queuedPlaces[queuedCount] = place;
                queuedQueues[queuedCount++] = queue;
            }
            if (merges) sort(packet, queue, nowNs);
            else handOver(packet, queue);
        }
        burst.clear();
        audit.end();
        if (merges) endPoll(nowNs);
        // Whatever became of a packet in merging, it is not behind what was put last.
        for (int i = 0; i < queuedCount; i++) {
            flows.queued(queuedPlaces[i], port, queuedQueues[i], queues[queuedQueues[i]].putCount() - 1);
        }
        for (DescriptorQueue queue : queues) queue.ring();
    }

    /// Has a share of the packets audited; before the first of them.
    public void audit(AuditRing ring) {
        audit.use(ring);
        if (filtering != null) filtering.audit(ring);
    }

    /// From here on packets of one flow may go to another queue than those before them.
    private void lookForChange() {
        if (changeCountSeen == steering.changeCount()) return;
        changeCountSeen = steering.changeCount();
        wayChange = changeCountSeen << 32 | Integer.toUnsignedLong(arrivals);
        for (int queue = 0; flows != null && queue < queues.length; queue++) {
            handover.barrier(port, queue, queues[queue].putCount());
        }
    }

    /// Any thread: in the upper half how often the way to a queue has changed, in the lower the place in the order of
    /// arrival from which on it is as it is now. Seen by whoever sees a packet from there on.
    public long wayChange() {
        return wayChange;
    }

    /// Packets of active flows leave; the others stay in the burst.
    private void forward(Burst burst, long nowNs) {
        long activatedBefore = flows.activatedCount();
        flows.process(burst, port, nowNs);
        audit.forwarded(flows);
        if (flows.activatedCount() != activatedBefore) egress.settle(nowNs);
        Burst unfinished = flows.unresolved();
        for (int i = 0; i < unfinished.count(); i++) {
            account.dropReceived(unfinished.packet(i), Verdict.NEIGHBOUR_UNRESOLVED);
        }
        unfinished.clear();
        account.hit(flows.forwarded().count());
        egress.forward(flows.forwarded(), nowNs);
    }

    private void sort(int packet, int queue, long nowNs) {
        if (sorted[queue] == null) {
            sorted[queue] = new Burst();
            mergings[queue] = new Merging(packets, MergeSettings.STANDARD);
        }
        if (sorted[queue].room() == 0) merge(queue, nowNs);
        sorted[queue].add(packet);
    }

    private void merge(int queue, long nowNs) {
        Merging merging = mergings[queue];
        Burst burst = sorted[queue];
        int taken = 0;
        while (taken < burst.count()) {
            taken = merging.receive(burst, taken, merged, nowNs);
            handOverMerged(queue);
        }
        burst.clear();
    }

    /// What was held goes on: the turn is over.
    private void endPoll(long nowNs) {
        for (int queue = 0; queue < queues.length; queue++) {
            if (sorted[queue] == null || sorted[queue].count() == 0) continue;
            Merging merging = mergings[queue];
            long absorbedBefore = merging.absorbedCount();
            long mergedBefore = merging.mergedCount();
            audit.beginPoll(sorted[queue], nowNs);
            merge(queue, nowNs);
            boolean isOver;
            do {
                isOver = merging.endPoll(merged, nowNs);
                handOverMerged(queue);
            } while (!isOver);
            audit.endPoll();
            account.absorbed(merging.absorbedCount() - absorbedBefore, merging.mergedCount() - mergedBefore);
        }
    }

    private void handOverMerged(int queue) {
        for (int i = 0; i < merged.count(); i++) flaws.into(merged.packet(i), faults.mergeError());
        audit.merged(merged);
        for (int i = 0; i < merged.count(); i++) handOver(merged.packet(i), queue);
        merged.clear();
    }

    private void handOver(int packet, int queue) {
        if (queues[queue].room(1) == 0) {
            account.dropReceived(packet, Verdict.NIC_RX_FULL);
            return;
        }
        queues[queue].put(packet, arrivals++);
        queuePackets[queue]++;
    }

    /// True if every queue in use takes a whole burst.
    public boolean hasRoom() {
        int channels = steering.tables().channelCount();
        for (int i = 0; i < queues.length; i++) {
            boolean isInUse = steering.numbering().channel(i) < channels;
            if (isInUse && queues[i].room(Burst.PACKETS_MAX) < Burst.PACKETS_MAX) return false;
        }
        return true;
    }

    /// Packets put into the ring of a queue so far.
    public long queuePackets(int queue) {
        return queuePackets[queue];
    }
}
