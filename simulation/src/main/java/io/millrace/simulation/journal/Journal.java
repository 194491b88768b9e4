package io.millrace.simulation.journal;

import io.millrace.simulation.frame.SeenFrame;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All datagrams of a run, by the number that each carries in its IP header.
public final class Journal {

    /// Identifications have 16 bits, and 0 is nobody's.
    public static final int NUMBER_MAX = 0xffff;

    private final Map<Integer, Datagram> byNumber = new HashMap<>();
    private int lastNumber;
    private long takenCount;
    private int partCount;

    /// The number of the next datagram.
    public int nextNumber() {
        if (lastNumber == NUMBER_MAX) throw new IllegalStateException("more datagrams than numbers");
        return lastNumber + 1;
    }

    public boolean hasNumbers() {
        return lastNumber < NUMBER_MAX;
    }

    /// A host sends a datagram in these frames, which carry [#nextNumber].
    public Datagram send(Object conversation, int direction, byte[] message, List<byte[]> frames) {
        var datagram = new Datagram(++lastNumber, conversation, direction, message);
        for (byte[] each : frames) datagram.add(SeenFrame.of(each));
        byNumber.put(lastNumber, datagram);
        partCount += frames.size();
        return datagram;
    }

    /// The datagram that a packet belongs to, or null if no host has sent it.
    public Datagram find(SeenFrame frame) {
        return byNumber.get(frame.number());
    }

    /// The datagram of this number, or null.
    public Datagram find(int number) {
        return byNumber.get(number);
    }

    /// The place of the next part that is taken from a wire.
    public long nextOrder() {
        return takenCount++;
    }

    /// Frames sent so far.
    public int partCount() {
        return partCount;
    }

    public Iterable<Datagram> datagrams() {
        return byNumber.values();
    }
}
