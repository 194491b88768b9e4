package io.millrace.simulation.firewall;

import io.millrace.dataplane.offload.DeviceFault;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.offload.RemovalCause;
import io.millrace.nic.sim.fault.FaultKind;
import io.millrace.nic.sim.fault.FaultPanel;
import io.millrace.nic.sim.fault.FaultShares;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static org.assertj.core.api.Assertions.assertThat;

/// A NIC that errs under connections that come, talk and end: no packet is lost or overtaken, and once it errs no
/// more, software and hardware agree and every packet is counted once.
class HardwareFaultTest {

    private static final int TALKS = 24;
    private static final double OFTEN = 0.3;

    /// Faults and what the control thread is to call them.
    enum Fault {
        LATE(often(FaultKind.LATE_COMPLETIONS), DeviceFault.COMPLETION_STRAY),
        LOST(often(FaultKind.LOST_COMPLETIONS), DeviceFault.COMPLETION_LOST),
        REPEATED(often(FaultKind.REPEATED_COMPLETIONS), DeviceFault.COMPLETION_STRAY),
        LIES(often(FaultKind.LIES), DeviceFault.LIE),
        FULL_EARLY(often(FaultKind.FULL_EARLY), DeviceFault.FULL_EARLY),
        LOST_ENTRIES(often(FaultKind.LOST_ENTRIES), DeviceFault.ENTRY_LOST),
        JUMPING(often(FaultKind.JUMPING_COUNTERS), DeviceFault.WRONG_COUNTER),
        STOPPED(often(FaultKind.STOPPED_COUNTERS), DeviceFault.WRONG_COUNTER),
        RESETS(FaultShares.NONE.withNs(FaultKind.RESET_EVERY, 700_000_000), DeviceFault.ENTRY_LOST),
        ALL(FaultShares.NONE.with(FaultKind.LATE_COMPLETIONS, 0.1).with(FaultKind.LOST_COMPLETIONS, 0.1)
            .with(FaultKind.REPEATED_COMPLETIONS, 0.1).with(FaultKind.LIES, 0.1).with(FaultKind.FULL_EARLY, 0.1)
            .with(FaultKind.LOST_ENTRIES, 0.1).with(FaultKind.JUMPING_COUNTERS, 0.1), DeviceFault.LIE);

        private final FaultShares shares;
        private final DeviceFault name;

        Fault(FaultShares shares, DeviceFault name) {
            this.shares = shares;
            this.name = name;
        }

        private static FaultShares often(FaultKind kind) {
            return FaultShares.NONE.with(kind, OFTEN);
        }

        /// Its counts die with an entry, or nobody can read them.
        boolean losesCounts() {
            return this == ALL || this == LOST_ENTRIES || this == STOPPED || this == RESETS;
        }
    }

    private static FirewallScene scene(SceneNics nics) {
        return new FirewallScene(HardwareOffloadTest.RULES, "sysctl: { net.netfilter.nf_conntrack_max: 4096, "
            + "net.netfilter.nf_conntrack_buckets: 4096, net.netfilter.nf_conntrack_acct: 1 }\n", nics);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyFaultIsNamedAndNothingIsLost(Fault fault) {
        long seed = Seeds.next();
        var faults = new FaultPanel();
        faults.set(fault.shares, seed);
        var random = new Random(seed);
        try (var scene = scene(new SceneNics(NicModel.FULL, faults))) {
            List<Talk> talks = new ArrayList<>();
            long[] said = new long[TALKS];
            for (int i = 0; i < TALKS; i++) talks.add(new Talk(scene, 5000 + i, 80, PUBLIC, 5000 + i).open());
            for (int step = 0; step < 1_500; step++) {
                int i = random.nextInt(TALKS);
                talks.get(i).say(10).onlyWan();   // exactly one frame, at once: none lost, none held
                talks.get(i).hear(10).onlyLan();
                said[i]++;
                if (random.nextInt(100) == 0) scene.pass(1);
            }
            OffloadControl control = scene.router.offload();
            assertThat(control.tally().faults(fault.name)).as("%s, seed %d", fault.name, seed).isPositive();
            if (fault == Fault.STOPPED) assertThat(control.tally().removals(RemovalCause.COUNTER)).isPositive();
            faults.clear();
            scene.pass(4);
            talks.forEach(talk -> talk.say(10).onlyWan());
            scene.pass(2);
            assertAgree(scene, seed);
            assertThat(control.inHardwareCount()).as("in hardware at last, seed %d", seed).isEqualTo(TALKS);
            control.releaseHeld();
            var tracking = scene.router.hooks().tracking();
            for (int entry = tracking.table().next(-1); entry >= 0; entry = tracking.table().next(entry)) {
                tracking.settle(entry);
            }
            long lost = control.tally().countsLost();
            if (lost == 0) {
                for (String line : scene.connections()) {
                    int i = Integer.parseInt(line.replaceFirst(".*? sport=(\\d+).*", "$1")) - 5000;
                    assertThat(line).as("seed %d", seed).contains("packets=" + (2 + said[i] + 1) + " ")
                        .contains("packets=" + (1 + said[i]) + " ");
                }
            }
            assertThat(lost == 0 || fault.losesCounts()).as("counts lost: %d, seed %d", lost, seed).isTrue();
        }
    }

    /// While the device does not answer, the flow's slot waits for it, though the flow was torn down long ago.
    @Test
    void aFlowThatWasTornDownWaitsForItsLastCounts() {
        boolean[] isMute = {false};
        var faults = new NicFaults() {
            @Override
            public boolean losesCompletion() {
                return isMute[0];
            }
        };
        try (var scene = scene(new SceneNics(NicModel.FULL, faults))) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(10).onlyWan();
            scene.pass(1);
            isMute[0] = true;
            for (int i = 0; i < 7; i++) talk.say(10).onlyWan();
            assertThat(scene.router.offload().hits()).isEqualTo(7);
            scene.nft("flush ruleset\ntable inet t { chain onward { type filter hook forward priority 0; "
                + "ct state established accept; }\n chain post { type nat hook postrouting priority srcnat; } }");
            scene.pass(5);
            assertThat(scene.router.hooks().tracking().table().next(-1)).isNotNegative();
            isMute[0] = false;
            scene.pass(1);
            assertThat(scene.connections().getFirst()).contains("packets=" + (2 + 1 + 7) + " ");
            assertThat(scene.nics().first().flows().count()).isZero();
        }
    }

