package io.millrace.nic.sim;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.KeyRules;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.ModeChange;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.filter.DeviceFilters;
import io.millrace.nic.sim.filter.FilterCount;
import io.millrace.nic.sim.filter.FilterName;
import io.millrace.nic.sim.filter.FilterOwner;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.FilterLimits;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

class DeviceFiltersTest {

    private static final int IPV4 = 0x800;
    private static final FlowerAction DROP = new FlowerAction.Gact(ActionControl.DROP);
    private static final FlowerAction TRAP = new FlowerAction.Gact(ActionControl.TRAP);

    private final FilterCount count = new FilterCount();

    private static FlowerMatch to(String address) {
        int last = Integer.parseInt(address.substring(address.lastIndexOf('.') + 1));
        return KeyRules.match(IPV4, Map.of(FlowerField.TARGET_ADDRESS,
            FieldMatch.of(0x0a_00_00_00 | last, 0xffff_ffffL)), Optional.empty(), Optional.empty());
    }

    private static FlowerMatch toPort(int port) {
        return KeyRules.match(IPV4, Map.of(FlowerField.IP_PROTOCOL, FieldMatch.of(17, 0xff), FlowerField.TARGET_PORT,
            FieldMatch.of(port, 0xffff)), Optional.empty(), Optional.empty());
    }

    private static FlowerFilter filter(int priority, FlowerMatch match, FlowerAction... actions) {
        return new FlowerFilter(0, priority, IPV4, 1, 0, match, List.of(actions), FlowerFlags.NONE);
    }

    private static FilterName name(int slot, int generation) {
        return new FilterName(FilterOwner.TC, 0, slot, generation);
    }

    private static byte[] frame(String target) {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.9", target).udp(1000, 2000)
            .payloadOf(40).bytes();
    }

    private static CommandResult add(NicFixture fixture, FilterName name, FlowerFilter filter) {
        DeviceFilters filters = fixture.nic.filters();
        return fixture.command(nowNs -> filters.add(name, filter, fixture.nic.eswitch().generation(), nowNs));
    }

    private static NicFixture limited(FilterLimits limits, NicFaults faults) {
        NicModel model = NicModel.FULL.with(NicModel.FULL.limits().withFilters(limits));
        return new NicFixture(model, PortSettings.usual(model, 1), faults);
    }

    @Test
    void aDropRuleStopsAFloodBeforeDescriptorsAreWritten() {
        var fixture = new NicFixture(NicModel.FULL, 2);
        assertThat(add(fixture, name(0, 1), filter(1, to("10.0.0.1"), DROP))).isEqualTo(CommandResult.DONE);
        int flood = 5_000;   // far more than the rings have room for
        for (int i = 0; i < flood; i++) fixture.first.give(frame("10.0.0.1"));
        fixture.first.give(frame("10.0.0.2"));
        fixture.turns();
        List<Integer> received = fixture.received();
        assertThat(received).hasSize(1);
        assertThat(fixture.port.receivedBy(0) + fixture.port.receivedBy(1)).as("descriptors written").isOne();
        assertThat(fixture.nic.account().receiveDrops(Verdict.FLOWER_DROPPED)).isEqualTo(flood);
        assertThat(fixture.port.pauses()).as("the wire never had to wait").isZero();
        assertThat(fixture.nic.filters().count(name(0, 1), count)).isEqualTo(CommandResult.DONE);
        assertThat(count.packets()).isEqualTo(flood);
        assertThat(count.bytes()).as("without the Ethernet header").isEqualTo(flood * (20L + 8 + 40));
        received.forEach(fixture.pool::release);
        fixture.assertAllSlotsAreBack();
    }

