package io.millrace.dataplane.worker;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.account.PacketWatch;
import io.millrace.dataplane.stage.PortOutputs;
import io.millrace.dataplane.stage.Stage;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.WaitablePort;
import io.millrace.nic.sim.SimPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketPool;
import org.agrona.concurrent.Agent;
import org.jctools.queues.SpscArrayQueue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Polls the queues given to it and runs every burst through its stages.
///
/// One turn: apply a command, receive, work, send, expire a bounded number of timers. The turn is a method of its own,
/// called from a loop that does nothing else, so that HotSpot compiles it as a method and not on the stack of an
/// endless loop. Everything here belongs to one thread at a time.
public final class Worker implements Agent {

    /// Timers looked at in a turn: enough to keep up with thousands of neighbours, too few to delay a burst.
    private static final int TIMER_BUDGET = 32;
    /// Commands that may wait: the control thread waits for each, so there is hardly ever more than one.
    private static final int COMMANDS_MAX = 16;

    private final String name;
    private final Port[] ports;
    private final int[] queueCounts;   // receive queues of each port
    private final Stage[] stages;
    private final PortOutputs outputs;
    private final SimPort[] handingOver;   // those whose device may take flows over
    private final Timers timers;
    private final Ledger ledger;
    private final PacketPool pool;
    private final Clock clock;
    private final Burst burst = new Burst();
    private final WorkerLoad load = new WorkerLoad();
    private final SpscArrayQueue<WorkerCommand> commands = new SpscArrayQueue<>(COMMANDS_MAX);
    private PacketWatch watch;

    /// @param ports the ports it receives from, all queues of each, at their indexes; null where another worker does
    public Worker(String name, Port[] ports, Stage[] stages, PortOutputs outputs, Timers timers, Ledger ledger,
                  PacketPool pool, Clock clock) {
        this.name = name;
        this.ports = ports.clone();
        this.queueCounts = new int[ports.length];
        for (int i = 0; i < ports.length; i++) {
            queueCounts[i] = ports[i] == null ? 0 : ports[i].capabilities().rxQueues();
        }
        this.handingOver = Arrays.stream(ports).filter(SimPort.class::isInstance).map(SimPort.class::cast)
            .filter(port -> port.nic().flows() != null).toArray(SimPort[]::new);
        this.stages = stages.clone();
        this.outputs = outputs;
        this.timers = timers;
        this.ledger = ledger;
        this.pool = pool;
        this.clock = clock;
    }

    @Override
    public String roleName() {
        return name;
    }

    @Override
    public int doWork() {
        return turn(clock.nowNs());
    }

    /// One turn in live operation. Returns the packets received; 0 lets the caller idle.
    public int turn(long nowNs) {
        load.beginTurn(nowNs);
        WorkerCommand command = commands.relaxedPoll();
        if (command != null) command.apply(nowNs);
        int receivedCount = 0;
        for (int i = 0; i < ports.length; i++) {
            for (int queue = 0; queue < queueCounts[i]; queue++) {
                int count = ports[i].receive(queue, burst, pool, nowNs);
                if (count == 0) continue;
                receivedCount += count;
                load.received(count);
                burst.port(i);
                process(burst, nowNs);
            }
        }
        endTurn(nowNs);
        return receivedCount;
    }

    /// Runs a burst that someone else received through the stages; it is empty afterwards.
    public void process(Burst received, long nowNs) {
        ledger.received(received.count());
        if (watch != null) watch.received(received, nowNs);
        for (int i = 0; i < stages.length; i++) {
            if (watch != null) watch.entered(i, received, nowNs);
            stages[i].process(received, nowNs);
        }
        if (watch != null) watch.left();
        assert received.count() == 0 : "the last stage left packets in the burst";
    }

    /// Sends what has gathered and does what time asks for.
    public void endTurn(long nowNs) {
        for (int i = 0; i < stages.length; i++) stages[i].endTurn(nowNs);
        outputs.flush(nowNs);
        if (timers.expire(nowNs, TIMER_BUDGET) > 0) outputs.flush(nowNs);
        if (handingOver.length > 0 && ledger.held() == 0) publishLeft();
    }

    /// Nothing that was received is here any more: flows on their way into a device need not wait for it.
    private void publishLeft() {
        for (SimPort port : handingOver) port.allLeft();
    }

    /// Descriptors on which to sleep until a packet comes, one for each queue; empty if some port has none.
    public int[] pollDescriptors() {
        var descriptors = new ArrayList<Integer>();
        for (int i = 0; i < ports.length; i++) {
            for (int queue = 0; queue < queueCounts[i]; queue++) {
                if (!(ports[i] instanceof WaitablePort waitable)) return new int[0];
                descriptors.add(waitable.pollDescriptor(queue));
            }
        }
        return descriptors.stream().mapToInt(Integer::intValue).toArray();
    }

    /// Hands the worker a command, which it applies between two bursts, one a turn. One thread at a time may; false if
    /// too many wait.
    public boolean post(WorkerCommand command) {
        return commands.offer(command);
    }

    /// The ports can do other things than before: asks them again. For this worker's thread.
    public void portsChanged() {
        outputs.portsChanged();
    }

    /// Who looks at the packets of this worker, or null. For its own thread, between two bursts.
    public void watch(PacketWatch watcher) {
        watch = watcher;
        ledger.watch(watcher);
        outputs.watch(watcher);
    }

    /// The stages in their order, as a trace names them.
    public List<String> stageNames() {
        return Arrays.stream(stages).map(Stage::name).toList();
    }

    public WorkerLoad load() {
        return load;
    }

    public Ledger ledger() {
        return ledger;
    }

    public PacketPool pool() {
        return pool;
    }

    /// Ends what is still held: the run is over.
    public void releaseHeld() {
        for (Stage stage : stages) stage.releaseHeld();
        timers.releaseHeld();
    }

    /// True once none of its ports will ever give a packet again.
    public boolean isExhausted() {
        for (Port port : ports) {
            if (port != null && !port.isExhausted()) return false;
        }
        return true;
    }
}