    /// The device holds what the control thread believes, and the worker keeps no other flow.
    private static void assertAgree(FirewallScene scene, long seed) {
        OffloadControl control = scene.router.offload();
        assertThat(control.underWayCount()).as("under way, seed %d", seed).isZero();
        assertThat(scene.nics().first().flows().count()).as("entries, seed %d", seed)
            .isEqualTo(control.inHardwareCount());
        assertThat(scene.router.hooks().offloading().hardware().pinnedCount()).as("pinned, seed %d", seed)
            .isEqualTo(control.inHardwareCount());
    }

    @Test
    void aWireThatIsDisconnectedTakesItsConnectionsOutAndBack() {
        boolean[] isDown = {false};
        var faults = new NicFaults() {
            @Override
            public boolean isLinkDown(int port, long nowNs) {
                return isDown[0] && port == 1;
            }
        };
        try (var scene = scene(new SceneNics(NicModel.FULL, faults))) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            scene.pass(1);
            assertThat(scene.router.offload().inHardwareCount()).isOne();
            isDown[0] = true;
            assertThat(talk.say(10).isNothing()).as("hits before anybody has noticed").isTrue();
            scene.pass(1);
            assertThat(scene.nics().first().flows().count()).isZero();
            assertThat(scene.router.offload().tally().removals(RemovalCause.LINK_DOWN)).isOne();
            assertThat(scene.router.offload().tally().faults(DeviceFault.LINK_DOWN)).isOne();
            isDown[0] = false;
            scene.pass(1);
            talk.say(1).onlyWan();
            assertThat(scene.router.offload().inHardwareCount()).isOne();
        }
    }

    /// Commands, completions and packets of a queue that the device leaves alone: found, begun anew, and nothing lost.
    @Test
    void aStuckQueueIsNamedAndBegunAnew() {
        var faults = new FaultPanel();
        try (var scene = scene(new SceneNics(NicModel.FULL, faults))) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(10).onlyWan();
            faults.stick(0, 1, scene.nowNs + 3_600_000_000_000L);
            assertThat(talk.say(10).isNothing()).as("the port stands still").isTrue();
            FirewallScene.Sent sent = scene.turn();
            for (int i = 0; i < 20_000 && sent.isNothing(); i++) sent = scene.turn();
            sent.onlyWan();
            assertThat(scene.router.offload().tally().faults(DeviceFault.STUCK_QUEUE)).isOne();
            talk.say(10).onlyWan();
            talk.hear(10).onlyLan();
            scene.pass(1);
            assertThat(scene.router.offload().tally().faults(DeviceFault.STUCK_QUEUE)).isOne();
            assertThat(scene.router.offload().faults(scene.nics().first(), DeviceFault.STUCK_QUEUE)).isOne();
            assertThat(scene.router.offload().inHardwareCount()).isOne();
        }
    }

    @Test
    void aWrongSumAccusesItsDeviceAndLosesNothing() {
        var faults = new FaultPanel();
        faults.set(FaultShares.NONE.with(FaultKind.WRONG_SUMS, 1), 1);
        try (var scene = scene(new SceneNics(NicModel.FULL, faults))) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(10).onlyWan();
            talk.hear(10).onlyLan();
            scene.pass(1);
            OffloadControl control = scene.router.offload();
            assertThat(control.tally().faults(DeviceFault.WRONG_SUM)).isGreaterThanOrEqualTo(3);
            assertThat(control.faults(scene.nics().first(), DeviceFault.WRONG_SUM))
                .isEqualTo(control.tally().faults(DeviceFault.WRONG_SUM));
            assertThat(control.inHardwareCount()).isOne();
        }
    }

    /// Nothing but what was set is found.
    @Test
    void aDeviceThatDoesNotErrIsAccusedOfNothing() {
        try (var scene = scene(SceneNics.full())) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            for (int i = 0; i < 100; i++) {
                talk.say(10).onlyWan();
                talk.hear(10).onlyLan();
                scene.pass(1);
            }
            for (DeviceFault fault : DeviceFault.values()) {
                assertThat(scene.router.offload().tally().faults(fault)).as(fault.name()).isZero();
            }
        }
    }
}
