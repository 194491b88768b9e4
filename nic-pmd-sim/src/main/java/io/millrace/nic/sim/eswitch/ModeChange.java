package io.millrace.nic.sim.eswitch;

import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.Mailbox;

/// One change of mode, led by the driver, a turn at a time.
///
/// ```
///  BEGINNING ──done──▶ DRAINING ──done────────▶ over: DONE
///      │                  ▲  │busy: wait            ▲
///      │busy, stale       └──┘                      │
///      ▼                     └─patience over: INSISTING
///  over: BUSY               no answer, too often: ABANDONING ──▶ over: NO_ANSWER
/// ```
///
/// Who has entries in the device's tables sees in [Eswitch#stand] that they drain, and removes them; what is left
/// after [#DRAIN_NS] is dropped. A completion that does not come is waited for as long as the device could have
/// answered, then the command is given again; its change has a number, so twice does no harm. So a change ends,
/// whatever the device does: it is over after [#ENDS_NS] of the device's time, and a mailbox's latency.
///
/// One thread: the one that controls the device.
public final class ModeChange {

    /// How a change ended.
    public enum Ending {

        UNDER_WAY("under way"),
        DONE("done"),
        /// The mode was the one that was wanted: nothing happened.
        UNCHANGED("unchanged"),
        /// Another change is under way, or came in between.
        BUSY("busy"),
        /// The device does not answer. What it has done is in [Eswitch#stand].
        NO_ANSWER("no answer");

        private final String label;

        Ending(String label) {
            this.label = label;
        }

        public String label() { return label; }
    }

    /// What whoever has entries has time for. A full flow table takes some milliseconds.
    public static final long DRAIN_NS = 100_000_000;
    private static final long PATIENCE_NS = 1_000_000;
    private static final int LATENCIES = 8;
    private static final int TRIES_MAX = 16;
    private static final int STEPS = 4;
    /// Between two questions whether the tables are drained.
    private static final long PAUSE_NS = 20_000;
    /// After which it is over, whatever happens, with a bus that takes no time: [#DRAIN_NS], and each step tried as
    /// often and as patiently as may be.
    public static final long ENDS_NS = DRAIN_NS + STEPS * (TRIES_MAX * (TRIES_MAX + 1L) / 2 + 1) * PATIENCE_NS;

    private enum Step { BEGINNING, DRAINING, INSISTING, ABANDONING, OVER }

    private final Eswitch eswitch;
    private final Mailbox mailbox;
    private final long latencyNs;
    private final EswitchMode wanted;
    private final long change;
    private final Eswitch.Stand before;
    private Step step = Step.BEGINNING;
    private Ending ending = Ending.UNDER_WAY;
    private ChangeRecord record;
    private ModeCommand command;
    private long number = Mailbox.REFUSED;
    private long deadlineNs;
    private long deviceNs;      // time in which the device could have answered
    private long turnNs = Long.MIN_VALUE;
    private long drainUntilNs;
    private long notBeforeNs;
    private int tries;
    private long lostCompletions;
    private long lies;

    /// Looks at the mode; what is found is looked at again by the device, when it begins.
    ///
    /// @param mailbox   of the device's mode, polled by this change alone while it is under way
    /// @param latencyNs of the bus
    public ModeChange(Eswitch eswitch, Mailbox mailbox, long latencyNs, EswitchMode wanted) {
        this.eswitch = eswitch;
        this.mailbox = mailbox;
        this.latencyNs = latencyNs;
        this.wanted = wanted;
        this.before = eswitch.stand();
        this.change = eswitch.newChange();
        if (before.isDraining()) end(Ending.BUSY);
        else if (before.mode() == wanted) end(Ending.UNCHANGED);
    }

