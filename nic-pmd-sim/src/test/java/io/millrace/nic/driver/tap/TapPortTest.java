package io.millrace.nic.driver.tap;

import io.millrace.nic.driver.PacketContent;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.kernel.KernelNetwork;
import io.millrace.testkit.kernel.PacketSocket;
import io.millrace.testkit.kernel.VnetFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// The kernel is the other side: what it gives by a packet socket must be received, what is sent must reach a socket of
/// its own.
class TapPortTest {

    private static final String HOST_MAC = "02:00:00:00:00:0a";
    private static final String PEER_MAC = "02:00:00:00:00:0b";
    private static final String HOST = "10.9.0.1";
    private static final String PEER = "10.9.0.2";
    private static final int TRANSPORT = 34;
    private static final int UDP_CHECKSUM = 6;
    private static final int TCP_CHECKSUM = 16;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 512);
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), packets);
    private final PacketMeta meta = new PacketMeta(packets);
    private final Burst burst = new Burst();
    private final long seed = Seeds.next();
    private final Random random = new Random(seed);
    private KernelNetwork network;

    @BeforeEach
    void needNetwork() {
        network = KernelNetwork.required();
    }

    @AfterEach
    void leaveNetwork() {
        network.close();
    }

    @Test
    void receivesWhatTheKernelSendsInOrder() {
        try (TapPort port = open(1, true, 9000); var socket = new PacketSocket(network, "t0")) {
            List<byte[]> sent = new ArrayList<>();
            for (int payloadBytes : new int[] {0, 1, 46, 1458, 1459, 1500, 1750, 1751, 5000, 8958}) {
                sent.add(Frame.ethernet(HOST_MAC, PEER_MAC).ipv4(HOST, PEER).udp(1, 2).payload(bytes(payloadBytes))
                    .bytes());
                socket.send(VnetFrame.whole(sent.getLast()));
            }
            receive(port, sent.size());
            for (int i = 0; i < sent.size(); i++) {
                assertThat(PacketContent.of(packets, burst.packet(i))).as("frame %d", i).isEqualTo(sent.get(i));
                assertThat(meta.checksumState(burst.packet(i))).isEqualTo(ChecksumState.NONE);
                assertThat(meta.receiveNs(burst.packet(i))).isEqualTo(7);
            }
            assertThat(port.receive(0, burst, pool, 8)).isZero();
            assertThat(port.counters().rxPackets()).isEqualTo(sent.size());
        }
    }

    @Test
    void receivesSuperPacketsWithTheirMetadata() {
        byte[] frame = Frame.ethernet(HOST_MAC, PEER_MAC).ipv4(HOST, PEER).dontFragment().tcp(1, 2).ack()
            .partialChecksum().payload(bytes(60_000)).bytes();
        try (TapPort port = open(1, true, 1500); var socket = new PacketSocket(network, "t0")) {
            socket.send(VnetFrame.segmented(frame, TRANSPORT, TCP_CHECKSUM,
                VnetFrame.GSO_TCP4 | VnetFrame.GSO_ECN, 1400, TRANSPORT + 20));
            receive(port, 1);
            int packet = burst.packet(0);
            assertThat(PacketContent.of(packets, packet)).as("seed %d", seed).isEqualTo(frame);
            assertThat(meta.checksumState(packet)).isEqualTo(ChecksumState.PARTIAL);
            assertThat(meta.checksumStart(packet) - meta.dataAt(packet)).isEqualTo(TRANSPORT);
            assertThat(meta.checksumOffset(packet)).isEqualTo(TCP_CHECKSUM);
            assertThat(meta.gsoSize(packet)).isEqualTo(1400);
            assertThat(meta.gsoType(packet)).isEqualTo(GsoType.TCPV4 | GsoType.TCP_ECN | GsoType.DODGY);
            assertThat(meta.next(meta.last(packet))).isEqualTo(PacketMemory.NONE);
        }
    }

    @Test
    void withoutHeadersReceivesFinishedSegments() {
        byte[] payload = bytes(3000);
        byte[] frame = Frame.ethernet(HOST_MAC, PEER_MAC).ipv4(HOST, PEER).udp(1, 2).partialChecksum()
            .payload(payload).bytes();
        try (TapPort port = open(1, false, 1500); var socket = new PacketSocket(network, "t0")) {
            socket.send(VnetFrame.segmented(frame, TRANSPORT, UDP_CHECKSUM, VnetFrame.GSO_UDP_L4, 1000,
                TRANSPORT + 8));
            receive(port, 3);
            for (int i = 0; i < 3; i++) {
                assertThat(meta.packetBytes(burst.packet(i))).isEqualTo(TRANSPORT + 8 + 1000);
                assertThat(meta.checksumState(burst.packet(i))).isEqualTo(ChecksumState.NONE);
                assertThat(meta.gsoSize(burst.packet(i))).isZero();
            }
        }
    }

    @Test
    void theKernelFillsInWhatIsSentPartial() throws IOException {
        byte[] payload = bytes(100);
        byte[] frame = Frame.ethernet(PEER_MAC, HOST_MAC).ipv4(PEER, HOST).udp(5, 6000).partialChecksum()
            .payload(payload).bytes();
        try (TapPort port = open(1, true, 1500); DatagramChannel socket = listen()) {
            int packet = packet(frame);
            partial(packet, UDP_CHECKSUM);
            transmit(port, packet);
            assertThat(next(socket)).isEqualTo(payload);
            int wrong = packet(frame);   // not said to be partial: the seed of a checksum is a wrong checksum
            transmit(port, wrong);
            assertThat(next(socket)).isNull();
        }
    }

    @Test
    void theKernelTakesChainsAndCutsSuperPackets() throws IOException {
        byte[] payload = bytes(40_000);
        byte[] frame = Frame.ethernet(PEER_MAC, HOST_MAC).ipv4(PEER, HOST).udp(5, 6000).partialChecksum()
            .payload(payload).bytes();
        try (TapPort port = open(1, true, 1500); DatagramChannel socket = listen()) {
            for (int headroomBytes : new int[] {PacketMemory.HEADROOM_BYTES, 5}) {
                int packet = packet(frame, headroomBytes);
                partial(packet, UDP_CHECKSUM);
                meta.gsoSize(packet, 1_000);
                meta.gsoType(packet, GsoType.UDP_L4);
                transmit(port, packet);
                for (int at = 0; at < payload.length; at += 1_000) {
                    assertThat(next(socket)).as("seed %d, headroom %d, at %d", seed, headroomBytes, at)
                        .isEqualTo(Arrays.copyOfRange(payload, at, at + 1_000));
                }
            }
            assertThat(port.counters().txPackets()).isEqualTo(2);
        }
    }

    @Test
    void countsWhatTheKernelRefuses() {
        try (TapPort port = open(1, true, 1500)) {
            network.command("ip", "link", "set", "t0", "down");
            transmit(port, packet(new byte[60]));
            assertThat(port.counters().txDropped()).isEqualTo(1);
            assertThat(port.counters().txPackets()).isZero();
        }
    }

    @Test
    void aFullBurstAndAnEmptyPoolLeaveTheRestInTheKernel() {
        try (TapPort port = open(1, true, 1500); var socket = new PacketSocket(network, "t0")) {
            byte[] frame = Frame.ethernet(HOST_MAC, PEER_MAC).ipv4(HOST, PEER).udp(1, 2).payload(bytes(9)).bytes();
            for (int i = 0; i < Burst.PACKETS_MAX + 2; i++) socket.send(VnetFrame.whole(frame));
            assertThat(port.receive(0, burst, pool, 1)).isEqualTo(Burst.PACKETS_MAX);
            assertThat(port.receive(0, burst, pool, 1)).isZero();
            pool.releaseAll(burst);
            List<Integer> taken = new ArrayList<>();
            for (int slot = pool.allocate(); slot != PacketMemory.NONE; slot = pool.allocate()) taken.add(slot);
            assertThat(port.receive(0, burst, pool, 1)).isZero();
            taken.forEach(pool::release);
            assertThat(port.receive(0, burst, pool, 1)).isEqualTo(2);
            assertThat(port.counters().rxDropped()).isZero();
        }
    }

    @Test
    void everyQueueOfSeveralIsReadAndWritten() throws IOException {
        try (TapPort port = open(4, true, 1500); var socket = new PacketSocket(network, "t0")) {
            for (int i = 0; i < 64; i++) {
                socket.send(VnetFrame.whole(Frame.ethernet(HOST_MAC, PEER_MAC).ipv4(HOST, "10.9.1." + i)
                    .udp(1000 + i, 2).payload(bytes(9)).bytes()));
            }
            int usedCount = 0;
            for (int queue = 0; queue < 4; queue++) {
                int count = port.receive(queue, burst, pool, 1);
                if (count > 0) usedCount++;
                for (int i = 1; i <= count; i++) {
                    assertThat(meta.queue(burst.packet(burst.count() - i))).isEqualTo(queue);
                }
            }
            assertThat(burst.count()).isEqualTo(64);
            assertThat(usedCount).isGreaterThan(1);
            pool.releaseAll(burst);
            try (DatagramChannel listening = listen()) {
                for (int queue = 0; queue < 4; queue++) {
                    burst.add(packet(Frame.ethernet(PEER_MAC, HOST_MAC).ipv4(PEER, HOST).udp(5, 6000)
                        .payload((byte) queue).bytes()));
                    assertThat(port.transmit(queue, burst, pool, 1)).isEqualTo(1);
                    burst.clear();
                    assertThat(next(listening)).isEqualTo(new byte[] {(byte) queue});
                }
            }
        }
    }

    @Test
    void isExhaustedOnceTheDeviceIsRemoved() {
        try (TapPort port = open(2, true, 1500)) {
            assertThat(port.isExhausted()).isFalse();
            network.command("ip", "link", "del", "t0");
            assertThat(port.receive(0, burst, pool, 1)).isZero();
            assertThat(port.isExhausted()).isFalse();
            assertThat(port.receive(1, burst, pool, 1)).isZero();
            assertThat(port.isExhausted()).isTrue();
        }
    }

    @Test
    void theDeviceIsUpHasItsMtuAndGoesWithThePort() {
        open(1, true, 1280).close();
        assertThatThrownBy(() -> network.command("ip", "link", "show", "t0")).hasMessageContaining("does not exist");
        try (TapPort port = open(1, true, 1280)) {
            network.command("sh", "-c", "ip link show t0 | grep -q 'UP.*mtu 1280'");
            assertThat(port.isExhausted()).isFalse();
        }
    }

    @Test
    void saysWhenTheNameIsTaken() {
        for (int queueCount : new int[] {1, 2}) {
            try (TapPort port = open(queueCount, true, 1500)) {
                assertThatThrownBy(() -> open(queueCount, true, 1500)).rootCause().isInstanceOf(TapException.class)
                    .hasMessage("device t0 is in use by another program; take another name");
                assertThat(port.isExhausted()).isFalse();
            }
        }
        network.command("ip", "link", "add", "t0", "type", "veth", "peer", "name", "t1");
        assertThatThrownBy(() -> open(1, true, 1500)).rootCause()
            .hasMessage("there is an interface t0 already that is no TAP device with one queue; take another name");
    }

    @Test
    void usesADeviceThatWasMadeToStay() {
        network.command("ip", "tuntap", "add", "t0", "mode", "tap", "multi_queue");
        assertThatThrownBy(() -> open(1, true, 1500)).rootCause()
            .hasMessageContaining("no TAP device with one queue");
        open(2, true, 1500).close();
        open(2, true, 1500).close();
        network.command("ip", "link", "show", "t0");
    }

    @Test
    void saysWhichMtuTheKernelRefuses() {
        assertThatThrownBy(() -> open(1, true, 65_535)).rootCause()
            .hasMessage("device t0 cannot be given an MTU of 65535: invalid argument");
    }

    private TapPort open(int queueCount, boolean hasVnetHeader, int mtuBytes) {
        return network.run(() -> {
            try {
                var port = new TapPort(packets, "lan", 0, "t0", queueCount, hasVnetHeader, mtuBytes);
                port.start();
                return port;
            } catch (TapException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private byte[] bytes(int byteCount) {
        byte[] bytes = new byte[byteCount];
        random.nextBytes(bytes);
        return bytes;
    }

    private void receive(TapPort port, int wantedCount) {
        assertThat(port.receive(0, burst, pool, 7)).as("seed %d", seed).isEqualTo(wantedCount);
    }

    /// A socket of the kernel that takes what is sent to HOST, port 6000.
    private DatagramChannel listen() {
        network.command("ip", "link", "set", "t0", "address", HOST_MAC);
        network.command("ip", "addr", "add", HOST + "/16", "dev", "t0");
        return network.run(() -> {
            DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
            channel.configureBlocking(false);
            return channel.bind(new InetSocketAddress(HOST, 6000));
        });
    }

    /// What a write has made the kernel deliver lies in the socket when the write returns.
    private static byte[] next(DatagramChannel socket) throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(65_536);
        if (socket.receive(datagram) == null) return null;
        return Arrays.copyOf(datagram.array(), datagram.position());
    }

    private int packet(byte[] frame) {
        return packet(frame, PacketMemory.HEADROOM_BYTES);
    }

    /// A packet with these bytes, its first one `headroomBytes` behind the metadata.
    private int packet(byte[] frame, int headroomBytes) {
        int first = PacketMemory.NONE;
        int last = PacketMemory.NONE;
        for (int at = 0; at < frame.length; at += 1_500) {
            int slot = pool.allocate();
            int slotBytes = Math.min(1_500, frame.length - at);
            meta.begin(slot, slotBytes, 0, 0, 0);
            if (first == PacketMemory.NONE) {
                first = slot;
                meta.dataAt(slot, PacketMemory.META_BYTES + headroomBytes);
            } else {
                meta.next(last, slot);
                meta.last(first, slot);
            }
            MemorySegment.copy(MemorySegment.ofArray(frame), at, packets.segment(), meta.frameAt(slot), slotBytes);
            last = slot;
        }
        meta.packetBytes(first, frame.length);
        return first;
    }

    private void partial(int packet, int offset) {
        meta.checksumState(packet, ChecksumState.PARTIAL);
        meta.checksumStart(packet, meta.dataAt(packet) + TRANSPORT);
        meta.checksumOffset(packet, offset);
    }

    private void transmit(TapPort port, int packet) {
        burst.add(packet);
        assertThat(port.transmit(0, burst, pool, 1)).isEqualTo(1);
        burst.clear();
    }
}
