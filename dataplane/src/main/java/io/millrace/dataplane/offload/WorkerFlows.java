package io.millrace.dataplane.offload;

import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.FlowImage;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowLinks;
import io.millrace.flow.table.FlowListing;
import io.millrace.flow.table.FlowTable;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.Connections;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.Wire;

/// The worker's side of offloading: says which flows there are, describes one when it is asked, keeps its slot until it
/// is out of hardware again, and takes over what hardware has counted.
///
/// A flow that was described is *pinned*: whatever happens to it from then on (torn down, its neighbour or route
/// changed) is told in the order in which it happened, so that what the other side knows of it is never newer than
/// what it does not know. The worker's thread alone.
public final class WorkerFlows {

    private static final int ORDERS_PER_TURN = 64;
    /// Room that offers leave to answers.
    private static final int RESERVED = 256;
    private static final long NO_MAC = -1;

    private final OffloadRings rings;
    private final FlowTable flows;
    private final FlowLinks links;
    private final FlowListing listing;
    private final Attachments attachments;
    private final Connections connections;
    private final Pins pins;
    private final FlowImage image = new FlowImage();
    private boolean[] isHooked = {};     // by port
    private boolean[] isFiltered = {};   // by port
    private int routeGeneration;
    private long unofferedCount;
    private long orphanPackets;

    WorkerFlows(OffloadRings rings, FlowTable flows, Attachments attachments, Connections connections) {
        this.rings = rings;
        this.flows = flows;
        this.links = flows.links();
        this.listing = new FlowListing(flows);
        this.attachments = attachments;
        this.connections = connections;
        this.pins = new Pins(flows.flowsMax());
    }

    FlowTable flows() { return flows; }

    /// A flow was added. If its flowtable wants it in hardware and there is room to say so, the control thread hears of
    /// it; else it comes by it later.
    public void added(int slot) {
        if ((flows.state(slot) & FlowLine.WANTED) == 0) return;
        if (rings.events.room() <= RESERVED) {
            unofferedCount++;
            return;
        }
        tell(OffloadRings.OFFERED, slot, flows.generation(slot), 0);
    }

    private void tell(int kind, int slot, int generation, int argument) {
        RecordRing events = rings.events;
        events.put(OffloadRings.KIND, kind);
        events.put(OffloadRings.SLOT, slot);
        events.put(OffloadRings.GENERATION, generation);
        events.put(OffloadRings.ARGUMENT, argument);
        events.publish();
    }

    /// The flow in this slot was torn down.
    public void ended(int slot) {
        int place = pins.find(slot);
        if (place != Pins.NONE) pins.end(place, RemovalCause.TORN_DOWN);
    }

    /// A packet of the flow in this slot has come in fragments.
    public void fragmented(int slot) {
        if ((flows.state(slot) & FlowLine.FRAGMENTED) == 0) flows.mark(slot, FlowLine.FRAGMENTED);
        int place = pins.find(slot);
        if (place != Pins.NONE) pins.end(place, RemovalCause.FRAGMENTS);
    }

    /// The neighbour has another address, or is to be confirmed before it is sent to.
    public void neighbourChanged(int interfaceIndex, long high, long low, boolean isConnected, long mac) {
        for (int place = 0; place < pins.count(); place++) {
            for (int direction = 0; direction < 2; direction++) {
                int link = linkOf(pins.slot(place), direction);
                boolean isVia = FlowLinks.interfaceIndex(links.word(link)) == interfaceIndex
                    && links.nextHopHigh(link) == high && links.nextHopLow(link) == low;
                if (isVia && (!isConnected || mac != pins.mac(place, direction))) {
                    pins.end(place, RemovalCause.NEIGHBOUR_CHANGED);
                }
            }
        }
    }

    private int linkOf(int slot, int direction) {
        return FlowLine.linkOf(FlowLine.way(flows.segment(), flows.lineAt(2 * slot + direction)));
    }

    /// Rules at ingress or egress see the packets of these ports from now on, which therefore have to pass the worker.
    public void hooked(boolean[] byPort) {
        isHooked = byPort;
        endThoseSeen();
    }

    /// As [#hooked], filters of ports.
    void filtered(boolean[] byPort) {
        isFiltered = byPort;
        endThoseSeen();
    }

