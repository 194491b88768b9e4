package io.millrace.control.device;

import io.millrace.control.live.Refusal;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerPlace;
import io.millrace.flow.flower.FlowerRefusal;
import io.millrace.flow.flower.block.FlowerOffload;
import io.millrace.flow.flower.block.HardwareCounts;
import io.millrace.flow.ruleset.Errno;
import io.millrace.nic.program.Offload;
import io.millrace.nic.program.OffloadDecision;
import io.millrace.nic.sim.filter.DeviceFilters;
import io.millrace.nic.sim.filter.FilterChange;
import io.millrace.nic.sim.filter.FilterCount;
import io.millrace.nic.sim.filter.FilterName;
import io.millrace.nic.sim.filter.FilterOwner;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/// The flower filters of a port, at ingress, in its NIC. What the device cannot do is refused here, in the words of
/// Linux's drivers where they have some; what it has no room for it says itself.
///
/// Each call waits for the device, for a bounded time. A filter is taken out again until the device says that it is not
/// there, so that one whose completion was lost does not stay behind.
///
/// Control thread alone.
public final class PortFilterOffload implements FlowerOffload {

    private static final int ADDS_MAX = 3;
    private static final int REMOVALS_MAX = 3;
    private static final int SILENT_MAX = 2;

    private final NicControl nic;
    private final PortControl port;
    private final FilterCount counted = new FilterCount();
    private final Map<Integer, String> names = new TreeMap<>();   // by slot
    private final ArrayDeque<String> lost = new ArrayDeque<>();   // dropped by the device, and nobody was told yet
    private String said = "";
    /// Written by the device's thread before it answers: a command that was said to be done was.
    private volatile boolean isCarriedOut;
    private int heldCount;
    private int ruleCount;

    PortFilterOffload(NicControl nic, PortControl port) {
        this.nic = nic;
        this.port = port;
    }

    /// Filters of this port that the device has, those of rules among them.
    public int heldCount() {
        return heldCount + ruleCount;
    }

    /// The device has dropped all of them.
    public void forget() {
        lost.addAll(names.values());
        names.clear();
        heldCount = 0;
        ruleCount = 0;
    }

    /// Tells of up to `max` filters that the device has dropped; true once it is told of all.
    boolean tellLost(int max) {
        for (int i = 0; i < max && !lost.isEmpty(); i++) tell(FilterWatch.Action.LOST, lost.remove(), "");
        return lost.isEmpty();
    }

    /// So many filters of rules are there now.
    void ruleCount(int count) {
        ruleCount = count;
    }

    @Override
    public FlowerRefusal add(int slot, int generation, FlowerFilter filter, FlowerPlace place) {
        FlowerRefusal refusal = obstacle(filter);
        if (refusal != null) return told(refusal, filter);
        FilterName name = name(slot, generation);
        long modeGeneration = nic.eswitch().stand().generation();
        CommandResult result = CommandResult.NOT_FOUND;
        for (int attempt = 0; attempt < ADDS_MAX && result == CommandResult.NOT_FOUND; attempt++) {
            result = add(new FilterChange.Added(name, filter, place), modeGeneration);
        }
        if (result == null || result == CommandResult.NOT_FOUND) {
            takeOut(name);   // behind the command that may still be carried out
            nic.filterWatch().noAnswer(port.port().name(), text(filter));
            return told(new FlowerRefusal(Errno.TIMED_OUT, "the device did not answer"), filter);
        }
        if (result != CommandResult.DONE) return told(new FlowerRefusal(errno(result), said), filter);
        heldCount++;
        names.put(slot, text(filter));
        tell(FilterWatch.Action.ADD, text(filter), "");
        return null;
    }

    /// What became of the filter, which is read back: `NOT_FOUND` of one that the device said it has, and has not; null
    /// of a device that did not answer.
    private CommandResult add(FilterChange.Added added, long modeGeneration) {
        DeviceFilters filters = nic.filters();
        said = "";
        isCarriedOut = false;
        CommandResult result = carryOut(nowNs -> {
            isCarriedOut = true;
            CommandResult outcome = filters.add(added, modeGeneration, nowNs);
            said = filters.refusal();
            return outcome == CommandResult.DONE && !filters.has(added.name()) ? CommandResult.NOT_FOUND : outcome;
        });
        return result == CommandResult.DONE && !isCarriedOut ? CommandResult.NOT_FOUND : result;
    }

