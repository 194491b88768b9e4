package io.millrace.dataplane.stage;

import io.millrace.checksum.transmit.DeviceChecksums;
import io.millrace.dataplane.PacketBench;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.gso.DeviceSegmentation;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.NaiveSegmenter;
import io.millrace.testkit.TcpLayer;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class PortOutputsTest {

    private static final int TRANSPORT = 34;
    private static final int TCP_CHECKSUM = 16;
    private static final DeviceChecksums ANY_SUM =
        new DeviceChecksums(true, false, false, false, false, false, false, false);
    private static final DeviceSegmentation PLAIN =
        new DeviceSegmentation(DeviceSegmentation.Grade.EVERYTHING, 65_536, 65_536, 65_535, ANY_SUM);

    private final PacketBench bench = new PacketBench(256);

    @Test
    void aPortThatDoesItAllIsGivenThePacketAsItIs() {
        SentFrames able = port(true, PLAIN, DeviceSegmentation.cutsNothing(ANY_SUM));
        byte[] frame = tcp(40_000).partialChecksum().payload(bytes(40_000)).bytes();
        send(superPacket(frame, 1_400), able);
        assertThat(able.frames).containsExactly(frame);
        assertThat(able.gsoSizes).containsExactly(1_400);
        assertThat(able.checksumStates).containsExactly(ChecksumState.PARTIAL);
        assertThat(bench.ledger.unaccounted()).isZero();
    }

    @Test
    void aPortThatDoesNothingIsGivenFinishedSegments() {
        SentFrames bare = port(false, DeviceSegmentation.NOTHING, DeviceSegmentation.NOTHING);
        byte[] frame = tcp(40_000).partialChecksum().payload(bytes(40_000)).bytes();
        List<byte[]> segments = new NaiveSegmenter(1_400).cut(frame);
        send(superPacket(frame, 1_400), bare);
        assertThat(bare.frames).hasSize(29).containsExactlyElementsOf(segments);
        assertThat(bare.gsoSizes).containsOnly(0);
        assertThat(bare.checksumStates).containsOnly(ChecksumState.NONE);
        assertThat(bench.ledger.split()).isEqualTo(28);
        assertThat(bench.ledger.count(Verdict.SENT)).isEqualTo(29);
        assertThat(bench.ledger.unaccounted()).isZero();
    }

    @Test
    void aPortThatOnlyFillsInChecksumsIsGivenSegmentsWithoutThem() {
        SentFrames sums = port(false, DeviceSegmentation.cutsNothing(ANY_SUM), DeviceSegmentation.NOTHING);
        send(superPacket(tcp(3_000).partialChecksum().payload(bytes(3_000)).bytes(), 1_000), sums);
        assertThat(sums.checksumStates).hasSize(3).containsOnly(ChecksumState.PARTIAL);
    }

    @Test
    void aChecksumIsFilledInForAPortThatDoesNot() {
        SentFrames bare = port(false, DeviceSegmentation.NOTHING, DeviceSegmentation.NOTHING);
        byte[] payload = bytes(100);
        int packet = bench.put(tcp(100).partialChecksum().payload(payload).bytes());
        partial(packet);
        send(packet, bare);
        assertThat(bare.frames).containsExactly(tcp(100).payload(payload).bytes());
        assertThat(bare.checksumStates).containsExactly(ChecksumState.NONE);
    }

    @Test
    void whatCannotBeFinishedIsDroppedByName() {
        SentFrames bare = port(false, DeviceSegmentation.NOTHING, DeviceSegmentation.NOTHING);
        int notLonger = superPacket(tcp(500).partialChecksum().payload(bytes(500)).bytes(), 1_400);
        send(notLonger, bare);
        int fieldBehindItsSlot = bench.put(tcp(100).partialChecksum().payload(bytes(100)).bytes(), 45);
        partial(fieldBehindItsSlot);
        send(fieldBehindItsSlot, bare);
        assertThat(bare.frames).isEmpty();
        assertThat(bench.ledger.count(Verdict.GSO_NOT_LONGER)).isEqualTo(1);
        assertThat(bench.ledger.count(Verdict.TX_REFUSED)).isEqualTo(1);
        assertThat(bench.ledger.unaccounted()).isZero();
    }

    @Test
    void aWholeBurstIsHelpedToo() {
        SentFrames bare = port(false, DeviceSegmentation.NOTHING, DeviceSegmentation.NOTHING);
        byte[] frame = tcp(2_000).partialChecksum().payload(bytes(2_000)).bytes();
        var burst = new Burst();
        for (int i = 0; i < Burst.PACKETS_MAX; i++) burst.add(superPacket(frame, 1_000));
        PortOutputs outputs = outputs(bare);
        outputs.addAll(burst, 0, 1);
        outputs.flush(1);
        assertThat(burst.count()).isZero();
        assertThat(bare.frames).hasSize(2 * Burst.PACKETS_MAX);
        assertThat(bench.ledger.unaccounted()).isZero();
    }

    private static TcpLayer tcp(int payloadBytes) {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2")
            .identification(7).dontFragment().tcp(1, 2).sequence(payloadBytes).ack().psh();
    }

    private static byte[] bytes(int byteCount) {
        byte[] bytes = new byte[byteCount];
        for (int i = 0; i < byteCount; i++) bytes[i] = (byte) (i * 31 + i / 256);
        return bytes;
    }

    private SentFrames port(boolean givesUndone, DeviceSegmentation plain, DeviceSegmentation tunnelled) {
        return new SentFrames(bench, new PortCapabilities(1, 1, 65_549, 1, false, givesUndone, plain, tunnelled));
    }

    private int superPacket(byte[] frame, int size) {
        int packet = bench.put(frame, 1_500);
        partial(packet);
        bench.meta.gsoSize(packet, size);
        bench.meta.gsoType(packet, GsoType.TCPV4 | GsoType.DODGY);
        return packet;
    }

    private void partial(int packet) {
        bench.meta.checksumState(packet, ChecksumState.PARTIAL);
        bench.meta.checksumStart(packet, bench.meta.dataAt(packet) + TRANSPORT);
        bench.meta.checksumOffset(packet, TCP_CHECKSUM);
    }

    private void send(int packet, SentFrames port) {
        PortOutputs outputs = outputs(port);
        outputs.add(packet, 0, 1);
        outputs.flush(1);
    }

    /// Beside a port that gives what is not finished.
    private PortOutputs outputs(SentFrames port) {
        SentFrames source = port(true, PLAIN, PLAIN);
        return new PortOutputs(new Port[] {port, source}, List.of(OffloadConfig.USUAL, OffloadConfig.USUAL), 0,
            bench.pool, bench.ledger, 1);
    }
}
