package io.millrace.control.device;

import io.millrace.control.live.Refusal;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;
import io.millrace.nic.sim.mailbox.Mailbox;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// Posts commands to a device and waits for their completions, for the control thread.
///
/// A completion that comes after its command was given up, and one that comes twice, is not taken for another's.
final class DeviceMailbox {

    private static final long PATIENCE_NS = 1_000_000_000;
    private static final long PAUSE_NS = 20_000;
    /// An answer that is due so soon is worth spinning for.
    private static final long SPIN_NS = 20_000;

    private final Mailbox mailbox;
    private final long latencyNs;
    private final LongSupplier clock;
    private final LongConsumer deviceTurn;
    private long awaited = Mailbox.REFUSED;
    private CommandResult result;

    /// @param deviceTurn has the device look at its mailbox where it has no thread of its own, else does nothing
    DeviceMailbox(Mailbox mailbox, long latencyNs, LongSupplier clock, LongConsumer deviceTurn) {
        this.mailbox = mailbox;
        this.latencyNs = latencyNs;
        this.clock = clock;
        this.deviceTurn = deviceTurn;
    }

    /// What became of the command. Refuses where the device does not answer; whether it has carried out the command is
    /// then not known.
    CommandResult carryOut(DeviceCommand command) {
        long startNs = clock.getAsLong();
        awaited = mailbox.post(command, startNs);
        if (awaited == Mailbox.REFUSED) throw new Refusal(1, "too many commands wait for the device");
        result = null;
        while (result == null) {
            long nowNs = clock.getAsLong();
            if (nowNs - startNs > 2 * latencyNs + PATIENCE_NS) {
                awaited = Mailbox.REFUSED;
                throw new Refusal(1, "the device did not answer");
            }
            deviceTurn.accept(nowNs);
            mailbox.poll(this::completed, nowNs);
            if (result != null) break;
            if (nowNs - startNs < 2 * latencyNs + SPIN_NS) Thread.onSpinWait();
            else LockSupport.parkNanos(PAUSE_NS);
        }
        return result;
    }

    /// Gives the device a command, and does not wait: its completion will not be taken.
    void send(DeviceCommand command) {
        mailbox.post(command, clock.getAsLong());
    }

    private void completed(long number, CommandResult outcome, long nowNs) {
        if (number == awaited) result = outcome;
    }
}
