package io.millrace.nic.sim;

import io.millrace.checksum.cover.ChecksumStatus;
import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.checksum.receive.ReceiveChecksum;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.checksum.transmit.ChecksumHelp;
import io.millrace.checksum.transmit.LegacyTransmit;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.testkit.Frame;
import io.millrace.testkit.FrameAssert;
import io.millrace.testkit.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/// What devices of each model do with checksums and super-packets, and what they leave to software.
class OffloadTest {

    private static final String A = "02:00:00:00:00:01";
    private static final String B = "02:00:00:00:00:02";

    enum Model {
        FULL(NicModel.FULL), CLASSIC(NicModel.CLASSIC), BARE(NicModel.BARE);

        private final NicModel model;

        Model(NicModel model) {
            this.model = model;
        }
    }

    /// Whatever the device says, software comes to the same answer about every packet.
    @ParameterizedTest
    @EnumSource
    void receivedChecksumsAreJudgedAlikeBehindEveryModel(Model each) {
        var fixture = new NicFixture(each.model, 1);
        var checksums = new ReceiveChecksum(fixture.packets);
        var ip = new NetworkHeader(fixture.packets);
        List<Layer> frames = List.of(ipv4().tcp(1, 2).payload(new byte[101]),
            ipv6().tcp(1, 2).payload(new byte[100]), ipv4().udp(1, 2).payload(new byte[33]),
            ipv6().udp(1, 2).payload(new byte[1]));
        for (Layer frame : frames) {
            for (boolean isDamaged : new boolean[] {false, true}) {
                byte[] bytes = frame.bytes();
                if (isDamaged) bytes[bytes.length - 1] ^= 0x40;
                fixture.first.give(bytes);
                fixture.turns();
                int packet = fixture.received().getFirst();
                assertThat(ip.read(packet, 14, fixture.meta.packetBytes(packet)))
                    .isEqualTo(NetworkHeader.Found.TRANSPORT);
                assertThat(checksums.verify(packet, ip)).as(each + " " + isDamaged)
                    .isEqualTo(isDamaged ? ChecksumStatus.BAD : ChecksumStatus.GOOD);
                fixture.pool.release(packet);
            }
        }
        assertThat(checksums.wrongDeviceSums()).isZero();
        long found = switch (each) {
            case FULL -> 8;
            case CLASSIC -> 4;
            case BARE -> 0;
        };
        assertThat(fixture.nic.account().checksumsFound()).isEqualTo(found);
    }

    @Test
    void aClassicDeviceIsSeenAsOneThatSums() {
        var fixture = new NicFixture(NicModel.CLASSIC, 1);
        fixture.first.give(ipv4().tcp(1, 2).payload(new byte[9]).bytes());
        fixture.turns();
        int packet = fixture.received().getFirst();
        assertThat(fixture.meta.checksumState(packet)).isEqualTo(ChecksumState.COMPLETE);
    }

