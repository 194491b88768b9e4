package io.millrace.nic.sim;

import io.millrace.nic.sim.eswitch.Eswitch;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.ModeChange;
import io.millrace.nic.sim.eswitch.ModeChange.Ending;
import io.millrace.nic.sim.fault.FaultKind;
import io.millrace.nic.sim.fault.FaultShares;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.fault.SeededFaults;
import io.millrace.nic.sim.flow.DeviceFlows;
import io.millrace.nic.sim.flow.FlowCount;
import io.millrace.nic.sim.flow.FlowEntry;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.Burst;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static io.millrace.nic.sim.eswitch.EswitchMode.LEGACY;
import static io.millrace.nic.sim.eswitch.EswitchMode.SWITCHDEV;
import static org.assertj.core.api.Assertions.assertThat;

/// A change of mode as device and driver see it: what is admitted when, what is left over, and that it ends.
class ModeChangeTest {

    private static final long STEP_NS = 10_000;

    private final VfFixture fixture = new VfFixture(SWITCHDEV);
    private final DeviceFlows flows = fixture.nic.flows();
    private final Eswitch eswitch = fixture.nic.eswitch();

    @Test
    void aChangeMakesAnotherModeAndAnotherGeneration() {
        ModeChange change = fixture.change(LEGACY, STEP_NS);
        assertThat(change.ending()).isEqualTo(Ending.DONE);
        assertThat(eswitch.mode()).isEqualTo(LEGACY);
        assertThat(eswitch.generation()).isOne();
        assertThat(change.record().from()).isEqualTo(SWITCHDEV);
        assertThat(change.record().to()).isEqualTo(LEGACY);
        assertThat(change.record().hasDropped()).isFalse();
        assertThat(change.record().blockedNs()).isZero();
        assertThat(fixture.change(SWITCHDEV, STEP_NS).ending()).isEqualTo(Ending.DONE);
        assertThat(eswitch.generation()).isEqualTo(2);
    }

    @Test
    void theModeThatThereIsAlreadyIsNoChange() {
        assertThat(fixture.change(SWITCHDEV, STEP_NS).ending()).isEqualTo(Ending.UNCHANGED);
        assertThat(eswitch.generation()).isZero();
    }

    /// The rule was decided in switchdev, and its command is carried out when the tables are drained already: it would
    /// stay in a table that nobody empties any more.
    @Test
    void aRuleAddedBetweenTheModeCheckAndTheTeardownIsRefused() {
        assertThat(eswitch.isAdmitting()).as("the check").isTrue();
        long generation = eswitch.generation();
        List<CommandResult> results = new ArrayList<>();
        fixture.nic.flowMailbox().post(nowNs -> flows.add(entry(0), entry(1), generation, nowNs), fixture.nowNs);
        ModeChange change = fixture.nic.changeMode(LEGACY);
        // The change is carried out before the device looks at the other mailbox.
        while (!change.isOver()) {
            change.turn(fixture.nowNs);
            fixture.nic.modeMailbox().turn(fixture.nowNs, 1);
            fixture.nowNs += STEP_NS;
        }
        assertThat(change.ending()).isEqualTo(Ending.DONE);
        fixture.turns();
        fixture.nic.flowMailbox().poll((number, result, nowNs) -> results.add(result), Long.MAX_VALUE);
        assertThat(results).containsExactly(CommandResult.STALE);
        assertThat(flows.count()).isZero();
        assertThat(eswitch.refusedStale()).isOne();
    }

    /// Back in switchdev before the command is carried out: the mode is right again, and the rule is still an old one.
    @Test
    void aRuleOfAnEarlierGenerationIsRefusedInTheRightModeToo() {
        long generation = eswitch.generation();
        fixture.change(LEGACY, STEP_NS);
        assertThat(flows.add(entry(0), entry(1), eswitch.generation(), 0)).as("no tables in legacy")
            .isEqualTo(CommandResult.UNSUPPORTED);
        fixture.change(SWITCHDEV, STEP_NS);
        assertThat(flows.add(entry(0), entry(1), generation, 0)).isEqualTo(CommandResult.STALE);
        assertThat(flows.add(entry(0), entry(1), eswitch.generation(), 0)).isEqualTo(CommandResult.DONE);
    }

