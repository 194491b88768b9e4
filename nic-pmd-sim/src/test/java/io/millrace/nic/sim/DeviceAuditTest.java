package io.millrace.nic.sim;

import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.KeyRules;
import io.millrace.nic.program.Engine;
import io.millrace.nic.sim.audit.AuditCheck;
import io.millrace.nic.sim.audit.AuditFinding;
import io.millrace.nic.sim.audit.AuditSkip;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.filter.FilterName;
import io.millrace.nic.sim.filter.FilterOwner;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.testkit.Frame;
import io.millrace.testkit.FrameAssert;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

/// A device of which every piece of work is audited, with each unit right and with each unit wrong.
class DeviceAuditTest {

    private static final String A = "02:00:00:00:00:01";
    private static final String B = "02:00:00:00:00:02";
    private static final FlowerMatch UDP_TO_99 = udpTo(99);

    /// What a device does, and which of its units is wrong about it.
    enum Unit {
        SUM(Engine.CHECKSUM), FILL_IN(Engine.CHECKSUM), CUT(Engine.GSO), MERGE(Engine.GRO), REWRITE(Engine.FLOW),
        FILTER(Engine.FLOWER);

        private final Engine engine;

        Unit(Engine engine) {
            this.engine = engine;
        }
    }

    private static final class Faults implements NicFaults {

        private final Unit wrong;

        private Faults(Unit wrong) {
            this.wrong = wrong;
        }

        private int bits(Unit unit) {
            return wrong == unit ? 0x40 : 0;
        }

        @Override public int checksumError() { return bits(Unit.SUM); }
        @Override public int fillInError()   { return bits(Unit.FILL_IN); }
        @Override public int cutError()      { return bits(Unit.CUT); }
        @Override public int mergeError()    { return bits(Unit.MERGE); }
        @Override public int rewriteError()  { return bits(Unit.REWRITE); }
        @Override public int filterError()   { return bits(Unit.FILTER); }
    }

    private final AuditCheck check = new AuditCheck(Arena.ofAuto(), ShippedGraph.DEFAULT.load());
    private final List<AuditFinding> found = new ArrayList<>();

    private static NicFixture fixture(NicModel model, NicFaults faults) {
        PortSettings usual = PortSettings.usual(model, 1);
        return new NicFixture(model, model.merges() ? usual.with(NicFeature.MERGING) : usual, faults, true);
    }

    private void checkAll(NicFixture fixture) {
        check.turn(fixture.nic.audit(), Integer.MAX_VALUE, found::add);
    }

    /// Receives, merges, fills in, cuts and forwards.
    private void work(NicFixture fixture) {
        for (int i = 0; i < 5; i++) {
            fixture.first.give(ipv4().tcp(1, 2).sequence(1_000L + 100 * i).ack().payload(new byte[100]).bytes());
        }
        fixture.turns();
        fixture.received().forEach(fixture.pool::release);
        checkAll(fixture);
        byte[] undone = ipv4().tcp(1, 2).partialChecksum().payload(new byte[1_600]).bytes();
        int plain = fixture.packet(undone);
        new ChecksumRecord(fixture.packets).partial(plain, 34, 16);
        fixture.transmit(plain);
        int superPacket = fixture.packet(undone);
        new ChecksumRecord(fixture.packets).partial(superPacket, 34, 16);
        fixture.meta.gsoType(superPacket, GsoType.TCPV4);
        fixture.meta.gsoSize(superPacket, 400);
        fixture.transmit(superPacket);
        checkAll(fixture);
        if (fixture.nic.flows() == null) return;
        DeviceFlowsTest.add(fixture, 1_000);
        DeviceFlowsTest.activate(fixture, 1_000);
        checkAll(fixture);
        FlowerFilter filter = filter(1, UDP_TO_99, new FlowerAction.Mirred(true, 1, ActionControl.STOLEN));
        filters(fixture, filter);
        fixture.first.give(ipv4().udp(1, 99).payloadOf(30).bytes());
        fixture.turns();
        fixture.received().forEach(fixture.pool::release);
        checkAll(fixture);
    }

    private static FlowerFilter filter(int priority, FlowerMatch match, FlowerAction... actions) {
        return new FlowerFilter(0, priority, 0x800, 1, 0, match, List.of(actions), FlowerFlags.NONE);
    }

