package io.millrace.flow.flower.block;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerPlace;
import io.millrace.flow.flower.FlowerRefusal;
import io.millrace.flow.flower.engine.FlowerRule;
import io.millrace.flow.ruleset.Errno;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// The filters of one hook of a port, with Linux's rules about their identities (`cls_api`, `cls_flower`): chain,
/// priority with its protocol, handle. Changes go to software and hardware; what is refused has changed nothing.
///
/// The control thread's.
public final class FlowerBlock {

    /// What a filter gets whose priority nobody gave, counted down from here.
    private static final int AUTO_PRIORITY = 0xc000;
    private static final int AUTO_PRIORITY_MIN = 0x8000;

    private final FlowerSoftware software;
    private final FlowerOffload offload;
    private final ActionIndexes actionIndexes;
    private final SlotNames names = new SlotNames();
    private final TreeMap<Integer, TreeMap<Integer, PriorityEntries>> chains = new TreeMap<>();
    private ArrayDeque<FlowerEntry> entering;   // those still to be offered to hardware; null while none are
    private String reason = "";

    /// @param offload of the port's hardware, or null where it has none
    public FlowerBlock(FlowerSoftware software, FlowerOffload offload, ActionIndexes actionIndexes) {
        this.software = software;
        this.offload = offload;
        this.actionIndexes = actionIndexes;
    }

    /// Adds, replaces or changes a filter and returns it.
    public FlowerEntry put(FlowerRequest request) {
        checkChain(request.chain());
        reason = "";
        boolean mayCreate = request.verb() != FlowerRequest.Verb.CHANGE;
        int priority = request.priority();
        if (priority == 0) {
            if (!mayCreate) throw refusal(Errno.NO_ENTRY, "Invalid filter command with priority of zero");
            priority = autoPriority(request.chain());
        }
        PriorityEntries entries = find(request.chain(), priority);
        if (entries != null && request.protocol() != 0 && entries.protocol() != request.protocol()) {
            throw refusal(Errno.INVALID, "Filter with specified priority/protocol not found");
        }
        if (entries == null && request.protocol() == 0) {
            throw refusal(Errno.INVALID, "Filter kind and protocol must be specified");
        }
        FlowerEntry old = entries == null || request.handle() == 0 ? null : entries.get(request.handle());
        if (old == null && !mayCreate) {
            throw refusal(Errno.NO_ENTRY, "Need both RTM_NEWTFILTER and NLM_F_CREATE to create a new filter");
        }
        if (old != null && request.verb() == FlowerRequest.Verb.ADD) {
            throw refusal(Errno.EXISTS, "Filter already exists");
        }
        int protocol = entries == null ? request.protocol() : entries.protocol();
        return install(request, priority, protocol, entries, old);
    }

    private FlowerEntry install(FlowerRequest request, int priority, int protocol, PriorityEntries entries,
                                FlowerEntry old) {
        if (request.flags().skipsHardware() && request.flags().skipsSoftware()) throw refusal(Errno.INVALID, "");
        checkKey(request, entries, old);
        int handle = request.handle() != 0 ? request.handle() : entries == null ? 1 : entries.freeHandle();
        var filter = new FlowerFilter(request.chain(), priority, protocol, handle, request.classId(),
            request.match(), request.actions(), request.flags());
        PriorityEntries ofPriority = entries != null ? entries : new PriorityEntries(protocol);
        FlowerPlace place = ofPriority.place(request.match(), old);
        int slot = names.take();
        int generation = names.generation(slot);
        boolean isInHardware;
        try {
            isInHardware = addToHardware(slot, generation, filter, place);
        } catch (FlowerRefusal e) {
            names.release(slot);
            throw e;
        }
        FlowerRule rule;
        try {
            rule = old == null ? software.add(filter, isInHardware)
                : software.replace(old.rule(), filter, isInHardware);
        } catch (RuntimeException e) {   // the worker did not answer
            if (isInHardware) offload.remove(slot, generation);
            names.release(slot);
            throw e;
        }
        if (old != null) letGo(old);
        var entry = new FlowerEntry(filter, place, rule, actionIndexes.take(filter.actions()), slot, generation,
            isInHardware);
        ofPriority.put(entry);
        chains.computeIfAbsent(filter.chain(), _ -> new TreeMap<>()).put(priority, ofPriority);
        return entry;
    }

