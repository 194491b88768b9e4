package io.millrace.nic.sim.receive;

import io.millrace.flow.flower.engine.FlowerVerdict;
import io.millrace.nic.sim.account.NicAccount;
import io.millrace.nic.sim.audit.AuditRing;
import io.millrace.nic.sim.filter.DeviceFilters;
import io.millrace.nic.sim.filter.FilterCopies;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;

/// Holds what a port receives against the device's filters. What they drop or redirect never reaches a queue; what they
/// let pass goes on with their word about it in its metadata, for the software's filters behind.
final class FilterUnit {

    private final DeviceFilters filters;
    private final NicAccount account;
    private final Egress egress;
    private final PacketMeta meta;
    private final int port;
    private final FilterAudit audit;
    private final Burst leaving = new Burst();
    private final boolean[] trapped = new boolean[Burst.PACKETS_MAX];

    FilterUnit(DeviceFilters filters, PacketMemory packets, NicAccount account, Egress egress, int port) {
        this.filters = filters;
        this.account = account;
        this.egress = egress;
        this.meta = new PacketMeta(packets);
        this.port = port;
        this.audit = new FilterAudit(filters, port);
    }

    /// Has a share of what they do audited; before the first packet.
    void audit(AuditRing ring) {
        audit.use(ring);
    }

    boolean isUsed() {
        return filters.isUsedBy(port);
    }

    /// Takes packets out of the burst that end or leave here. True if some of those that stay are [#isTrapped].
    boolean process(Burst burst, long nowNs) {
        int keptCount = 0;
        boolean hasTrapped = false;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            audit.begin(packet, nowNs);
            FlowerVerdict verdict = filters.classify(packet, port, nowNs);
            audit.end(packet, verdict);
            sendCopies(nowNs);
            switch (verdict) {
                case PASSED -> {
                    meta.filtered(packet, filters.filtered(), filters.isRuled());
                    trapped[keptCount] = false;
                    burst.packet(keptCount++, packet);
                }
                case TRAPPED -> {
                    meta.filtered(packet, PacketMeta.FILTERED_WHOLLY, filters.isRuled());
                    hasTrapped = true;
                    trapped[keptCount] = true;
                    burst.packet(keptCount++, packet);
                }
                case DROPPED -> account.dropReceived(packet, Verdict.FLOWER_DROPPED);
                case LOOPED -> account.dropReceived(packet, Verdict.FLOWER_LOOPED);
                case REDIRECTED -> {
                    account.hit(1);
                    meta.egress(packet, filters.target());
                    send(packet, nowNs);
                }
            }
        }
        burst.truncate(keptCount);
        if (leaving.count() > 0) egress.forward(leaving, nowNs);
        return hasTrapped;
    }

    /// True if the packet at this place of the burst goes to a worker past everything else in the device.
    boolean isTrapped(int place) {
        return trapped[place];
    }

    private void sendCopies(long nowNs) {
        FilterCopies copies = filters.copies();
        for (int i = 0; i < copies.count(); i++) {
            account.create();
            account.switchOver();
            send(copies.copy(i), nowNs);
        }
        copies.clear();
    }

    private void send(int packet, long nowNs) {
        if (leaving.room() == 0) egress.forward(leaving, nowNs);
        leaving.add(packet);
    }
}
