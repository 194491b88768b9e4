package io.millrace.nic.sim.receive;

import io.millrace.nic.sim.audit.AuditRing;
import io.millrace.nic.sim.audit.AuditSkip;
import io.millrace.nic.sim.audit.AuditUnit;
import io.millrace.nic.sim.flow.DeviceFlows;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.rss.HashConfig;

/// Puts a share of what one port does with a burst onto the audit ring: each drawn packet from the parser to where it
/// leaves the pipeline, and each drawn poll of merging. Does nothing without a ring.
final class ReceiveAudit {

    private final NicParser parser;
    private final int port;
    private final AuditUnit[] begun = new AuditUnit[Burst.PACKETS_MAX];   // by place in the burst that was parsed
    private final int[] packets = new int[Burst.PACKETS_MAX];
    private AuditRing ring;
    private int placeCount;
    private AuditUnit poll;
    private AuditSkip pollSkip;

    ReceiveAudit(NicParser parser, int port) {
        this.parser = parser;
        this.port = port;
    }

    void use(AuditRing auditRing) {
        ring = auditRing;
    }

    /// The burst has just been parsed.
    void begin(Burst burst, long nowNs) {
        if (ring == null) return;
        placeCount = burst.count();
        for (int place = 0; place < placeCount; place++) {
            AuditUnit unit = ring.next();
            if (unit != null) {
                int packet = burst.packet(place);
                AuditSkip skip = unit.received(packet, port, parser.image(), parser.records(), place, nowNs);
                packets[place] = packet;
                if (skip != null) {
                    ring.withdraw(unit, skip);
                    unit = null;
                }
            }
            begun[place] = unit;
        }
    }

    /// The flow table has taken its packets out of the burst.
    void forwarded(DeviceFlows flows) {
        if (ring == null || flows.forwarded().count() == 0) return;
        for (int place = 0; place < placeCount; place++) {
            AuditUnit unit = begun[place];
            if (unit == null || !holds(flows.forwarded(), packets[place])) continue;
            int direction = flows.direction(place, port);
            AuditSkip skip = unit.forwarded(packets[place], flows.entry(direction), flows.entry(direction ^ 1));
            if (skip == null) ring.put(unit);
            else ring.withdraw(unit, skip);
            begun[place] = null;
        }
    }

    private static boolean holds(Burst burst, int packet) {
        for (int i = 0; i < burst.count(); i++) {
            if (burst.packet(i) == packet) return true;
        }
        return false;
    }

    /// The device has found out about the checksums of the packet that was parsed at `place`.
    void summed(int place, int packet) {
        if (ring != null && begun[place] != null) begun[place].summed(packet);
    }

    /// The packet that was parsed at `place` was hashed.
    void hashed(int place, HashConfig by, int hash) {
        if (ring != null && begun[place] != null && by != null) begun[place].hashed(by, hash);
    }

    /// All packets of the burst are where they go.
    void end() {
        if (ring == null) return;
        for (int place = 0; place < placeCount; place++) {
            if (begun[place] != null) ring.put(begun[place]);
        }
    }

    /// A poll is about to be merged.
    void beginPoll(Burst burst, long nowNs) {
        poll = ring == null ? null : ring.next();
        pollSkip = poll == null ? null : poll.toMerge(burst, port, nowNs);
    }

    /// Merging has put these packets out.
    void merged(Burst burst) {
        if (poll == null) return;
        for (int i = 0; i < burst.count() && pollSkip == null; i++) pollSkip = poll.made(burst.packet(i));
    }

    void endPoll() {
        if (poll == null) return;
        if (pollSkip == null) ring.put(poll);
        else ring.withdraw(poll, pollSkip);
        poll = null;
    }
}
