package io.millrace.nic.sim;

import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.nic.program.Engine;
import io.millrace.nic.sim.audit.AuditCheck;
import io.millrace.nic.sim.audit.AuditFinding;
import io.millrace.nic.sim.audit.AuditSkip;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.testkit.Frame;
import io.millrace.testkit.FrameAssert;
import io.millrace.testkit.Ipv4Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A device of which every piece of work is audited, with each unit right and with each unit wrong.
class DeviceAuditTest {

    private static final String A = "02:00:00:00:00:01";
    private static final String B = "02:00:00:00:00:02";

    /// What a device does, and which of its units is wrong about it.
    enum Unit {
        SUM(Engine.CHECKSUM), FILL_IN(Engine.CHECKSUM), CUT(Engine.GSO), MERGE(Engine.GRO), REWRITE(Engine.FLOW);

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
    }

    @Test
    void findsNothingInADeviceThatIsRight() {
        for (NicModel model : List.of(NicModel.FULL, NicModel.CLASSIC, NicModel.BARE)) {
            var fixture = fixture(model, NicFaults.NONE);
            work(fixture);
            assertThat(found).as(model.name()).isEmpty();
            assertThat(skipped(fixture)).isZero();
        }
        // Packets received, filled in, cut and, of the first, one poll merged and two of a connection, one a poll too.
        assertThat(check.checkedCount()).isEqualTo(5 + 1 + 2 + (2 + 1) + 5 + 2 + 5);
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

    private static long skipped(NicFixture fixture) {
        long skipped = 0;
        for (AuditSkip why : AuditSkip.values()) skipped += fixture.nic.audit().skippedCount(why);
        return skipped;
    }

    private static Ipv4Layer ipv4() {
        return Frame.ethernet(A, B).ipv4("10.0.0.1", "10.1.0.1");
    }
}