    @Test
    void redirectsAndMirrorsFromWireToWire() {
        var fixture = new NicFixture(NicModel.FULL, 1);
        var tag = new FlowerAction.Vlan(FlowerAction.VlanChange.PUSH, 0x8100, 7, 0, ActionControl.PIPE);
        add(fixture, name(0, 1), filter(1, to("10.0.0.1"), tag,
            new FlowerAction.Mirred(true, 1, ActionControl.STOLEN)));
        add(fixture, name(1, 1), filter(2, to("10.0.0.2"),
            new FlowerAction.Mirred(false, 1, ActionControl.PIPE)));
        fixture.first.give(frame("10.0.0.1")).give(frame("10.0.0.2"));
        fixture.turns();
        assertThat(fixture.second.sent()).containsExactly(
            Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").vlan(7).ipv4("10.0.0.9", "10.0.0.1")
                .udp(1000, 2000).payloadOf(40).bytes(), frame("10.0.0.2"));
        List<Integer> received = fixture.received();
        assertThat(received).hasSize(1);
        assertThat(fixture.bytesAre(received.getFirst(), frame("10.0.0.2"))).isTrue();
        assertThat(fixture.meta.filtered(received.getFirst())).isEqualTo(PacketMeta.FILTERED_WHOLLY);
        assertThat(fixture.nic.account().hits()).isOne();
        assertThat(fixture.nic.account().created()).isOne();
        received.forEach(fixture.pool::release);
        fixture.assertAllSlotsAreBack();
    }

    @Test
    void whatItTrapsGoesToTheWorkerInOrder() {
        var fixture = new NicFixture(NicModel.FULL, 1);
        add(fixture, name(0, 1), filter(1, to("10.0.0.1"), TRAP));
        String[] targets = {"10.0.0.2", "10.0.0.1", "10.0.0.1", "10.0.0.3", "10.0.0.1"};
        for (String target : targets) fixture.first.give(frame(target));
        fixture.turns();
        List<Integer> received = fixture.receivedInOrder();
        assertThat(received).hasSize(targets.length);
        for (int i = 0; i < targets.length; i++) {
            assertThat(fixture.bytesAre(received.get(i), frame(targets[i]))).as("packet %d", i).isTrue();
            boolean isTrapped = targets[i].equals("10.0.0.1");
            assertThat(fixture.meta.filtered(received.get(i)))
                .isEqualTo(isTrapped ? PacketMeta.FILTERED_WHOLLY : PacketMeta.FILTERED_NOT);
        }
    }

    @Test
    void doesNothingWhileItIsSwitchedOff() {
        var fixture = new NicFixture(NicModel.FULL, 1);
        add(fixture, name(0, 1), filter(1, to("10.0.0.1"), DROP));
        fixture.command(fixture.port.features(fixture.port.featureBits() & ~NicFeature.FILTERS.bit()));
        fixture.first.give(frame("10.0.0.1"));
        fixture.turns();
        assertThat(fixture.received()).hasSize(1);
    }

    @Test
    void oldGenerationsAreRefusedAndCounted() {
        var fixture = new NicFixture(NicModel.FULL, 1);
        DeviceFilters filters = fixture.nic.filters();
        add(fixture, name(3, 1), filter(1, to("10.0.0.1"), DROP));
        assertThat(add(fixture, name(3, 1), filter(2, to("10.0.0.1"), DROP))).isEqualTo(CommandResult.EXISTS);
        assertThat(filters.remove(name(3, 1))).isEqualTo(CommandResult.DONE);
        add(fixture, name(3, 2), filter(1, to("10.0.0.1"), DROP));
        assertThat(filters.remove(name(3, 1))).isEqualTo(CommandResult.STALE);
        assertThat(filters.count(name(3, 1), count)).isEqualTo(CommandResult.STALE);
        assertThat(filters.remove(new FilterName(FilterOwner.TC, 1, 3, 2))).as("of another port").isEqualTo(CommandResult.STALE);
        assertThat(filters.staleCount()).isEqualTo(3);
        assertThat(filters.filterCount()).isOne();
        assertThat(add(fixture, name(3, 3), filter(1, to("10.0.0.1"), DROP))).isEqualTo(CommandResult.DONE);
        assertThat(filters.filterCount()).as("what lost its removal makes room").isOne();
        assertThat(filters.has(name(3, 2))).isFalse();
        assertThat(filters.staleCount()).isEqualTo(4);
    }

