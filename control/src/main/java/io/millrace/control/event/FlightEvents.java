package io.millrace.control.event;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// The control events as Flight Recorder knows them: `jcmd PID JFR.start`, then `jfr print --events 'millrace.*'`.
public final class FlightEvents {

    @Name("millrace.NeighbourChange")
    @Label("Neighbour change")
    @Category("Millrace")
    @StackTrace(false)
    private static final class NeighbourChangeEvent extends Event {
        @Label("Action") private String action;
        @Label("Address") private String address;
        @Label("Port") private String port;
        @Label("MAC address") private String mac;
        @Label("State") private String state;
    }

    @Name("millrace.RouteChange")
    @Label("Route change")
    @Category("Millrace")
    @StackTrace(false)
    private static final class RouteChangeEvent extends Event {
        @Label("Action") private String action;
        @Label("Route") private String route;
    }

    @Name("millrace.InterfaceChange")
    @Label("Interface change")
    @Category("Millrace")
    @StackTrace(false)
    private static final class InterfaceChangeEvent extends Event {
        @Label("Action") private String action;
        @Label("Port") private String port;
        @Label("What") private String what;
    }

    @Name("millrace.SysctlChange")
    @Label("Sysctl change")
    @Category("Millrace")
    @StackTrace(false)
    private static final class SysctlChangeEvent extends Event {
        @Label("Sysctl") private String sysctl;
        @Label("Value") private String value;
    }

    @Name("millrace.RulesetCommit")
    @Label("Ruleset commit")
    @Category("Millrace")
    @StackTrace(false)
    private static final class RulesetCommitEvent extends Event {
        @Label("Command") private String command;
        @Label("Generation") private long generation;
        @Label("Tables") private int tables;
        @Label("Chains") private int chains;
        @Label("Rules") private int rules;
    }

    @Name("millrace.FlowOffload")
    @Label("Flow in a NIC")
    @Category("Millrace")
    @StackTrace(false)
    private static final class FlowOffloadEvent extends Event {
        @Label("Action") private String action;
        @Label("Flow") private String flow;
        @Label("NIC") private String nic;
        @Label("Why") private String why;
        @Label("Asked by") private String by;
        @Label("Thread") private String thread;
        @Label("Slot") private int slot;
        @Label("Generation") private int generation;
    }

    @Name("millrace.EswitchMode")
    @Label("Mode of a NIC's switch")
    @Category("Millrace")
    @StackTrace(false)
    private static final class EswitchModeEvent extends Event {
        @Label("NIC") private String nic;
        @Label("Asked by") private String by;
        @Label("Thread") private String thread;
        @Label("From") private String from;
        @Label("To") private String to;
        @Label("Generation") private long generation;
        @Label("Ending") private String ending;
        @Label("Draining, ns") private long drainNs;
        @Label("Packets offered") private long offered;
        @Label("Packets lost") private long lost;
        @Label("Traffic blocked, ns") private long blockedNs;
    }

    @Name("millrace.HardwareFilter")
    @Label("Filter in a NIC")
    @Category("Millrace")
    @StackTrace(false)
    private static final class HardwareFilterEvent extends Event {
        @Label("Action") private String action;
        @Label("NIC") private String nic;
        @Label("Port") private String port;
        @Label("Filter") private String filter;
        @Label("Asked by") private String by;
        @Label("Thread") private String thread;
        @Label("Mode") private String mode;
        @Label("Generation") private long generation;
        @Label("Reason") private String reason;
    }

    @Name("millrace.ConfigReload")
    @Label("Config reload")
    @Category("Millrace")
    @StackTrace(false)
    private static final class ConfigReloadEvent extends Event {
        @Label("File") private String file;
        @Label("Changes") private int changes;
    }

    /// Records the event if anybody records.
    public static void commit(ControlEvent event) {
        Event recorded = switch (event) {
            case ControlEvent.NeighbourChange e -> {
                var made = new NeighbourChangeEvent();
                made.action = e.action();
                made.address = e.address();
                made.port = e.port();
                made.mac = e.mac();
                made.state = e.state();
                yield made;
            }
            case ControlEvent.RouteChange e -> {
                var made = new RouteChangeEvent();
                made.action = e.action();
                made.route = e.route();
                yield made;
            }
            case ControlEvent.InterfaceChange e -> {
                var made = new InterfaceChangeEvent();
                made.action = e.action();
                made.port = e.port();
                made.what = e.what();
                yield made;
            }
            case ControlEvent.SysctlChange e -> {
                var made = new SysctlChangeEvent();
                made.sysctl = e.sysctl();
                made.value = e.value();
                yield made;
            }
            case ControlEvent.RulesetCommit e -> {
                var made = new RulesetCommitEvent();
                made.command = e.command();
                made.generation = e.generation();
                made.tables = e.tables();
                made.chains = e.chains();
                made.rules = e.rules();
                yield made;
            }
            case ControlEvent.FlowOffload e -> flow(e);
            case ControlEvent.EswitchMode e -> mode(e);
            case ControlEvent.HardwareFilter e -> filter(e);
            case ControlEvent.ConfigReload e -> {
                var made = new ConfigReloadEvent();
                made.file = e.file();
                made.changes = e.changeCount();
                yield made;
            }
        };
        recorded.commit();
    }

    private static FlowOffloadEvent flow(ControlEvent.FlowOffload e) {
        var made = new FlowOffloadEvent();
        made.action = e.action();
        made.flow = e.flow();
        made.nic = e.nic();
        made.why = e.why();
        made.by = e.by();
        made.thread = e.thread();
        made.slot = e.slot();
        made.generation = e.generation();
        return made;
    }

    /// True if somebody records what happens to flows in NICs: there may be many such events.
    public static boolean recordsFlows() {
        return new FlowOffloadEvent().isEnabled();
    }

    private static EswitchModeEvent mode(ControlEvent.EswitchMode e) {
        var made = new EswitchModeEvent();
        made.nic = e.nic();
        made.by = e.by();
        made.thread = e.thread();
        made.from = e.from();
        made.to = e.to();
        made.generation = e.generation();
        made.ending = e.ending();
        made.drainNs = e.drainNs();
        made.offered = e.offered();
        made.lost = e.lost();
        made.blockedNs = e.blockedNs();
        return made;
    }

    private static HardwareFilterEvent filter(ControlEvent.HardwareFilter e) {
        var made = new HardwareFilterEvent();
        made.action = e.action();
        made.nic = e.nic();
        made.port = e.port();
        made.filter = e.filter();
        made.by = e.by();
        made.thread = e.thread();
        made.mode = e.mode();
        made.generation = e.generation();
        made.reason = e.reason();
        return made;
    }

    private FlightEvents() {}
}