    /// Linux keeps one filter of each key in a priority; one that replaces another has its mask.
    private static void checkKey(FlowerRequest request, PriorityEntries entries, FlowerEntry old) {
        if (old != null && !old.filter().match().hasShapeOf(request.match())) throw refusal(Errno.INVALID, "");
        if (entries == null) return;
        FlowerEntry same = entries.withKeyOf(request.match());
        if (same != null && same != old) throw refusal(Errno.EXISTS, "");
    }

    /// True if hardware took it. Refuses where it must and did not.
    private boolean addToHardware(int slot, int generation, FlowerFilter filter, FlowerPlace place) {
        if (filter.flags().skipsHardware()) return false;
        FlowerRefusal refused = offload == null
            ? refusal(Errno.NOT_SUPPORTED, "") : offload.add(slot, generation, filter, place);
        if (refused == null) return true;
        if (filter.flags().skipsSoftware()) throw refused;
        if (filter.flags().isVerbose()) reason = refused.getMessage();
        return false;
    }

    /// Why hardware did not take the filter that was put last, if that asked to be told (`verbose`); else empty.
    public String reason() {
        return reason;
    }

    /// Hardware can no longer hold filters: those that it has leave it. One that skips software does nothing then.
    /// Returns how many they were.
    public int leaveHardware() {
        return leaveHardware(false);
    }

    /// As [#leaveHardware], where hardware has dropped them already.
    public int hardwareLost() {
        return leaveHardware(true);
    }

    private int leaveHardware(boolean isLost) {
        List<FlowerEntry> left = new ArrayList<>();
        for (FlowerEntry entry : entries()) {
            if (!entry.isInHardware()) continue;
            if (!isLost) offload.remove(entry.slot(), entry.generation());
            entry.inHardware(false);
            left.add(entry);
        }
        tellSoftware(left, false);
        return left.size();
    }

    /// Hardware can hold filters, again: those that it does not have and that do not skip it are to be offered to it,
    /// a few at a time, in their order. Each call offers up to `max`; true once all were.
    public boolean enterHardware(int max) {
        if (offload == null) return true;
        if (entering == null) entering = new ArrayDeque<>(entries());
        List<FlowerEntry> taken = new ArrayList<>();
        for (int offered = 0; offered < max && !entering.isEmpty(); ) {
            FlowerEntry entry = entering.remove();
            if (entry.isInHardware() || entry.filter().flags().skipsHardware() || !isThere(entry)) continue;
            offered++;
            if (offload.add(entry.slot(), entry.generation(), entry.filter(), entry.place()) != null) continue;
            entry.inHardware(true);
            taken.add(entry);
        }
        tellSoftware(taken, true);
        if (!entering.isEmpty()) return false;
        entering = null;
        return true;
    }

    private boolean isThere(FlowerEntry entry) {
        PriorityEntries entries = find(entry.filter().chain(), entry.filter().priority());
        return entries != null && entries.get(entry.filter().handle()) == entry;
    }

    private void tellSoftware(List<FlowerEntry> changed, boolean isInHardware) {
        if (changed.isEmpty()) return;
        software.inHardware(changed.stream().map(FlowerEntry::rule).toList(), isInHardware);
    }

    private void letGo(FlowerEntry entry) {
        if (entry.isInHardware()) offload.remove(entry.slot(), entry.generation());
        names.release(entry.slot());
        actionIndexes.release(entry.filter().actions(), entry.actionIndexes());
    }

    /// Removes a filter, with `handle` 0 all of the priority, with `priority` 0 all of the chain.
    public List<FlowerEntry> remove(int chain, int priority, int protocol, int handle) {
        checkChain(chain);
        if (priority == 0) {
            if (protocol != 0 || handle != 0) {
                throw refusal(Errno.NO_ENTRY, "Cannot flush filters with protocol, handle or kind set");
            }
            return removeAll(entries(chain));
        }
        if (!chains.containsKey(chain)) throw refusal(Errno.NO_ENTRY, "Cannot find specified filter chain");
        PriorityEntries entries = named(chain, priority, protocol);
        if (handle == 0) return removeAll(List.copyOf(entries.all()));
        return removeAll(List.of(handled(entries, handle)));
    }

