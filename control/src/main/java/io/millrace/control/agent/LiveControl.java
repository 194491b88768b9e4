package io.millrace.control.agent;

import io.millrace.control.command.AbsentVerb;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.ethtool.EthtoolVerb;
import io.millrace.control.command.ip.IpVerb;
import io.millrace.control.command.show.ShowVerb;
import io.millrace.control.command.sysctl.SysctlVerb;
import io.millrace.control.config.ControlConfig;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.socket.ControlSocket;
import io.millrace.control.socket.SocketLimits;
import org.agrona.concurrent.Agent;

import java.util.LinkedHashMap;
import java.util.Map;

/// What controls a live run: the socket, the control thread's agent, the counters. Put together top to bottom, closed by
/// whoever made it.
public final class LiveControl implements AutoCloseable {

    private final ControlAgent agent;
    private final ControlSocket socket;
    private volatile boolean isShutdownRequested;

    /// Opens the socket that the configuration asks for.
    public LiveControl(ControlConfig config, RunningDataplane running, String version) {
        Map<String, ControlVerb> verbs = new LinkedHashMap<>();
        var events = new EventSubscribers();
        running.onEvent(events::publish);
        add(verbs, new IpVerb(running));
        add(verbs, new SysctlVerb(running));
        add(verbs, new EthtoolVerb(running, version));
        add(verbs, new ShowVerb(running));
        addAbsent(verbs);
        add(verbs, events);
        add(verbs, new ShutdownVerb(() -> isShutdownRequested = true));
        add(verbs, new HelpVerb(verbs.values()));
        this.agent = new ControlAgent(verbs);
        this.socket = config.socket()
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

    public boolean isShutdownRequested() {
        return isShutdownRequested;
    }

    @Override
    public void close() {
        if (socket != null) socket.close();
    }
}
