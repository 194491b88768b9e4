package io.millrace.simulation.world;

import io.millrace.nic.sim.flow.FlowEntry;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.device.HardwareTables;
import io.millrace.simulation.device.SimulatedNics;
import io.millrace.simulation.frame.FrameWriter;
import io.millrace.simulation.frame.Octets;
import io.millrace.simulation.frame.OnesSum;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.journal.Datagram;
import io.millrace.simulation.journal.EventLog;
import io.millrace.simulation.journal.Journal;
import io.millrace.simulation.journal.Part;
import io.millrace.simulation.journal.Violation;
import io.millrace.simulation.model.Fate;
import io.millrace.simulation.model.ModelLink;
import io.millrace.simulation.model.ModelRouter;
import io.millrace.simulation.traffic.Surroundings;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Takes every frame that leaves, holds it against what was sent and what should become of it, and hands it to whom it
/// is for.
final class Outlet implements SimulatedPort.Far {

    private static final int SOLICITATION = 135;
    private static final int TCP_SUM = 16;

    /// Packets between which order is kept: of one direction of a conversation, by one next hop.
    private record Line(Object conversation, int direction, int egress, IpAddress nextHop) {}

    private final ModelRouter model;
    private final Journal journal;
    private final EventLog log;
    private final NeighbourWitness neighbours;
    private final RunHash hash;
    private final Translations translations;
    private final Tallies tallies;
    private final Reception reception;
    private final SimulatedNics nics;
    private final boolean merges;
    private final Switching switching;
    private final Filtering filtering;
    private final Map<Line, Fate> hardwareFates = new HashMap<>();
    private HardwareTables hardware;
    private final Map<Line, Long> lastOrders = new HashMap<>();
    private Surroundings around;
    private long forwardedCount;
    private long errorCount;

    Outlet(ModelRouter model, Journal journal, EventLog log, NeighbourWitness neighbours, RunHash hash,
           Translations translations, Tallies tallies, Reception reception, SimulatedNics nics,
           boolean merges, Switching switching, Filtering filtering) {
        this.filtering = filtering;
        this.switching = switching;
        this.translations = translations;
        this.tallies = tallies;
        this.reception = reception;
        this.nics = nics;
        this.merges = merges;
        this.model = model;
        this.journal = journal;
        this.log = log;
        this.neighbours = neighbours;
        this.hash = hash;
    }

    void connect(Surroundings surroundings, HardwareTables tables) {
        around = surroundings;
        hardware = tables;
    }

    @Override
    public void taken(int port, byte[] bytes) {
        Part part = partOf(bytes);
        int by = switching.taken(port, SeenFrame.of(bytes), part);
        if (part == null) return;
        part.taken(by < 0 ? port : by, journal.nextOrder());
        if (by < 0) part.switched();
        else filtering.taken(part);
    }

    /// Frames of conversations that came out.
    long forwardedCount()  { return forwardedCount; }
    /// ICMP errors and redirects that came out.
    long errorCount()      { return errorCount; }

    @Override
    public void refused(int port, byte[] bytes) {
        Part part = partOf(bytes);
        if (part != null) part.lostAtPort();
    }

    private Part partOf(byte[] bytes) {
        SeenFrame frame = SeenFrame.of(bytes);
        Datagram datagram = !frame.isIp() || frame.isDiscovery() ? null : journal.find(frame);
        return datagram == null ? null : datagram.partAt(frame.offset());
    }

    @Override
    public void left(int port, byte[] bytes, boolean isLost, long nowNs) {
        SeenFrame frame = SeenFrame.of(bytes);
        hash.add(port).add(nowNs).add(bytes);
        if (switching.hasLeft(port, bytes)) {
            switched(port, frame, isLost, nowNs);
            return;
        }
        int sender = switching.sender(port, frame);
        if (filtering.hasLeft(sender, frame, partOf(bytes))) {
            log.add(nowNs, "filtered", frame, null);
            return;
        }
        ModelLink link = model.link(sender, frame.vlan());
        if (link == null || frame.sourceMac() != link.mac()) throw wrong("frames name their interface", frame);
        if (nics.hasNic(port) && nics.faults().isLinkDown(port, nowNs)) {
            throw wrong("nothing leaves by a wire that is disconnected", frame);
        }
        log.add(nowNs, "out " + link, frame, isLost ? "lost: the link is down" : null);
        if (sender != port) return;   // nobody there is asked, or spoken to
        if (frame.isArp()) {
            boolean asks = Octets.u16(bytes, frame.l3() + 6) == 1;
            if (asks && !isLost) askedArp(link, frame, nowNs);
        } else if (frame.isDiscovery()) {
            if (frame.icmpType() == SOLICITATION && !isLost) askedDiscovery(link, frame, nowNs);
        } else if (frame.isIcmpError()) {
            checkError(frame);
        } else {
            forwarded(link, frame, isLost, nowNs);
        }
    }

