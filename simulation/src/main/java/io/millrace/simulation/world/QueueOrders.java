package io.millrace.simulation.world;

import io.millrace.simulation.device.SimulatedNics;
import io.millrace.simulation.journal.Part;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/// When NICs changed the way from packets to queues. Packets of one conversation that were taken before and after may
/// lie in two queues then, of which a worker polls one first, as in Linux: between them no order is kept.
final class QueueOrders {

    private final SimulatedNics nics;
    private final Map<Integer, SimulatedNics.Spreading> seen = new HashMap<>();      // by port
    private final Map<Integer, TreeSet<Long>> changes = new HashMap<>();   // by port: the first part taken after each

    QueueOrders(SimulatedNics nics) {
        this.nics = nics;
    }

    /// A part was just taken from its wire.
    void taken(Part part) {
        SimulatedNics.Spreading now = nics.spreading(part.port());
        if (now == null) return;
        SimulatedNics.Spreading before = seen.put(part.port(), now);
        boolean isChanged = before != null && !before.equals(now);
        if (isChanged) changes.computeIfAbsent(part.port(), _ -> new TreeSet<>()).add(part.order());
    }

    /// True if the way to queues changed behind this part, and not behind one that was taken `later`.
    boolean isExcused(Part part, long later) {
        TreeSet<Long> ofPort = changes.get(part.port());
        Long last = ofPort == null ? null : ofPort.floor(later);
        return last != null && last > part.order();
    }
}
