package io.millrace.simulation.journal;

import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.model.Fate;

/// A frame that a host sent: a whole datagram, or one fragment of it.
public final class Part {

    /// Where a part is.
    public enum State {
        /// Sent by its host, not yet taken from the wire.
        ON_THE_WIRE,
        /// Taken from the wire: a NIC has it, or a worker is about to.
        TAKEN,
        /// A worker has it.
        HANDED,
        /// A NIC's switch has it, on its way from wire to wire.
        SWITCHED,
        /// All of it has left or was dropped; or it was for the router itself.
        DONE,
        /// The port that received it had no slot for it, or was down.
        LOST_AT_PORT
    }

    private final Datagram datagram;
    private final SeenFrame frame;
    private final Journal journal;
    private State state = State.ON_THE_WIRE;
    private Fate fate;
    private int port;
    private long order;
    private long handedNs;
    private long writtenMac;
    private Verdict ending;

    Part(Datagram datagram, SeenFrame frame, Journal journal) {
        this.datagram = datagram;
        this.frame = frame;
        this.journal = journal;
    }

    private void to(State next) {
        if (isUnderWay()) journal.ended();
        state = next;
        if (isUnderWay()) journal.began();
    }

    /// Somebody has it in hand.
    public boolean isUnderWay() {
        return state == State.TAKEN || state == State.HANDED;
    }

    public Datagram datagram()  { return datagram; }
    public SeenFrame frame()    { return frame; }
    public State state()        { return state; }
    /// What should become of it; null before it was handed over.
    public Fate fate()          { return fate; }
    /// By which it came in.
    public int port()           { return port; }
    /// Among all parts, when it was taken from the wire.
    public long order()         { return order; }
    /// When it was handed over.
    public long handedNs()      { return handedNs; }
    /// How it, or some of it, was dropped; null if none was.
    public Verdict ending()     { return ending; }

    public int offset()         { return frame.offset(); }
    public int byteCount()      { return frame.messageBytes(); }

    public boolean covers(int offset) {
        return offset >= offset() && (offset < offset() + byteCount() || byteCount() == 0);
    }

    /// A port has taken it from its wire.
    public void taken(int receivedBy, long place) {
        if (state != State.ON_THE_WIRE) throw new Violation("no packet duplicated", this + " was taken twice");
        to(State.TAKEN);
        port = receivedBy;
        order = place;
    }

    /// It was decided about, by a worker or for it, and this should become of it.
    public void handed(Fate expected, long nowNs) {
        if (state != State.TAKEN) throw new Violation("no packet duplicated", this + " was received twice");
        to(State.HANDED);
        fate = expected;
        handedNs = nowNs;
    }

    /// It goes from wire to wire, and the router does not get it.
    public void switched() {
        to(State.SWITCHED);
    }

    public void lostAtPort() {
        to(State.LOST_AT_PORT);
    }

    /// A worker has given it, or some of it, to a port, for this MAC address.
    public void written(long targetMac) {
        writtenMac = targetMac;
    }

    /// The MAC address that a worker last gave it to a port for.
    public long writtenMac() {
        return writtenMac;
    }

    /// It ended.
    public void done() {
        to(State.DONE);
    }

    void dropped(Verdict verdict) {
        ending = verdict;
    }

    @Override
    public String toString() {
        return datagram.name() + " " + frame + " [" + state + (fate == null ? "" : ", " + fate)
            + (ending == null ? "" : ", " + ending) + "]";
    }
}
