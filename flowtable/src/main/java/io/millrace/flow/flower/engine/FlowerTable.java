package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerPlace;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.util.Arrays;

/// The filters of one hook of a port, as packets meet them: tuple-space search, a hash lookup for each mask shape of
/// each priority, in the order of Linux.
///
/// ```
///  chain 0 ─▶ priority 1 ─▶ mask shape A: hash ─▶ actions ─▶ pass, drop, redirect …
///                        └▶ mask shape B       ├▶ continue: the next priority
///           └▶ priority 2 …                    └▶ goto chain N, reclassify
/// ```
///
/// One thread's, which changes it between two bursts. [#classify] allocates nothing.
public final class FlowerTable {

    /// Rounds among chains that a packet may go before it is dropped.
    private static final int ROUNDS_MAX = 16;
    private static final int RULES_MIN = 16;

    private final PacketKey key;
    private final ActionEngine actions;
    private final FlowerTracking tracking;
    private final boolean isHardware;
    private FlowerChain[] chains = {new FlowerChain(0)};
    private int[] chainIndexes = {0};
    private FlowerRule[] rules = new FlowerRule[RULES_MIN];
    private int ruleCount;
    private int hardwareCount;
    private int nextNumber;
    private FlowerPriority.Met met;
    private int matchCount;
    private int filtered;

    /// @param isIngress  the hook
    /// @param isHardware filters that skip software are met, too
    /// @param tracking   for `ct` actions; null if there is none
    public FlowerTable(PacketMemory packets, boolean isIngress, boolean isHardware, FlowerCopies copies,
                       FlowerTracking tracking) {
        this.key = new PacketKey(packets);
        this.actions = new ActionEngine(packets, isIngress, copies, tracking);
        this.tracking = tracking;
        this.isHardware = isHardware;
    }

    /// Holds a frame against the filters and carries out the actions of those that match. The packet stays the
    /// caller's; its bytes and length may have changed, and then what a parser found before is no longer true.
    ///
    /// @param interfaceIndex what `indev` means: where the packet came by
    public FlowerVerdict classify(int packet, int interfaceIndex, long nowNs) {
        met = isHardware ? FlowerPriority.Met.ALL : FlowerPriority.Met.SOFTWARE;
        return classify(packet, interfaceIndex, chains[0], nowNs);
    }

    /// The same for a packet that hardware could not decide about: classification goes on in the chain it had come to,
    /// and passes over filters that hardware has.
    ///
    /// @param filtered what [#filtered] was there: at least [PacketMeta#FILTERED_UP_TO]
    public FlowerVerdict classifyFurther(int packet, int interfaceIndex, int filtered, long nowNs) {
        met = FlowerPriority.Met.SOFTWARE_ALONE;
        return classify(packet, interfaceIndex, find(filtered - PacketMeta.FILTERED_UP_TO), nowNs);
    }

    private FlowerVerdict classify(int packet, int interfaceIndex, FlowerChain from, long nowNs) {
        if (tracking != null) tracking.begin();
        key.read(packet, interfaceIndex);
        int firstType = key.firstType();
        actions.begin(packet, firstType == EtherType.VLAN || firstType == EtherType.VLAN_SERVICE);
        FlowerVerdict verdict = walk(packet, interfaceIndex, from, nowNs);
        if (tracking != null) tracking.end();
        return verdict;
    }

    private FlowerVerdict walk(int packet, int interfaceIndex, FlowerChain from, long nowNs) {
        FlowerChain chain = from;
        int chainIndex = 0;
        int rounds = 0;
        matchCount = 0;
        filtered = PacketMeta.FILTERED_WHOLLY;
        while (true) {
            ActionControl control = chain == null ? null : walkChain(chain, packet, interfaceIndex, nowNs);
            if (control == null) {
                filtered = matchCount == 0 ? PacketMeta.FILTERED_NOT : PacketMeta.FILTERED_UP_TO + chainIndex;
                return FlowerVerdict.PASSED;
            }
            switch (control.kind()) {
                case PASS, PIPE, CONTINUE -> {
                    return FlowerVerdict.PASSED;
                }
                case DROP -> {
                    return FlowerVerdict.DROPPED;
                }
                case TRAP -> {
                    return FlowerVerdict.TRAPPED;
                }
                case STOLEN -> {
                    return FlowerVerdict.REDIRECTED;
                }
                case RECLASSIFY -> {
                    chainIndex = 0;
                    chain = chains[0];
                }
                case GOTO_CHAIN -> {
                    chainIndex = control.chain();
                    chain = find(chainIndex);
                }
            }
            if (rounds++ == ROUNDS_MAX) return FlowerVerdict.LOOPED;
        }
    }