    @Test
    void whileTablesDrainAddsAreBusyAndRemovalsAreCarriedOut() {
        add();
        int slot = flows.addedSlot();
        int generation = flows.addedGeneration();
        ModeChange change = fixture.nic.changeMode(LEGACY);
        for (int i = 0; i < 20; i++) step(change);
        assertThat(change.isOver()).as("an entry is left").isFalse();
        assertThat(eswitch.stand().isDraining()).isTrue();
        assertThat(flows.add(entry(2), entry(3), eswitch.generation(), 0)).isEqualTo(CommandResult.BUSY);
        assertThat(eswitch.refusedBusy()).isOne();
        assertThat(flows.stop(slot, generation, new FlowCount(), new FlowCount())).isEqualTo(CommandResult.DONE);
        assertThat(flows.remove(slot, generation, new FlowCount(), new FlowCount())).isEqualTo(CommandResult.DONE);
        for (int i = 0; i < 20; i++) step(change);
        assertThat(change.ending()).isEqualTo(Ending.DONE);
        assertThat(change.record().hasDropped()).isFalse();
    }

    @Test
    void anEntryThatNobodyRemovesIsDroppedWhenPatienceIsOverAndItsNameIsRefusedForEver() {
        add();
        int slot = flows.addedSlot();
        int generation = flows.addedGeneration();
        long beganNs = fixture.nowNs;
        ModeChange change = fixture.change(LEGACY, STEP_NS);
        assertThat(change.ending()).isEqualTo(Ending.DONE);
        assertThat(change.record().hasDropped()).isTrue();
        assertThat(fixture.nowNs - beganNs).isBetween(ModeChange.DRAIN_NS, ModeChange.DRAIN_NS + 2_000_000);
        fixture.change(SWITCHDEV, STEP_NS);
        add();
        assertThat(flows.stop(slot, generation, new FlowCount(), new FlowCount())).isEqualTo(CommandResult.STALE);
        assertThat(flows.remove(slot, generation, new FlowCount(), new FlowCount())).isEqualTo(CommandResult.STALE);
        assertThat(flows.count()).isOne();
    }

    @Test
    void twoChangesAtOnceAreOneChangeAndOneRefusal() {
        ModeChange first = fixture.nic.changeMode(LEGACY);
        var second = new ModeChange(eswitch, fixture.nic.mailbox(), 0, LEGACY);   // has seen the same
        add();
        for (int i = 0; i < 20; i++) step(first);
        while (!second.turn(fixture.nowNs)) step(first);
        assertThat(second.ending()).isEqualTo(Ending.BUSY);
        assertThat(fixture.nic.changeMode(SWITCHDEV).ending()).as("begun while it drains").isEqualTo(Ending.BUSY);
        fixture.lead(first, STEP_NS);
        assertThat(first.ending()).isEqualTo(Ending.DONE);
        assertThat(eswitch.generation()).isOne();
    }

    @Test
    void aDeviceThatAnswersNothingEndsTheChangeByName() {
        var mute = new VfFixture(NicModel.FULL, SWITCHDEV, new NicFaults() {
            @Override
            public boolean losesCompletion() {
                return true;
            }
        });
        ModeChange change = mute.change(LEGACY, STEP_NS);
        assertThat(change.ending()).isEqualTo(Ending.NO_ANSWER);
        assertThat(change.lostCompletions()).isPositive();
        assertThat(mute.nic.eswitch().stand().isDraining()).as("abandoned").isFalse();
        assertThat(mute.nic.eswitch().mode()).isEqualTo(SWITCHDEV);
        assertThat(mute.nowNs).isLessThan(2 * ModeChange.ENDS_NS);
    }

    @Test
    void aDeviceThatStandsStillIsNotDrainingWhenItGoesOn() {
        ModeChange change = fixture.nic.changeMode(LEGACY);
        while (!change.turn(fixture.nowNs)) fixture.nowNs += STEP_NS;   // without a turn of the device
        assertThat(change.ending()).isEqualTo(Ending.NO_ANSWER);
        fixture.turns();
        assertThat(eswitch.stand().isDraining()).isFalse();
        assertThat(eswitch.generation()).isZero();
    }

