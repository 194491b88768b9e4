package io.millrace.simulation.world;

import io.millrace.dataplane.account.PacketWatch;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.nic.sim.account.DropWatch;
import io.millrace.packet.address.IpAddress;
import io.millrace.simulation.frame.FrameWriter;
import io.millrace.simulation.device.SimulatedNics;
import io.millrace.simulation.frame.Octets;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.journal.Datagram;
import io.millrace.simulation.journal.EventLog;
import io.millrace.simulation.journal.Journal;
import io.millrace.simulation.journal.Part;
import io.millrace.simulation.journal.Violation;
import io.millrace.simulation.model.Fate;
import io.millrace.simulation.model.ModelLink;
import io.millrace.simulation.model.ModelRouter;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;

/// Stands at the doors of the worker and the NICs: asks the oracle what should become of each packet that comes in, and
/// holds against it how packets end.
final class Watcher implements PacketWatch, DropWatch {

    /// How a packet may end that has a way: by what lies behind the decision.
    private static final Set<Verdict> ON_THE_WAY = EnumSet.of(Verdict.NEIGHBOUR_UNRESOLVED,
        Verdict.NEIGHBOUR_QUEUE_FULL, Verdict.NEIGHBOUR_TABLE_FULL, Verdict.TX_FULL, Verdict.NO_SLOT,
        Verdict.INPUT_ENDED, Verdict.TX_REFUSED);

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ModelRouter model;
    private final Journal journal;
    private final EventLog log;
    private final NeighbourWitness neighbours;
    private final Translations translations;
    private final Reception reception;
    private final Regime regime;
    private final SimulatedNics nics;
    private final Switching switching;
    private final Filtering filtering;
    private long nowNs;

    Watcher(PacketMemory packets, ModelRouter model, Journal journal, EventLog log, NeighbourWitness neighbours,
            Translations translations, Reception reception, Regime regime, SimulatedNics nics,
            Switching switching, Filtering filtering) {
        this.filtering = filtering;
        this.neighbours = neighbours;
        this.translations = translations;
        this.reception = reception;
        this.nics = nics;
        this.switching = switching;
        this.regime = regime;
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.model = model;
        this.journal = journal;
        this.log = log;
    }

