package io.millrace.dataplane.worker;

import io.millrace.nic.port.Device;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;

import java.util.List;
import java.util.function.BooleanSupplier;

/// Runs a worker over captures in virtual time: the same input gives the same output, byte for byte.
///
/// The clock starts at the earliest packet of all inputs. Each turn moves it to the later of clock + poll interval and
/// the time of the earliest waiting packet; then every packet whose time has come is given, ordered by time, then port,
/// then place in the file, in bursts of at most 64. After the last input the clock runs on until nothing is held, at
/// most for the drain time; what is held then ends as `INPUT_ENDED`. Devices behind the ports have their turns between
/// two bursts of the worker's.
public final class OfflineRun {

    private final Worker worker;
    private final TimedPort[] inputs;
    private final List<Device> devices;
    private final long pollIntervalNs;
    private final long drainNs;
    private final Burst burst = new Burst();
    private long startNs;
    private long nowNs;

    /// Every port must be a [TimedPort] or one that is exhausted from the start.
    public OfflineRun(Worker worker, Port[] ports, List<Device> devices, long pollIntervalNs, long drainNs) {
        this.worker = worker;
        this.devices = List.copyOf(devices);
        this.inputs = new TimedPort[ports.length];
        for (int i = 0; i < ports.length; i++) {
            if (ports[i] instanceof TimedPort timed) {
                inputs[i] = timed;
            } else if (!ports[i].isExhausted()) {
                throw new IllegalArgumentException("port " + ports[i].name() + " has no times of its own");
            }
        }
        this.pollIntervalNs = pollIntervalNs;
        this.drainNs = drainNs;
    }

    /// Runs to the end, or until told to stop. Returns false if it was stopped.
    public boolean run(BooleanSupplier isStopped) {
        long firstNs = earliestNs();
        startNs = firstNs == TimedPort.NEVER ? 0 : firstNs;
        nowNs = startNs;
        while (!isStopped.getAsBoolean()) {
            long nextNs = earliestNs();
            if (nextNs == TimedPort.NEVER) return drain(isStopped);
            turn(Math.max(nowNs, nextNs));
            nowNs += pollIntervalNs;
        }
        releaseHeld();
        return false;
    }

    private boolean drain(BooleanSupplier isStopped) {
        long untilNs = nowNs + drainNs;
        while (heldCount() > 0 && nowNs < untilNs && !isStopped.getAsBoolean()) {
            turn(nowNs);
            nowNs += pollIntervalNs;
        }
        releaseHeld();
        return true;
    }

    private void releaseHeld() {
        worker.releaseHeld();
        for (Device device : devices) device.releaseHeld();
    }

    private void turn(long turnNs) {
        nowNs = turnNs;
        int deviceCount;
        do {
            deviceCount = turnDevices();
            while (receive() > 0) {
                burst.port(Burst.MIXED);
                worker.process(burst, nowNs);
            }
        } while (deviceCount > 0);
        worker.endTurn(nowNs);
        while (turnDevices() > 0) {}
    }

    private int turnDevices() {
        int count = 0;
        for (Device device : devices) count += device.turn(nowNs);
        return count;
    }

    private long heldCount() {
        long held = worker.ledger().held();
        for (Device device : devices) held += device.held();
        return held;
    }

    /// Fills the burst in the order of time, then port. One packet is taken at a time only where ports interleave.
    private int receive() {
        while (burst.room() > 0) {
            TimedPort earliest = null;
            long earliestNs = TimedPort.NEVER;
            long othersNs = TimedPort.NEVER;
            for (TimedPort input : inputs) {
                if (input == null) continue;
                long nextNs = input.nextReceiveNs();
                if (nextNs < earliestNs) {
                    othersNs = earliestNs;
                    earliestNs = nextNs;
                    earliest = input;
                } else if (nextNs < othersNs) {
                    othersNs = nextNs;
                }
            }
            if (earliest == null || earliestNs > nowNs) break;
            // Up to the other ports' next packet this port alone gives; at a tie the lower port goes first.
            long untilNs = Math.min(nowNs, Math.max(earliestNs, othersNs == TimedPort.NEVER ? nowNs : othersNs - 1));
            if (earliest.receiveInOrder(burst, worker.pool(), untilNs) == 0) break;
        }
        return burst.count();
    }

    private long earliestNs() {
        long earliestNs = TimedPort.NEVER;
        for (TimedPort input : inputs) {
            if (input != null) earliestNs = Math.min(earliestNs, input.nextReceiveNs());
        }
        return earliestNs;
    }

    /// Virtual time that has passed.
    public long elapsedNs() {
        return nowNs - startNs;
    }
}
