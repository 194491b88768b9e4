package io.millrace.simulation.device;

import io.millrace.dataplane.hook.Offloading;
import io.millrace.dataplane.offload.HardwareEntry;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.offload.WorkerFlows;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowTable;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.flow.DeviceFlows;
import io.millrace.nic.sim.flow.FlowEntry;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.journal.Violation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Whether NICs, the control thread and the worker mean the same by what lies in the tables of the NICs; where they do
/// not, somebody must have the work to mend it.
public final class HardwareTables {

    private record Name(SimNic nic, int slot, int generation) {}

    private final List<SimNic> nics;
    private final DeviceFaults faults;
    private final OffloadControl control;
    private final Supplier<Offloading> offloading;
    private Offloading known;

    /// @param offloading the worker's flows, null while there are no flowtables
    public HardwareTables(SimulatedNics all, OffloadControl control, Supplier<Offloading> offloading) {
        this.nics = all.all();
        this.faults = all.faults();
        this.control = control;
        this.offloading = offloading;
    }

    /// The worker's flows, which outlive the rules that they came from; null before the first flowtable.
    public Offloading worker() {
        Offloading now = offloading.get();
        if (now != null) known = now;
        return known;
    }

    /// No dangling id: an entry of a NIC belongs to a flow of the same name, or something is being done about it; and
    /// what is at rest is the worker's flow, alive.
    public void check() {
        worker();
        List<HardwareEntry> entries = control.entries();
        Map<Name, HardwareEntry> named = new HashMap<>();
        for (HardwareEntry each : entries) {
            if (each.deviceSlot() != FlowTable.NONE) {
                named.put(new Name(each.nic(), each.deviceSlot(), each.deviceGeneration()), each);
            }
            if (!each.isAtRest()) continue;
            checkWorker(each);
            checkThere(each);
        }
        for (SimNic nic : nics) {
            if (nic.flows() != null) checkDevice(nic, entries, named);
        }
    }

    /// What is at rest in hardware is there, unless a fault has taken it away, which shows when it is next read.
    private void checkThere(HardwareEntry entry) {
        DeviceFlows flows = entry.nic().flows();
        boolean isThere = entry.deviceSlot() != FlowTable.NONE && flows.entry(entry.deviceSlot(), 0) != null
            && flows.generation(entry.deviceSlot()) == entry.deviceGeneration();
        if (isThere || faults.isLost(entry.nic(), entry.deviceSlot(), entry.deviceGeneration())) return;
        throw new Violation("software and hardware tables agree", "not in the NIC: " + entry);
    }

    private void checkDevice(SimNic nic, List<HardwareEntry> entries, Map<Name, HardwareEntry> named) {
        DeviceFlows flows = nic.flows();
        for (int slot = 0; slot < flows.flowsMax(); slot++) {
            FlowEntry original = flows.entry(slot, 0);
            if (original == null) continue;
            HardwareEntry owner = named.get(new Name(nic, slot, flows.generation(slot)));
            if (owner == null) owner = sought(entries, nic, original);
            boolean isOwned = owner != null && original.equals(owner.original())
                && flows.entry(slot, 1).equals(owner.reply());
            boolean isOfMode = isOwned && owner.modeGeneration() == nic.eswitch().generation();
            if (isOwned && !isOfMode) {
                throw new Violation("entries are of the mode that the switch is in", nic.name() + ", "
                    + nic.eswitch().stand() + " has what was decided on before: " + owner);
            }
            if (!isOwned) {
                throw new Violation("no dangling hardware id", nic.name() + " has " + original + " in slot " + slot
                    + ", generation " + flows.generation(slot) + "; known of it: " + owner);
            }
        }
    }

    /// Who has asked for an entry and does not know its name yet.
    private static HardwareEntry sought(List<HardwareEntry> entries, SimNic nic, FlowEntry original) {
        for (HardwareEntry each : entries) {
            boolean isUnnamed = each.deviceSlot() == FlowTable.NONE && !each.isAtRest();
            if (isUnnamed && each.nic() == nic && original.equals(each.original())) return each;
        }
        return null;
    }

