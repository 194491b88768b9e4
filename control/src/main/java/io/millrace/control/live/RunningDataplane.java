package io.millrace.control.live;

import io.millrace.control.event.ControlEvent;
import io.millrace.control.event.FlightEvents;
import io.millrace.control.report.OffloadReport;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.Threading;
import io.millrace.dataplane.offload.DeviceFault;
import io.millrace.dataplane.offload.OffloadLog;
import io.millrace.dataplane.worker.Clock;
import io.millrace.dataplane.worker.Worker;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.SimNic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/// A dataplane that forwards packets, for the control thread alone.
///
/// What a worker owns is read and changed by the worker: [#onWorker] has it do so between two bursts and waits for the
/// result. With `threading: shared` the control thread is the worker's, so it is done at once.
public final class RunningDataplane {

    /// Far longer than any turn. A worker that takes longer has ended, or its machine is in trouble.
    private static final long ANSWER_SECONDS = 5;

    private final Dataplane dataplane;
    private final boolean isShared;
    private final Clock clock;
    private final long startNs;
    private DataplaneConfig config;
    private HardwareRules hardwareRules = HardwareRules.NONE;
    private Consumer<ControlEvent> subscriber = event -> { };
    private BiConsumer<Ruleset, Ruleset> rulesListener = (before, after) -> { };

    /// @param clock the workers'
    public RunningDataplane(DataplaneConfig config, Dataplane dataplane, Clock clock) {
        this.config = config;
        this.dataplane = dataplane;
        this.isShared = config.threading() == Threading.SHARED;
        this.clock = clock;
        this.startNs = clock.nowNs();
    }

    /// What was configured last. Its routes and neighbours are those of the start: the tables have the present ones.
    public DataplaneConfig config() {
        return config;
    }

    public List<Port> ports() {
        return dataplane.ports();
    }

    public List<Worker> workers() {
        return dataplane.workers();
    }

    /// The simulated network cards behind the ports.
    public List<SimNic> nics() {
        return dataplane.devices().stream().filter(SimNic.class::isInstance).map(SimNic.class::cast).toList();
    }

    /// What happens to flows in NICs, if there are any; for one follower.
    public Optional<OffloadLog> flowLog() {
        RouterAssembly router = dataplane.router();
        return router == null || router.offload() == null ? Optional.empty() : Optional.of(router.offload().log());
    }

    /// What a NIC did wrong so far, of one kind, as far as anybody looks: 0 where ports are joined in pairs.
    public long faults(SimNic nic, DeviceFault fault) {
        RouterAssembly router = dataplane.router();
        return router == null || router.offload() == null ? 0 : router.offload().faults(nic, fault);
    }

    /// The numbers of the ports that there are, by name.
    public Map<String, Integer> portByName() {
        Map<String, Integer> byName = new LinkedHashMap<>();
        for (Port port : ports()) byName.put(port.name(), port.index());
        return byName;
    }

    /// Rules in the NICs.
    public HardwareRules hardwareRules() {
        return hardwareRules;
    }

    public void hardwareRules(HardwareRules rules) {
        hardwareRules = rules;
    }

    /// Time since the start.
    public long elapsedNs() {
        return clock.nowNs() - startNs;
    }

    public long nowNs() {
        return clock.nowNs();
    }

    /// The router's tables, to be touched in [#onRouter] only. Refuses where ports are joined in pairs.
    public RouterAssembly router() {
        if (config.forwarding() == Forwarding.PATCH) {
            throw new Refusal(2, "forwarding: patch passes frames on unchanged: there are no addresses, routes, "
                + "neighbours or sysctls");
        }
        return dataplane.router();
    }

    /// What was merged and cut at a port so far; the counters may be read at any time.
    public OffloadReport offloads(int portIndex) {
        return OffloadReport.of(dataplane.router(), portIndex);
    }

    /// Connections that there are now.
    public int connectionCount() {
        RouterAssembly tables = router();
        return onRouter(_ -> tables.hooks().tracking() == null ? 0 : tables.hooks().tracking().table().count());
    }

    /// Has the workers ask the ports again what they can do, and merge what a port receives where its NIC is to and may
    /// not.
    public void portChanged(int port, boolean isMergingLeft) {
        for (int i = 0; i < workers().size(); i++) {
            Worker worker = workers().get(i);
            onWorker(i, _ -> {
                worker.portsChanged();
                return null;
            });
        }
        if (config.forwarding() == Forwarding.PATCH) return;
        boolean merges = isMergingLeft || config.ports().get(port).offload().merges();
        onRouter(nowNs -> {
            dataplane.router().merges(port, merges, nowNs);
            return null;
        });
    }

    /// Has the router's worker do something, see [#onWorker].
    public <T> T onRouter(LongFunction<T> work) {
        router();
        return onWorker(0, work);
    }

    /// Has a worker do something between two bursts, with its time, and returns what that returns; what it throws is
    /// thrown here. Refuses where the worker does not answer, and then the work is not done later either.
    public <T> T onWorker(int index, LongFunction<T> work) {
        if (isShared) return work.apply(clock.nowNs());
        var isTaken = new AtomicBoolean();
        var result = new CompletableFuture<T>();
        boolean isPosted = dataplane.workers().get(index).post(nowNs -> {
            if (!isTaken.compareAndSet(false, true)) return;
            try {
                result.complete(work.apply(nowNs));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        if (!isPosted) throw new Refusal(2, "worker " + index + " has too many commands waiting");
        return awaited(result, isTaken, index);
    }

    private static <T> T awaited(CompletableFuture<T> result, AtomicBoolean isTaken, int index) {
        try {
            return result.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            if (isTaken.compareAndSet(false, true)) {
                throw new Refusal(2, "worker " + index + " did not answer within " + ANSWER_SECONDS + " s");
            }
            return result.join();   // it has just begun
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(2, "the run is over");
        }
    }

    /// Takes over addresses, MTUs and sysctls of a configuration that has the same interfaces.
    public void change(DataplaneConfig changed) {
        change(changed, _ -> { });
    }

    /// As [#change(DataplaneConfig)], and between the same two bursts the worker does `more`.
    void change(DataplaneConfig changed, LongConsumer more) {
        RouterAssembly router = router();
        onRouter(nowNs -> {
            router.change(changed);
            more.accept(nowNs);
            return null;
        });
        config = changed;
    }

    /// What runs is now configured so; for those who have changed it themselves.
    void configured(DataplaneConfig changed) {
        config = changed;
    }

    /// Tells subscribers and Flight Recorder what was changed.
    public void publish(ControlEvent event) {
        FlightEvents.commit(event);
        subscriber.accept(event);
    }

    /// Has `listener` told of each change of the rules: as they were, and as they are.
    public void onRules(BiConsumer<Ruleset, Ruleset> listener) {
        rulesListener = listener;
    }

    void rulesChanged(Ruleset before, Ruleset after) {
        rulesListener.accept(before, after);
    }

    public void onEvent(Consumer<ControlEvent> listener) {
        subscriber = listener;
    }
}
