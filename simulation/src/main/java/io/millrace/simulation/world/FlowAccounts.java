package io.millrace.simulation.world;

import io.millrace.dataplane.hook.Hooks;
import io.millrace.dataplane.hook.Offloading;
import io.millrace.dataplane.hook.Tracking;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowTable;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.EventKind;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.header.IpProtocol;
import io.millrace.simulation.journal.Violation;

import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;

/// Whether flow table and connections say the same, and whether connections have counted every packet.
final class FlowAccounts {

    /// Ports from here on are clients': each conversation has one of its own.
    private static final int CLIENT_PORTS = 20_000;

    private final Hooks hooks;
    private final boolean isTranslated;
    private final Tuple tuple = new Tuple();
    private final Map<Long, Long> countsOfEnded = new HashMap<>();   // by protocol and client port

    /// @param isTranslated connections are masqueraded: what comes back for one that is no more is for the router,
    ///                     whose answers to it are counted too
    FlowAccounts(Hooks hooks, boolean isTranslated) {
        this.hooks = hooks;
        this.isTranslated = isTranslated;
    }

    /// To be called once there are rules.
    void listen() {
        hooks.listen((kind, entry, _) -> {
            if (kind == EventKind.DESTROY) countsOfEnded.merge(key(entry), packets(entry), Long::sum);
        });
    }

    private Connections connections() {
        return hooks.tracking().table().connections();
    }

    private long key(int entry) {
        connections().tuple(entry, Direction.ORIGINAL, tuple);
        int port = tuple.sourcePort() >= CLIENT_PORTS ? tuple.sourcePort() : tuple.targetPort();
        return key(tuple.protocol(), port);
    }

    static long key(int protocol, int clientPort) {
        return (long) protocol << 16 | clientPort;
    }

    private long packets(int entry) {
        return connections().packets(entry, Direction.ORIGINAL) + connections().packets(entry, Direction.REPLY);
    }

    /// Every flow is its connection's, and every connection that says so has a flow.
    void checkTables() {
        Tracking tracking = hooks.tracking();
        if (tracking == null) return;
        Offloading offloading = hooks.offloading();
        int offloadedCount = 0;
        ConnectionTable table = tracking.table();
        for (int entry = table.next(Connections.NONE); entry != Connections.NONE; entry = table.next(entry)) {
            boolean saysSo = connections().has(entry, ConnectionStatus.OFFLOAD);
            int slot = connections().flow(entry);
            if (saysSo != (slot != Connections.NONE)) {
                throw new Violation("flow table and connections agree", text(entry) + " has OFFLOAD "
                    + saysSo + ", flow " + slot);
            }
            if (slot == Connections.NONE) continue;
            offloadedCount++;
            boolean isIts = offloading != null && offloading.flows().isUsed(slot)
                && offloading.flows().connection(slot) == entry;
            if (!isIts) throw new Violation("flow table and connections agree", text(entry) + " names flow " + slot);
        }
        if (offloading == null) return;
        // A flow that was torn down waits for the next sweep, which frees its slot.
        FlowTable flows = offloading.flows();
        int liveCount = 0;
        for (int slot = 0; slot < flows.slotsUsed(); slot++) {
            if (flows.isUsed(slot) && (flows.state(slot) & FlowLine.TEARDOWN) == 0) liveCount++;
        }
        if (liveCount != offloadedCount) {
            throw new Violation("flow table and connections agree", liveCount + " flows, " + offloadedCount
                + " connections that have one");
        }
    }

    private String text(int entry) {
        return connections().tuple(entry, Direction.ORIGINAL, tuple) + " (connection " + entry + ")";
    }

    /// At the end: what each conversation's connections have counted is at least what came out of it, and, where
    /// nothing is translated, at most what went in. What NICs forwarded and could not tell is missing by as much as is
    /// known to be, and never by more than they forwarded.
    ///
    /// @param mayMiss a NIC forgot its counters with its table, or one of them stood still: nobody can know the rest
    void checkCounts(Tallies tallies, boolean mayMiss, Offloading offloading) {
        Map<Long, Long> sent = tallies.sent();
        Map<Long, Long> forwarded = tallies.forwarded();
        ConnectionTable table = hooks.tracking().table();
        for (int entry = table.next(Connections.NONE); entry != Connections.NONE; entry = table.next(entry)) {
            countsOfEnded.merge(key(entry), packets(entry), Long::sum);
        }
        long missingSum = 0;
        var incomplete = new StringJoiner(", ");
        for (Map.Entry<Long, Long> each : forwarded.entrySet()) {
            long countedCount = countsOfEnded.getOrDefault(each.getKey(), 0L);
            long missingCount = Math.max(0, each.getValue() - countedCount);
            missingSum += missingCount;
            if (missingCount > 0) incomplete.add(missingCount + " of port " + (each.getKey() & 0xffff));
            boolean isRight = missingCount <= tallies.hits().getOrDefault(each.getKey(), 0L)
                && (isTranslated || countedCount <= sent.get(each.getKey()));
            if (!isRight) {
                throw new Violation("connections count every packet", "protocol " + (each.getKey() >>> 16) + " port "
                    + (each.getKey() & 0xffff) + ": " + each.getValue() + " came out, " + countedCount
                    + " counted, " + sent.get(each.getKey()) + " went in");
            }
        }
        long orphanCount = offloading == null || offloading.hardware() == null ? 0
            : offloading.hardware().orphanPackets();
        if (missingSum > orphanCount && !mayMiss) {
            throw new Violation("connections count every packet", missingSum + " are missing, " + orphanCount
                + " were counted for connections that had ended: " + incomplete);
        }
    }

    /// True for what has ports or an id that [#key] can go by.
    static boolean hasKey(int protocol) {
        return protocol == IpProtocol.TCP || protocol == IpProtocol.UDP;
    }
}
