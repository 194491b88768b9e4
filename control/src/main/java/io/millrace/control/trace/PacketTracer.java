package io.millrace.control.trace;

import io.millrace.dataplane.account.PacketWatch;
import io.millrace.dataplane.hook.HookWatch;
import io.millrace.flow.path.FlowMiss;
import io.millrace.flow.rules.RulePlace;
import io.millrace.flow.rules.RuleVerdict;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.track.Tracked;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.text.PacketPrinter;
import org.agrona.collections.Int2ObjectHashMap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Follows marked packets of one worker through its stages, as VPP's tracer does: marks the next packets that a port
/// receives, and notes what each door shows of them. On the worker's thread, where it allocates: for the marked alone.
final class PacketTracer implements PacketWatch, HookWatch {

    /// Packets kept; when more are asked for, the oldest go.
    private static final int TRACES_MAX = 1_000;
    private static final String STAGE_SUFFIX = "Stage";
    private static final String ROUTER_STAGE = "RouterStage";
    private static final String ROUTE = "route";

    private final List<String> portNames;
    private final List<String> stages;
    private final PacketMeta meta;
    private final FrameFields fields;
    private final PacketPrinter printer;
    private final StageNotes notes;
    private final List<PacketTrace> traces = new ArrayList<>();
    private final Int2ObjectHashMap<PacketTrace> traceBySlot = new Int2ObjectHashMap<>();
    private final int[] leftByPort;
    private final FrameFilter[] filterByPort;
    private String place = "";
    private long nowNs;

    /// @param stageNames names of the stages' classes, in their order
    PacketTracer(List<String> portNames, List<String> stageNames, PacketMemory packets, StageNotes notes) {
        this.portNames = portNames;
        this.stages = stageNames.stream().map(PacketTracer::shortName).toList();
        this.meta = new PacketMeta(packets);
        this.fields = new FrameFields(packets);
        this.printer = new PacketPrinter(packets);
        this.notes = notes;
        this.leftByPort = new int[portNames.size()];
        this.filterByPort = new FrameFilter[portNames.size()];
    }

    /// `ParseStage` is `parse`; the stage that routes is `route`, whether rules stand in front of it or not.
    static String shortName(String stage) {
        if (stage.equals(ROUTER_STAGE)) return ROUTE;
        String stem = stage.endsWith(STAGE_SUFFIX) ? stage.substring(0, stage.length() - STAGE_SUFFIX.length()) : stage;
        return stem.toLowerCase(Locale.ROOT);
    }

    /// The next `count` packets of the port that the filter lets pass are marked.
    void add(int port, int count, FrameFilter filter) {
        leftByPort[port] = count;
        filterByPort[port] = filter;
    }

    List<PacketTrace> traces() {
        return List.copyOf(traces);
    }

    /// True while a packet may still be marked or is on its way.
    boolean isWanted() {
        for (int left : leftByPort) {
            if (left > 0) return true;
        }
        return !traceBySlot.isEmpty();
    }

    @Override
    public void received(Burst burst, long nowNs) {
        this.nowNs = nowNs;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            int port = meta.port(packet);
            if (leftByPort[port] == 0) continue;
            fields.read(packet);
            if (!filterByPort[port].matches(fields)) continue;
            leftByPort[port]--;
            mark(packet, port);
        }
    }

    private void mark(int packet, int port) {
        meta.isTraced(packet, true);
        if (traces.size() == TRACES_MAX) traces.removeFirst();
        var trace = new PacketTrace(portNames.get(port), nowNs);
        traces.add(trace);
        traceBySlot.put(packet, trace);
        trace.add(nowNs, portNames.get(port) + " rx", "queue " + meta.queue(packet) + ": " + printer.line(packet));
    }

    @Override
    public void entered(int stage, Burst burst, long nowNs) {
        this.nowNs = nowNs;
        place = stages.get(stage);
        boolean isParsed = stage > 0 && stages.get(stage - 1).equals("parse");
        for (int i = 0; i < burst.count(); i++) {
            PacketTrace trace = traceOf(burst.packet(i));
            if (trace == null) continue;
            if (isParsed) trace.add(nowNs, "parse", notes.parsed(burst.packet(i)));
            // Parsing is told when it is done, routing when it begins: other stages may come in front of it.
            if (place.equals("parse") || place.equals(ROUTE)) continue;
            trace.add(nowNs, place, place.equals("gro") ? "merged, or handed on" : "");
        }
    }

    @Override
    public void routing(Burst burst, long nowNs) {
        this.nowNs = nowNs;
        place = ROUTE;
        for (int i = 0; i < burst.count(); i++) {
            PacketTrace trace = traceOf(burst.packet(i));
            if (trace != null) trace.add(nowNs, ROUTE, notes.routed(burst.packet(i)));
        }
    }

    @Override
    public void lookedUp(int packet, FlowMiss miss) {
        PacketTrace trace = traceOf(packet);
        if (trace != null) trace.add(nowNs, "flow", miss == null ? "hit" : "miss, " + miss + ": " + miss.meaning());
    }

    @Override
    public void ruled(int packet, Hook hook, RuleVerdict verdict, RulePlace rule) {
        PacketTrace trace = traceOf(packet);
        if (trace == null) return;
        String what = verdict.isAccepted() ? "accepted" : verdict.meaning();
        trace.add(nowNs, hook.name().toLowerCase(Locale.ROOT), what + ": " + rule);
    }

    @Override
    public void tracked(int packet, Tracked tracked) {
        PacketTrace trace = traceOf(packet);
        if (trace != null) trace.add(nowNs, "conntrack", notes.connection(tracked, nowNs));
    }

    @Override
    public void translated(int packet, Hook hook) {
        PacketTrace trace = traceOf(packet);
        if (trace != null) trace.add(nowNs, "nat", hook.name().toLowerCase(Locale.ROOT) + ": " + notes.ends(packet));
    }

    @Override
    public void left() {
        place = "later";
    }

    @Override
    public void ended(int packet, Verdict verdict) {
        PacketTrace trace = traceOf(packet);
        if (trace == null) return;
        trace.add(nowNs, place, verdict.ending().name().toLowerCase(Locale.ROOT) + ", " + verdict.name() + ": "
            + verdict.meaning());
        traceBySlot.remove(packet);
    }

    @Override
    public void transmitting(int port, Burst burst, long nowNs) {
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            PacketTrace trace = traceOf(packet);
            if (trace == null) continue;
            trace.add(nowNs, portNames.get(port) + " tx", printer.line(packet));
            traceBySlot.remove(packet);
            meta.isTraced(packet, false);
        }
    }

    /// The slot of a packet that went unseen may be another packet's by now: that one is not marked.
    private PacketTrace traceOf(int packet) {
        return meta.isTraced(packet) ? traceBySlot.get(packet) : null;
    }
}