    /// A frame has gone from wire to wire.
    private void switched(int port, SeenFrame frame, boolean isLost, long nowNs) {
        log.add(nowNs, "switched", frame, null);
        Part part = partOf(frame.bytes());
        if (part == null) return;
        boolean isWhole = part.datagram().left(frame.offset(), frame.messageBytes());
        part.done();
        ModelLink link = model.link(port, frame.vlan());
        if (link == null || isLost) return;
        around.delivered(link, frame, part.datagram(), isWhole, part.datagram().message(), nowNs);
    }

    private void askedArp(ModelLink link, SeenFrame frame, long nowNs) {
        int l3 = frame.l3();
        around.asked(link, IpAddress.ofIpv4(Octets.i32(frame.bytes(), l3 + 24)),
            IpAddress.ofIpv4(Octets.i32(frame.bytes(), l3 + 14)), nowNs);
    }

    private void askedDiscovery(ModelLink link, SeenFrame frame, long nowNs) {
        int at = frame.l4() + 8;
        around.asked(link, IpAddress.ofIpv6(Octets.i64(frame.bytes(), at), Octets.i64(frame.bytes(), at + 8)),
            frame.source(), nowNs);
    }

    /// An error quotes a packet that was sent, as it was sent.
    private void checkError(SeenFrame frame) {
        errorCount++;
        byte[] message = frame.message();
        int sum = frame.source().isIpv4() ? OnesSum.checksum(message, 0, message.length)
            : OnesSum.transport(frame.source(), frame.target(), FrameWriter.ICMPV6, message, 0, message.length);
        if (sum != 0) throw wrong("ICMP errors have right checksums", frame);
        boolean isRedirect6 = frame.protocol() == FrameWriter.ICMPV6 && frame.icmpType() == 137;
        if (isRedirect6) return;   // quotes in an option, if at all
        SeenFrame quoted = SeenFrame.ofPacket(Arrays.copyOfRange(message, 8, message.length));
        Datagram datagram = journal.find(quoted);
        if (datagram == null || !datagram.source().equals(frame.target())) {
            throw wrong("ICMP errors quote what their reader sent", frame);
        }
    }

    private void forwarded(ModelLink link, SeenFrame frame, boolean isLost, long nowNs) {
        Datagram datagram = journal.find(frame);
        boolean isOwn = datagram == null || !translations.mayBe(frame, datagram);
        if (isOwn) {
            checkAnswer(frame);
            return;
        }
        forwardedCount++;
        Part part = datagram.partAt(frame.offset());
        boolean isHit = part != null && part.state() == Part.State.TAKEN;
        boolean isLate = isHit && decide(part, link, frame, nowNs);
        if (part == null || part.fate() == null) throw wrong("every packet is one that was sent", frame);
        Fate fate = part.fate();
        if (!isLate && (!fate.goesOn() || fate.egress() != link)) {
            throw wrong("every packet leaves where the oracle says", frame + " of " + part);
        }
        checkHeader(frame, part);
        byte[] message = frame.message();
        byte[] expected = isLate ? translations.formerly(frame, part) : translations.expected(link, frame, part);
        int change = Arrays.mismatch(message, 0, message.length, expected, frame.offset(),
            Math.min(expected.length, frame.offset() + message.length));
        boolean isSame = change < 0 || merges && isOtherZero(frame, message, expected, change);
        if (!isSame) throw wrong("no byte is changed", frame + " of " + part + ", from byte " + change + " on");
        if (!isLate) {
            checkSize(frame, part);
            checkMac(link, frame, part, isHit);
        }
        if (fate.goesOn()) checkOrder(part, fate, frame);
        boolean isWhole = datagram.left(frame.offset(), message.length);
        if (isWhole) tallies.forwarded(part);
        if (!isLost) around.delivered(link, frame, datagram, isWhole, expected, nowNs);
    }

