package io.millrace.dataplane.worker;

import io.millrace.nic.port.Device;
import io.millrace.nic.port.WaitablePort;
import net.openhft.affinity.Affinity;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/// Runs workers in real time until their inputs end or they are told to stop: all in turn on one thread (`shared`),
/// or each on a thread of its own, pinned to a processor (`dedicated`).
///
/// Workers all of whose ports can wake a thread ([WaitablePort]) sleep until one does, unless they are to spin. Of
/// the others a dedicated one spins while there is a processor for each; otherwise, as in `shared`, it backs off to
/// parking.
public final class LiveRun {

    /// How long a run that is told to stop goes on forwarding what its wires have already taken over.
    private static final long STOP_NS_MAX = 100_000_000;

    private final List<Worker> workers;
    private final List<Device> devices;
    private final boolean isDedicated;
    private final boolean isSpinning;
    private final long drainNs;
    private final Clock clock;
    private final Agent control;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean isStopped;

    /// @param devices    what lies behind the ports: in turn with the workers where they share a thread, each on a
    ///                   thread of its own where they do not
    /// @param isSpinning workers stay awake even where a port could wake them
    /// @param control    runs beside the workers until they end: after each turn of theirs where they share a thread,
    ///                   on a thread of its own where they do not; or null
    public LiveRun(List<Worker> workers, List<Device> devices, boolean isDedicated, boolean isSpinning, long drainNs, Clock clock,
                   Agent control) {
        this.workers = List.copyOf(workers);
        this.devices = List.copyOf(devices);
        this.isDedicated = isDedicated;
        this.isSpinning = isSpinning;
        this.drainNs = drainNs;
        this.clock = clock;
        this.control = control;
    }

    /// Starts the workers and waits for their end; `whileRunning` is asked ten times a second whether to stop. A run
    /// that is told to stop first forwards what waits at its ports, for a tenth of a second at most.
    /// A worker that fails stops all of them; what it threw is thrown here.
    public void run(BooleanSupplier whileRunning) throws InterruptedException {
        var runners = new ArrayList<AgentRunner>();
        var threads = new ArrayList<Thread>();
        if (isDedicated) {
            int[] processors = processors();
            boolean spins = processors.length >= workers.size();
            for (int i = 0; i < workers.size(); i++) {
                Agent agent = new UntilEnd(List.of(workers.get(i)), List.of(), null);
                IdleStrategy idle = idle(List.of(workers.get(i)), spins);
                runners.add(runner(idle, agent));
                int processor = processors[i % processors.length];
                threads.add(AgentRunner.startOnThread(runners.get(i), task -> pinned(task, processor)));
            }
        } else {
            runners.add(runner(idle(workers, false), new UntilEnd(workers, devices, control)));
            threads.add(AgentRunner.startOnThread(runners.get(0)));
        }
        var deviceRunners = new ArrayList<AgentRunner>();
        if (isDedicated) {
            for (Device device : devices) {
                deviceRunners.add(runner(backoff(), new DeviceAgent(device, clock)));
                AgentRunner.startOnThread(deviceRunners.getLast());
            }
        }
        AgentRunner controlRunner = null;
        if (isDedicated && control != null) {
            controlRunner = runner(backoff(), control);
            AgentRunner.startOnThread(controlRunner);
        }
        for (Thread thread : threads) {
            while (!thread.join(Duration.ofMillis(100))) {
                if (whileRunning.getAsBoolean() || failure.get() != null) isStopped = true;
            }
        }
        if (controlRunner != null) controlRunner.close();
        for (AgentRunner runner : runners) {
            runner.close();
        }
        for (AgentRunner runner : deviceRunners) {
            runner.close();
        }
        sendRest();
        for (Worker worker : workers) {
            worker.releaseHeld();
        }
        for (Device device : devices) {
            device.releaseHeld();
        }
        if (failure.get() != null) throw new IllegalStateException("a worker failed", failure.get());
    }

