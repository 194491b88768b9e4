package io.millrace.gro;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

import static org.assertj.core.api.Assertions.assertThat;

/// What drivers say of packets (checksum, hash, port, merged already), time, and room in bursts.
class MergingStateTest {

    private static final int ETHERNET_BYTES = 14;
    private static final long MS = 1_000_000;

    private final MergingFixture queue = new MergingFixture();

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void aDevicesSumIsBelieved() {
        Segments segments = new Segments().data(100, 100);
        assertThat(queue.poll(withBrokenPayloads(segments), complete(segments))).hasToString("[200B[0, 1]]");
        Segments overIpv6 = new Segments().data6(100, 100);
        assertThat(queue.poll(withBrokenPayloads(overIpv6), complete(overIpv6))).hasToString("[200B[0, 1]]");
    }

    @Test
    void aDevicesSumIsBelievedInsideTunnels() {
        Segments segments = new Segments().in(outer -> outer.ipv6("fd00::8", "fd00::9").gre().key(5)).data(101, 101);
        assertThat(queue.poll(withBrokenPayloads(segments), complete(segments))).hasToString("[202B[0, 1]]");
    }

    @Test
    void aDevicesSumThatIsWrongIsCheckedAgain() {
        Segments segments = new Segments().data(100, 100);
        IntConsumer wrong = packet -> {
            queue.meta.checksumState(packet, ChecksumState.COMPLETE);
            queue.meta.checksumStart(packet, queue.meta.dataAt(packet) + ETHERNET_BYTES);
            queue.meta.checksumSum(packet, 0x1234);
        };
        assertThat(queue.poll(segments.frames(), wrong)).hasToString("[200B[0, 1]]");
        assertThat(queue.poll(withBrokenPayloads(segments), wrong)).hasToString("[100B[0], 100B[1]]");
    }

    @Test
    void aVerdictOfTheDeviceIsBelieved() {
        assertThat(queue.poll(withBrokenPayloads(new Segments().data(100, 100)), unnecessary(0)))
            .hasToString("[200B[0, 1]]");
    }

    @Test
    void aVerdictIsUsedUpLayerByLayer() {
        List<byte[]> frames = withBrokenPayloads(new Segments().in(outer -> outer.ipv4("10.1.0.1", "10.1.0.2")
            .udp(7, 4789).noChecksum().vxlan(1).ethernet(Segments.SOURCE_MAC, Segments.TARGET_MAC)).data(100, 100));
        assertThat(queue.poll(frames, unnecessary(0))).as("the outer alone").hasSize(2);
        assertThat(queue.poll(frames, unnecessary(1))).as("both").hasToString("[200B[0, 1]]");
    }

    @Test
    void aPartialChecksumIsBelieved() {
        assertThat(queue.poll(withBrokenPayloads(new Segments().data(100, 100)), packet -> {
            queue.meta.checksumState(packet, ChecksumState.PARTIAL);
            queue.meta.checksumStart(packet, queue.meta.dataAt(packet) + queue.meta.l4(packet));
        })).hasToString("[200B[0, 1]]");
    }

    @Test
    void whatWasSummedHereIsNoted() {
        List<Merged> out = queue.poll(new Segments().data(100).tcp(100, tcp -> tcp.checksum(1)).frames());
        assertThat(out).extracting(Merged::checksumState)
            .containsExactly(ChecksumState.NONE, ChecksumState.UNNECESSARY);
    }

    @Test
    void bucketsAreChosenByHash() {
        Segments all = new Segments();
        Segments[] flows = new Segments[64];
        for (int i = 0; i < flows.length; i++) all.then((flows[i] = new Segments(i + 1).data(100)).frames().getLast());
        for (Segments flow : flows) all.then(flow.data(100).frames().getLast());
        List<Merged> out = queue.poll(all.frames(),
            packet -> queue.meta.hash(packet, Octets.u16(bytes(packet), ETHERNET_BYTES + 20)));
        assertThat(out).hasSize(64).allMatch(merged -> merged.segments() == 2);
        assertThat(out.getFirst().frames()).as("buckets in turn, oldest first").containsExactly(7, 71);
    }

    @Test
    void anotherHashOrPortIsAnotherFlow() {
        List<byte[]> frames = new Segments().data(100, 100).frames();
        int[] count = new int[1];
        assertThat(queue.poll(frames, packet -> queue.meta.hash(packet, 8 * count[0]++))).hasSize(2);
        assertThat(queue.poll(frames, packet -> queue.meta.port(packet, count[0]++))).hasSize(2);
        assertThat(queue.poll(frames)).hasSize(1);
    }

    @Test
    void aPacketThatCameMergedGrows() {
        Segments segments = new Segments().ip(200, ip -> ip.identification(1)).ip(100, ip -> ip.identification(3))
            .ip(200, ip -> ip.identification(4)).ip(100, ip -> ip.identification(6));
        List<Merged> out = queue.poll(segments.frames(), superPackets(GsoType.TCPV4));
        assertThat(out).hasToString("[600B[0, 1, 2, 3]]");
        assertThat(out.getFirst().segments()).isEqualTo(6);
        assertThat(out.getFirst().gsoSize()).isEqualTo(100);
    }

    @Test
    void aPacketThatCameMergedAndStaysAloneIsWhatItWas() {
        List<byte[]> frames = new Segments().data(200).frames();
        Merged merged = queue.poll(frames, superPackets(GsoType.TCPV4)).getFirst();
        assertThat(merged.segments()).isEqualTo(2);
        assertThat(merged.gsoSize()).isEqualTo(100);
        assertThat(merged.payload()).isEqualTo(Octets.range(frames.getFirst(), 54, 200));
    }

