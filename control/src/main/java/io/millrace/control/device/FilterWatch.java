package io.millrace.control.device;

import io.millrace.control.event.ControlEvent;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.eswitch.Eswitch;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// What happens to the filters of a NIC: an event each, counted in the health reporter `filters`. A device that does
/// not answer is an error of that reporter.
///
/// Control thread alone.
public final class FilterWatch {

    /// What can happen.
    enum Action { ADD, REMOVE, REFUSE, LOST }

    private final SimNic nic;
    private final HealthReporter health = new HealthReporter("filters", this::findings, () -> { });
    private final long[] counts = new long[Action.values().length];
    private Consumer<ControlEvent> events = _ -> { };
    private String asker = "config";
    private ControlEvent.HardwareFilter last;

    FilterWatch(SimNic nic) {
        this.nic = nic;
    }

    public HealthReporter health() {
        return health;
    }

    /// Who is told.
    void events(Consumer<ControlEvent> consumer) {
        events = consumer;
    }

    /// For whom the control thread works from now on.
    void askedBy(String who) {
        asker = who;
    }

    /// @param filter as its owner names it
    /// @param reason why it was refused, else empty
    void tell(Action action, String port, String filter, String reason) {
        counts[action.ordinal()]++;
        Eswitch.Stand stand = nic.eswitch().stand();
        last = new ControlEvent.HardwareFilter(action.name().toLowerCase(Locale.ROOT), "sim/" + nic.name(),
            port, filter, asker, Thread.currentThread().getName(), stand.mode().label(), stand.generation(), reason);
        events.accept(last);
    }

    /// The device did not answer to a command about a filter.
    void noAnswer(String port, String filter) {
        health.report(Map.of("error", "the device did not answer about " + filter + " of port " + port));
    }

    private Map<String, String> findings() {
        Map<String, String> findings = new LinkedHashMap<>();
        findings.put("filters added", String.valueOf(counts[Action.ADD.ordinal()]));
        findings.put("filters removed", String.valueOf(counts[Action.REMOVE.ordinal()]));
        findings.put("filters refused", String.valueOf(counts[Action.REFUSE.ordinal()]));
        findings.put("filters lost with a mode", String.valueOf(counts[Action.LOST.ordinal()]));
        if (nic.filters() != null) {
            findings.put("commands refused of earlier generations", String.valueOf(nic.filters().staleCount()));
        }
        if (last != null) {
            findings.put("last", last.action() + " " + last.filter() + " at " + last.port()
                + (last.reason().isEmpty() ? "" : ": " + last.reason()));
            findings.put("asked by", last.by() + ", thread " + last.thread());
        }
        return findings;
    }
}
