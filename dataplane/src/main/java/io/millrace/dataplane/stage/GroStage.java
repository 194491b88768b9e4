package io.millrace.dataplane.stage;

import io.millrace.dataplane.account.Ledger;
import io.millrace.gro.Merging;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;

/// Merges what came together by the ports that merge, in front of the stage that takes what comes out. One turn of the
/// worker is one poll. Packets of other ports pass, in their order. While no port merges, a burst costs one test.
public final class GroStage implements Stage {

    private final PacketMeta meta;
    private final Merging[][] mergings;   // by port and receive queue; a port that never merges has none
    private final boolean[] isOn;         // by port
    private final Stage next;
    private final Ledger ledger;
    private final ParsedBurst parsed;
    private final Burst output = new Burst();
    private int mergingPorts;

    /// @param isOn   by port: whether what it receives is merged to begin with
    /// @param parsed is told that what comes out is not what was parsed
    public GroStage(PacketMemory packets, Merging[][] mergings, boolean[] isOn, Stage next, ParsedBurst parsed,
                    Ledger ledger) {
        this.meta = new PacketMeta(packets);
        this.mergings = mergings.clone();
        this.isOn = isOn.clone();
        this.next = next;
        this.parsed = parsed;
        this.ledger = ledger;
        countPorts();
    }

    private void countPorts() {
        mergingPorts = 0;
        for (int port = 0; port < isOn.length; port++) {
            if (isOn[port] && mergings[port].length > 0) mergingPorts++;
        }
    }

    /// Merges what a port receives from now on, or no longer: then what is held comes out first. Of a port that never
    /// merges nothing changes. Between two bursts.
    public void merges(int port, boolean yes, long nowNs) {
        isOn[port] = yes;
        countPorts();
        if (yes) return;
        for (Merging merging : mergings[port]) {
            boolean isOver;
            do {
                int heldBefore = merging.heldCount();
                isOver = merging.flush(output);
                ledger.held(merging.heldCount() - heldBefore);
                handOn(nowNs);
            } while (!isOver);
        }
    }

    @Override
    public void process(Burst burst, long nowNs) {
        if (mergingPorts == 0) {   // then none is held either
            next.process(burst, nowNs);
            burst.clear();
            return;
        }
        int from = 0;
        while (from < burst.count()) {
            Merging merging = merging(burst.packet(from));
            int until = from + 1;
            while (until < burst.count() && merging(burst.packet(until)) == merging) until++;
            if (merging == null) {
                pass(burst, from, until, nowNs);
            } else {
                merge(merging, burst, from, until, nowNs);
            }
            from = until;
        }
        handOn(nowNs);
        burst.clear();
    }

    /// Merging looks at headers first.
    @Override
    public boolean findsHeaders() {
        return mergingPorts == 0 && next.findsHeaders();
    }

    private Merging merging(int packet) {
        Merging[] ofPort = mergings[meta.port(packet)];
        return ofPort.length == 0 || !isOn[meta.port(packet)] ? null : ofPort[meta.queue(packet)];
    }

    private void pass(Burst burst, int from, int until, long nowNs) {
        for (int i = from; i < until; i++) {
            if (output.room() == 0) handOn(nowNs);
            output.add(burst.packet(i));
        }
    }

    private void merge(Merging merging, Burst burst, int from, int until, long nowNs) {
        long absorbedBefore = merging.absorbedCount();
        int heldBefore = merging.heldCount();
        int index = from;
        while (index < until) {
            int taken = merging.receive(burst, index, until, output, nowNs);
            if (taken == index) handOn(nowNs);
            index = taken;
        }
        ledger.absorbed((int) (merging.absorbedCount() - absorbedBefore) + 1);
        ledger.held(merging.heldCount() - heldBefore);
    }

    /// The poll is over: what is due comes out.
    @Override
    public void endTurn(long nowNs) {
        for (Merging[] ofPort : mergings) {
            for (Merging merging : ofPort) {
                if (merging.heldCount() > 0) endPoll(merging, nowNs);
            }
        }
    }

    private void endPoll(Merging merging, long nowNs) {
        boolean isOver;
        do {
            int heldBefore = merging.heldCount();
            isOver = merging.endPoll(output, nowNs);
            ledger.held(merging.heldCount() - heldBefore);
            handOn(nowNs);
        } while (!isOver);
    }

    private void handOn(long nowNs) {
        if (output.count() == 0) return;
        output.port(Burst.MIXED);
        parsed.isAtHand(false);
        next.process(output, nowNs);
        output.clear();
    }

    @Override
    public void releaseHeld() {
        for (Merging[] ofPort : mergings) {
            for (Merging merging : ofPort) {
                boolean isOver;
                do {
                    int heldBefore = merging.heldCount();
                    isOver = merging.flush(output);
                    ledger.held(merging.heldCount() - heldBefore);
                    ledger.dropAll(output, Verdict.INPUT_ENDED);
                } while (!isOver);
            }
        }
    }

    /// Super-packets that came out of what a port received.
    public long mergedPackets(int port) {
        long sum = 0;
        for (Merging merging : mergings[port]) sum += merging.mergedCount();
        return sum;
    }

    /// Packets that such super-packets, and those still held, are made of beyond their first.
    public long absorbedPackets(int port) {
        long sum = 0;
        for (Merging merging : mergings[port]) sum += merging.absorbedCount();
        return sum;
    }
}
