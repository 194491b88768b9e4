package io.millrace.flow.track;

import io.millrace.flow.track.machine.DatagramMachine;
import io.millrace.flow.track.machine.DccpMachine;
import io.millrace.flow.track.machine.DccpState;
import io.millrace.flow.track.machine.Outcome;
import io.millrace.flow.track.machine.SctpMachine;
import io.millrace.flow.track.machine.SctpState;
import io.millrace.flow.track.machine.Step;
import io.millrace.flow.track.machine.TcpMachine;
import io.millrace.flow.track.machine.TcpState;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.flow.tuple.IcmpAnswers;
import io.millrace.flow.tuple.Tuple;
import io.millrace.flow.tuple.TupleReader;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.PacketMemory;

import java.lang.foreign.MemorySegment;

/// Finds the connection of a packet, or makes it, and lets the machine of its protocol say what the packet means: what
/// Linux does at prerouting and output with priority −200 (`nf_conntrack_in`). Fragments were reassembled before, or
/// are INVALID unless they are first ones.
public final class ConnectionTracker {

    private static final long DOUBTED_NS_MIN = 120_000_000_000L;

    private final MemorySegment memory;
    private final ConnectionTable table;
    private final Connections connections;
    private final TrackCounters counters;
    private final TrackSettings settings;
    private final TupleReader reader;
    private final PacketCheck check;
    private final ErrorTracker errors;
    private final TcpMachine tcp;
    private final SctpMachine sctp;
    private final DccpMachine dccp;
    private final DatagramMachine datagram;
    private final TcpState tcpState = new TcpState();
    private final SctpState sctpState = new SctpState();
    private final DccpState dccpState = new DccpState();
    private final Step step = new Step();
    private final Tuple tuple = new Tuple();

    public ConnectionTracker(PacketMemory packets, ConnectionTable table) {
        this.table = table;
        this.connections = table.connections();
        this.memory = connections.memory();
        this.counters = table.counters();
        this.settings = table.settings();
        this.reader = new TupleReader(packets);
        this.check = new PacketCheck(packets, settings);
        this.errors = new ErrorTracker(packets, table);
        this.tcp = new TcpMachine(settings);
        this.sctp = new SctpMachine(settings);
        this.dccp = new DccpMachine(settings);
        this.datagram = new DatagramMachine(settings);
    }

    /// Right packets that the device behind this port called wrong.
    public long wrongDeviceSums(int port) {
        return check.checksums().wrongDeviceSums(port);
    }

    /// Tracks the IP packet at `l3`, which ends at `limit` or before (both from the packet's first byte). What comes of
    /// it is in `tracked`, which was begun for this packet. False if the packet is to be dropped: its connection found
    /// no room.
    ///
    /// @param isReceived it came by a wire, so its checksum is looked at; not for what this host sends
    public boolean track(int packet, int l3, int limit, boolean isReceived, Tracked tracked, long nowNs) {
        if (tracked.isExempt()) return true;
        if (!reader.read(packet, l3, limit, tuple) || !check.isValid(packet, reader, isReceived)) {
            if (IcmpAnswers.isIcmp(reader.protocol())) counters.count(TrackCounter.ERROR);
            return invalid(tracked);
        }
        if (isErrorOrUntracked(packet, tracked, nowNs)) return true;
        boolean isKept = attach(tracked, nowNs);
        if (!isKept || !tracked.hasEntry()) return isKept;
        Outcome outcome = advance(tracked, nowNs);
        if (outcome == Outcome.REPEAT) {
            table.kill(tracked.entry(), nowNs);
            isKept = attach(tracked, nowNs);
            if (!isKept || !tracked.hasEntry()) return isKept;
            outcome = advance(tracked, nowNs);
        }
        conclude(outcome, tracked, nowNs);
        return true;
    }

    private boolean invalid(Tracked tracked) {
        table.release(tracked);
        counters.count(TrackCounter.INVALID);
        return true;
    }

    private boolean isErrorOrUntracked(int packet, Tracked tracked, long nowNs) {
        if (!IcmpAnswers.isIcmp(reader.protocol())) return false;
        switch (errors.track(packet, reader, tuple, tracked, nowNs)) {
            case MESSAGE -> {
                return false;
            }
            case RELATED -> { }
            case UNTRACKED -> tracked.untracked();
            case INVALID -> {
                counters.count(TrackCounter.ERROR);
                invalid(tracked);
            }
        }
        return true;
    }