    @Test
    void keepsItsLimitsAndSaysWhich() {
        var fixture = limited(new FilterLimits(3, 2, 1), NicFaults.NONE);
        assertThat(add(fixture, name(0, 1), filter(1, to("10.0.0.1"), DROP))).isEqualTo(CommandResult.DONE);
        assertThat(add(fixture, name(1, 1), filter(2, toPort(5), DROP))).isEqualTo(CommandResult.DONE);
        assertThat(add(fixture, name(2, 1), new FlowerFilter(0, 3, FlowerFilter.ALL, 1, 0, FlowerMatch.ANY,
            List.of(DROP), FlowerFlags.NONE))).isEqualTo(CommandResult.NO_SPACE);
        assertThat(fixture.nic.filters().refusal()).isEqualTo("the device holds no more than 2 different masks");
        assertThat(add(fixture, name(2, 1), filter(4, to("10.0.0.1"), DROP))).isEqualTo(CommandResult.DONE);
        assertThat(add(fixture, name(3, 1), filter(5, to("10.0.0.1"), DROP))).isEqualTo(CommandResult.NO_SPACE);
        assertThat(fixture.nic.filters().refusal()).isEqualTo("the device holds no more than 3 filters");
        fixture.nic.filters().remove(name(1, 1));
        assertThat(fixture.nic.filters().shapeCount()).isOne();
        assertThat(fixture.nic.filters().filterCount()).isEqualTo(2);
    }

    /// Filters work until they are dropped. One that was decided on before the change is not let in after it.
    @Test
    void aChangeOfModesLetsNobodyInUntilItIsOverAndNobodyWhoDoesNotKnowOfIt() {
        var fixture = new NicFixture(NicModel.FULL, 1);
        DeviceFilters filters = fixture.nic.filters();
        FlowerFilter drop = filter(1, to("10.0.0.1"), DROP);
        add(fixture, name(0, 1), drop);
        change(fixture, EswitchMode.LEGACY, () -> {
            assertThat(filters.add(name(1, 1), filter(2, to("10.0.0.2"), DROP), 0, 0)).isEqualTo(CommandResult.BUSY);
            assertThat(filters.refusal()).isEqualTo("the device changes its mode");
            fixture.first.give(frame("10.0.0.1"));
            fixture.turns();
            assertThat(fixture.received()).isEmpty();
        });
        assertThat(filters.filterCount()).isZero();
        assertThat(filters.remove(name(0, 1))).isEqualTo(CommandResult.STALE);
        assertThat(filters.add(name(1, 1), drop, 0, 0)).isEqualTo(CommandResult.STALE);
        assertThat(filters.add(name(1, 1), drop, 1, 0)).isEqualTo(CommandResult.UNSUPPORTED);
        assertThat(filters.refusal()).isEqualTo("the device holds no filters in mode legacy");
        change(fixture, EswitchMode.SWITCHDEV, () -> { });
        assertThat(filters.add(name(1, 1), drop, 0, 0)).as("decided on before").isEqualTo(CommandResult.STALE);
        assertThat(filters.add(name(1, 1), drop, 2, 0)).isEqualTo(CommandResult.DONE);
        assertThat(filters.staleCount()).as("names").isEqualTo(1);
        assertThat(fixture.nic.eswitch().refusedStale()).as("generations of the mode").isEqualTo(2);
    }

    /// @param draining what is done once while the tables drain
    private static void change(NicFixture fixture, EswitchMode mode, Runnable draining) {
        ModeChange change = fixture.nic.changeMode(mode);
        boolean isDone = false;
        while (!change.turn(fixture.nowNs)) {
            if (!isDone && fixture.nic.eswitch().stand().isDraining()) {
                draining.run();
                isDone = true;
            }
            fixture.nic.turn(fixture.nowNs);
            fixture.nowNs += 500;
        }
        assertThat(change.ending()).isEqualTo(ModeChange.Ending.DONE);
        assertThat(change.record().hasDropped()).isFalse();
        assertThat(isDone).isTrue();
    }

    @Test
    void refusesEarlyAndLosesEntriesAsItIsTold() {
        var faults = new NicFaults() {
            boolean isFull = true;

            @Override
            public boolean isFullEarly() { return isFull; }

            @Override
            public boolean losesEntry() { return true; }
        };
        var fixture = limited(new FilterLimits(8, 8, 1), faults);
        assertThat(add(fixture, name(0, 1), filter(1, to("10.0.0.1"), DROP))).isEqualTo(CommandResult.NO_SPACE);
        faults.isFull = false;
        assertThat(add(fixture, name(0, 1), filter(1, to("10.0.0.1"), DROP))).isEqualTo(CommandResult.DONE);
        assertThat(fixture.nic.filters().filterCount()).isZero();
    }
}