    /// What ended the walk through the chain, or null if nothing did.
    private ActionControl walkChain(FlowerChain chain, int packet, int interfaceIndex, long nowNs) {
        for (int i = 0; i < chain.priorityCount(); i++) {
            FlowerPriority priority = chain.priority(i);
            if (!priority.isFor(key.firstType())) continue;
            FlowerRule rule = priority.find(key, rules, met);
            if (rule == null) continue;
            matchCount++;
            ActionControl control = actions.run(rule, packet, key.networkAt(), nowNs);
            if (actions.takeChanged()) {
                key.read(packet, interfaceIndex);
                if (tracking != null) key.track(tracking.state(), tracking.zone(), tracking.mark());
            }
            if (control.kind() != ActionControl.Kind.CONTINUE) return control;
        }
        return null;
    }

    /// The port by which the packet leaves that was [FlowerVerdict#REDIRECTED] last.
    public int target() {
        return actions.target();
    }

    /// How far the filters have come with the packet that [FlowerVerdict#PASSED] last, for its metadata.
    public int filtered() {
        return filtered;
    }

    /// Has token buckets noted there, or laid into them, from the next packet on; null: no longer.
    public void tape(BucketTape buckets) {
        actions.tape(buckets);
    }

    private FlowerChain find(int index) {
        int place = Arrays.binarySearch(chainIndexes, index);
        return place < 0 ? null : chains[place];
    }

    /// Adds a filter whose key no other of its priority has, and whose protocol its priority has. Returns what counts
    /// its packets.
    public FlowerRule add(FlowerFilter filter, long nowNs) {
        return add(filter, FlowerPlace.LAST, nowNs);
    }

    /// The same at a place among those of its priority.
    public FlowerRule add(FlowerFilter filter, FlowerPlace place, long nowNs) {
        var rule = new FlowerRule(filter, place, freeNumber(), nowNs);
        put(rule);
        chainOf(filter.chain()).add(rule);
        return rule;
    }

    /// Puts a filter of the same mask shape in the place of another; it begins to count anew.
    public FlowerRule replace(FlowerRule old, FlowerFilter filter, long nowNs) {
        var rule = new FlowerRule(filter, old.place(), freeNumber(), nowNs);
        put(rule);
        chainOf(filter.chain()).replace(old, rule);
        forget(old);
        return rule;
    }

    public void remove(FlowerRule rule) {
        FlowerChain chain = chainOf(rule.filter().chain());
        chain.remove(rule);
        forget(rule);
        if (chain.isEmpty() && chain.index() != 0) drop(chain.index());
    }

    /// Removes all of them, in one step however many they are.
    public void clear() {
        chains(new FlowerChain[] {new FlowerChain(0)});
        rules = new FlowerRule[RULES_MIN];
        ruleCount = 0;
        hardwareCount = 0;
        nextNumber = 0;
    }

    private void forget(FlowerRule rule) {
        inHardware(rule, false);
        rules[rule.number()] = null;
        ruleCount--;
    }

    /// Hardware has the filter, too, or has it no more.
    public void inHardware(FlowerRule rule, boolean yes) {
        if (rule.isInHardware() == yes) return;
        rule.inHardware(yes);
        hardwareCount += yes ? 1 : -1;
    }

    public int ruleCount() {
        return ruleCount;
    }

    /// True if hardware does not have all of them.
    public boolean hasSoftwareAlone() {
        return ruleCount > hardwareCount;
    }

    private int freeNumber() {
        if (ruleCount * 2 >= rules.length) rules = Arrays.copyOf(rules, rules.length * 2);
        while (rules[nextNumber] != null) nextNumber = nextNumber + 1 & rules.length - 1;
        return nextNumber;
    }

    private void put(FlowerRule rule) {
        rules[rule.number()] = rule;
        ruleCount++;
    }

    private FlowerChain chainOf(int index) {
        int place = Arrays.binarySearch(chainIndexes, index);
        if (place >= 0) return chains[place];
        int at = -place - 1;
        var grown = new FlowerChain[chains.length + 1];
        System.arraycopy(chains, 0, grown, 0, at);
        grown[at] = new FlowerChain(index);
        System.arraycopy(chains, at, grown, at + 1, chains.length - at);
        chains(grown);
        return grown[at];
    }

    private void drop(int index) {
        var kept = new FlowerChain[chains.length - 1];
        int count = 0;
        for (FlowerChain each : chains) {
            if (each.index() != index) kept[count++] = each;
        }
        chains(kept);
    }

    private void chains(FlowerChain[] changed) {
        chains = changed;
        chainIndexes = new int[changed.length];
        for (int i = 0; i < changed.length; i++) chainIndexes[i] = changed[i].index();
    }
}
