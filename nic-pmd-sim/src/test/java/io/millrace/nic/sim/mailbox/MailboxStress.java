package io.millrace.nic.sim.mailbox;

import io.millrace.nic.sim.fault.NicFaults;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// What driver and device may see at the two ends of a mailbox. Run by [MailboxStressTest].
public final class MailboxStress {

    @JCStressTest
    @Outcome(id = "7, 0, 9", expect = Expect.ACCEPTABLE, desc = "completed after the driver looked")
    @Outcome(id = "7, 9, 0", expect = Expect.ACCEPTABLE, desc = "completed, with what the command did")
    @Outcome(id = "0, 0, 9", expect = Expect.ACCEPTABLE, desc = "seen by the device at its second turn")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a command without its content, a completion without its effect")
    @State
    public static class HandsCommandsAndEffectsOver {

        private final Mailbox mailbox = new Mailbox(0, NicFaults.NONE);
        private int wanted;
        private int seen;
        private int effect;

        @Actor
        public void driver(III_Result r) {
            wanted = 7;
            mailbox.post(nowNs -> {
                seen = wanted;
                effect = 9;
                return CommandResult.DONE;
            }, 0);
            mailbox.poll((number, result, nowNs) -> r.r2 = effect, 0);
        }

        @Actor
        public void device(III_Result r) {
            mailbox.turn(0, 1);
            r.r1 = seen;
        }

        @Arbiter
        public void rest(III_Result r) {
            mailbox.turn(0, 1);
            mailbox.poll((number, result, nowNs) -> r.r3 = effect, 0);
        }
    }
}
