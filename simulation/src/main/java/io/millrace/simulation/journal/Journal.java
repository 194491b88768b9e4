package io.millrace.simulation.journal;

import io.millrace.simulation.frame.SeenFrame;

import java.util.ArrayList;
import java.util.List;

/// All datagrams of a run, by the number that each carries in its IP header.
public final class Journal {

    /// Identifications have 16 bits, and 0 is nobody's.
    public static final int NUMBER_MAX = 0xffff;

    private final List<Datagram> datagrams = new ArrayList<>();   // number 1 first
    private long takenCount;
    private int partCount;
    private int underWayCount;

    /// The number of the next datagram.
    public int nextNumber() {
        if (!hasNumbers()) throw new IllegalStateException("more datagrams than numbers");
        return datagrams.size() + 1;
    }

    public boolean hasNumbers() {
        return datagrams.size() < NUMBER_MAX;
    }

    /// A host sends a datagram in these frames, which carry [#nextNumber].
    public Datagram send(Object conversation, int direction, byte[] message, List<byte[]> frames) {
        var datagram = new Datagram(nextNumber(), conversation, direction, message);
        for (byte[] each : frames) datagram.add(SeenFrame.of(each), this);
        datagrams.add(datagram);
        partCount += frames.size();
        return datagram;
    }

    /// The datagram that a packet belongs to, or null if no host has sent it.
    public Datagram find(SeenFrame frame) {
        return find(frame.number());
    }

    /// The datagram of this number, or null.
    public Datagram find(int number) {
        return number < 1 || number > datagrams.size() ? null : datagrams.get(number - 1);
    }

    /// The place of the next part that is taken from a wire.
    public long nextOrder() {
        return takenCount++;
    }

    /// Frames sent so far.
    public int partCount() {
        return partCount;
    }

    void began() { underWayCount++; }
    void ended() { underWayCount--; }

    /// Parts that have come in, and neither left nor ended.
    public int underWayCount() {
        return underWayCount;
    }

    /// One of them.
    public Part underWay() {
        return datagrams.stream().flatMap(each -> each.parts().stream()).filter(Part::isUnderWay).findFirst()
            .orElseThrow();
    }
}