    /// `DONE` if the device has the filter, `NOT_FOUND` if not; null if it does not answer, or with what nobody asked.
    private CommandResult whetherThere(FilterName name) {
        CommandResult left =
            carryOut(_ -> nic.filters().has(name) ? CommandResult.EXISTS : CommandResult.NOT_FOUND);
        if (left == CommandResult.EXISTS) return CommandResult.DONE;
        return left == CommandResult.NOT_FOUND ? left : null;
    }

    private FlowerRefusal told(FlowerRefusal refusal, FlowerFilter filter) {
        tell(FilterWatch.Action.REFUSE, text(filter),
            refusal.getMessage().isEmpty() ? refusal.errno().text() : refusal.getMessage());
        return refusal;
    }

    private void tell(FilterWatch.Action action, String filter, String reason) {
        nic.filterWatch().tell(action, port.port().name(), filter, reason);
    }

    private static String text(FlowerFilter filter) {
        return "tc chain " + filter.chain() + " pref " + filter.priority() + " handle 0x"
            + Integer.toHexString(filter.handle());
    }

    /// Why the device cannot have the filter, or null.
    private FlowerRefusal obstacle(FlowerFilter filter) {
        OffloadDecision decision = port.decision(Offload.FLOWER);
        if (!decision.isWanted()) return unsupported("TC offload is disabled on net device");
        if (!decision.isOn()) return unsupported(decision.reason());
        String why = FilterObstacles.of(port.port().nic(), filter);
        return why == null ? null : unsupported(why);
    }

    private static FlowerRefusal unsupported(String why) {
        return new FlowerRefusal(Errno.NOT_SUPPORTED, why);
    }

    private static Errno errno(CommandResult result) {
        return switch (result) {
            case NO_SPACE -> Errno.NO_SPACE;
            case BUSY, STALE -> Errno.BUSY;
            case EXISTS -> Errno.EXISTS;
            case UNSUPPORTED -> Errno.NOT_SUPPORTED;
            default -> Errno.INVALID;
        };
    }

    @Override
    public void remove(int slot, int generation) {
        FilterName name = name(slot, generation);
        heldCount--;
        String filter = names.remove(slot);
        tell(FilterWatch.Action.REMOVE, filter, "");
        if (!takeOut(name)) nic.filterWatch().noAnswer(port.port().name(), filter);
    }

    /// True once the device says that it has no such filter. One that answers nothing, twice, is asked no more.
    private boolean takeOut(FilterName name) {
        int silentCount = 0;
        for (int attempt = 0; attempt < REMOVALS_MAX && silentCount < SILENT_MAX; attempt++) {
            CommandResult removed = carryOut(_ -> nic.filters().remove(name));
            CommandResult left = whetherThere(name);
            if (left == CommandResult.NOT_FOUND) return true;
            if (removed == null && left == null) silentCount++;
        }
        return false;
    }

    @Override
    public boolean statistics(int slot, int generation, HardwareCounts counts) {
        FilterName name = name(slot, generation);
        DeviceFilters filters = nic.filters();
        isCarriedOut = false;
        CommandResult result = carryOut(_ -> {
            isCarriedOut = true;
            return filters.count(name, counted);
        });
        if (result != CommandResult.DONE || !isCarriedOut) return false;
        counts.set(counted.packets(), counted.bytes(), counted.lastUsedNs());
        return true;
    }

    private FilterName name(int slot, int generation) {
        return new FilterName(FilterOwner.TC, port.port().index(), slot, generation);
    }

    /// What became of the command, or null if the device did not answer.
    private CommandResult carryOut(DeviceCommand command) {
        try {
            return nic.carryOut(command);
        } catch (Refusal e) {
            return null;
        }
    }
}
