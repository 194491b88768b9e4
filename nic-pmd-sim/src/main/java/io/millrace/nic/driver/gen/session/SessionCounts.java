package io.millrace.nic.driver.gen.session;

import org.HdrHistogram.Histogram;

/// What one end of the connections has counted. Written by its thread; others may read values a little old.
public final class SessionCounts {

    private static final long LATENCY_NS_MAX = 60_000_000_000L;

    long opened;
    long established;
    long completed;
    long failed;
    long reset;
    long repeated;
    long plantedLosses;
    long plantedReorderings;
    long repaired;
    long refused;
    long unsent;
    long unknown;
    long receivedBytes;
    int active;
    private final Histogram connect = new Histogram(1, LATENCY_NS_MAX, 3);
    private final Histogram transaction = new Histogram(1, LATENCY_NS_MAX, 3);

    /// Sessions that this end began, or was asked for; of UDP servers, requests.
    public long opened()         { return opened; }
    public long established()    { return established; }
    /// Request, response and end as they should be.
    public long completed()      { return completed; }
    /// Given up after too many repetitions.
    public long failed()         { return failed; }
    /// Ended by the other end's RST.
    public long reset()          { return reset; }
    /// Times that a timeout made segments be sent again.
    public long repeated()       { return repeated; }
    /// Segments that the profile's loss kept back.
    public long plantedLosses()  { return plantedLosses; }
    /// Packets that the profile's reordering sent behind the next.
    public long plantedReorderings() { return plantedReorderings; }
    /// Of the completed those in which this end had to send something again.
    public long repaired()       { return repaired; }
    /// Sessions that were due while too many were open: never opened.
    public long refused()        { return refused; }
    /// Segments that found no slot or no place in the queue.
    public long unsent()         { return unsent; }
    /// Packets that belong to no connection.
    public long unknown()        { return unknown; }
    /// Payload in order.
    public long receivedBytes()  { return receivedBytes; }
    public int active()          { return active; }
    /// From the intended time of opening to the end of the handshake.
    public Histogram connect()   { return connect; }
    /// From the intended time of opening to the response's last byte.
    public Histogram transaction() { return transaction; }

    void connected(long latencyNs) {
        established++;
        connect.recordValue(Math.clamp(latencyNs, 0, LATENCY_NS_MAX));
    }

    void answered(long latencyNs) {
        transaction.recordValue(Math.clamp(latencyNs, 0, LATENCY_NS_MAX));
    }

    /// Forgets what was counted, but not what is open: a measurement begins. For the thread of the port.
    public void clear() {
        opened = 0;
        established = 0;
        completed = 0;
        failed = 0;
        reset = 0;
        repeated = 0;
        plantedLosses = 0;
        plantedReorderings = 0;
        repaired = 0;
        refused = 0;
        unsent = 0;
        unknown = 0;
        receivedBytes = 0;
        connect.reset();
        transaction.reset();
    }
}