    private void endThoseSeen() {
        for (int place = 0; place < pins.count(); place++) {
            for (int direction = 0; direction < 2; direction++) {
                int port = FlowLinks.port(links.word(linkOf(pins.slot(place), direction)));
                if (isSeen(port)) pins.end(place, RemovalCause.RULES);
            }
        }
    }

    private boolean isSeen(int port) {
        return port < isHooked.length && isHooked[port] || port < isFiltered.length && isFiltered[port];
    }

    /// Once a turn, after routes may have changed: carries out orders, and tells what has ended.
    public void turn(int routesNow) {
        if (routesNow != routeGeneration) {
            routeGeneration = routesNow;
            for (int place = 0; place < pins.count(); place++) pins.end(place, RemovalCause.ROUTE_CHANGED);
        }
        tellEnds();
        for (int i = 0; i < ORDERS_PER_TURN && rings.orders.hasNext(); i++) {
            if ((int) rings.orders.get(OffloadRings.KIND) == OffloadRings.DESCRIBE && rings.events.room() == 0) return;
            carryOut();
            rings.orders.release();
        }
    }

    /// As [#turn(int)], routes being as they were.
    void turn() {
        turn(routeGeneration);
    }

    private void tellEnds() {
        if (pins.untoldCount() == 0) return;
        for (int place = 0; place < pins.count() && rings.events.room() > 0; place++) {
            if (!pins.isUntold(place)) continue;
            tell(OffloadRings.ENDED, pins.slot(place), pins.generation(place), pins.cause(place));
            pins.told(place);
        }
    }

    private void carryOut() {
        RecordRing orders = rings.orders;
        int slot = (int) orders.get(OffloadRings.SLOT);
        int generation = (int) orders.get(OffloadRings.GENERATION);
        int kind = (int) orders.get(OffloadRings.KIND);
        if (kind == OffloadRings.DESCRIBE) {
            describe(slot, generation);
            return;
        }
        int place = pins.find(slot, generation);
        if (place == Pins.NONE) return;
        switch (kind) {
            case OffloadRings.CONFIRM -> {
                if (isFlowOf(slot)) connections.set(flows.connection(slot), ConnectionStatus.HARDWARE_OFFLOAD);
            }
            case OffloadRings.COUNT -> takeCounts(slot, place);
            case OffloadRings.RELEASE -> release(slot, place);
            default -> throw new IllegalStateException("an order of kind " + kind);
        }
    }

    /// True if the flow is still the one of its connection: not torn down.
    private boolean isFlowOf(int slot) {
        return (flows.state(slot) & FlowLine.TEARDOWN) == 0;
    }

    private void describe(int slot, int generation) {
        if (!flows.isUsed(slot) || flows.generation(slot) != generation || pins.find(slot) != Pins.NONE) {
            tell(OffloadRings.REFUSED, slot, generation, HardwareObstacle.ENDING.bit());
            return;
        }
        listing.read(slot, image);
        int obstacles = obstacles(image);
        if (obstacles != 0) {
            tell(OffloadRings.REFUSED, slot, generation, obstacles);
            return;
        }
        RecordRing events = rings.events;
        for (int i = 0; i < FlowImage.WORDS; i++) events.put(OffloadRings.IMAGE + i, image.word(i));
        pins.add(flows, slot, connections.generation(image.connection()), way(0), way(1));
        flows.mark(slot, FlowLine.HARDWARE);
        tell(OffloadRings.DESCRIBED, slot, generation, 0);
    }

    /// What keeps the flow of an image out of hardware as far as the worker can tell, as bits. Of another thread it is
    /// what was so a little while ago.
    int obstacles(FlowImage seen) {
        return obstacles(seen, 0) | obstacles(seen, 1);
    }