    /// One filter.
    public FlowerEntry get(int chain, int priority, int protocol, int handle) {
        checkChain(chain);
        if (priority == 0) throw refusal(Errno.NO_ENTRY, "Invalid filter command with priority of zero");
        if (!chains.containsKey(chain)) throw refusal(Errno.INVALID, "Cannot find specified filter chain");
        return handled(named(chain, priority, protocol), handle);
    }

    private PriorityEntries named(int chain, int priority, int protocol) {
        PriorityEntries entries = find(chain, priority);
        boolean isOther = entries != null && protocol != 0 && protocol != entries.protocol();
        if (entries == null || isOther) {
            throw refusal(isOther ? Errno.INVALID : Errno.NO_ENTRY,
                "Filter with specified priority/protocol not found");
        }
        return entries;
    }

    private static FlowerEntry handled(PriorityEntries entries, int handle) {
        FlowerEntry entry = handle == 0 ? null : entries.get(handle);
        if (entry == null) throw refusal(Errno.NO_ENTRY, "Specified filter handle not found");
        return entry;
    }

    private List<FlowerEntry> removeAll(List<FlowerEntry> removed) {
        if (removed.isEmpty()) return removed;
        var rules = new ArrayList<FlowerRule>();
        for (FlowerEntry entry : removed) rules.add(entry.rule());
        software.remove(rules);
        for (FlowerEntry entry : removed) {
            letGo(entry);
            FlowerFilter filter = entry.filter();
            TreeMap<Integer, PriorityEntries> priorities = chains.get(filter.chain());
            PriorityEntries entries = priorities.get(filter.priority());
            entries.remove(entry);
            if (entries.all().isEmpty()) priorities.remove(filter.priority());
            if (priorities.isEmpty()) chains.remove(filter.chain());
        }
        return removed;
    }

    /// Removes everything, as when the qdisc goes.
    public List<FlowerEntry> clear() {
        return removeAll(entries());
    }

    /// All filters, by chain, priority and age.
    public List<FlowerEntry> entries() {
        var all = new ArrayList<FlowerEntry>();
        chains.values().forEach(each -> each.values().forEach(entries -> all.addAll(entries.all())));
        return all;
    }

    /// Those of a chain; none where the chain is not there.
    public List<FlowerEntry> entries(int chain) {
        var all = new ArrayList<FlowerEntry>();
        Collection<PriorityEntries> priorities = chains.getOrDefault(chain, new TreeMap<>()).values();
        priorities.forEach(entries -> all.addAll(entries.all()));
        return all;
    }

    /// What hardware has counted for the filter; false where it is not in hardware.
    public boolean hardwareCounts(FlowerEntry entry, HardwareCounts counts) {
        return entry.isInHardware() && offload.statistics(entry.slot(), entry.generation(), counts);
    }

    private PriorityEntries find(int chain, int priority) {
        TreeMap<Integer, PriorityEntries> priorities = chains.get(chain);
        return priorities == null ? null : priorities.get(priority);
    }

    /// Linux puts the new filter before the first that has a number of its own from the upper half.
    private int autoPriority(int chain) {
        TreeMap<Integer, PriorityEntries> priorities = chains.get(chain);
        Integer next = priorities == null ? null : priorities.ceilingKey(AUTO_PRIORITY_MIN);
        if (next == null) return AUTO_PRIORITY;
        if (next == AUTO_PRIORITY_MIN) {
            throw refusal(Errno.INVALID, "Filter with specified priority/protocol not found");
        }
        return next - 1;
    }

    private static void checkChain(int chain) {
        if (chain < 0 || chain > ActionControl.CHAIN_MAX) {
            throw refusal(Errno.INVALID, "Specified chain index exceeds upper limit");
        }
    }

    private static FlowerRefusal refusal(Errno errno, String message) {
        return new FlowerRefusal(errno, message);
    }
}
