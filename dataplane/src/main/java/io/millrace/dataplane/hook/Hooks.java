package io.millrace.dataplane.hook;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.dataplane.route.NextHops;
import io.millrace.flow.Routes;
import io.millrace.flow.nat.Nat;
import io.millrace.flow.nat.NatSide;
import io.millrace.flow.rules.RuleOutcome;
import io.millrace.flow.rules.RuleVerdict;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.track.ConnectionEvents;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.Tracked;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// The five places at which an IP packet meets rules, with what Linux has between the chains there.
///
/// ```
///  prerouting   chains < -400 | defragment | < -200 | track | < -100 | translate target | others
///  input        chains < 100 | translate source | others | confirm
///  forward      chains, flow add
///  output       chains < -200 | track | < -100 | translate target | others
///  postrouting  chains < 100 | translate source | others | confirm
/// ```
///
/// A packet's way is between [#begin] and [#end]; ways of packets that are made because of another lie inside its own.
/// Each hook says whether the packet goes on; if not, it is gone with its verdict. While no ruleset is [in use][#isOn]
/// nobody need come here. Belongs to one worker; nothing is allocated per packet.
public final class Hooks {

    /// Ways inside each other: none, a packet, what this host answers, what a rule says about that, a copy of it by a
    /// rule, an error about the copy. Rules do not copy copies, and nobody says anything about errors.
    private static final int DEPTH_MAX = 6;

    private static final int DEFRAGMENTATION = -400;  // NF_IP_PRI_CONNTRACK_DEFRAG
    private static final int CONNECTIONS = -200;      // NF_IP_PRI_CONNTRACK
    private static final int TARGET_TRANSLATION = -100;
    private static final int SOURCE_TRANSLATION = 100;
    private static final int FIRST = Integer.MIN_VALUE;
    private static final int LAST = Integer.MAX_VALUE;
    private static final int NOWHERE = Routes.NO_INTERFACE;

    /// What a turn looks at: enough to come by 200,000 connections in about a second, too little to delay a burst.
    private static final int CONNECTIONS_A_TURN = 64;
    private static final int FLOWS_A_TURN = 64;
    private static final int ELEMENTS_A_TURN = 4;

    private final PacketMeta meta;
    private final MemorySegment memory;
    private final Ledger ledger;
    private final Interfaces interfaces;
    private final NeighbourTable neighbours;
    private final NextHops hops;
    private final Routes routing;
    private final RuleEffects effects;
    private final OffloadStatement offloads;
    private Defragmenter defragmenter;
    private final Passage[] passages = new Passage[DEPTH_MAX];
    private Passage passage;   // of the packet at hand
    private int depth;
    private LoadedRules rules;
    private Tracking tracking;
    private ConnectionEvents listener = ConnectionEvents.NONE;
    private Offloading offloading;
    private boolean isOn;
    private HookWatch watch;
    private long nowNs;

    public Hooks(PacketMemory packets, Ledger ledger, Interfaces interfaces, NeighbourTable neighbours, NextHops hops,
                 Routes routing, RuleEffects effects) {
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.ledger = ledger;
        this.interfaces = interfaces;
        this.neighbours = neighbours;
        this.hops = hops;
        this.routing = routing;
        this.effects = effects;
        this.offloads = new OffloadStatement(packets);
        for (int i = 0; i < DEPTH_MAX; i++) passages[i] = new Passage(packets);
        this.passage = passages[0];
    }

    /// Who puts fragments together.
    public void connect(Defragmenter toDefragmenter) {
        defragmenter = toDefragmenter;
    }

    /// True if packets have to come here.
    public boolean isOn() {
        return isOn;
    }

    /// The rules in use, or null.
    public LoadedRules rules() {
        return rules;
    }

    /// Connections, those of earlier rules too; null if there never were any rules.
    public Tracking tracking() {
        return tracking;
    }

    /// The flow table that packets are looked up in, or null.
    public Offloading offloading() {
        return rules == null ? null : rules.offloading();
    }

    /// From the next packet on these rules count; what the ones before have counted goes on. Between two bursts.
    public void use(LoadedRules next, long atNs) {
        if (rules != null) next.program().takeOver(rules.program(), atNs);
        boolean hasOtherFlowtables = rules != null && offloading != null
            && !rules.program().flowtables().equals(next.program().flowtables());
        if (hasOtherFlowtables) offloading.endAll(atNs);
        next.install(interfaces, routing);
        rules = next;
        tracking = next.tracking();
        tracking.listen(listener);
        if (next.offloading() != null) offloading = next.offloading();
        neighbours.watch(offloading);
        effects.use(next);
        isOn = next.isOn();
        nowNs = atNs;
    }