    @Override
    public void received(Burst burst, long turnNs) {
        nowNs = turnNs;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            SeenFrame frame = SeenFrame.of(SimulatedPort.bytes(memory, meta, packet));
            if (!frame.isIp() || frame.isDiscovery()) {
                heard(meta.port(packet), frame);
                continue;
            }
            if (partOf(frame) == null) throw new Violation("every packet is one that was sent", "received " + frame);
            for (int each = 0; each < Math.max(1, meta.gsoSegments(packet)); each++) {
                Part part = partOf(frame, each);
                if (filtering.passes(part, nowNs)) reception.handed(part, nowNs);
            }
        }
    }

    /// Merged packets have consecutive numbers.
    private Part partOf(SeenFrame frame, int place) {
        return place == 0 ? partOf(frame) : journal.find(frame.number() + place).partAt(0);
    }

    private void heard(int port, SeenFrame frame) {
        ModelLink link = model.link(port, frame.vlan());
        if (link == null) return;
        byte[] bytes = frame.bytes();
        if (frame.isArp()) {
            neighbours.heard(link.index(), IpAddress.ofIpv4(Octets.i32(bytes, frame.l3() + 14)));
        } else if (frame.isDiscovery()) {
            int at = frame.l4() + 8;
            neighbours.heard(link.index(), IpAddress.ofIpv6(Octets.i64(bytes, at), Octets.i64(bytes, at + 8)));
        }
    }

    private Part partOf(SeenFrame frame) {
        Datagram datagram = journal.find(frame);
        return datagram == null ? null : datagram.partAt(frame.offset());
    }

    @Override
    public void entered(int stage, Burst burst, long turnNs) {}

    @Override
    public void left() {}

    /// What waits in the ring of a NIC goes to whom its worker knew.
    @Override
    public void transmitting(int port, Burst burst, long turnNs) {
        if (!nics.hasNic(port)) return;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            SeenFrame frame = SeenFrame.of(SimulatedPort.bytes(memory, meta, packet));
            Part first = !frame.isIp() || frame.isDiscovery() || frame.isIcmpError() ? null : partOf(frame);
            if (first == null || !translations.mayBe(frame, first.datagram())) continue;   // the router's own
            if (Filtering.isAsSent(frame, first)) continue;
            for (int each = 0; each < Math.max(1, meta.gsoSegments(packet)); each++) {
                written(partOf(frame, each), frame);
            }
        }
    }

    private void written(Part part, SeenFrame frame) {
        Fate fate = part.fate();
        if (fate == null || !fate.goesOn()) return;   // it is found when it leaves
        neighbours.check(fate.egress(), fate.nextHop(), frame, part);
        part.written(frame.targetMac());
    }

    @Override
    public void droppedReceived(int packet, Verdict verdict) {
        SeenFrame frame = SeenFrame.of(SimulatedPort.bytes(memory, meta, packet));
        if (!frame.isIp() || frame.isDiscovery() || partOf(frame) == null) return;
        log.add(nowNs, "dropped", frame, verdict);
        if (filtering.dropped(frame, partOf(frame), verdict)) return;
        if (partOf(frame).state() == Part.State.SWITCHED) switching.dropped(partOf(frame), verdict);
        for (int each = 0; each < Math.max(1, meta.gsoSegments(packet)); each++) partOf(frame, each).lostAtPort();
    }

    @Override
    public void droppedTransmitted(int packet, Verdict verdict) {
        boolean isRefused = verdict == Verdict.TX_REFUSED && !nics.faults().isAnyLinkDown(nowNs);
        if (isRefused) throw new Violation("a NIC is asked for nothing that it cannot do", "dropped as " + verdict);
        SeenFrame frame = SeenFrame.of(SimulatedPort.bytes(memory, meta, packet));
        Part part = frame.isIp() && !frame.isDiscovery() ? partOf(frame) : null;
        if (part != null && hasFiltered(packet, frame, verdict)) return;
        if (part != null && part.state() == Part.State.SWITCHED) {
            log.add(nowNs, "dropped", frame, verdict);
            switching.dropped(part, verdict);
            part.lostAtPort();
            return;
        }
        boolean isHit = part != null && part.state() == Part.State.TAKEN && translations.mayBe(frame, part.datagram());
        if (isHit) reception.hit(part, nowNs);
        ended(packet, verdict);
    }

    /// A packet that the router made has no link header before it has a neighbour. No address here begins as one does.
    private static boolean isBare(byte[] bytes) {
        int version = bytes.length == 0 ? 0 : Octets.u8(bytes, 0) >>> 4;
        return version == 4 || version == 6;
    }

    @Override
    public void ended(int packet, Verdict verdict) {
        byte[] bytes = SimulatedPort.bytes(memory, meta, packet);
        SeenFrame frame = isBare(bytes) ? SeenFrame.ofPacket(bytes) : SeenFrame.of(bytes);
        if (verdict.ending() == Verdict.Ending.DROPPED) log.add(nowNs, "dropped", frame, verdict);
        if (!frame.isIp() || frame.isDiscovery() || frame.isIcmpError()) return;
        Part part = partOf(frame);
        if (part == null || !translations.mayBe(frame, part.datagram())) return;   // the router's own
        if (hasFiltered(packet, frame, verdict)) return;
        if (part.state() == Part.State.ON_THE_WIRE || part.state() == Part.State.TAKEN) return;
        if (part.fate().isLocal()) return;
        if (meta.gsoSegments(packet) > 1) {
            endedMerged(part, meta.gsoSegments(packet), verdict);
            return;
        }
        if (!mayEnd(part, verdict)) {
            throw new Violation("every packet ends as the oracle says", "ended as " + verdict + ": " + part);
        }
        forget(part, verdict);
        int byteCount = verdict == Verdict.IPV4_CHECKSUM_WRONG ? part.byteCount() : frame.messageBytes();
        part.datagram().dropped(frame.offset(), byteCount, verdict);
    }

    /// True if filters had redirected or copied the packet.
    private boolean hasFiltered(int packet, SeenFrame frame, Verdict verdict) {
        boolean isTheirs = filtering.dropped(frame, partOf(frame), verdict);
        for (int each = 1; isTheirs && each < meta.gsoSegments(packet); each++) {
            filtering.dropped(frame, partOf(frame, each), verdict);
        }
        return isTheirs;
    }

    private void forget(Part part, Verdict verdict) {
        Object conversation = part.datagram().conversation();
        if (verdict == Verdict.NAT_EGRESS_CHANGED) translations.forget(conversation, nowNs);
        if (verdict == Verdict.RULE_DROPPED) translations.doubt(conversation);
    }

    private boolean mayEnd(Part part, Verdict verdict) {
        Fate fate = part.fate();
        if (fate.verdict() == verdict || fate.orLocal()) return true;
        if (!fate.goesOn()) return false;
        if (ON_THE_WAY.contains(verdict)) return true;
        if (verdict == Verdict.NIC_NO_CARRIER) return switching.isWithoutCarrier(fate.egress().port());
        // Rules drop what belongs to no connection: never a datagram of UDP, which begins one.
        boolean mayBeInvalid = part.frame().protocol() != FrameWriter.UDP;
        if (mayBeInvalid && regime.hasRules() && verdict == Verdict.RULE_DROPPED) return true;
        if (!regime.isMasquerading()) return false;
        // A packet before it in the burst may have ended its connection.
        return verdict == Verdict.NAT_EGRESS_CHANGED
            || translations.wasForgotten(part.datagram().conversation(), part.handedNs());
    }

    /// Merged packets have consecutive numbers, and end together: as the first should, or, where that is too long for the
    /// link, as the longest.
    private void endedMerged(Part first, int segmentCount, Verdict verdict) {
        for (int i = 0; i < segmentCount; i++) {
            Part part = journal.find(first.datagram().number() + i).partAt(0);
            if (!mayEnd(part, verdict) && !isTooLong(verdict)) {
                throw new Violation("every packet ends as the oracle says", "ended as " + verdict + ": " + part);
            }
            part.datagram().dropped(0, part.byteCount(), verdict);
        }
        forget(first, verdict);
    }

    private static boolean isTooLong(Verdict verdict) {
        return verdict == Verdict.FRAGMENTATION_NEEDED || verdict == Verdict.PACKET_TOO_BIG;
    }
}
