package io.millrace.nic.sim.eswitch;

import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;

/// One step of a change, asked of the device.
final class ModeCommand implements DeviceCommand {

    enum Kind { BEGIN, FINISH, INSIST, ABANDON }

    private final Kind kind;
    private final Eswitch eswitch;
    private final long change;
    private final long generation;
    private final EswitchMode target;
    private volatile boolean isAnswered;

    ModeCommand(Kind kind, Eswitch eswitch, long change, long generation, EswitchMode target) {
        this.kind = kind;
        this.eswitch = eswitch;
        this.change = change;
        this.generation = generation;
        this.target = target;
    }

    @Override
    public CommandResult carryOut(long nowNs) {
        isAnswered = true;
        return switch (kind) {
            case BEGIN -> eswitch.begin(change, generation, target, nowNs);
            case FINISH -> eswitch.finish(change, false, nowNs);
            case INSIST -> eswitch.finish(change, true, nowNs);
            case ABANDON -> eswitch.abandon(change);
        };
    }

    /// False of a command that was said to be done and never was.
    boolean isAnswered() {
        return isAnswered;
    }
}
