package io.millrace.gso;

import io.millrace.gso.GsoFixture.Layout;
import io.millrace.gso.SuperFrame.Around;
import io.millrace.gso.SuperFrame.Network;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Random super-packets come out as the naive segmenter cuts them, however they lie in slots.
class SegmentationTest {

    private static final int ROUNDS = Seeds.isFull() ? 200 : 12;

    private final long seed = Seeds.next();
    private final Random random = new Random(seed);
    private final GsoFixture fixture = new GsoFixture();
    private final PacketMeta meta = fixture.meta;
    private final Segmentation segmentation = new Segmentation(fixture.pool, seed);

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource
    void cutsTcp(Around around) {
        everyWay(around, network -> SuperFrame.tcp(around, network, random));
    }

    @ParameterizedTest
    @EnumSource
    void cutsUdpIntoDatagrams(Around around) {
        everyWay(around, network -> SuperFrame.datagrams(around, network, random));
    }

    @ParameterizedTest
    @EnumSource(names = {"NOTHING", "VLAN", "QINQ", "MPLS"})
    void cutsUdpIntoFragments(Around around) {
        everyWay(around, network -> SuperFrame.fragments(around, network, random));
    }

    @ParameterizedTest
    @EnumSource
    void cutsSctpBySlots(Around around) {
        for (Network network : Network.values()) {
            for (int round = 0; round < ROUNDS; round++) {
                SuperFrame frame = SuperFrame.sctp(around, network, random);
                assertCut(frame, network, Layout.MERGED, round % 2 == 0);
            }
        }
        fixture.assertNothingLeaks();
    }

    private interface Maker {
        SuperFrame make(Network network);
    }

    private void everyWay(Around around, Maker maker) {
        for (Network network : Network.values()) {
            for (int round = 0; round < ROUNDS; round++) {
                SuperFrame frame = maker.make(network);
                for (Layout layout : Layout.values()) {
                    assertCut(frame, network, layout, round % 2 == 0);
                }
            }
        }
        fixture.assertNothingLeaks();
    }

    private void assertCut(SuperFrame frame, Network network, Layout layout, boolean isSumLeft) {
        int packet = fixture.packet(frame, layout, random);
        String what = String.format("%s, size %d, %d bytes", layout, frame.gsoSize(), frame.bytes().length);
        assertThat(segmentation.segment(packet, isSumLeft, fixture.target)).as(what).isEqualTo(Verdict.FORWARD);
        int count = segmentation.count();
        for (int i = 0; i < count; i++) {
            assertDescribed(fixture.target[i], i, frame, isSumLeft);
        }
        List<byte[]> expected = frame.oracle().cut(frame.bytes());
        List<byte[]> cut = fixture.frames(count);
        assertThat(cut).as(what).hasSameSizeAs(expected);
        if (isFragmented(frame) && network.is6()) takeOverFragmentIds(cut, frame);
        for (int i = 0; i < count; i++) {
            assertThat(cut.get(i)).as("%s: segment %d", what, i).isEqualTo(expected.get(i));
        }
    }

    private void assertDescribed(int segment, int index, SuperFrame frame, boolean isSumLeft) {
        assertThat(meta.gsoSize(segment)).isZero();
        assertThat(meta.gsoType(segment)).isZero();
        assertThat(meta.receiveNs(segment)).isEqualTo(7_000);
        boolean isFragment = isFragmented(frame);
        boolean isSummedSctp = frame.chunkBytes().length > 0
            && (frame.gsoType() & (GsoType.UDP_TUNNEL_CSUM | GsoType.GRE_CSUM)) != 0;
        boolean isLeft = isSumLeft && !isFragment && !isSummedSctp;
        assertThat(meta.checksumState(segment)).isEqualTo(isLeft ? ChecksumState.PARTIAL : ChecksumState.NONE);
        if (!isFragment || index == 0) fixture.assertDescribed(segment);
    }

    private static boolean isFragmented(SuperFrame frame) {
        return (frame.gsoType() & GsoType.UDP) != 0;
    }

    /// All fragments of a datagram have one id, whichever it is; the oracle's is 0. The fragment header lies where the
    /// UDP header was.
    private static void takeOverFragmentIds(List<byte[]> fragments, SuperFrame frame) {
        int idAt = frame.headerBytes() + 4;
        long id = Octets.u32(fragments.getFirst(), idAt);
        for (byte[] fragment : fragments) {
            assertThat(Octets.u32(fragment, idAt)).isEqualTo(id);
            Octets.u32(fragment, idAt, 0);
        }
    }
}