    @Test
    void aPacketThatSomebodyElseMadeIsNotTrusted() {
        List<byte[]> frames = new Segments().data(200, 200).frames();
        assertThat(queue.poll(frames, superPackets(GsoType.TCPV4 | GsoType.DODGY))).hasToString("[200B[0], 200B[1]]");
    }

    @Test
    void packetsOfSeveralSlotsAreLinked() {
        List<byte[]> frames = new Segments().data(5000, 5000, 4999).frames();
        List<Merged> out = queue.poll(frames);
        assertThat(out).hasToString("[14999B[0, 1, 2]]");
        assertThat(out.getFirst().payload()).isEqualTo(Octets.concat(
            Octets.range(frames.get(0), 54, 5000), Octets.range(frames.get(1), 54, 5000),
            Octets.range(frames.get(2), 54, 4999)));
    }

    @Test
    void heldPacketsWaitForTheTimeout() {
        try (var slow = new MergingFixture(new MergeSettings(false, 10 * MS))) {
            Segments segments = new Segments().data(100, 100, 100);
            poll(slow, 40 * MS, segments.frames().get(0));
            poll(slow, 41 * MS, segments.frames().get(1));
            assertThat(slow.taken()).isEmpty();
            assertThat(slow.merging.heldCount()).isEqualTo(1);
            assertThat(slow.merging.dueNs()).isEqualTo(51 * MS);
            poll(slow, 51 * MS - 1);
            assertThat(slow.taken()).isEmpty();
            poll(slow, 51 * MS);
            assertThat(slow.taken()).hasToString("[200B[0, 1]]");
            assertThat(slow.merging.dueNs()).isEqualTo(Long.MAX_VALUE);
            assertThat(slow.merging.absorbedCount()).isEqualTo(1);
        }
    }

    @Test
    void aPollWithPacketsPutsOutThoseOfAnEarlierTick() {
        try (var slow = new MergingFixture(new MergeSettings(false, 100 * MS))) {
            poll(slow, 43 * MS, new Segments(1).data(100).frames().getFirst());
            poll(slow, 44 * MS, new Segments(2).data(100).frames().getFirst());
            assertThat(slow.taken()).hasToString("[100B[0]]");
        }
    }

    @Test
    void stopsWhereTheOutputHasNoRoom() {
        Burst input = new Burst();
        Burst output = new Burst();
        for (int i = 0; i < 2; i++) input.add(queue.pool.allocate());
        while (output.room() > 8) output.add(queue.pool.allocate());
        for (int i = 0; i < 2; i++) queue.meta.begin(input.packet(i), 60, 0, 0, 0);
        assertThat(queue.merging.receive(input, 0, output, 0)).isZero();
        output.truncate(Burst.PACKETS_MAX - 9);   // a packet and its whole bucket
        assertThat(queue.merging.receive(input, 0, output, 0)).isEqualTo(1);
    }

    @Test
    void flushingStopsWhereTheOutputHasNoRoom() {
        Segments all = new Segments();
        for (int i = 0; i < 8; i++) all.then(new Segments(i + 1).data(100).frames().getFirst());
        queue.receive(all.frames(), packet -> { });
        Burst output = new Burst();
        while (output.room() > 5) output.add(PacketMemory.NONE);
        assertThat(queue.merging.flush(output)).isFalse();
        assertThat(queue.merging.heldCount()).isEqualTo(3);
        output.clear();
        assertThat(queue.merging.flush(output)).isTrue();
        assertThat(output.count()).isEqualTo(3);
    }

    private static void poll(MergingFixture queue, long nowNs, byte[]... frames) {
        queue.nowNs = nowNs;
        if (frames.length > 0) queue.receive(List.of(frames), packet -> { });
        queue.endPoll();
    }

    private IntConsumer unnecessary(int level) {
        return packet -> {
            queue.meta.checksumState(packet, ChecksumState.UNNECESSARY);
            queue.meta.checksumLevel(packet, level);
        };
    }

    /// Says of each packet longer than one segment that it is segments of 100 bytes.
    private IntConsumer superPackets(int type) {
        return packet -> {
            int payloadBytes = queue.meta.end(packet) - queue.meta.payload(packet);
            if (payloadBytes == 100) return;
            queue.meta.gsoType(packet, type);
            queue.meta.gsoSize(packet, 100);
            queue.meta.gsoSegments(packet, payloadBytes / 100);
        };
    }

    /// The sums of the frames as they were, in order.
    private IntConsumer complete(Segments segments) {
        List<byte[]> frames = new ArrayList<>(segments.frames());
        return packet -> {
            byte[] frame = frames.removeFirst();
            queue.meta.checksumState(packet, ChecksumState.COMPLETE);
            queue.meta.checksumStart(packet, queue.meta.dataAt(packet) + ETHERNET_BYTES);
            queue.meta.checksumSum(packet, NaiveChecksum.sum(frame, ETHERNET_BYTES, frame.length - ETHERNET_BYTES));
        };
    }

    private static List<byte[]> withBrokenPayloads(Segments segments) {
        return segments.frames().stream().map(frame -> {
            byte[] broken = frame.clone();
            broken[broken.length - 1] ^= 0x55;
            return broken;
        }).toList();
    }

    private byte[] bytes(int packet) {
        byte[] bytes = new byte[queue.meta.slotBytes(packet)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Wire.u8(queue.packets.segment(), queue.meta.frameAt(packet) + i);
        }
        return bytes;
    }
}
