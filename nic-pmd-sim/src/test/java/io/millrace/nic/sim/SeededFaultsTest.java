package io.millrace.nic.sim;

import io.millrace.nic.sim.fault.FaultKind;
import io.millrace.nic.sim.fault.FaultPanel;
import io.millrace.nic.sim.fault.FaultShares;
import io.millrace.nic.sim.fault.SeededFaults;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SeededFaultsTest {

    private static final FaultShares ALL = FaultShares.NONE.with(FaultKind.LATE_COMPLETIONS, 0.3)
        .with(FaultKind.LOST_COMPLETIONS, 0.1).with(FaultKind.REPEATED_COMPLETIONS, 0.1).with(FaultKind.LIES, 0.1)
        .with(FaultKind.WRONG_SUMS, 0.1).with(FaultKind.FULL_EARLY, 0.2).with(FaultKind.LOST_ENTRIES, 0.1)
        .with(FaultKind.JUMPING_COUNTERS, 0.1).withNs(FaultKind.LATE, 50_000).withNs(FaultKind.STUCK_FOR, 20)
        .withNs(FaultKind.STUCK_EVERY, 3_000).withNs(FaultKind.DOWN_FOR, 200).withNs(FaultKind.DOWN_EVERY, 5_000);

    /// Whatever goes wrong: every packet is accounted for, every slot comes back, and the same seed errs alike.
    @Test
    void packetsAreAccountedForUnderAllFaultsAndTheSameSeedErrsAlike() {
        long seed = Seeds.next();
        assertThat(run(seed)).as("seed %d", seed).isEqualTo(run(seed));
    }

    private static List<Long> run(long seed) {
        var fixture =
            new NicFixture(NicModel.FULL, PortSettings.usual(NicModel.FULL, 4), new SeededFaults(ALL, seed));
        long given = 3_000;
        for (int i = 0; i < given; i++) {
            fixture.first.give(Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.1.0.1")
                .udp(i, 53).payload(new byte[4]).bytes());
        }
        long received = 0;
        long completed = 0;
        long[] results = new long[8];
        for (int turn = 0; turn < 4_000; turn++) {
            int channels = 1 + turn % 8;
            fixture.nic.mailbox().post(_ -> fixture.port.steering().channels(channels), fixture.nowNs);
            fixture.nic.turn(fixture.nowNs);
            completed += fixture.nic.mailbox()
                .poll((_, result, _) -> results[result.ordinal()]++, fixture.nowNs);
            fixture.burst.clear();
            fixture.port.receiveInOrder(fixture.burst, fixture.pool, Long.MAX_VALUE);
            received += fixture.burst.count();
            fixture.other.transmit(0, fixture.burst, fixture.pool, fixture.nowNs);
            fixture.burst.clear();
            fixture.nowNs += 137;
        }
        for (int i = 0; i < 100; i++, fixture.nowNs += 137) fixture.nic.turn(fixture.nowNs);
        long refused = fixture.nic.account().transmitDrops(Verdict.TX_REFUSED);
        assertThat(received).isEqualTo(given);
        assertThat(fixture.second.sent().size() + refused).isEqualTo(given);
        assertThat(refused).as("sent into a disconnected wire").isPositive();
        assertThat(completed).isPositive();
        assertThat(fixture.nic.held()).isZero();
        fixture.assertAllSlotsAreBack();
        return List.of(received, completed, refused, results[0], results[1]);
    }

    @Test
    void refusesSharesThatCannotBe() {
        assertThatThrownBy(() -> FaultShares.NONE.with(FaultKind.LIES, 1.1)).hasMessage("lies must be 0 to 1");
        assertThatThrownBy(() -> FaultShares.NONE.with(FaultKind.LATE, 0.1)).hasMessage("late is no share");
        assertThatThrownBy(() -> FaultShares.NONE.withNs(FaultKind.LIES, 5)).hasMessage("lies is no duration");
        FaultShares endless = FaultShares.NONE.withNs(FaultKind.STUCK_FOR, 5).withNs(FaultKind.STUCK_EVERY, 5);
        assertThatThrownBy(() -> new SeededFaults(endless, 1))
            .hasMessage("stuck-for must be shorter than stuck-every: a queue must not be stuck for ever");
        assertThat(FaultShares.NONE.withNs(FaultKind.DOWN_FOR, 5).problem()).contains("down-for");
    }

    @Test
    void aResetEndsWhatIsStuckUntilTheNextTime() {
        var faults = new SeededFaults(
            FaultShares.NONE.withNs(FaultKind.STUCK_FOR, 50).withNs(FaultKind.STUCK_EVERY, 1_000), 1);
        assertThat(faults.isStuck(0, 0, 10_010)).isTrue();
        faults.queueReset(0, 0, 10_010);
        assertThat(faults.isStuck(0, 0, 10_020)).isFalse();
        assertThat(faults.isStuck(0, 0, 11_020)).isTrue();
    }

    @Test
    void aPanelErrsAsItIsSetAndNoMoreOnceCleared() {
        var panel = new FaultPanel();
        assertThat(panel.losesCompletion() || panel.isStuck(0, 1, 5) || panel.isLinkDown(1, 5)).isFalse();
        panel.set(FaultShares.NONE.with(FaultKind.LOST_COMPLETIONS, 1), 1);
        panel.stick(0, 1, 100);
        panel.disconnect(1, 100);
        panel.resetFirmware();
        assertThat(panel.losesCompletion()).isTrue();
        assertThat(panel.lies()).isFalse();
        assertThat(panel.isStuck(0, 1, 99)).isTrue();
        assertThat(panel.isStuck(0, 1, 100)).isFalse();
        assertThat(panel.isStuck(0, 0, 5)).isFalse();
        panel.queueReset(0, 1, 5);
        assertThat(panel.isStuck(0, 1, 6)).isFalse();
        assertThat(panel.isLinkDown(1, 99)).isTrue();
        assertThat(panel.isLinkDown(1, 100)).isFalse();
        assertThat(panel.resetsFirmware(5)).isTrue();
        assertThat(panel.resetsFirmware(6)).as("once").isFalse();
        panel.clear();
        assertThat(panel.losesCompletion() || panel.isLinkDown(1, 5)).isFalse();
        assertThat(panel.shares().isNone()).isTrue();
    }
}