    /// Lost, late, repeated completions and lies: whatever a change says about itself is so, and it always says
    /// something.
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.3, 0.6})
    void underFaultsAChangeEndsAndSaysWhatIsTrue(double share) {
        long seed = Seeds.next();
        FaultShares shares = FaultShares.NONE.with(FaultKind.LATE_COMPLETIONS, share)
            .with(FaultKind.LOST_COMPLETIONS, share).with(FaultKind.REPEATED_COMPLETIONS, share)
            .with(FaultKind.LIES, share).withNs(FaultKind.LATE, 3_000_000);
        var faulty = new VfFixture(NicModel.FULL, SWITCHDEV, new SeededFaults(shares, seed));
        var random = new Random(seed);
        EswitchMode mode = SWITCHDEV;
        long generation = 0;
        for (int i = 0; i < 50; i++) {
            EswitchMode wanted = random.nextBoolean() ? LEGACY : SWITCHDEV;
            ModeChange change = faulty.change(wanted, 1 + random.nextInt(100_000));
            if (change.ending() == Ending.DONE) {
                mode = wanted;
                generation++;
                assertThat(change.record().generation()).isEqualTo(generation);
            } else if (change.ending() == Ending.UNCHANGED) {
                assertThat(wanted).isEqualTo(mode);
            } else {
                assertThat(change.ending()).as("change %d, seed %d", i, seed).isEqualTo(Ending.NO_ANSWER);
            }
            assertThat(faulty.nic.eswitch().mode()).as("change %d, seed %d", i, seed).isEqualTo(mode);
            assertThat(faulty.nic.eswitch().generation()).as("change %d, seed %d", i, seed).isEqualTo(generation);
        }
        assertThat(generation).isPositive();
    }

    @Test
    void lossesDuringAChangeAreReportedAsTime() {
        add();   // nobody removes it: the change takes all its patience
        ModeChange change = fixture.nic.changeMode(LEGACY);
        long beganNs = fixture.nowNs;
        int offered = 0;
        while (!change.turn(fixture.nowNs)) {
            if (eswitch.stand().isDraining() && offered < 1_000) {
                offered++;
                fixture.wire.give(frame());   // nobody takes it from the queue, which holds 512
            }
            fixture.nic.turn(fixture.nowNs);
            fixture.nowNs += STEP_NS;
        }
        assertThat(fixture.nowNs).isGreaterThan(beganNs);
        assertThat(change.record().offered()).as("the wire waits").isLessThanOrEqualTo(512);
        assertThat(change.record().lost()).isZero();
        assertThat(change.record().blockedNs()).isZero();
    }

    @Test
    void whatWasSentOnARepresentorBeforeTheChangeArrives() {
        ModeChange change = fixture.nic.changeMode(LEGACY);
        var burst = new Burst();
        int packet = fixture.pool.allocate();
        fixture.meta.begin(packet, 64, 1, 0, 0);
        burst.add(packet);
        fixture.vf0.transmit(0, burst, fixture.pool, 0);
        while (!change.turn(fixture.nowNs)) {
            fixture.nic.modeMailbox().turn(fixture.nowNs, 1);   // not a turn of the ports
            fixture.nowNs += STEP_NS;
        }
        assertThat(eswitch.mode()).isEqualTo(LEGACY);
        assertThat(fixture.vm0.sent()).hasSize(1);
    }

    private void step(ModeChange change) {
        change.turn(fixture.nowNs);
        fixture.nic.turn(fixture.nowNs);
        fixture.nowNs += STEP_NS;
    }

    private void add() {
        assertThat(flows.add(entry(0), entry(1), eswitch.generation(), fixture.nowNs)).isEqualTo(CommandResult.DONE);
    }

    private static byte[] frame() {
        return Frame.ethernet("02:00:00:00:09:09", VfFixture.HOST_MAC).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).bytes();
    }

    /// Of VF 0 to the uplink and back.
    private static FlowEntry entry(int number) {
        boolean isReply = number % 2 == 1;
        var tuple = new FlowEntry.Tuple(0, 1, 1_000 + number, 0, 2, 80);
        return new FlowEntry(isReply ? 0 : 1, 1, 4, 17, tuple, tuple, isReply ? 1 : 0, 1, 2, 1_500);
    }
}