    private static FlowerMatch udpTo(int port) {
        return KeyRules.match(0x800, Map.of(FlowerField.IP_PROTOCOL, FieldMatch.of(17, 0xff),
            FlowerField.TARGET_PORT, FieldMatch.of(port, 0xffff)), Optional.empty(), Optional.empty());
    }

    /// Has the first port hold these, in slots from 0.
    private static void filters(NicFixture fixture, FlowerFilter... filters) {
        for (int slot = 0; slot < filters.length; slot++) {
            var name = new FilterName(FilterOwner.TC, 0, slot, 1);
            FlowerFilter filter = filters[slot];
            assertThat(fixture.command(nowNs -> fixture.nic.filters().add(name, filter,
                fixture.nic.eswitch().generation(), nowNs))).isEqualTo(CommandResult.DONE);
        }
    }

    @Test
    void findsNothingInADeviceThatIsRight() {
        for (NicModel model : List.of(NicModel.FULL, NicModel.CLASSIC, NicModel.BARE)) {
            var fixture = fixture(model, NicFaults.NONE);
            work(fixture);
            assertThat(found).as(model.name()).isEmpty();
            assertThat(skipped(fixture)).isZero();
        }
        // Packets received, filled in, cut and, of the first, one poll merged and two of a connection, one a poll too; one
        // filtered.
        assertThat(check.checkedCount()).isEqualTo(5 + 1 + 2 + (2 + 1) + 5 + 2 + 5 + 1);
    }

