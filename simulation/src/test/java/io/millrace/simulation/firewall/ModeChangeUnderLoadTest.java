package io.millrace.simulation.firewall;

import io.millrace.dataplane.offload.HardwareObstacle;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.offload.RemovalCause;
import io.millrace.nic.sim.eswitch.Eswitch;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.ModeChange;
import io.millrace.nic.sim.eswitch.ModeChange.Ending;
import io.millrace.nic.sim.fault.FaultKind;
import io.millrace.nic.sim.fault.FaultShares;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.fault.SeededFaults;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static org.assertj.core.api.Assertions.assertThat;

/// The mode changes while connections come, talk and end in hardware: each packet is forwarded, once, at once, by
/// hardware or by software; and nothing of the old mode is left in the new one.
class ModeChangeUnderLoadTest {

    private static final int TALKS = 24;

    private static FirewallScene scene(SceneNics nics) {
        return new FirewallScene(HardwareOffloadTest.RULES, "sysctl: { net.netfilter.nf_conntrack_max: 4096, "
            + "net.netfilter.nf_conntrack_buckets: 4096, net.netfilter.nf_conntrack_acct: 1 }\n", nics);
    }

    private static void lead(FirewallScene scene, ModeChange change) {
        for (int i = 0; i < 50_000 && !change.turn(scene.nowNs); i++) assertThat(scene.turn().isNothing()).isTrue();
        assertThat(change.ending()).isEqualTo(Ending.DONE);
    }

    @Test
    void connectionsLeaveHardwareForAChangeAndComeBack() {
        try (var scene = scene(SceneNics.full())) {
            OffloadControl control = scene.router.offload();
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(100).onlyWan();
            talk.hear(100).onlyLan();
            assertThat(control.inHardwareCount()).isOne();
            lead(scene, scene.nics().first().changeMode(EswitchMode.LEGACY));
            assertThat(control.tally().removals(RemovalCause.MODE_CHANGED)).isOne();
            assertThat(scene.nics().first().flows().count()).isZero();
            long hits = control.hits();
            talk.say(100).onlyWan();
            scene.pass(1);
            assertThat(control.hits()).isEqualTo(hits);
            assertThat(HardwareObstacle.of(control.obstacles(0))).contains(HardwareObstacle.MODE);
            lead(scene, scene.nics().first().changeMode(EswitchMode.SWITCHDEV));
            scene.pass(1);
            talk.say(100).onlyWan();
            talk.hear(100).onlyLan();
            talk.say(100).onlyWan();
            assertThat(control.inHardwareCount()).isOne();
            assertThat(control.hits()).isGreaterThan(hits);
            assertThat(scene.connections().getFirst()).contains("[HW_OFFLOAD]");
        }
    }

    @Test
    void connectionsBetweenARepresentorAndTheUplinkGoIntoHardware() {
        try (var scene = scene(SceneNics.withVf())) {
            OffloadControl control = scene.router.offload();
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(100).onlyWan();
            talk.hear(100).onlyLan();
            assertThat(control.inHardwareCount()).isOne();
            long hits = control.hits();
            talk.say(100).onlyWan();
            talk.hear(100).onlyLan();
            assertThat(control.hits()).isEqualTo(hits + 2);
        }
    }

    /// Completions come late, twice or never, and commands are not carried out that are said to be.
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.3})
    void noPacketIsLostOrHeldByChangesUnderLoad(double share) {
        long seed = Seeds.next();
        var faults = new SeededFaults(FaultShares.NONE.with(FaultKind.LATE_COMPLETIONS, share)
            .with(FaultKind.LOST_COMPLETIONS, share).with(FaultKind.REPEATED_COMPLETIONS, share)
            .with(FaultKind.LIES, share).with(FaultKind.FULL_EARLY, share).withNs(FaultKind.LATE, 2_000_000),
            seed);
        var random = new Random(seed);
        boolean[] isGood = {false};
        try (var scene = scene(new SceneNics(NicModel.FULL, share == 0 ? NicFaults.NONE : until(isGood, faults)))) {
            OffloadControl control = scene.router.offload();
            Eswitch eswitch = scene.nics().first().eswitch();
            List<Talk> talks = new ArrayList<>();
            for (int i = 0; i < TALKS; i++) talks.add(new Talk(scene, 5000 + i, 80, PUBLIC, 5000 + i).open());
            ModeChange change = null;
            int doneCount = 0;
            for (int step = 0; step < 1_500; step++) {
                Talk talk = talks.get(random.nextInt(TALKS));
                talk.say(10).onlyWan();   // exactly one frame, at once
                talk.hear(10).onlyLan();
                if (change == null && random.nextInt(60) == 0) {
                    EswitchMode[] modes = EswitchMode.values();
                    change = scene.nics().first().changeMode(modes[1 - eswitch.mode().ordinal()]);
                }
                if (change != null && change.turn(scene.nowNs)) {
                    if (change.ending() == Ending.DONE) doneCount++;
                    assertThat(change.ending()).as("seed %d", seed).isIn(Ending.DONE, Ending.NO_ANSWER);
                    assertThat(scene.nics().first().account().receiveDrops()).isZero();
                    change = null;
                }
                if (random.nextInt(150) == 0) scene.pass(1);
            }
            assertThat(doneCount).as("changes, seed %d", seed).isPositive();
            assertThat(control.tally().removals(RemovalCause.MODE_CHANGED)).as("seed %d", seed).isPositive();
            isGood[0] = true;
            while (change != null && !change.turn(scene.nowNs)) scene.turn();
            if (eswitch.mode() == EswitchMode.LEGACY) {
                lead(scene, scene.nics().first().changeMode(EswitchMode.SWITCHDEV));
            }
            scene.pass(4);
            talks.forEach(talk -> talk.say(10).onlyWan());
            scene.pass(2);
            assertThat(control.underWayCount()).as("under way, seed %d", seed).isZero();
            assertThat(control.inHardwareCount()).as("in hardware at last, seed %d", seed).isEqualTo(TALKS);
            assertThat(scene.nics().first().flows().count()).as("entries, seed %d", seed).isEqualTo(TALKS);
        }
    }

    private static NicFaults until(boolean[] isGood, NicFaults bad) {
        return new NicFaults() {

            private NicFaults now() {
                return isGood[0] ? NONE : bad;
            }

            @Override public long completionDelayNs()       { return now().completionDelayNs(); }
            @Override public boolean losesCompletion()      { return now().losesCompletion(); }
            @Override public boolean duplicatesCompletion() { return now().duplicatesCompletion(); }
            @Override public boolean lies()                 { return now().lies(); }
            @Override public boolean isFullEarly()          { return now().isFullEarly(); }
        };
    }
}
