package io.millrace.simulation.world;

import io.millrace.dataplane.account.PacketWatch;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.address.IpAddress;
import io.millrace.simulation.frame.FrameWriter;
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

/// Stands at the worker's doors: asks the oracle what should become of each packet that comes in, and holds against it
/// how packets end.
final class Watcher implements PacketWatch {

    /// How a packet may end that has a way: by what lies behind the decision.
    private static final Set<Verdict> ON_THE_WAY = EnumSet.of(Verdict.NEIGHBOUR_UNRESOLVED,
        Verdict.NEIGHBOUR_QUEUE_FULL, Verdict.NEIGHBOUR_TABLE_FULL, Verdict.TX_FULL, Verdict.NO_SLOT,
        Verdict.INPUT_ENDED);

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ModelRouter model;
    private final Journal journal;
    private final EventLog log;
    private final NeighbourWitness neighbours;
    private final Translations translations;
    private final Tallies tallies;
    private final Regime regime;
    private long nowNs;

    Watcher(PacketMemory packets, ModelRouter model, Journal journal, EventLog log, NeighbourWitness neighbours,
            Translations translations, Tallies tallies, Regime regime) {
        this.neighbours = neighbours;
        this.translations = translations;
        this.tallies = tallies;
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
            Part part = partOf(frame);
            if (part == null) throw new Violation("every packet is one that was sent", "received " + frame);
            part.handed(fate(meta.port(packet), frame), journal.nextOrder(), nowNs);
            tallies.sent(part);
            translations.decided(part, nowNs);
            if (part.fate().isLocal()) part.done();
        }
    }

    /// A packet to an address of the router may be an answer to one of the hosts behind it; or to nobody, if that
    /// connection is no more.
    private Fate fate(int port, SeenFrame frame) {
        IpAddress inside = translations.insideTarget(frame);
        if (inside == null) return model.fate(port, frame, frame.target());
        Fate fate = model.fate(port, frame, inside).toInsideOrLocal();
        translations.heard(frame, nowNs);
        return fate;
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

    @Override
    public void transmitting(int port, Burst burst, long turnNs) {}

    @Override
    public void ended(int packet, Verdict verdict) {
        byte[] bytes = SimulatedPort.bytes(memory, meta, packet);
        // A packet that the router made has no link header before it has a neighbour.
        SeenFrame frame = meta.l3(packet) == 0 ? SeenFrame.ofPacket(bytes) : SeenFrame.of(bytes);
        if (verdict.ending() == Verdict.Ending.DROPPED) log.add(nowNs, "dropped", frame, verdict);
        if (!frame.isIp() || frame.isDiscovery() || frame.isIcmpError()) return;
        Part part = partOf(frame);
        if (part == null || !translations.mayBe(frame, part.datagram())) return;   // the router's own
        if (part.state() == Part.State.ON_THE_WIRE) return;
        if (part.fate().isLocal()) return;
        if (meta.gsoSegments(packet) > 1) {
            endedMerged(part, meta.gsoSegments(packet), verdict);
            return;
        }
        if (!mayEnd(part, verdict)) {
            throw new Violation("every packet ends as the oracle says", "ended as " + verdict + ": " + part);
        }
        if (verdict == Verdict.NAT_EGRESS_CHANGED) {
            translations.forget(part.datagram().conversation(), nowNs);
        }
        if (verdict == Verdict.RULE_DROPPED) translations.doubt(part.datagram().conversation());
        int byteCount = verdict == Verdict.IPV4_CHECKSUM_WRONG ? part.byteCount() : frame.messageBytes();
        part.datagram().dropped(frame.offset(), byteCount, verdict);
    }

    private boolean mayEnd(Part part, Verdict verdict) {
        Fate fate = part.fate();
        if (fate.verdict() == verdict || fate.orLocal()) return true;
        if (!fate.goesOn()) return false;
        if (ON_THE_WAY.contains(verdict)) return true;
        // Rules drop what belongs to no connection: never a datagram of UDP, which begins one.
        boolean mayBeInvalid = part.frame().protocol() != FrameWriter.UDP;
        return regime.hasRules() && mayBeInvalid && verdict == Verdict.RULE_DROPPED
            || regime.isMasquerading() && verdict == Verdict.NAT_EGRESS_CHANGED;
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
    }

    private static boolean isTooLong(Verdict verdict) {
        return verdict == Verdict.FRAGMENTATION_NEEDED || verdict == Verdict.PACKET_TOO_BIG;
    }
}
