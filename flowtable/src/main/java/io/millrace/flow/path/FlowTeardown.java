package io.millrace.flow.path;

import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowTable;

/// Ends flows: their packets miss from now on, their connections go on in the slow path, and the next sweep frees their
/// slots.
public final class FlowTeardown {

    private final FlowTable flows;
    private final FlowLife life;
    private final FlowTally tally = new FlowTally();

    public FlowTeardown(FlowTable flows, FlowLife life) {
        this.flows = flows;
        this.life = life;
    }

    /// Tears a flow down, unless it is already.
    public void tearDown(int slot, long nowNs) {
        end(slot, false, nowNs);
    }

    /// Tears down a flow whose timeout has passed.
    void expire(int slot, long nowNs) {
        end(slot, true, nowNs);
    }

    private void end(int slot, boolean isExpired, long nowNs) {
        int state = flows.state(slot);
        if ((state & FlowLine.TEARDOWN) != 0) return;
        flows.mark(slot, FlowLine.TEARDOWN);
        life.onTornDown(flows.connection(slot), (state & FlowLine.CLOSING) != 0, isExpired, tally.read(flows, slot),
            nowNs);
    }
}