    @ParameterizedTest
    @EnumSource
    void aWrongUnitIsFoundAndNoOther(Unit wrong) {
        work(fixture(NicModel.FULL, new Faults(wrong)));
        assertThat(found).isNotEmpty().allSatisfy(each -> {
            assertThat(each.engine()).isEqualTo(wrong.engine);
            assertThat(each.given()).isNotEmpty();
            if (wrong == Unit.SUM) {
                assertThat(each.device()).isNotEqualTo(each.software());
            } else {
                assertThat(each.deviceFrames()).hasSameSizeAs(each.softwareFrames());
                assertThat(each.deviceFrames().getFirst()).isNotEqualTo(each.softwareFrames().getFirst());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"FILL_IN", "CUT"})
    void aWrongUnitOfAClassicDeviceIsFoundToo(Unit wrong) {
        work(fixture(NicModel.CLASSIC, new Faults(wrong)));
        assertThat(found).hasSize(1).allSatisfy(each -> assertThat(each.engine()).isEqualTo(wrong.engine));
    }

    /// It says of wrong checksums that they are right.
    @Test
    void aClassicDeviceThatVouchesForAWrongChecksumIsFound() {
        var fixture = fixture(NicModel.CLASSIC, new Faults(Unit.SUM));
        byte[] damaged = ipv4().tcp(1, 2).payload(new byte[9]).bytes();
        damaged[damaged.length - 1] ^= 1;
        fixture.first.give(damaged);
        fixture.turns();
        checkAll(fixture);
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.engine()).isEqualTo(Engine.CHECKSUM);
            assertThat(each.device()).isEqualTo("checksum is right");
            assertThat(each.software()).isEqualTo("checksum is bad");
        });
    }

    @Test
    void softwareMakesWhatTheDeviceShouldHaveMade() {
        work(fixture(NicModel.FULL, new Faults(Unit.CUT)));
        List<byte[]> segments = found.getFirst().softwareFrames();
        assertThat(segments).hasSize(4);
        segments.forEach(frame -> FrameAssert.assertThatFrame(frame).hasValidChecksums());
        assertThat(found.getFirst().given().getFirst()).hasSize(14 + 20 + 20 + 1_600);
    }

    /// Packets of several slots are audited as well, up to what a unit holds.
    @ParameterizedTest
    @ValueSource(ints = {1_800, 9_000, 60_000})
    void chainsAreAudited(int payloadBytes) {
        var fixture = fixture(NicModel.FULL, new Faults(Unit.SUM));
        byte[] frame = ipv4().udp(1, 2).payload(new byte[payloadBytes]).bytes();
        fixture.first.give(frame);
        fixture.turns();
        checkAll(fixture);
        assertThat(found).singleElement().satisfies(each -> assertThat(each.given()).containsExactly(frame));
        assertThat(skipped(fixture)).isZero();
    }

    @Test
    void aPollThatIsTooLongIsSkippedByName() {
        var fixture = fixture(NicModel.FULL, NicFaults.NONE);
        byte[] frame = ipv4().udp(1, 2).payload(new byte[60_000]).bytes();
        for (int i = 0; i < 3; i++) fixture.first.give(frame);
        fixture.turns();
        checkAll(fixture);
        assertThat(found).isEmpty();
        assertThat(check.checkedCount()).isEqualTo(3);
        assertThat(fixture.nic.audit().skippedCount(AuditSkip.TOO_LONG)).isOne();
    }

    /// Everything that filters can do: drop, change, copy, redirect, trap, jump, police; filters that come and go.
    @Test
    void whatRightFiltersDoIsNothingToFindWhileTheyChange() {
        long seed = Seeds.next();
        var random = new SplittableRandom(seed);
        var fixture = fixture(NicModel.FULL, NicFaults.NONE);
        var police = new FlowerAction.Police(1_000, 200, 2_000, ActionControl.DROP, ActionControl.PIPE);
        List<FlowerAction[]> actions = List.of(new FlowerAction[] {new FlowerAction.Gact(ActionControl.DROP)},
            new FlowerAction[] {new FlowerAction.Vlan(FlowerAction.VlanChange.PUSH, 0x8100, 7, 0, ActionControl.PIPE),
                new FlowerAction.Mirred(false, 1, ActionControl.PIPE), new FlowerAction.Gact(ActionControl.PASS)},
            new FlowerAction[] {new FlowerAction.Mirred(true, 1, ActionControl.STOLEN)},
            new FlowerAction[] {police, new FlowerAction.Gact(ActionControl.TRAP)},
            new FlowerAction[] {new FlowerAction.Gact(ActionControl.gotoChain(3))});
        long checked = check.checkedCount();
        for (int generation = 1; generation <= 40; generation++) {
            for (int slot = 0; slot < 5; slot++) {
                var old = new FilterName(FilterOwner.TC, 0, slot, generation - 1);
                if (fixture.nic.filters().has(old)) fixture.nic.filters().remove(old);
                if (random.nextInt(4) == 0) continue;
                FlowerFilter filter = filter(1 + slot, udpTo(random.nextInt(6)), actions.get(random.nextInt(5)));
                fixture.nic.filters().add(new FilterName(FilterOwner.TC, 0, slot, generation), filter,
                    fixture.nic.eswitch().generation(), fixture.nowNs);
            }
            for (int i = 0; i < 10; i++) fixture.first.give(ipv4().udp(1, random.nextInt(6)).payloadOf(30).bytes());
            fixture.turns();
            fixture.received().forEach(fixture.pool::release);
            if (random.nextInt(3) > 0) checkAll(fixture);
            if (random.nextInt(10) == 0) fixture.nic.filters().reset();
            assertThat(found).as("seed %d, generation %d", seed, generation).isEmpty();
        }
        checkAll(fixture);
        assertThat(found).as("seed %d", seed).isEmpty();
        assertThat(check.checkedCount() - checked).isGreaterThan(400);
    }

    @Test
    void filtersThatDoNotSeeAPacketAreFoundWithWhatTheyShouldHaveSaid() {
        var fixture = fixture(NicModel.FULL, new NicFaults() {
            @Override
            public boolean overlooksPacket() {
                return true;
            }
        });
        filters(fixture, filter(1, UDP_TO_99, new FlowerAction.Gact(ActionControl.DROP)));
        byte[] frame = ipv4().udp(1, 99).payloadOf(30).bytes();
        fixture.first.give(frame).give(ipv4().udp(1, 98).payloadOf(30).bytes());
        fixture.turns();
        fixture.received().forEach(fixture.pool::release);
        checkAll(fixture);
        assertThat(found).as("the other was for nobody").singleElement().satisfies(each -> {
            assertThat(each.engine()).isEqualTo(Engine.FLOWER);
            assertThat(each.device()).isEqualTo("passed, nothing matched");
            assertThat(each.software()).isEqualTo("dropped");
            assertThat(each.given()).containsExactly(frame);
        });
    }

    private static long skipped(NicFixture fixture) {
        long skipped = 0;
        for (AuditSkip why : AuditSkip.values()) skipped += fixture.nic.audit().skippedCount(why);
        return skipped;
    }

    private static Ipv4Layer ipv4() {
        return Frame.ethernet(A, B).ipv4("10.0.0.1", "10.1.0.1");
    }
}
