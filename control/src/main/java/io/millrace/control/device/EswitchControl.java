package io.millrace.control.device;

import io.millrace.control.event.ControlEvent;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.eswitch.ChangeRecord;
import io.millrace.nic.sim.eswitch.Eswitch;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.ModeChange;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// The mode of a NIC's switch, for the control thread: one change at a time, a turn of it a turn of that thread, and
/// what came of it in the health reporter `eswitch`.
///
/// A change in which entries were dropped because nobody removed them in time, and one to which the device did not
/// answer, is an error of that reporter.
public final class EswitchControl {

    private final SimNic nic;
    private final LongSupplier clock;
    private final HealthReporter health;
    private final Consequences consequences;
    private ControlEvent.EswitchMode done;   // of the change whose consequences are under way; else null
    private ControlEvent.EswitchMode lastEvent;
    private long changeCount;

    /// What follows from a change that was made.
    interface Consequences {

        void begin();

        /// Does the next of it; true once all is done.
        boolean turn();
    }

    /// @param clock the device's
    EswitchControl(SimNic nic, LongSupplier clock, Consequences consequences) {
        this.consequences = consequences;
        this.nic = nic;
        this.clock = clock;
        this.health = new HealthReporter("eswitch", this::findings, () -> { });
    }

    public EswitchMode mode()        { return nic.eswitch().mode(); }
    public Eswitch.Stand stand()     { return nic.eswitch().stand(); }
    public HealthReporter health()   { return health; }

    /// Begins a change. It is over if there is nothing to change, or another is under way.
    public ModeChange begin(EswitchMode wanted) {
        return nic.changeMode(wanted);
    }

    /// A turn of a change; what happened once it is over, or null.
    ///
    /// @param by user who asked for it
    public ControlEvent.EswitchMode turn(ModeChange change, String by) {
        if (done == null && !end(change, by) || !consequences.turn()) return null;
        ControlEvent.EswitchMode event = done;
        done = null;
        return event;
    }

    /// True once the change is over.
    private boolean end(ModeChange change, String by) {
        if (!change.turn(clock.getAsLong())) return false;
        lastEvent = event(change, by);
        done = lastEvent;
        ChangeRecord record = change.record();
        if (record != null) {
            changeCount++;
            consequences.begin();
        }
        if (change.ending() == ModeChange.Ending.NO_ANSWER || record != null && record.hasDropped()) {
            health.report(Map.of("error", record == null ? "the device did not answer"
                : "entries were left, and dropped with their table"));
        }
        return true;
    }

    private ControlEvent.EswitchMode event(ModeChange change, String by) {
        ChangeRecord done = change.record();
        String thread = Thread.currentThread().getName();
        return new ControlEvent.EswitchMode("sim/" + nic.name(), by, thread, change.from().label(),
            change.wanted().label(), done == null ? nic.eswitch().generation() : done.generation(),
            change.ending().label(), done == null ? 0 : done.drainNs(), done == null ? 0 : done.offered(),
            done == null ? 0 : done.lost(), done == null ? 0 : Math.round(done.blockedNs()));
    }

    private Map<String, String> findings() {
        Eswitch eswitch = nic.eswitch();
        Map<String, String> findings = new LinkedHashMap<>();
        findings.put("mode", eswitch.mode().label());
        findings.put("generation", String.valueOf(eswitch.generation()));
        findings.put("changes", String.valueOf(changeCount));
        findings.put("adds refused while draining", String.valueOf(eswitch.refusedBusy()));
        findings.put("adds refused of earlier generations", String.valueOf(eswitch.refusedStale()));
        if (nic.flows() != null) {
            findings.put("flow commands refused of earlier generations", String.valueOf(nic.flows().staleCount()));
        }
        if (lastEvent != null) {
            findings.put("last change", lastEvent.from() + " to " + lastEvent.to() + ": " + lastEvent.ending());
            findings.put("asked by", lastEvent.by() + ", thread " + lastEvent.thread());
            findings.put("drained for us", String.valueOf(lastEvent.drainNs() / 1_000));
            findings.put("traffic blocked for us", String.valueOf(lastEvent.blockedNs() / 1_000));
        }
        return findings;
    }
}