    /// Who hears of connections from now on, whatever ruleset comes; between two bursts.
    public void listen(ConnectionEvents events) {
        listener = events;
        if (tracking != null) tracking.listen(events);
    }

    /// Who is told of traced packets, or null; between two bursts.
    public void watch(HookWatch watcher) {
        watch = watcher;
    }

    public HookWatch watch() {
        return watch;
    }

    /// Interfaces have changed: flows see their devices anew.
    public void interfacesChanged() {
        if (rules != null) rules.install(interfaces, routing);
    }

    /// Once a turn, when no packet is under way. Returns how many timers were due.
    public int sweep(long atNs, int budget) {
        nowNs = atNs;
        if (tracking != null) sweepTables(atNs);
        return defragmenter.expire(atNs, budget);
    }

    private void sweepTables(long atNs) {
        tracking.table().sweep(atNs, CONNECTIONS_A_TURN);
        if (offloading != null) offloading.sweep(atNs, FLOWS_A_TURN);
        rules.program().sweep(atNs, ELEMENTS_A_TURN);
    }

    /// Ends what waits, as `INPUT_ENDED`.
    public void releaseHeld() {
        defragmenter.releaseHeld();
    }

    /// When the last turn was.
    public long nowNs() {
        return nowNs;
    }

    /// These packets will come here, one after the other.
    public void expect(Burst burst) {
        if (isOn && tracking.hasRoom()) tracking.touch().touch(burst);
    }

    /// A packet is under way from here on.
    public void begin() {
        passage = passages[++depth];
        passage.tracked.begin();
    }

    /// As [#begin], a packet that says something about the one that was under way.
    public void beginRelated() {
        Tracked cause = passage.tracked;
        begin();
        passage.tracked.relateTo(cause);
    }

    /// As [#begin], a packet that nobody tracks.
    public void beginUntracked() {
        begin();
        passage.tracked.untracked();
    }

    /// The packet is gone, wherever to; the one that was under way before is so again.
    public void end() {
        tracking.table().release(passage.tracked);
        passage = passages[--depth];
    }

    /// A packet came in and its header is sound. Returns it, or the whole one that it was the last fragment of;
    /// `PacketMemory.NONE` if it does not go on.
    public int prerouting(int packet, int ingress, long atNs) {
        int family = meta.family(packet);
        int whole = packet;
        if (rules.tracks(family)) {
            show(Hook.PREROUTING, packet, family, ingress, NOWHERE, atNs);
            if (!filter(Hook.PREROUTING, FIRST, DEFRAGMENTATION, packet, atNs)) return NONE;
            whole = defragmenter.add(packet, Defragmenter.FOR_TRACKING, atNs);
            if (whole == NONE) return NONE;
        }
        show(Hook.PREROUTING, whole, family, ingress, NOWHERE, atNs);
        boolean passes = filter(Hook.PREROUTING, rules.tracks(family) ? DEFRAGMENTATION : FIRST, CONNECTIONS, whole, atNs)
            && track(whole, family, true, atNs)
            && filter(Hook.PREROUTING, CONNECTIONS, TARGET_TRANSLATION, whole, atNs)
            && translate(Hook.PREROUTING, whole, family, ingress, NOWHERE, NextHops.NONE, atNs)
            && filter(Hook.PREROUTING, TARGET_TRANSLATION, LAST, whole, atNs);
        return passes ? whole : NONE;
    }

    /// A packet is to be delivered here: as [#prerouting] with fragments, whether rules are in use or not.
    public int whole(int packet, long atNs) {
        return defragmenter.add(packet, Defragmenter.FOR_DELIVERY, atNs);
    }

    /// A packet is for this host.
    public boolean input(int packet, int ingress, long atNs) {
        int family = meta.family(packet);
        show(Hook.INPUT, packet, family, ingress, NOWHERE, atNs);
        return filter(Hook.INPUT, FIRST, SOURCE_TRANSLATION, packet, atNs)
            && translate(Hook.INPUT, packet, family, ingress, NOWHERE, NextHops.NONE, atNs)
            && filter(Hook.INPUT, SOURCE_TRANSLATION, LAST, packet, atNs)
            && confirm(packet, family, atNs);
    }

    /// A packet goes on to another host; its TTL is lowered.
    public boolean forward(int packet, int ingress, int egress, long atNs) {
        int family = meta.family(packet);
        show(Hook.FORWARD, packet, family, ingress, egress, atNs);
        return filter(Hook.FORWARD, FIRST, LAST, packet, atNs);
    }

