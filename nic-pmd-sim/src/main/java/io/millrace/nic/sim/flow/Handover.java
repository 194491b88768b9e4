package io.millrace.nic.sim.flow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// When a flow may leave its worker for the device: once every packet of it that the worker was given has left the
/// worker. The rule is that of receive flow steering in Linux (`get_rps_cpu`).
///
/// For each receive queue the worker publishes how many packets of it have left ([#left]): been sent, dropped, handed
/// on; what merging, reassembly or a neighbour's queue holds has not. The device notes for each armed entry the last
/// packet that it put into a queue ([#note]). When the way to a queue changes ([#barrier]), packets of any flow may lie
/// in any queue: until all that had been put by then have left, no entry becomes active.
public final class Handover {

    private static final VarHandle LEFT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int NOWHERE = -1;

    private final int queueCount;        // of a port
    private final long[] left;           // by port and queue; written by workers
    private final long[] barriers;       // by port and queue
    private final boolean[] isBarred;    // by port: a barrier may still stand
    private final int[] noted;           // by direction: port and queue, or NOWHERE
    private final long[] notedCounts;    // by direction: packets of that queue that must have left

    /// @param queueCount queues of each port
    /// @param entriesMax directions
    public Handover(int portCount, int queueCount, int entriesMax) {
        this.queueCount = queueCount;
        this.left = new long[portCount * queueCount];
        this.barriers = new long[portCount * queueCount];
        this.isBarred = new boolean[portCount];
        this.noted = new int[entriesMax];
        this.notedCounts = new long[entriesMax];
    }

    /// Worker of the queue. The first `count` packets of it have left.
    public void left(int port, int queue, long count) {
        LEFT.setRelease(left, port * queueCount + queue, count);
    }

    private boolean hasLeft(int place, long count) {
        return (long) LEFT.getAcquire(left, place) >= count;
    }

    /// Device. An entry is armed: no packet of it is noted. Those that came before lie before the first that is.
    void begin(int direction) {
        noted[direction] = NOWHERE;
    }

    /// Device. A packet of the entry is the one number `index` of its queue.
    void note(int direction, int port, int queue, long index) {
        noted[direction] = port * queueCount + queue;
        notedCounts[direction] = index + 1;
    }

    /// Device. From here on a queue may be another one for the same packet; `putCount` were put into it so far.
    public void barrier(int port, int queue, long putCount) {
        barriers[port * queueCount + queue] = putCount;
        isBarred[port] = true;
    }

    /// Device. True if every packet that the worker was given of the entry has left it; false too as long as none was
    /// noted.
    boolean isOver(int direction) {
        int place = noted[direction];
        if (place == NOWHERE || !hasLeft(place, notedCounts[direction])) return false;
        return !isBarred(place / queueCount);
    }

    private boolean isBarred(int port) {
        if (!isBarred[port]) return false;
        for (int queue = 0; queue < queueCount; queue++) {
            int place = port * queueCount + queue;
            if (!hasLeft(place, barriers[place])) return true;
        }
        isBarred[port] = false;
        return false;
    }
}