    /// A checksum of TCP that was 0 and is summed anew, because the segment was merged and cut, may come out as all
    /// ones: the same number in ones' complement.
    private static boolean isOtherZero(SeenFrame frame, byte[] message, byte[] expected, int change) {
        boolean isTcpSum = frame.protocol() == FrameWriter.TCP && change == TCP_SUM && frame.offset() == 0;
        if (!isTcpSum || Octets.u16(expected, TCP_SUM) != 0 || Octets.u16(message, TCP_SUM) != 0xffff) return false;
        byte[] same = message.clone();
        Octets.u16(same, TCP_SUM, 0);
        return Arrays.equals(same, 0, same.length, expected, 0, Math.min(expected.length, same.length));
    }

    /// A NIC has sent the packet on. By an entry that may stay, it must be what a worker would do now. One that is to
    /// leave, and has not left yet, may still do what was right when it was made: then this is true.
    private boolean decide(Part part, ModelLink link, SeenFrame frame, long nowNs) {
        HardwareTables.Hit hit = hardware.hit(part.port(), part.frame());
        boolean isOwned = hit != null && hit.owner() != null;
        if (!isOwned) throw wrong("every hit is one of an entry that somebody has", frame + " of " + part);
        var line = new Line(part.datagram().conversation(), part.datagram().direction(), -1, null);
        if (!hardware.isLeaving(hit.owner())) {
            reception.hit(part, nowNs);
            if (part.fate().goesOn()) hardwareFates.put(line, part.fate());
            return false;
        }
        FlowEntry entry = hit.entry();
        boolean isAsMade = entry.egress() == link.port() && entry.targetMac() == frame.targetMac();
        if (!isAsMade) throw wrong("a hit is what its entry says", frame + " of " + part + ", " + entry);
        Fate former = hardwareFates.get(line);
        boolean isSame = former != null && former.egress() == link;
        reception.hitLate(part, isSame ? former : Fate.ended(Verdict.INPUT_ENDED), nowNs);
        return true;
    }

    /// What a worker has sent by a NIC's port was held against the neighbour table when it was written.
    private void checkMac(ModelLink link, SeenFrame frame, Part part, boolean isHit) {
        boolean isWritten = nics.hasNic(link.port()) && !isHit;
        if (!isWritten) {
            neighbours.check(link, part.fate().nextHop(), frame, part);
        } else if (part.writtenMac() != frame.targetMac()) {
            throw wrong("packets leave as they were written", frame + " of " + part);
        }
    }

    /// Echo replies, resets: from an address of the router, or one that it had until a moment ago.
    private void checkAnswer(SeenFrame frame) {
        boolean isAnswer = frame.protocol() == FrameWriter.ICMP && frame.icmpType() == 0
            || frame.protocol() == FrameWriter.ICMPV6 && frame.icmpType() == 129
            || frame.protocol() == FrameWriter.TCP && (frame.tcpFlags() & FrameWriter.RST) != 0;
        boolean isPiece = frame.isFragment() && frame.protocol() != FrameWriter.TCP;
        if (!isAnswer && !isPiece) throw wrong("every packet is one that was sent", frame);
    }

    private void checkHeader(SeenFrame frame, Part part) {
        SeenFrame sent = part.frame();
        boolean isRight = frame.hopLimit() == sent.hopLimit() - 1 && frame.protocol() == sent.protocol()
            && frame.paddingBytes() == 0;
        if (!isRight) throw wrong("the header is the sender's but for one hop", frame + " of " + part);
        if (frame.source().isIpv6()) return;
        if (OnesSum.checksum(frame.bytes(), frame.l3(), frame.l4() - frame.l3()) != 0) {
            throw wrong("IPv4 headers have right checksums", frame);
        }
    }

    private void checkSize(SeenFrame frame, Part part) {
        int mtuBytes = part.fate().mtuBytes();
        if (frame.packetBytes() > mtuBytes) {
            throw wrong("no packet is longer than the MTU of " + mtuBytes, frame + " of " + part);
        }
        boolean isCut = frame.messageBytes() < part.byteCount();
        if (isCut && part.frame().packetBytes() <= mtuBytes) {
            throw wrong("what fits is not cut", frame + " of " + part);
        }
    }

    private void checkOrder(Part part, Fate fate, SeenFrame frame) {
        Datagram datagram = part.datagram();
        var line = new Line(datagram.conversation(), datagram.direction(), fate.egress().index(), fate.nextHop());
        Long last = lastOrders.put(line, part.order());
        if (last != null && last > part.order()) {
            throw wrong("order within a connection", frame + " came after one that was received later: " + part);
        }
    }

    private static Violation wrong(String invariant, Object facts) {
        return new Violation(invariant, facts.toString());
    }
}