    /// Finds or makes the connection. False if it found no room.
    private boolean attach(Tracked tracked, long nowNs) {
        int node = table.find(tuple, tracked, nowNs);
        if (node != TupleIndex.NONE) {
            int entry = TupleIndex.entry(node);
            tracked.set(entry, stateOf(entry, TupleIndex.direction(node) != 0));
            return true;
        }
        boolean mayBegin = !IcmpAnswers.isIcmp(tuple.protocol())
            || IcmpAnswers.isQuestion(tuple.protocol(), tuple.targetPort() >>> 8);
        if (!mayBegin) return invalid(tracked);
        int entry = table.create(tuple, tracked, nowNs);
        if (entry == Connections.NONE) {
            counters.count(TrackCounter.DROP);
            return false;
        }
        tracked.set(entry, PacketState.NEW);
        return true;
    }

    private PacketState stateOf(int entry, boolean isReply) {
        if (isReply) return PacketState.ESTABLISHED_REPLY;
        if (connections.has(entry, ConnectionStatus.SEEN_REPLY)) return PacketState.ESTABLISHED;
        return connections.has(entry, ConnectionStatus.EXPECTED) ? PacketState.RELATED : PacketState.NEW;
    }

    private Outcome advance(Tracked tracked, long nowNs) {
        int entry = tracked.entry();
        long stateAt = connections.protocolStateAt(entry);
        int direction = tracked.direction();
        boolean isNew = !connections.has(entry, ConnectionStatus.CONFIRMED);
        boolean hasReply = connections.has(entry, ConnectionStatus.SEEN_REPLY);
        boolean isAssured = connections.has(entry, ConnectionStatus.ASSURED);
        step.begin();
        switch (tuple.protocol()) {
            case IpProtocol.TCP -> {
                tcpState.load(memory, stateAt);
                if (isNew && !tcp.open(tcpState, check.tcp().segment())) return Outcome.INVALID;
                tcp.next(tcpState, check.tcp().segment(), direction, hasReply, isAssured, step);
                tcpState.store(memory, stateAt);
            }
            case IpProtocol.SCTP -> {
                sctpState.load(memory, stateAt);
                if (isNew && !sctp.open(sctpState, check.sctp().packet())) return Outcome.INVALID;
                sctp.next(sctpState, check.sctp().packet(), direction, isNew, isAssured, step);
                sctpState.store(memory, stateAt);
            }
            case IpProtocol.DCCP -> {
                dccpState.load(memory, stateAt);
                if (isNew && !dccp.open(dccpState, check.dccp().kind())) return Outcome.INVALID;
                dccp.next(dccpState, check.dccp().kind(), check.dccp().sequence(), check.dccp().acknowledgement(),
                    direction, hasReply, isAssured, step);
                dccpState.store(memory, stateAt);
            }
            default -> datagram.next(tuple.protocol(), hasReply, isAssured, nowNs - connections.beganNs(entry), step);
        }
        return step.outcome();
    }

    private void conclude(Outcome outcome, Tracked tracked, long nowNs) {
        int entry = tracked.entry();
        switch (outcome) {
            case ACCEPT -> {
                refresh(entry, nowNs);
                account(tracked);
            }
            case PASS -> { }
            case END -> {
                account(tracked);
                table.kill(entry, nowNs);
            }
            case INVALID, REPEAT -> {
                if (step.isDoubted()) shorten(entry, nowNs);
                invalid(tracked);
                return;
            }
        }
        if (step.isAssured()) connections.set(entry, ConnectionStatus.ASSURED);
        boolean isFirstReply = tracked.state() == PacketState.ESTABLISHED_REPLY
            && !connections.has(entry, ConnectionStatus.SEEN_REPLY);
        if (isFirstReply) connections.set(entry, ConnectionStatus.SEEN_REPLY);
        if (step.isAssured() || step.isNewState() || isFirstReply) table.update(entry);
    }

    private void refresh(int entry, long nowNs) {
        if (connections.has(entry, ConnectionStatus.FIXED_TIMEOUT)) return;
        boolean isConfirmed = connections.has(entry, ConnectionStatus.CONFIRMED);
        connections.timeoutNs(entry, step.timeoutNs() + (isConfirmed ? nowNs : 0));
    }

    private void account(Tracked tracked) {
        if (!settings.isOn(TrackSysctl.ACCOUNTING)) return;
        connections.count(tracked.entry(), tracked.direction(), 1, reader.l3Bytes());
    }

    private void shorten(int entry, long nowNs) {
        long shortNs = settings.ns(TrackSysctl.TCP_UNACKNOWLEDGED);
        long leftNs = connections.timeoutNs(entry) - nowNs;
        if (leftNs >= DOUBTED_NS_MIN && leftNs > shortNs) connections.timeoutNs(entry, nowNs + shortNs);
    }
}