    /// A flow at rest in hardware is one of the worker's, or the worker has said, and not been heard, that it is not.
    private void checkWorker(HardwareEntry entry) {
        Offloading worker = worker();
        WorkerFlows hardware = worker == null ? null : worker.hardware();
        if (hardware == null || !hardware.isPinned(entry.slot(), entry.generation())) {
            throw new Violation("what is in hardware is kept in software", entry.toString());
        }
        if (hardware.isEnding(entry.slot(), entry.generation())) return;
        FlowTable flows = worker.flows();
        int state = flows.state(entry.slot());
        boolean isAlive = flows.isUsed(entry.slot()) && flows.generation(entry.slot()) == entry.generation()
            && (state & FlowLine.TEARDOWN) == 0 && (state & FlowLine.HARDWARE) != 0;
        if (!isAlive) throw new Violation("what is in hardware is alive in software", entry + ", state " + state);
    }

    /// True while flows are on their way into a table.
    public boolean isAdding() {
        return control.entries().stream().anyMatch(each -> each.cause() == null && each.original() != null
            && each.deviceSlot() == FlowTable.NONE);
    }

    /// Once nothing goes wrong any more and everybody had time: the tables are one.
    public void checkAtRest() {
        check();
        if (control.underWayCount() != 0) {
            throw new Violation("work on the tables of NICs comes to an end", control.entries().toString());
        }
        long entryCount = nics.stream().filter(nic -> nic.flows() != null).mapToLong(nic -> nic.flows().count()).sum();
        WorkerFlows hardware = worker() == null ? null : worker().hardware();
        int pinnedCount = hardware == null ? 0 : hardware.pinnedCount();
        boolean isSame = entryCount == control.inHardwareCount() && pinnedCount == control.inHardwareCount();
        if (!isSame) {
            throw new Violation("software and hardware tables agree", entryCount + " entries, "
                + control.inHardwareCount() + " confirmed, " + pinnedCount + " kept by the worker");
        }
    }

    /// An entry that a packet hit, and whose it is.
    public record Hit(FlowEntry entry, HardwareEntry owner) {}

    /// What a packet has hit that a NIC has sent on; null if there is no entry for it. One that a packet behind it has
    /// stopped, or armed anew, counts.
    public Hit hit(int port, SeenFrame frame) {
        for (SimNic nic : nics) {
            DeviceFlows flows = nic.flows();
            for (int slot = 0; flows != null && slot < flows.flowsMax(); slot++) {
                for (int direction = 0; direction < 2; direction++) {
                    FlowEntry entry = flows.entry(slot, direction);
                    boolean isIts = entry != null && entry.port() == port
                        && matches(entry.match(), entry.protocol(), frame);
                    if (isIts) return new Hit(entry, owner(nic, slot));
                }
            }
        }
        return null;
    }

    private HardwareEntry owner(SimNic nic, int slot) {
        List<HardwareEntry> entries = control.entries();
        for (HardwareEntry each : entries) {
            boolean isIts = each.nic() == nic && each.deviceSlot() == slot
                && each.deviceGeneration() == nic.flows().generation(slot);
            if (isIts) return each;
        }
        return sought(entries, nic, nic.flows().entry(slot, 0));
    }

    private static boolean matches(FlowEntry.Tuple match, int protocol, SeenFrame frame) {
        boolean isIpv4 = frame.source().isIpv4();
        long sourceLow = isIpv4 ? frame.source().ipv4() & 0xffff_ffffL : frame.source().low();
        long targetLow = isIpv4 ? frame.target().ipv4() & 0xffff_ffffL : frame.target().low();
        boolean isSameAddresses = match.sourceLow() == sourceLow && match.targetLow() == targetLow
            && (isIpv4 || match.sourceHigh() == frame.source().high() && match.targetHigh() == frame.target().high());
        return isSameAddresses && protocol == frame.protocol() && match.sourcePort() == frame.sourcePort()
            && match.targetPort() == frame.targetPort();
    }

    /// True if the flow is to leave hardware, whether the control thread has heard of it or not.
    public boolean isLeaving(HardwareEntry entry) {
        if (entry.cause() != null) return true;
        Offloading worker = worker();
        return worker == null || worker.hardware() == null
            || worker.hardware().isEnding(entry.slot(), entry.generation());
    }
}