    /// A packet of this host's own, which would leave by that interface.
    public boolean output(int packet, int egress, long atNs) {
        int family = meta.family(packet);
        show(Hook.OUTPUT, packet, family, NOWHERE, egress, atNs);
        return filter(Hook.OUTPUT, FIRST, CONNECTIONS, packet, atNs)
            && track(packet, family, false, atNs)
            && filter(Hook.OUTPUT, CONNECTIONS, TARGET_TRANSLATION, packet, atNs)
            && translate(Hook.OUTPUT, packet, family, NOWHERE, egress, NextHops.NONE, atNs)
            && filter(Hook.OUTPUT, TARGET_TRANSLATION, LAST, packet, atNs);
    }

    /// A packet is about to leave by that next hop.
    public boolean postrouting(int packet, int hop, long atNs) {
        return postrouting(packet, hop, hops.egress(hop), atNs);
    }

    /// A packet that this host has made is about to leave by that interface, to a neighbour that is known.
    public boolean outputAndPostrouting(int packet, int egress, long atNs) {
        return output(packet, egress, atNs) && postrouting(packet, NextHops.NONE, egress, atNs);
    }

    private boolean postrouting(int packet, int hop, int egress, long atNs) {
        int family = meta.family(packet);
        show(Hook.POSTROUTING, packet, family, NOWHERE, egress, atNs);
        return filter(Hook.POSTROUTING, FIRST, SOURCE_TRANSLATION, packet, atNs)
            && translate(Hook.POSTROUTING, packet, family, NOWHERE, egress, hop, atNs)
            && filter(Hook.POSTROUTING, SOURCE_TRANSLATION, LAST, packet, atNs)
            && confirm(packet, family, atNs);
    }

    /// Lets rules see the packet, if some will look.
    private void show(Hook hook, int packet, int family, int ingress, int egress, long atNs) {
        if (!rules.program().hasChains(family, hook)) return;
        passage.seen.begin(packet, family, meta.l3(packet), meta.packetBytes(packet), passage.tracked, atNs)
            .interfaces(ingress, egress);
    }

    private boolean filter(Hook hook, int from, int to, int packet, long atNs) {
        if (!rules.program().hasChains(meta.family(packet), hook)) return true;
        RuleOutcome outcome = passage.outcome;
        RuleVerdict verdict = tracking.machine().filter(hook, from, to, passage.seen, outcome);
        if (watch != null) tellRuled(packet, hook, verdict);
        for (int i = 0; i < outcome.offloadCount(); i++) {
            boolean isAdded = offloads.run(rules.adder(outcome.offload(i)), packet, passage.tracked, atNs);
            if (isAdded) offloading.added(passage.tracked.entry());
        }
        return effects.follow(verdict, hook, passage, packet, atNs);
    }

    private boolean track(int packet, int family, boolean isReceived, long atNs) {
        // What was made because of another packet has its connection already.
        if (!rules.tracks(family) || passage.tracked.hasEntry()) return true;
        boolean isKept = tracking.tracker().track(packet, meta.l3(packet), meta.packetBytes(packet), isReceived,
            passage.tracked, atNs);
        if (watch != null && isKept && meta.isTraced(packet)) watch.tracked(packet, passage.tracked);
        boolean isFragmented = offloading != null && meta.fragmentBytesMax(packet) != 0;
        if (isFragmented && passage.tracked.hasEntry()) offloading.fragmented(passage.tracked.entry());
        return isKept || drop(packet, Verdict.CONNECTION_TABLE_FULL);
    }

    private void tellRuled(int packet, Hook hook, RuleVerdict verdict) {
        int decidedAt = tracking.machine().decidedAt();
        if (decidedAt < 0 || !meta.isTraced(packet)) return;
        watch.ruled(packet, hook, verdict, rules.program().placeOf(decidedAt));
    }

