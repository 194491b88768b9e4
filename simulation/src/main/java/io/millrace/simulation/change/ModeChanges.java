package io.millrace.simulation.change;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Steps;
import io.millrace.control.device.NicControl;
import io.millrace.control.live.Refusal;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.ModeChange;
import io.millrace.simulation.journal.Violation;

import java.util.List;
import java.util.SplittableRandom;

/// Draws changes of mode and leads them to their end, a step a turn of the control thread, beside the traffic. As in a
/// run, no other command is carried out meanwhile.
public final class ModeChanges {

    private static final String NO_ANSWER = "the device does not answer";
    /// As long as a change may last, with turns that are 10 us apart; most are further.
    private static final long TURNS_MAX = ModeChange.ENDS_NS / 10_000;

    /// On average, until a change begins.
    private static final int LEGACY_STEPS = 15;
    private static final int SWITCHING_STEPS = 100;
    private static final int SWITCHDEV_STEPS = 1_000;
    private static final int ADDING_STEPS = 4;
    /// So many changes may fall on good moments.
    private static final int ADDING_CHANGES = 2;

    private final SplittableRandom random;
    private final List<NicControl> nics;
    private final boolean isSwitching;
    private Steps underWay;
    private NicControl nic;
    private String command = "";
    private long turns;
    private int doneCount;

    /// @param isSwitching there are virtual functions: much goes on in `legacy`
    public ModeChanges(SplittableRandom random, List<NicControl> nics, boolean isSwitching) {
        this.isSwitching = isSwitching;
        this.random = random;
        this.nics = nics;
    }

    /// Changes carried out.
    public int doneCount() {
        return doneCount;
    }

    public boolean isUnderWay() {
        return underWay != null;
    }

    /// True if this is a moment to begin a change: seldom in `switchdev`, sooner in `legacy`, where nothing is offloaded.
    ///
    /// @param isAdding flows are on their way into tables: a good moment
    public boolean isDue(boolean isAdding) {
        if (underWay != null) return false;
        boolean isAnyLegacy = nics.stream().anyMatch(each -> each.eswitch().mode() == EswitchMode.LEGACY);
        if (isAnyLegacy) return random.nextInt(isSwitching ? SWITCHING_STEPS : LEGACY_STEPS) == 0;
        return random.nextInt(isAdding && doneCount < ADDING_CHANGES ? ADDING_STEPS : SWITCHDEV_STEPS) == 0;
    }

    /// Draws a change and begins it; returns the command.
    public String begin(Operator operator) {
        List<NicControl> legacy =
            nics.stream().filter(each -> each.eswitch().mode() == EswitchMode.LEGACY).toList();
        List<NicControl> some = legacy.isEmpty() || random.nextInt(4) == 0 ? nics : legacy;
        nic = some.get(random.nextInt(some.size()));
        EswitchMode mode = nic.eswitch().mode() == EswitchMode.LEGACY ? EswitchMode.SWITCHDEV : EswitchMode.LEGACY;
        command = "devlink dev eswitch set " + nic.handle() + " mode " + mode.label();
        underWay = operator.begin(command);
        turns = 0;
        return command;
    }

    /// A turn of the control thread. Returns what to note once the change is over, else null.
    public String turn() {
        if (underWay == null) return null;
        if (turns++ == TURNS_MAX) {
            throw new Violation("a change of mode comes to an end", command + ": " + nic.eswitch().stand());
        }
        try {
            Answer answer = underWay.step();
            if (answer == null) return null;
            doneCount++;
            return over(answer.note());
        } catch (Refusal e) {
            if (e.getMessage().contains(NO_ANSWER)) return over(NO_ANSWER);
            throw new Violation("right commands are carried out", command + ": " + e.getMessage());
        }
    }

    private String over(String how) {
        underWay = null;
        return how;
    }
}
