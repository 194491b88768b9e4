package io.millrace.nic.sim;

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

    private static final FaultShares ALL =
        new FaultShares(0.3, 0.1, 0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 50_000, 20, 3_000, 200, 5_000);

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
        assertThatThrownBy(() -> new FaultShares(1.1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
            .hasMessage("a share must be 0 to 1");
        assertThatThrownBy(() -> new FaultShares(0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5, 0, 0))
            .hasMessage("a queue must not be stuck for ever");
    }
}
