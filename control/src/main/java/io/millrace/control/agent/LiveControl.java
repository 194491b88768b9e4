package io.millrace.control.agent;

import io.millrace.control.command.AbsentVerb;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.config.ConfigVerb;
import io.millrace.control.command.ethtool.EthtoolVerb;
import io.millrace.control.command.ip.IpVerb;
import io.millrace.control.command.show.ShowVerb;
import io.millrace.control.command.sysctl.SysctlVerb;
import io.millrace.control.config.ControlConfig;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.socket.ControlSocket;
import io.millrace.control.socket.SocketLimits;
import org.agrona.concurrent.Agent;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// What controls a live run: the socket, the control thread's agent, the counters. Put together top to bottom, closed by
/// whoever made it.
public final class LiveControl implements AutoCloseable {

    private final ControlAgent agent;
    private final ControlSocket socket;
    private final ConfigVerb config;
    private volatile boolean isShutdownRequested;

    /// Opens the socket that the configuration asks for.
    public LiveControl(ControlConfig control, RunningDataplane running, String version) {
        Map<String, ControlVerb> verbs = new LinkedHashMap<>();
        var events = new EventSubscribers();
        running.onEvent(events::publish);
        add(verbs, new IpVerb(running));
        add(verbs, new SysctlVerb(running));
        add(verbs, new EthtoolVerb(running, version));
        add(verbs, new ShowVerb(running));
        this.config = new ConfigVerb(running, control);
        add(verbs, config);
        addAbsent(verbs);
        add(verbs, events);
        add(verbs, new ShutdownVerb(() -> isShutdownRequested = true));
        add(verbs, new HelpVerb(verbs.values()));
        this.agent = new ControlAgent(verbs);
        this.socket = control.socket()
            .map(path -> new ControlSocket(path, SocketLimits.USUAL, agent::offer)).orElse(null);
    }

    /// Verbs whose subjects are not built yet. A verb that is built goes into the list above.
    private static void addAbsent(Map<String, ControlVerb> verbs) {
        add(verbs, new AbsentVerb("nft", "packet filtering"));
        add(verbs, new AbsentVerb("conntrack", "connection tracking"));
        add(verbs, new AbsentVerb("devlink", "the simulated NIC"));
        add(verbs, new AbsentVerb("tc", "the simulated NIC"));
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

    public boolean isShutdownRequested() {
        return isShutdownRequested;
    }

    @Override
    public void close() {
        if (socket != null) socket.close();
    }
}
