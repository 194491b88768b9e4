package io.millrace.nic.sim.receive;

import io.millrace.flow.flower.engine.FlowerVerdict;
import io.millrace.nic.sim.audit.AuditRing;
import io.millrace.nic.sim.audit.AuditSkip;
import io.millrace.nic.sim.audit.AuditUnit;
import io.millrace.nic.sim.filter.DeviceFilters;

/// Puts a share of what the filters of one port say of packets, and make of them, onto the audit ring. Does nothing
/// without a ring.
final class FilterAudit {

    private final DeviceFilters filters;
    private final int port;
    private AuditRing ring;
    private AuditUnit unit;

    FilterAudit(DeviceFilters filters, int port) {
        this.filters = filters;
        this.port = port;
    }

    void use(AuditRing auditRing) {
        ring = auditRing;
    }

    /// The packet is about to be held against the filters.
    void begin(int packet, long nowNs) {
        unit = ring == null ? null : ring.next();
        if (unit == null) return;
        AuditSkip skip = unit.toFilter(packet, port, filters.log().last(), nowNs);
        if (skip == null) filters.tape(port, unit.buckets());
        else withdraw(skip);
    }

    private void withdraw(AuditSkip why) {
        ring.withdraw(unit, why);
        unit = null;
    }

    /// It was; its copies are still there.
    void end(int packet, FlowerVerdict verdict) {
        if (unit == null) return;
        filters.tape(port, null);
        AuditSkip skip = unit.filtered(packet, verdict, filters);
        if (skip == null) ring.put(unit);
        else withdraw(skip);
    }
}