    @Test
    void aChecksumUnitThatErrsIsCaughtBySoftware() {
        var fixture = new NicFixture(NicModel.FULL, PortSettings.usual(NicModel.FULL, 1), new NicFaults() {
            @Override
            public int checksumError() { return 0x0100; }
        });
        fixture.first.give(ipv4().tcp(1, 2).payload(new byte[9]).bytes());
        fixture.turns();
        int packet = fixture.received().getFirst();
        var checksums = new ReceiveChecksum(fixture.packets);
        var ip = new NetworkHeader(fixture.packets);
        ip.read(packet, 14, fixture.meta.packetBytes(packet));
        assertThat(checksums.verify(packet, ip)).isEqualTo(ChecksumStatus.GOOD);
        assertThat(checksums.wrongDeviceSums()).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void partialChecksumsLeaveRight(Model each) {
        var fixture = new NicFixture(each.model, 1);
        for (Layer frame : List.of(ipv4().tcp(1, 2).partialChecksum().payload(new byte[77]),
                ipv6().udp(1, 2).partialChecksum().payload(new byte[78]))) {
            byte[] bytes = frame.bytes();
            boolean is4 = bytes[12] == 8;
            boolean isTcp = bytes[is4 ? 23 : 20] == 6;
            int packet = fixture.packet(bytes);
            new ChecksumRecord(fixture.packets).partial(packet, is4 ? 34 : 54, isTcp ? 16 : 6);
            helpAndSend(fixture, packet);
            FrameAssert.assertThatFrame(fixture.first.sent().removeFirst()).hasValidChecksums();
        }
        assertThat(fixture.nic.account().checksumsFilledIn()).isEqualTo(each == Model.BARE ? 0 : 2);
    }

    /// The final destination behind a routing header is in the pseudo header, so a device that takes the header's
    /// destination sums wrongly: classic must not be asked, and if asked must not send.
    @Test
    void aClassicDeviceNeverSumsBehindARoutingHeader() {
        var fixture = new NicFixture(NicModel.CLASSIC, 1);
        byte[] bytes = Frame.ethernet(A, B).ipv6("2001:db8::1", "2001:db8:5::1").segmentRouting(1, "2001:db8:9::9",
            "2001:db8:5::1").tcp(1, 2).partialChecksum().payload(new byte[40]).bytes();
        int l4 = 14 + 40 + 8 + 2 * 16;
        int packet = fixture.packet(bytes);
        new ChecksumRecord(fixture.packets).partial(packet, l4, 16);
        assertThat(new LegacyTransmit(fixture.packets).canChecksum(packet,
            fixture.port.capabilities().plain().checksums())).isFalse();
        helpAndSend(fixture, packet);
        FrameAssert.assertThatFrame(fixture.first.sent().removeFirst()).hasValidChecksums();
        int unhelped = fixture.packet(bytes);
        new ChecksumRecord(fixture.packets).partial(unhelped, l4, 16);
        fixture.transmit(unhelped);
        assertThat(fixture.first.sent()).isEmpty();
        assertThat(fixture.nic.account().transmitDrops(Verdict.TX_REFUSED)).isOne();
    }

    @Test
    void aFullDeviceCutsWhatItIsGivenAndAClassicOneTcpOverIpv4Alone() {
        for (Model each : Model.values()) {
            for (boolean is4 : new boolean[] {true, false}) {
                var fixture = new NicFixture(each.model, 1);
                byte[] bytes = (is4 ? ipv4() : ipv6()).tcp(1, 2).partialChecksum().payload(new byte[1_600]).bytes();
                int packet = fixture.packet(bytes);
                new ChecksumRecord(fixture.packets).partial(packet, is4 ? 34 : 54, 16);
                fixture.meta.gsoType(packet, is4 ? GsoType.TCPV4 : GsoType.TCPV6);
                fixture.meta.gsoSize(packet, 400);
                fixture.meta.gsoSegments(packet, 4);
                boolean cuts = each == Model.FULL || each == Model.CLASSIC && is4;
                var device = fixture.port.capabilities().plain();
                assertThat((device.types() & fixture.meta.gsoType(packet)) != 0
                    && device.grade() == io.millrace.gso.DeviceSegmentation.Grade.EVERYTHING).isEqualTo(cuts);
                fixture.transmit(packet);
                assertThat(fixture.first.sent()).hasSize(cuts ? 4 : 0);
                fixture.first.sent().forEach(frame -> FrameAssert.assertThatFrame(frame).hasValidChecksums());
                assertThat(fixture.nic.account().split()).isEqualTo(cuts ? 3 : 0);
                assertThat(fixture.nic.account().transmitDrops()).isEqualTo(cuts ? 0 : 1);
                fixture.assertAllSlotsAreBack();
            }
        }
    }

    /// Tags of each kind, two of them, and none; bytes with a checksum to be filled in too; a super-packet.
    @ParameterizedTest
    @EnumSource
    void tagsLeaveAsTheyCameWhoeverInsertsThem(Model each) {
        PortSettings usual = PortSettings.usual(each.model, 1);
        PortSettings without = new PortSettings(1, usual.ringSlots(), Set.of(), true);
        List<byte[]> frames = List.of(ipv4().tcp(1, 2).bytes(),
            Frame.ethernet(A, B).vlan(5).ipv4("10.0.0.1", "10.1.0.1").udp(1, 2).payload(new byte[50]).bytes(),
            Frame.ethernet(A, B).vlan(7).tagType(0x88a8).priority(3).vlan(5).ipv6("fd00::1", "fd00:1::1").tcp(1, 2).bytes(),
            Arrays.copyOf(Frame.ethernet(A, B).vlan(9).ipv4("10.0.0.1", "10.1.0.1").bytes(), 17));
        boolean inserts = each != Model.BARE;
        for (PortSettings settings : List.of(usual, without)) {
            var fixture = new NicFixture(each.model, settings, NicFaults.NONE);
            for (byte[] frame : frames) {
                fixture.transmit(fixture.packet(frame));
                assertThat(fixture.first.sent().removeFirst()).isEqualTo(frame);
            }
            assertThat(fixture.nic.account().tagsInserted()).isEqualTo(inserts && settings == usual ? 2 : 0);
            fixture.assertAllSlotsAreBack();
        }
    }

    @Test
    void aTaggedPacketWhoseChecksumTheDeviceFillsInAndATaggedSuperPacketLeaveRight() {
        var fixture = new NicFixture(NicModel.FULL, 1);
        for (int gsoSize : new int[] {0, 400}) {
            int packet = fixture.packet(Frame.ethernet(A, B).vlan(5).ipv4("10.0.0.1", "10.1.0.1").tcp(1, 2)
                .partialChecksum().payload(new byte[1_600]).bytes());
            fixture.meta.l3(packet, 18);
            new ChecksumRecord(fixture.packets).partial(packet, 38, 16);
            fixture.meta.gsoSize(packet, gsoSize);
            if (gsoSize > 0) fixture.meta.gsoType(packet, GsoType.TCPV4);
            fixture.transmit(packet);
            assertThat(fixture.first.sent()).hasSize(gsoSize == 0 ? 1 : 4);
            fixture.first.sent().forEach(frame -> {
                assertThat(Arrays.copyOfRange(frame, 12, 18)).containsExactly(0x81, 0, 0, 5, 8, 0);
                FrameAssert.assertThatFrame(frame).hasValidChecksums();
            });
            fixture.first.sent().clear();
        }
        assertThat(fixture.nic.account().tagsInserted()).isOne();
    }

    @Test
    void mergesOnlyIfAskedAndCountsWhatBecamePartOfAnother() {
        PortSettings usual = PortSettings.usual(NicModel.FULL, 2);
        for (boolean merges : new boolean[] {false, true}) {
            PortSettings settings = merges ? usual.with(NicFeature.MERGING) : usual;
            var fixture = new NicFixture(NicModel.FULL, settings, NicFaults.NONE);
            for (int i = 0; i < 10; i++) {
                fixture.first.give(ipv4().tcp(1, 2).sequence(1_000L + 100 * i).ack().payload(new byte[100]).bytes());
            }
            fixture.turns();
            List<Integer> received = fixture.received();
            assertThat(received).hasSize(merges ? 1 : 10);
            assertThat(fixture.nic.account().absorbed()).isEqualTo(merges ? 9 : 0);
            assertThat(fixture.nic.account().merged()).isEqualTo(merges ? 1 : 0);
            assertThat(fixture.port.capabilities().givesUndone()).isEqualTo(merges);
            if (merges) assertThat(fixture.meta.gsoSegments(received.getFirst())).isEqualTo(10);
            received.forEach(fixture.pool::release);
            fixture.assertAllSlotsAreBack();
        }
    }

    @Test
    void featuresThatTheDeviceHasNotCannotBeSwitchedOn() {
        var fixture = new NicFixture(NicModel.BARE, 1);
        for (NicFeature feature : NicFeature.values()) {
            assertThat(fixture.command(fixture.port.features(feature.bit()))).isEqualTo(CommandResult.UNSUPPORTED);
        }
        assertThat(fixture.port.featureBits()).isZero();
    }

    @Test
    void runsTheParserThatItIsGivenFromTheNextBurstOn() {
        var fixture = new NicFixture(NicModel.FULL, 4);
        ParseImage plain = ParseImage.of(ShippedGraph.L3.load());
        byte[] tunnelled = ipv4().gre().ipv4("10.9.0.1", "10.9.0.2").tcp(5, 6).bytes();
        assertThat(recordsOf(fixture, tunnelled)).isEqualTo(2);
        assertThat(fixture.command(fixture.nic.fetchParser(plain))).isEqualTo(CommandResult.DONE);
        assertThat(recordsOf(fixture, tunnelled)).isEqualTo(1);
        assertThat(fixture.nic.image().program().hashText()).isEqualTo(plain.program().hashText());
    }

    private static int recordsOf(NicFixture fixture, byte[] frame) {
        fixture.first.give(frame);
        fixture.turns();
        int packet = fixture.received().getFirst();
        int records = fixture.meta.recordCount(packet);
        fixture.pool.release(packet);
        return records;
    }

    @Test
    void whatTheWireHasNoRoomForIsDroppedByName() {
        var fixture = new NicFixture(NicModel.FULL, 1);
        fixture.first.room(2);
        for (int i = 0; i < 5; i++) fixture.transmit(fixture.packet(ipv4().tcp(1, 2).bytes()));
        assertThat(fixture.first.sent()).hasSize(2);
        assertThat(fixture.nic.account().transmitDrops(Verdict.TX_FULL)).isEqualTo(3);
        fixture.assertAllSlotsAreBack();
    }

    @Test
    void aWireThatIsDisconnectedGivesNothingAndTakesNothing() {
        boolean[] isDown = {true};
        var fixture = new NicFixture(NicModel.FULL, PortSettings.usual(NicModel.FULL, 1), new NicFaults() {
            @Override
            public boolean isLinkDown(int port, long nowNs) { return isDown[0]; }
        });
        fixture.first.give(ipv4().tcp(1, 2).bytes());
        fixture.transmit(fixture.packet(ipv4().tcp(1, 2).bytes()));
        assertThat(fixture.received()).isEmpty();
        assertThat(fixture.nic.account().transmitDrops(Verdict.TX_REFUSED)).isOne();
        isDown[0] = false;
        fixture.turns();
        assertThat(fixture.received()).hasSize(1);
    }

    @Test
    void whatIsHeldWhenTheRunEndsEndsByName() {
        var fixture = new NicFixture(NicModel.FULL, 2);
        fixture.nic.inline(false);
        for (int i = 0; i < 10; i++) fixture.first.give(ipv4().tcp(i, 2).bytes());
        fixture.turns();
        fixture.burst.add(fixture.packet(ipv4().tcp(1, 2).bytes()));
        fixture.port.transmit(0, fixture.burst, fixture.pool, 0);
        assertThat(fixture.nic.held()).isEqualTo(11);
        fixture.nic.releaseHeld();
        assertThat(fixture.nic.held()).isZero();
        assertThat(fixture.nic.account().receiveDrops(Verdict.INPUT_ENDED)).isEqualTo(10);
        assertThat(fixture.nic.account().transmitDrops(Verdict.INPUT_ENDED)).isOne();
        fixture.assertAllSlotsAreBack();
    }

    private static io.millrace.testkit.Ipv4Layer ipv4() {
        return Frame.ethernet(A, B).ipv4("10.0.0.1", "10.1.0.1");
    }

    private static io.millrace.testkit.Ipv6Layer ipv6() {
        return Frame.ethernet(A, B).ipv6("fd00::1", "fd00:1::1");
    }

    /// As the worker does: helps where the device cannot.
    private static void helpAndSend(NicFixture fixture, int packet) {
        var help = new LegacyTransmit(fixture.packets);
        assertThat(help.helpUnlessAble(packet, fixture.port.capabilities().plain().checksums()))
            .isEqualTo(ChecksumHelp.Outcome.DONE);
        fixture.transmit(packet);
    }
}
