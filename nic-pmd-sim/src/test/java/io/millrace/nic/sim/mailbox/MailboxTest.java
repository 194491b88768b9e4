package io.millrace.nic.sim.mailbox;

import io.millrace.nic.sim.fault.NicFaults;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class MailboxTest {

    private static final long LATENCY_NS = 2_000;

    private final List<String> events = new ArrayList<>();

    @Test
    void commandsAndCompletionsTakeTheLatencyOfTheBus() {
        var mailbox = new Mailbox(LATENCY_NS, NicFaults.NONE);
        long number = mailbox.post(command("a", CommandResult.NOT_FOUND), 100);
        assertThat(mailbox.turn(2_099, 16)).isZero();
        assertThat(mailbox.turn(2_100, 16)).isEqualTo(1);
        assertThat(mailbox.poll(this::completed, 4_099)).isZero();
        assertThat(mailbox.poll(this::completed, 4_100)).isEqualTo(1);
        assertThat(events).containsExactly("a", number + " NOT_FOUND");
    }

    @Test
    void carriesOutInOrderAndNoMoreThanItsBudget() {
        var mailbox = new Mailbox(0, NicFaults.NONE);
        for (int i = 0; i < 5; i++) mailbox.post(command("c" + i, CommandResult.DONE), 0);
        assertThat(mailbox.turn(0, 3)).isEqualTo(3);
        assertThat(mailbox.waitingCount()).isEqualTo(2);
        assertThat(mailbox.turn(0, 3)).isEqualTo(2);
        assertThat(mailbox.poll(this::completed, 0)).isEqualTo(5);
        assertThat(events).containsExactly("c0", "c1", "c2", "c3", "c4", "0 DONE", "1 DONE", "2 DONE", "3 DONE",
            "4 DONE");
    }

    @Test
    void refusesWhatFindsNoSlot() {
        var mailbox = new Mailbox(0, NicFaults.NONE);
        for (int i = 0; i < Mailbox.SLOTS_MAX; i++) {
            assertThat(mailbox.post(command("", CommandResult.DONE), 0)).isEqualTo(i);
        }
        assertThat(mailbox.post(command("", CommandResult.DONE), 0)).isEqualTo(Mailbox.REFUSED);
        mailbox.turn(0, 1);
        assertThat(mailbox.post(command("", CommandResult.DONE), 0)).isEqualTo(Mailbox.SLOTS_MAX);
    }

    @Test
    void lostCompletionsAreCarriedOutAllTheSame() {
        var mailbox = new Mailbox(0, new NicFaults() {
            @Override
            public boolean losesCompletion() { return true; }
        });
        mailbox.post(command("done", CommandResult.DONE), 0);
        mailbox.turn(0, 1);
        assertThat(mailbox.poll(this::completed, Long.MAX_VALUE)).isZero();
        assertThat(events).containsExactly("done");
    }

    @Test
    void aLieIsNotCarriedOut() {
        var mailbox = new Mailbox(0, new NicFaults() {
            @Override
            public boolean lies() { return true; }
        });
        mailbox.post(command("done", CommandResult.INVALID), 0);
        mailbox.turn(0, 1);
        mailbox.poll(this::completed, 0);
        assertThat(events).containsExactly("0 DONE");
    }

    @Test
    void completionsThatAreLateAreOvertakenAndRepeatedOnesComeTwice() {
        var mailbox = new Mailbox(0, new NicFaults() {
            private int asked;

            @Override
            public long completionDelayNs() { return asked++ == 0 ? 500 : 0; }

            @Override
            public boolean duplicatesCompletion() { return asked == 2; }
        });
        mailbox.post(command("", CommandResult.DONE), 0);
        mailbox.post(command("", CommandResult.EXISTS), 0);
        mailbox.turn(0, 2);
        events.clear();
        mailbox.poll(this::completed, 499);
        assertThat(events).containsExactly("1 EXISTS", "1 EXISTS");
        mailbox.poll(this::completed, 500);
        assertThat(events).endsWith("0 DONE");
    }

    @Test
    void aDriverThatDoesNotPollIsNotToldAndTheDeviceGoesOn() {
        var mailbox = new Mailbox(0, NicFaults.NONE);
        for (int i = 0; i < 2_000; i++) {
            mailbox.post(command("", CommandResult.DONE), 0);
            assertThat(mailbox.turn(0, 1)).isEqualTo(1);
        }
        assertThat(mailbox.overflows()).isEqualTo(2_000 - 1_024);
    }

    private DeviceCommand command(String name, CommandResult result) {
        return nowNs -> {
            events.add(name);
            return result;
        };
    }

    private void completed(long number, CommandResult result, long nowNs) {
        events.add(number + " " + result);
    }
}