    /// What the workers have left in the hands of devices goes to the wires.
    private void sendRest() {
        for (Device device : devices) {
            long untilNs = clock.nowNs() + STOP_NS_MAX;
            while (device.held() > 0 && device.turn(clock.nowNs()) > 0 && clock.nowNs() < untilNs) {}
        }
    }

    private AgentRunner runner(IdleStrategy idle, Agent agent) {
        return new AgentRunner(idle, this::fail, null, agent);
    }

    /// A failed worker does not go on: its state is not to be trusted.
    private void fail(Throwable cause) {
        if (cause instanceof AgentTerminationException) return;
        failure.compareAndSet(null, cause);
        isStopped = true;
    }

    private IdleStrategy idle(List<Worker> inTurn, boolean hasProcessor) {
        if (isSpinning) return new BusySpinIdleStrategy();
        int[][] descriptors = inTurn.stream().map(Worker::pollDescriptors).toArray(int[][]::new);
        if (Arrays.stream(descriptors).allMatch(own -> own.length > 0)) {
            return new SleepOnPorts(clock, Arrays.stream(descriptors).flatMapToInt(Arrays::stream).toArray());
        }
        return hasProcessor ? new BusySpinIdleStrategy() : backoff();
    }

    private static IdleStrategy backoff() {
        return new BackoffIdleStrategy(100, 100, 1_000, 200_000);
    }

    private static Thread pinned(Runnable task, int processor) {
        return new Thread(() -> {
            Affinity.setAffinity(processor);
            task.run();
        });
    }

    private static int[] processors() {
        BitSet allowed = Affinity.getAffinity();
        return allowed.isEmpty() ? new int[] {0} : allowed.stream().toArray();
    }

    /// Workers in turn on one thread, until they are told to stop, or their inputs have ended and nothing is held.
    private final class UntilEnd implements Agent {

        private final Worker[] inTurn;
        private final Device[] devices;
        private final Agent control;
        private long drainUntilNs = Long.MAX_VALUE;
        private long stopUntilNs = Long.MAX_VALUE;

        UntilEnd(List<Worker> inTurn, List<Device> devices, Agent control) {
            this.inTurn = inTurn.toArray(Worker[]::new);
            this.devices = devices.toArray(Device[]::new);
            this.control = control;
        }

        @Override
        public String roleName() {
            return inTurn.length == 1 ? inTurn[0].roleName() : "workers";
        }

        @Override
        public int doWork() throws Exception {
            if (failure.get() != null) throw new AgentTerminationException();
            boolean isStopping = isStopped;
            int receivedCount = turnDevices();
            for (int i = 0; i < inTurn.length; i++) {
                receivedCount += inTurn[i].doWork();
            }
            receivedCount += turnDevices();
            int controlCount = control == null ? 0 : control.doWork();
            if (isStopping ? hasStopped(receivedCount) : receivedCount == 0 && hasEnded()) {
                throw new AgentTerminationException();
            }
            return receivedCount + controlCount;
        }

        private int turnDevices() {
            if (devices.length == 0) return 0;
            long nowNs = clock.nowNs();
            int count = 0;
            for (Device device : devices) count += device.turn(nowNs);
            return count;
        }

        /// What is still waiting for others (neighbours) is not waited for.
        private boolean hasStopped(int receivedCount) {
            long nowNs = clock.nowNs();
            if (stopUntilNs == Long.MAX_VALUE) stopUntilNs = nowNs + STOP_NS_MAX;
            return receivedCount == 0 || nowNs >= stopUntilNs;
        }

        private boolean hasEnded() {
            long heldCount = 0;
            for (Worker worker : inTurn) {
                if (!worker.isExhausted()) return false;
                heldCount += worker.ledger().held();
            }
            for (Device device : devices) heldCount += device.held();
            long nowNs = clock.nowNs();
            if (drainUntilNs == Long.MAX_VALUE) drainUntilNs = nowNs + drainNs;
            return heldCount == 0 || nowNs >= drainUntilNs;
        }
    }
}
