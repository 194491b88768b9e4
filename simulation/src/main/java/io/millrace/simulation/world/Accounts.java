package io.millrace.simulation.world;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.neighbour.Neighbour;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCounters;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.account.NicAccount;
import io.millrace.simulation.device.SimulatedNics;
import io.millrace.simulation.journal.Journal;
import io.millrace.simulation.journal.Violation;

import java.util.List;

/// Whether every packet and every slot is accounted for.
final class Accounts {

    private final Ledger ledger;
    private final List<? extends Port> ports;
    private final SimulatedNics nics;
    private final PacketPool pool;
    private final int slotCount;
    private final NeighbourTable neighbours;
    private final Journal journal;

    /// @param ports wires, where NICs lie before them
    Accounts(Ledger ledger, List<? extends Port> ports, SimulatedNics nics, PacketPool pool,
             NeighbourTable neighbours, Journal journal) {
        this.ledger = ledger;
        this.ports = ports;
        this.nics = nics;
        this.pool = pool;
        this.slotCount = pool.packets().slotCount();
        this.neighbours = neighbours;
        this.journal = journal;
    }

    /// After every step: the equation, and that the ports' counters are those of the worker.
    void checkStep() {
        if (ledger.unaccounted() != 0) throw new Violation("the equation of packets", "off by " + ledger.unaccounted());
        long receivedCount = 0;
        long sentCount = 0;
        for (int i = 0; i < ports.size(); i++) {
            PortCounters counters = ports.get(i).counters();
            receivedCount += counters.rxPackets() - counters.rxDropped();
            sentCount += counters.txPackets() + counters.txDropped();
        }
        for (SimNic nic : nics.all()) {
            NicAccount account = nic.account();
            long heldOnReceive = nic.heldOnReceive();
            receivedCount += account.created() - account.switched();
            receivedCount -= account.absorbed() + account.hits() + account.receiveDrops() + heldOnReceive;
            sentCount += account.transmitDrops() + nic.held() - heldOnReceive - account.split() - account.hits()
                - account.switched();
        }
        expect("received", receivedCount, ledger.received());
        expect("sent", sentCount, ledger.count(Verdict.SENT));
        int usedSlots = slotCount - pool.freeCount();
        long heldCount = ledger.held() + nics.held();
        if (ledger.held() < 0 || usedSlots < heldCount) {
            throw new Violation("every slot is free or accounted for", usedSlots + " slots in use, " + heldCount
                + " packets held");
        }
        if (heldCount == 0) expect("slots in use while nothing is held", 0, usedSlots);
    }

    /// Now and then: what is held is held by somebody.
    void checkHolders() {
        long waitingCount = 0;
        for (Neighbour each : neighbours.neighbours()) waitingCount += each.waitingCount();
        expect("packets that wait for neighbours", waitingCount, ledger.held());
        // What is merged and waits is held once and was handed over often.
        long heldCount = ledger.held() + ledger.absorbed() + nics.held();
        for (SimNic nic : nics.all()) heldCount += nic.account().absorbed();
        if (journal.underWayCount() > heldCount) {
            throw new Violation("no packet lost", journal.underWayCount() + " packets have neither left nor ended, "
                + heldCount + " are held or merged; one is " + journal.underWay());
        }
    }

    /// At the end: nothing is held, every slot is back.
    void checkEnd() {
        checkStep();
        checkHolders();
        if (journal.underWayCount() != 0) throw new Violation("no packet lost", journal.underWay() + " is nowhere");
        expect("packets held at the end", 0, ledger.held() + nics.held());
        expect("free slots at the end", slotCount, pool.freeCount());
    }

    void addTo(RunHash hash) {
        for (int i = 0; i < Verdict.COUNT; i++) hash.add(ledger.count(Verdict.of(i)));
        hash.add(ledger.received()).add(ledger.created()).add(ledger.split()).add(ledger.absorbed());
        for (Port each : ports) {
            PortCounters counters = each.counters();
            hash.add(counters.rxPackets()).add(counters.rxDropped()).add(counters.txPackets())
                .add(counters.txDropped()).add(counters.rxBytes()).add(counters.txBytes());
        }
    }

    private static void expect(String what, long expected, long actual) {
        if (expected != actual) {
            throw new Violation("the equation of packets", what + ": " + expected + " expected, counted " + actual);
        }
    }
}
