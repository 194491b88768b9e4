package io.millrace.dataplane.worker;

/// How busy a worker has been. Written by its worker alone; others may read values that are a little old.
///
/// The time from the beginning of one turn to that of the next counts as busy if the first of them received a packet:
/// so the clock is read no more than once a turn.
public final class WorkerLoad {

    private long turnCount;
    private long burstCount;
    private long packetCount;
    private long busyNs;
    private long elapsedNs;
    private long lastTurnNs = Long.MIN_VALUE;
    private boolean wasBusy;

    void beginTurn(long nowNs) {
        if (lastTurnNs != Long.MIN_VALUE) {
            long passedNs = nowNs - lastTurnNs;
            elapsedNs += passedNs;
            if (wasBusy) busyNs += passedNs;
        }
        lastTurnNs = nowNs;
        wasBusy = false;
        turnCount++;
    }

    void received(int burstPackets) {
        burstCount++;
        packetCount += burstPackets;
        wasBusy = true;
    }

    public long turns()     { return turnCount; }
    /// Bursts that held a packet.
    public long bursts()    { return burstCount; }
    public long packets()   { return packetCount; }
    public long busyNs()    { return busyNs; }
    public long elapsedNs() { return elapsedNs; }
}