    private int obstacles(FlowImage seen, int direction) {
        int obstacles = 0;
        int state = seen.state(direction);
        if ((state & FlowLine.FRAGMENTED) != 0) obstacles |= HardwareObstacle.FRAGMENTS.bit();
        if ((state & (FlowLine.CLOSING | FlowLine.TEARDOWN)) != 0) obstacles |= HardwareObstacle.ENDING.bit();
        if ((state & FlowLine.WANTED) == 0) obstacles |= HardwareObstacle.NOT_ASKED.bit();
        int protocol = seen.protocol(direction);
        if (protocol != IpProtocol.TCP && protocol != IpProtocol.UDP) obstacles |= HardwareObstacle.PROTOCOL.bit();
        int attachment = seen.attachment(direction);
        int link = seen.link(direction);
        long word = links.word(link);
        boolean isPlain = attachment < Attachments.PORTS_MAX
            && FlowLinks.headerBytes(word) == FlowLinks.USUAL_HEADER_BYTES;
        if (!isPlain || attachments.mac(attachment) == NO_MAC) obstacles |= HardwareObstacle.ENCAPSULATION.bit();
        int flags = FlowLinks.flags(word);
        if ((flags & FlowLinks.RESOLVED) == 0) obstacles |= HardwareObstacle.NEIGHBOUR.bit();
        boolean isRouteOld = (flags & FlowLinks.DIRECT) == 0 && links.generation(link) != routeGeneration;
        if (isRouteOld) obstacles |= HardwareObstacle.ROUTE_CHANGED.bit();
        boolean isSeen = isSeen(attachments.port(attachment)) || isSeen(FlowLinks.port(word));
        return obstacles | (isSeen ? HardwareObstacle.RULES.bit() : 0);
    }

    /// Writes where the packets of a direction come from and go to; returns the address that they are sent to.
    private long way(int direction) {
        int attachment = image.attachment(direction);
        int link = image.link(direction);
        long headerAt = links.at(link) + FlowLinks.HEADER_END - FlowLinks.USUAL_HEADER_BYTES;
        long targetMac = Wire.u48(flows.segment(), headerAt);
        int word = OffloadRings.WAYS + direction * OffloadRings.WORDS_PER_WAY;
        rings.events.put(word, attachments.port(attachment));
        rings.events.put(word + 1, attachments.mac(attachment));
        rings.events.put(word + 2, FlowLinks.port(links.word(link)));
        rings.events.put(word + 3, Wire.u48(flows.segment(), headerAt + 6));
        rings.events.put(word + 4, targetMac);
        return targetMac;
    }

    /// Hardware's packets count as the flow's, or its connection's if it has ended meanwhile.
    private void takeCounts(int slot, int place) {
        boolean isOn = isFlowOf(slot);
        boolean isCounted = (flows.state(slot) & FlowLine.COUNTED) != 0;
        int connection = flows.connection(slot);
        // What has ended keeps its number until another connection needs it.
        boolean isAlive = connections.generation(connection) == pins.connectionGeneration(place)
            && !connections.has(connection, ConnectionStatus.DYING);
        for (int direction = 0; direction < 2; direction++) {
            int word = OffloadRings.COUNTS + direction * OffloadRings.WORDS_PER_COUNT;
            long packets = rings.orders.get(word);
            long bytes = rings.orders.get(word + 1);
            if (packets == 0) continue;
            if (isOn) {
                FlowLine.count(flows.segment(), flows.lineAt(2 * slot + direction), packets, bytes,
                    rings.orders.get(word + 2));
            } else if (isCounted && isAlive) {
                connections.count(connection, direction, packets, bytes);
            } else if (isCounted) {
                orphanPackets += packets;
            }
        }
    }

    private void release(int slot, int place) {
        takeCounts(slot, place);
        if (isFlowOf(slot)) connections.unset(flows.connection(slot), ConnectionStatus.HARDWARE_OFFLOAD);
        flows.unmark(slot, FlowLine.HARDWARE);
        pins.remove(place);
    }

    /// True if the flow is to leave hardware, whether the control thread has heard of it or not.
    public boolean isEnding(int slot, int generation) {
        int place = pins.find(slot, generation);
        return place != Pins.NONE && pins.isEnding(place);
    }

    /// True if the flow's slot waits for hardware to let go of it.
    public boolean isPinned(int slot, int generation) {
        return pins.find(slot, generation) != Pins.NONE;
    }

    /// Flows that are in hardware, or on their way in or out.
    public int pinnedCount()     { return pins.count(); }
    /// Flows that found no room to be offered when they were added; they were offered later.
    public long unofferedCount() { return unofferedCount; }
    /// Packets that hardware forwarded for connections that had ended before it could say so.
    public long orphanPackets()  { return orphanPackets; }
}