    public EswitchMode from()     { return before.mode(); }
    public EswitchMode wanted()   { return wanted; }
    public Ending ending()        { return ending; }
    public boolean isOver()       { return step == Step.OVER; }
    /// Completions that did not come in time; the commands were given again.
    public long lostCompletions() { return lostCompletions; }
    /// Commands said to be done, and not done; they were given again.
    public long lies()            { return lies; }

    /// What the device has seen of it; null unless it is done.
    public ChangeRecord record() {
        return record;
    }

    /// Does what can be done now. Returns true once it is over.
    public boolean turn(long nowNs) {
        if (step == Step.OVER) return true;
        // A pause of the whole process does not use up the patience.
        long stepMaxNs = PATIENCE_NS / 16 + latencyNs;
        if (turnNs != Long.MIN_VALUE) deviceNs += Math.clamp(nowNs - turnNs, 0, stepMaxNs);
        turnNs = nowNs;
        mailbox.poll(this::completed, nowNs);
        if (step == Step.OVER) return true;
        if (command != null && deviceNs >= deadlineNs) {
            lostCompletions++;
            again();
        }
        if (step != Step.OVER && command == null && deviceNs >= notBeforeNs) ask(nowNs);
        return step == Step.OVER;
    }

    private void ask(long nowNs) {
        if (step == Step.DRAINING && deviceNs >= drainUntilNs) step = Step.INSISTING;
        ModeCommand.Kind kind = switch (step) {
            case BEGINNING -> ModeCommand.Kind.BEGIN;
            case DRAINING -> ModeCommand.Kind.FINISH;
            case INSISTING -> ModeCommand.Kind.INSIST;
            case ABANDONING, OVER -> ModeCommand.Kind.ABANDON;
        };
        var next = new ModeCommand(kind, eswitch, change, before.generation(), wanted);
        long posted = mailbox.post(next, nowNs);
        if (posted == Mailbox.REFUSED) {
            again();
            notBeforeNs = deviceNs + PATIENCE_NS;
            return;
        }
        command = next;
        number = posted;
        deadlineNs = deviceNs + (tries + 1) * PATIENCE_NS + LATENCIES * latencyNs;
    }

    /// There was no answer, or a wrong one.
    private void again() {
        command = null;
        number = Mailbox.REFUSED;
        tries++;
        if (tries < TRIES_MAX) return;
        tries = 0;
        // Behind what the device has not looked at yet: should it wake up, it is not to drain for nobody.
        if (step == Step.ABANDONING) end(isRecorded() ? Ending.DONE : Ending.NO_ANSWER);
        else step = Step.ABANDONING;
    }

    private boolean isRecorded() {
        ChangeRecord last = eswitch.last();
        return last != null && last.change() == change;
    }

    private void completed(long answered, CommandResult result, long nowNs) {
        if (command == null || answered != number) return;   // repeated, or too late
        ModeCommand asked = command;
        command = null;
        if (result == CommandResult.DONE && !asked.isAnswered()) {
            lies++;
            again();
            return;
        }
        tries = 0;
        switch (step) {
            case BEGINNING -> begun(result);
            case DRAINING -> {
                if (result == CommandResult.BUSY) notBeforeNs = deviceNs + PAUSE_NS;
                else end(result == CommandResult.DONE ? Ending.DONE : Ending.BUSY);
            }
            case INSISTING -> end(result == CommandResult.DONE ? Ending.DONE : Ending.BUSY);
            case ABANDONING, OVER -> end(isRecorded() ? Ending.DONE : Ending.NO_ANSWER);
        }
    }

    private void begun(CommandResult result) {
        if (result == CommandResult.DONE) {
            step = Step.DRAINING;
            drainUntilNs = deviceNs + DRAIN_NS;
            return;
        }
        Eswitch.Stand now = eswitch.stand();
        end(!now.isDraining() && now.mode() == wanted ? Ending.UNCHANGED : Ending.BUSY);
    }

    private void end(Ending how) {
        ending = how;
        record = isRecorded() ? eswitch.last() : null;
        step = Step.OVER;
    }
}