    private boolean translate(Hook hook, int packet, int family, int ingress, int egress, int hop, long atNs) {
        Tracked tracked = passage.tracked;
        if (!rules.translates(family) || !tracked.hasEntry()) return true;
        Nat nat = tracking.nat();
        NatSide side = hook == Hook.PREROUTING || hook == Hook.OUTPUT ? NatSide.TARGET : NatSide.SOURCE;
        boolean isMasquerading = hook == Hook.POSTROUTING && !tracked.state().isRelated();
        if (isMasquerading && nat.isEgressChanged(tracked, egress, atNs)) {
            return drop(packet, Verdict.NAT_EGRESS_CHANGED);
        }
        if (nat.isUndecided(tracked, side)) {
            if (rules.program().hasChains(family, hook)) {
                RuleVerdict verdict = tracking.machine().nat(hook, passage.seen, passage.outcome);
                if (watch != null) tellRuled(packet, hook, verdict);
                if (!effects.follow(verdict, hook, passage, packet, atNs)) return false;
                if (passage.outcome.hasNat() && !bind(side, packet, family, ingress, egress, hop, atNs)) {
                    return drop(packet, Verdict.NAT_WITHOUT_ADDRESS);
                }
            }
            if (nat.isUndecided(tracked, side)) nat.bindNothing(tracked, side, atNs);
        }
        boolean isDone = nat.translate(packet, meta.l3(packet), meta.packetBytes(packet), tracked, side);
        boolean isTold = watch != null && isDone && meta.isTraced(packet)
            && tracking.table().connections().has(tracked.entry(), ConnectionStatus.NAT);
        if (isTold) watch.translated(packet, hook);
        return isDone || drop(packet, Verdict.NAT_IMPOSSIBLE);
    }

    /// Translates the connection as the rule says. False if there is no address to translate to.
    private boolean bind(NatSide side, int packet, int family, int ingress, int egress, int hop, long atNs) {
        RuleOutcome outcome = passage.outcome;
        Tracked tracked = passage.tracked;
        switch (outcome.natKind()) {
            case SNAT, DNAT -> tracking.nat().bind(tracked, outcome.natRange(), side, atNs);
            case MASQUERADE -> {
                boolean hasGateway = hop != NextHops.NONE && hops.gatewayFamily(hop) == family;
                long at = meta.frameAt(packet) + meta.l3(packet);
                long targetHigh = family == 4 ? 0 : Wire.i64(memory, at + 24);
                long targetLow = family == 4 ? Wire.u32(memory, at + 16) : Wire.i64(memory, at + 32);
                return tracking.nat().masquerade(tracked, outcome.natRange(), egress,
                    hasGateway ? hops.gatewayHigh(hop) : targetHigh, hasGateway ? hops.gatewayLow(hop) : targetLow,
                    atNs);
            }
            case REDIRECT -> {
                return tracking.nat().redirect(tracked, outcome.natRange(), ingress, atNs);
            }
        }
        return true;
    }

    private boolean confirm(int packet, int family, long atNs) {
        Tracked tracked = passage.tracked;
        if (!rules.tracks(family) || tracking.table().confirm(tracked, atNs)) return true;
        boolean isTranslated = tracking.table().connections().has(tracked.entry(), ConnectionStatus.NAT);
        return drop(packet, isTranslated ? Verdict.NAT_EXHAUSTED : Verdict.CONNECTION_CLASH);
    }

    private boolean drop(int packet, Verdict verdict) {
        ledger.drop(packet, verdict);
        return false;
    }

    /// True if frames that leave by the interface have to be shown to rules.
    public boolean hasEgress(int egress) {
        return isOn && rules.hasEgress(egress);
    }

    public boolean hasAnyEgress() {
        return isOn && rules.hasAnyEgress();
    }

    /// True if some frames have to be shown to rules before anything else is done with them.
    public boolean hasIngress() {
        return isOn && rules.hasAnyIngress();
    }

    /// A frame came in by the interface and does not end in front of `l3`, where what follows its tags begins.
    public boolean ingress(int packet, int l3, int ingress, int priorityFrom, int priorityTo, long atNs) {
        if (!rules.hasIngress(ingress)) return true;
        return frame(false, packet, l3, ingress, NOWHERE, priorityFrom, priorityTo, atNs);
    }

    /// A frame is about to leave by the interface.
    public boolean egress(int packet, int l3, int egress, long atNs) {
        return frame(true, packet, l3, NOWHERE, egress, FIRST, LAST, atNs);
    }

    private boolean frame(boolean isEgress, int packet, int l3, int ingress, int egress, int from, int to, long atNs) {
        passage.seen.beginFrame(packet, l3, passage.tracked, atNs).interfaces(ingress, egress);
        RuleVerdict verdict = tracking.machine().frame(isEgress, from, to, passage.seen, passage.outcome);
        Hook hook = isEgress ? Hook.EGRESS : Hook.INGRESS;
        if (watch != null) tellRuled(packet, hook, verdict);
        return effects.follow(verdict, hook, passage, packet, atNs);
    }
}
