package io.millrace.control;

import io.millrace.control.agent.LiveControl;
import io.millrace.control.config.ControlConfig;
import io.millrace.control.device.RuleFilters;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.report.NicReport;
import io.millrace.control.report.OffloadReport;
import io.millrace.control.report.PortReport;
import io.millrace.control.report.ProgressListener;
import io.millrace.control.report.RulesReport;
import io.millrace.control.report.RunReport;
import io.millrace.control.verb.Runner;
import io.millrace.control.verb.VersionVerb;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.worker.Clock;
import io.millrace.dataplane.worker.Worker;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Runs a configuration: packet memory, ports, dataplane, top to bottom; then the report.
final class Wiring implements Runner {

    @Override
    public RunReport run(DataplaneConfig config, ControlConfig control, ProgressListener listener) {
        boolean isAudited = config.nics().stream().anyMatch(nic -> nic.auditOneIn() > 0);
        if (isAudited && (config.isOffline() || !control.isWanted())) {
            throw new ConfigException("audit: needs a live run with control: FILE; devlink health tells what it finds");
        }
        try (Arena arena = Arena.ofShared()) {
            var packets = new PacketMemory(arena, Dataplane.slotCount(config));
            var pool = new PacketPool(arena, packets);
            try (var ports = new OpenPorts(config, arena, pool)) {
                Clock clock = Clock.system();
                Dataplane dataplane = Dataplane.assemble(config, arena, ports.all(),
                    List.copyOf(ports.nics()), pool, clock);
                denyFlows(config, dataplane, ports);
                if (config.isOffline() || !control.isWanted()) {
                    new RuleFilters(ports.all()).begin(config.rules().ruleset());
                    return run(config, dataplane, ports, listener, null);
                }
                var running = new RunningDataplane(config, dataplane, clock);
                try (var live = new LiveControl(control, running, VersionVerb.version())) {
                    HangupSignal.handle(() -> live.reload(said -> System.err.println("millrace: " + said)));
                    return run(config, dataplane, ports, listener, live);
                }
            }
        }
    }

    /// Flows stay in software at ports whose NIC runs other programs.
    private static void denyFlows(DataplaneConfig config, Dataplane dataplane, OpenPorts ports) {
        if (dataplane.router() == null || dataplane.router().offload() == null) return;
        for (int port = 0; port < config.ports().size(); port++) {
            dataplane.router().offload().deny(port, ports.flowObstacles(config, port));
        }
    }

    private static RunReport run(DataplaneConfig config, Dataplane dataplane, OpenPorts ports,
                                 ProgressListener listener, LiveControl live) {
        long startNs = System.nanoTime();
        var progress = new Progress(ports, listener, startNs);
        long elapsedNs;
        try {
            elapsedNs = live == null ? dataplane.run(progress)
                : dataplane.run(() -> progress.getAsBoolean() || live.isShutdownRequested(), live.agent());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while packets were forwarded", e);
        }
        ports.close();
        long wallNs = System.nanoTime() - startNs;
        var portReports = new ArrayList<PortReport>();
        for (int i = 0; i < ports.all().size(); i++) {
            portReports.add(PortReport.of(ports.all().get(i), OpenPorts.wireName(config.ports().get(i).wire()),
                OffloadReport.of(dataplane.router(), i)));
        }
        OptionalLong virtualNs = config.isOffline() ? OptionalLong.of(elapsedNs) : OptionalLong.empty();
        return RunReport.of(portReports, ports.nics().stream().map(NicReport::of).toList(),
            dataplane.workers().stream().map(Worker::ledger).toList(), wallNs, virtualNs,
            listener.isStopRequested() || live != null && live.isShutdownRequested(), ports.warnings())
            .with(RulesReport.of(dataplane.router()));
    }
}
