package io.millrace.control.trace;

import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.account.PacketWatch;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.worker.Worker;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.SimNic;
import io.millrace.packet.memory.PacketMemory;

import java.util.ArrayList;
import java.util.List;

/// Who looks at which worker. For the control thread; puts watches up and takes them down between two bursts. While
/// nobody looks, no worker has a watch.
public final class Watching {

    private final RunningDataplane running;
    private final List<Watchers> byWorker = new ArrayList<>();
    private List<PacketTracer> tracers = List.of();

    public Watching(RunningDataplane running) {
        this.running = running;
        for (int i = 0; i < running.workers().size(); i++) byWorker.add(new Watchers(List.of()));
    }

    private PacketMemory packets(int worker) {
        return running.workers().get(worker).pool().packets();
    }

    private void set(int worker, Watchers watchers) {
        byWorker.set(worker, watchers);
        Worker target = running.workers().get(worker);
        running.onWorker(worker, _ -> {
            target.watch(watchers.all().isEmpty() ? null : watchers);
            if (running.config().forwarding() == Forwarding.ROUTER) {
                running.router().hooks().watch(watchers.tracer());
            }
            return null;
        });
    }

    private void add(int worker, PacketWatch watch) {
        set(worker, byWorker.get(worker).with(watch));
    }

    /// The next packets that a port receives are traced, at most `count` of every worker.
    public void trace(int port, int count, FrameFilter filter) {
        if (tracers.isEmpty()) startTracing();
        for (int i = 0; i < tracers.size(); i++) {
            PacketTracer tracer = tracers.get(i);
            running.onWorker(i, _ -> {
                tracer.add(port, count, filter);
                return null;
            });
            if (!byWorker.get(i).all().contains(tracer)) add(i, tracer);
        }
    }

    private void startTracing() {
        var made = new ArrayList<PacketTracer>();
        for (int i = 0; i < running.workers().size(); i++) {
            boolean isRouter = running.config().forwarding() == Forwarding.ROUTER;
            var notes = new StageNotes(packets(i), isRouter ? running.router() : null);
            made.add(new PacketTracer(portNames(), running.workers().get(i).stageNames(), packets(i), notes));
        }
        tracers = made;
    }

    /// What was traced so far. A tracer with nothing more to do is taken down.
    public List<PacketTrace> traces() {
        var traces = new ArrayList<PacketTrace>();
        for (int i = 0; i < tracers.size(); i++) {
            PacketTracer tracer = tracers.get(i);
            traces.addAll(running.onWorker(i, _ -> tracer.traces()));
            boolean isDone = !running.onWorker(i, _ -> tracer.isWanted());
            if (isDone && byWorker.get(i).all().contains(tracer)) set(i, byWorker.get(i).without(tracer));
        }
        return traces;
    }

    /// Ends all tracing and forgets what was traced.
    public void clearTraces() {
        for (int i = 0; i < tracers.size(); i++) set(i, byWorker.get(i).without(tracers.get(i)));
        tracers = List.of();
    }

    /// Begins to capture what a port receives and sends, or what is dropped.
    Capture capture(int port, FrameFilter filter) {
        var taps = new ArrayList<CaptureTap>();
        var sources = new ArrayList<Capture.Source>();
        for (int i = 0; i < byWorker.size(); i++) {
            var tap = new CaptureTap(port, filter, packets(i));
            taps.add(tap);
            sources.add(new Capture.Source(tap.ring(), Capture.byStage(running.workers().get(i).stageNames())));
            add(i, tap);
        }
        return new Capture(sources, portNames(), () -> {
            for (int i = 0; i < taps.size(); i++) set(i, byWorker.get(i).without(taps.get(i)));
        });
    }

    /// Begins to capture what the NICs forward. Refuses where no port has one.
    Capture captureHardware(FrameFilter filter) {
        if (running.nics().isEmpty()) {
            throw new Refusal(1, "capture offload: no port has a NIC, so workers forward every packet");
        }
        var taps = new ArrayList<HardwareTap>();
        var sources = new ArrayList<Capture.Source>();
        for (SimNic nic : running.nics()) {
            var tap = new HardwareTap(nic, filter);
            taps.add(tap);
            sources.add(new Capture.Source(tap.ring(), Capture.byDevice("sim/" + nic.name(), portNames())));
            nic.watch(tap);
        }
        return new Capture(sources, portNames(), () -> taps.forEach(tap -> tap.nic().unwatch(tap)));
    }

    private List<String> portNames() {
        return running.ports().stream().map(Port::name).toList();
    }
}
