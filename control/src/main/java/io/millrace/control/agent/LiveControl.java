package io.millrace.control.agent;

import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.config.ConfigVerb;
import io.millrace.control.command.conntrack.ConnectionFollowing;
import io.millrace.control.command.conntrack.ConntrackVerb;
import io.millrace.control.command.devlink.DevlinkVerb;
import io.millrace.control.command.ethtool.EthtoolVerb;
import io.millrace.control.command.fault.FaultVerb;
import io.millrace.control.command.ip.IpVerb;
import io.millrace.control.command.nft.NftCommand;
import io.millrace.control.command.nft.RulesetFollowing;
import io.millrace.control.command.show.ShowVerb;
import io.millrace.control.command.sysctl.SysctlVerb;
import io.millrace.control.command.tc.TcVerb;
import io.millrace.control.command.trace.CaptureVerb;
import io.millrace.control.command.trace.TraceVerb;
import io.millrace.control.config.ControlConfig;
import io.millrace.control.device.Auditor;
import io.millrace.control.device.BootImage;
import io.millrace.control.device.FilterMoves;
import io.millrace.control.device.NicControl;
import io.millrace.control.device.Nics;
import io.millrace.control.device.RuleFilters;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.metrics.CounterFile;
import io.millrace.control.metrics.MetricsPage;
import io.millrace.control.metrics.RunCounters;
import io.millrace.control.socket.ControlSocket;
import io.millrace.control.socket.SocketLimits;
import io.millrace.control.trace.CaptureSessions;
import io.millrace.control.trace.Watching;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.NicConfig;
import org.agrona.concurrent.Agent;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// What controls a live run: the socket, the control thread's agent, the counters. Put together top to bottom, closed
/// by whoever made it.
public final class LiveControl implements AutoCloseable {

    private final ControlAgent agent;
    private final Deque<Opened> opened = new ArrayDeque<>();
    private final ConfigVerb config;
    private MetricsPage metricsPage;
    private volatile boolean isShutdownRequested;

    /// What [#close] closes, the last one first.
    private interface Opened extends AutoCloseable {
        @Override
        void close();
    }

    /// Opens what the configuration asks for; throws a [ConfigException], and opens nothing, where that cannot be.
    public LiveControl(ControlConfig control, RunningDataplane running, String version) {
        Map<String, ControlVerb> verbs = new LinkedHashMap<>();
        var events = new EventSubscribers();
        running.onEvent(events::publish);
        add(verbs, new IpVerb(running));
        add(verbs, new SysctlVerb(running));
        Nics nics = nics(running, version);
        add(verbs, new EthtoolVerb(running, nics, version));
        add(verbs, new DevlinkVerb(nics, running::publish));
        add(verbs, new ShowVerb(running));
        add(verbs, new FaultVerb(running));
        this.config = new ConfigVerb(running, control);
        add(verbs, config);
        var watching = new Watching(running);
        var captures = new CaptureSessions(watching);
        add(verbs, new TraceVerb(running, watching));
        add(verbs, new CaptureVerb(running, captures));
        var rulesFollowing = new RulesetFollowing(running);
        add(verbs, new NftCommand(running, rulesFollowing));
        var following = new ConnectionFollowing(running);
        add(verbs, new ConntrackVerb(running, following));
        add(verbs, new TcVerb(FilterMoves.traffic(running, nics, ruleFilters(running, nics))));
        add(verbs, events);
        add(verbs, new ShutdownVerb(() -> isShutdownRequested = true));
        add(verbs, new HelpVerb(verbs.values()));
        this.agent = new ControlAgent(verbs, nics::askedBy);
        nics.onEvent(running::publish);
        agent.everyTurn(_ -> captures.turn());
        agent.everyTurn(_ -> following.turn());
        running.flowLog().ifPresent(log -> {
            var flows = new FlowFollowing(running, log, events);
            agent.everyTurn(_ -> flows.turn());
        });
        agent.everyTurn(_ -> rulesFollowing.turn());
        if (running.config().nics().stream().anyMatch(nic -> nic.auditOneIn() > 0)) {
            Path folder = control.socket().map(path -> path.toAbsolutePath().getParent()).orElse(Path.of("."));
            var auditor = new Auditor(nics, folder);
            opened.push(auditor::close);
            agent.everyTurn(_ -> auditor.turn());
        }
        var counters = new RunCounters(running);
        try {
            // The socket first: it refuses where another process lives, whose counters must stay.
            control.socket().ifPresent(path ->
                opened.push(new ControlSocket(path, SocketLimits.USUAL, agent::offer)::close));
            control.counters().ifPresent(path -> {
                var file = new CounterFile(path, counters);
                opened.push(file::close);
                agent.everyTurn(file::turn);
            });
            control.metrics().ifPresent(address -> {
                metricsPage = new MetricsPage(address, counters);
                opened.push(metricsPage::close);
            });
        } catch (ConfigException e) {
            close();
            throw e;
        }
    }

    private static Nics nics(RunningDataplane running, String version) {
        DataplaneConfig config = running.config();
        return new Nics(running.ports(), nic -> {
            NicConfig mine = config.nics().stream().filter(each -> each.name().equals(nic.name())).findFirst()
                .orElseThrow();
            LongConsumer turn = nic.isInline() ? nowNs -> nic.mailbox().turn(nowNs, 1) : _ -> { };
            var control = new NicControl(nic, BootImage.host(), BootImage.of(mine, version), running::nowNs, turn,
                port -> config.ports().get(port).nic().orElseThrow().merges(), running::portChanged);
            control.watch(fault -> running.faults(nic, fault));
            return control;
        });
    }

    /// Offloaded chains are in the NICs before the first packet.
    private static RuleFilters ruleFilters(RunningDataplane running, Nics nics) {
        var rules = new RuleFilters(running.ports());
        rules.begin(running.config().rules().ruleset());
        rules.use(nics);
        running.hardwareRules(rules);
        return rules;
    }

    private static void add(Map<String, ControlVerb> verbs, ControlVerb verb) {
        verbs.put(verb.name(), verb);
    }

    public Agent agent() {
        return agent;
    }

    /// From any thread: has the control thread read the config file anew. `said` gets what there is to say about it.
    public void reload(Consumer<String> said) {
        boolean isPosted = agent.post(() -> {
            try {
                said.accept("config reloaded, changes: " + config.reload().size());
            } catch (Refusal e) {
                said.accept("config not reloaded: " + e.getMessage());
            } catch (RuntimeException e) {
                // A bug here must not end the forwarding.
                said.accept("config not reloaded, by a bug of Millrace; please report it: " + e);
            }
        });
        if (!isPosted) said.accept("config not reloaded: too much waits for the control thread");
    }

    /// Where the metrics are served; -1 if nowhere.
    public int metricsPort() {
        return metricsPage == null ? -1 : metricsPage.port();
    }

    public boolean isShutdownRequested() {
        return isShutdownRequested;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) opened.pop().close();
    }
}
