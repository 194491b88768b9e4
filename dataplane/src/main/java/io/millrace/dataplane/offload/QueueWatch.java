package io.millrace.dataplane.offload;

import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;

import java.util.Arrays;
import java.util.List;

/// Looks whether a NIC serves all its queues. One that it leaves alone turn after turn while it has time is stuck, and
/// is to begin anew; again and again if that does not help.
///
/// Progress is counted in turns of the device, so a process that stands still accuses nobody.
final class QueueWatch {

    private static final long LOOK_NS = 1_000_000;
    private static final long STUCK_NS = 10_000_000;
    private static final long STUCK_TURNS = 16;

    private final SimNic nic;
    private final List<SimPort> ports;
    private final long[][] served;          // by port and queue, when it was last seen to be served
    private final long[][] servedNs;
    private final long[][] servedTurns;     // of the device
    private long lookedNs = Long.MIN_VALUE;
    private SimPort stuckPort;
    private int stuckQueue;

    QueueWatch(SimNic nic) {
        this.nic = nic;
        this.ports = nic.ports();
        this.served = new long[ports.size()][];
        this.servedNs = new long[ports.size()][];
        this.servedTurns = new long[ports.size()][];
        for (int i = 0; i < ports.size(); i++) {
            int queueCount = ports.get(i).queueCount();
            served[i] = new long[queueCount];
            servedNs[i] = new long[queueCount];
            servedTurns[i] = new long[queueCount];
        }
    }

    /// True if a queue is stuck that was not found so within the last while: [#stuckPort], [#stuckQueue].
    boolean findsStuck(long nowNs) {
        boolean isFirst = lookedNs == Long.MIN_VALUE;
        if (!isFirst && nowNs - lookedNs < LOOK_NS) return false;
        lookedNs = nowNs;
        long turns = nic.turns();
        if (isFirst) {
            for (int i = 0; i < served.length; i++) {
                Arrays.fill(servedNs[i], nowNs);
                Arrays.fill(servedTurns[i], turns);
            }
        }
        for (int i = 0; i < served.length; i++) {
            for (int queue = 0; queue < served[i].length; queue++) {
                if (isStuck(i, queue, turns, nowNs)) return true;
            }
        }
        return false;
    }

    private boolean isStuck(int place, int queue, long turns, long nowNs) {
        long now = ports.get(place).servedTurns(queue);
        boolean isServed = now != served[place][queue];
        boolean isStuck = !isServed && nowNs - servedNs[place][queue] >= STUCK_NS
            && turns - servedTurns[place][queue] >= STUCK_TURNS;
        if (!isServed && !isStuck) return false;
        served[place][queue] = now;
        servedNs[place][queue] = nowNs;
        servedTurns[place][queue] = turns;
        stuckPort = ports.get(place);
        stuckQueue = queue;
        return isStuck;
    }

    SimPort stuckPort() { return stuckPort; }
    int stuckQueue()    { return stuckQueue; }
}
