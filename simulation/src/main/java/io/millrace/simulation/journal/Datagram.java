package io.millrace.simulation.journal;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.frame.SeenFrame;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// A message that a host sent in one IP packet or in fragments, and which of its bytes have come out or were dropped.
/// Whatever cuts and joins packets on the way keeps to units of 8 bytes.
public final class Datagram {

    private static final int UNIT_BYTES = 8;

    private final int number;
    private final Object conversation;
    private final int direction;
    private final byte[] message;
    private final List<Part> parts = new ArrayList<>();
    private final BitSet left = new BitSet();
    private final BitSet dropped = new BitSet();

    /// @param conversation  whose it is
    /// @param direction     0 from the client, 1 from the server
    /// @param message       what the IP packet carries
    Datagram(int number, Object conversation, int direction, byte[] message) {
        this.number = number;
        this.conversation = conversation;
        this.direction = direction;
        this.message = message;
    }

    public int number()            { return number; }
    public Object conversation()   { return conversation; }
    public int direction()         { return direction; }
    public byte[] message()        { return message; }
    public List<Part> parts()      { return parts; }

    public String name() {
        return conversation + (direction == 0 ? ">" : "<");
    }

    public IpAddress source()  { return parts.getFirst().frame().source(); }
    public IpAddress target()  { return parts.getFirst().frame().target(); }

    void add(SeenFrame frame, Journal journal) {
        parts.add(new Part(this, frame, journal));
    }

    /// The part that the byte at this offset of the message was sent in, or null.
    public Part partAt(int offset) {
        for (Part each : parts) {
            if (each.covers(offset)) return each;
        }
        return null;
    }

    /// These bytes have left. True once all have.
    public boolean left(int offset, int byteCount) {
        int first = offset / UNIT_BYTES;
        int until = first + units(byteCount);
        int again = left.nextSetBit(first);
        if (again >= 0 && again < until) {
            throw new Violation("no packet duplicated", "bytes from " + offset + " on left twice: " + this);
        }
        left.set(first, until);
        settle();
        return left.cardinality() == units(message.length);
    }

    /// These bytes were dropped.
    public void dropped(int offset, int byteCount, Verdict verdict) {
        int first = offset / UNIT_BYTES;
        int until = first + units(byteCount);
        int again = dropped.nextSetBit(first);
        int isOut = left.nextSetBit(first);
        if (again >= 0 && again < until || isOut >= 0 && isOut < until) {
            throw new Violation("no packet duplicated", "bytes from " + offset + " on ended twice: " + this);
        }
        dropped.set(first, until);
        for (Part each : parts) {
            if (each.covers(offset)) each.dropped(verdict);
        }
        settle();
    }

    private void settle() {
        for (Part each : parts) {
            if (each.state() != Part.State.HANDED) continue;
            int first = each.offset() / UNIT_BYTES;
            int until = first + units(each.byteCount());
            boolean isDone = true;
            for (int unit = first; unit < until && isDone; unit++) isDone = left.get(unit) || dropped.get(unit);
            if (isDone) each.done();
        }
    }

    private static int units(int byteCount) {
        return Math.max(1, (byteCount + UNIT_BYTES - 1) / UNIT_BYTES);
    }

    @Override
    public String toString() {
        return parts.toString();
    }
}
