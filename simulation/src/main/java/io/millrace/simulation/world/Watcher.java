package io.millrace.simulation.world;

import io.millrace.dataplane.account.PacketWatch;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.address.IpAddress;
import io.millrace.simulation.frame.Octets;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.journal.Datagram;
import io.millrace.simulation.journal.EventLog;
import io.millrace.simulation.journal.Journal;
import io.millrace.simulation.journal.Part;
import io.millrace.simulation.journal.Violation;
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
    private long nowNs;

    Watcher(PacketMemory packets, ModelRouter model, Journal journal, EventLog log, NeighbourWitness neighbours) {
        this.neighbours = neighbours;
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
            part.handed(model.fate(meta.port(packet), frame), journal.nextOrder());
            if (part.fate().isLocal()) part.done();
        }
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
        if (part == null || !part.frame().source().equals(frame.source())) return;   // the router's own
        if (part.state() == Part.State.ON_THE_WIRE) return;
        if (part.fate().isLocal()) return;
        if (meta.gsoSegments(packet) > 1) {
            endedMerged(part, meta.gsoSegments(packet), verdict);
            return;
        }
        boolean isRight = part.fate().goesOn() ? ON_THE_WAY.contains(verdict) : part.fate().verdict() == verdict;
        if (!isRight) {
            throw new Violation("every packet ends as the oracle says", "ended as " + verdict + ": " + part);
        }
        int byteCount = verdict == Verdict.IPV4_CHECKSUM_WRONG ? part.byteCount() : frame.messageBytes();
        part.datagram().dropped(frame.offset(), byteCount, verdict);
    }

    /// Merged packets have consecutive numbers, and end together: as the first should, or, where that is too long for the
    /// link, as the longest.
    private void endedMerged(Part first, int segmentCount, Verdict verdict) {
        for (int i = 0; i < segmentCount; i++) {
            Part part = journal.find(first.datagram().number() + i).partAt(0);
            boolean isRight = part.fate().goesOn() ? ON_THE_WAY.contains(verdict) || isTooLong(verdict)
                : part.fate().verdict() == verdict;
            if (!isRight) {
                throw new Violation("every packet ends as the oracle says", "ended as " + verdict + ": " + part);
            }
            part.datagram().dropped(0, part.byteCount(), verdict);
        }
    }

    private static boolean isTooLong(Verdict verdict) {
        return verdict == Verdict.FRAGMENTATION_NEEDED || verdict == Verdict.PACKET_TOO_BIG;
    }
}
