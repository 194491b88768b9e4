package io.millrace.nic.driver.replay;

import io.millrace.nic.driver.PacketContent;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.PcapWriter;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static io.millrace.packet.memory.PacketMemory.FRAME_BYTES_MAX;
import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReplayPortTest {

    private static final long NOW_NS = 77;

    @TempDir
    Path folder;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 512);
    private final PacketMeta meta = new PacketMeta(packets);
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), packets);
    private final Burst burst = new Burst();

    @Test
    void givesTheCaptureAgainAndAgain() throws IOException {
        List<byte[]> frames = frames(50);
        try (ReplayPort port = port(frames, 1, 4)) {
            List<byte[]> received = receiveAll(port);
            assertThat(received).hasSize(200);
            for (int i = 0; i < received.size(); i++) {
                assertThat(received.get(i)).as("packet %s", i).isEqualTo(frames.get(i % 50));
            }
            assertThat(port.isExhausted()).isTrue();
            assertThat(port.receive(0, burst, pool, NOW_NS)).isZero();
            assertThat(port.counters().rxPackets()).isEqualTo(200);
            assertThat(port.counters().rxBytes()).isEqualTo(received.stream().mapToLong(frame -> frame.length).sum());
            assertThat(port.counters().txPackets()).isEqualTo(200);
            assertThat(port.counters().txBytes()).isEqualTo(port.counters().rxBytes());
        }
        assertThatPoolIsFull();
    }

    @Test
    void copiesFramesOfEveryLength() throws IOException {
        var random = new Random(Seeds.next());
        List<byte[]> frames = new ArrayList<>();
        for (int length = 0; length < 200; length++) {
            frames.add(new byte[length]);
        }
        for (int length : new int[] {1_514, 1_791, 1_792, 1_793, 3_584, 3_585, 9_014, 80_000, 262_144}) {
            frames.add(new byte[length]);
        }
        frames.forEach(random::nextBytes);
        try (ReplayPort port = port(frames, 1, 1)) {
            List<byte[]> received = receiveAll(port);
            assertThat(received.size()).isEqualTo(frames.size());
            for (int i = 0; i < frames.size(); i++) {
                assertThat(received.get(i)).isEqualTo(frames.get(i));
            }
        }
        assertThatPoolIsFull();
    }

    @Test
    void givesEachPacketSlotsOfItsOwnAndFreshMetadata() throws IOException {
        try (ReplayPort port = port(List.of(new byte[60]), 1, ReplayPort.ENDLESS)) {
            assertThat(port.capabilities().linkType()).isEqualTo(PortCapabilities.LINK_TYPE_ETHERNET);
            assertThat(port.capabilities().isOffline()).isFalse();
            assertThat(port.receive(0, burst, pool, NOW_NS)).isEqualTo(64);
            assertThat(Arrays.stream(numbers()).distinct().count()).isEqualTo(64);
            int packet = burst.packet(5);
            meta.mark(packet, 9);
            meta.gsoSize(packet, 9);
            port.transmit(0, burst, pool, NOW_NS);
            burst.clear();
            assertThat(port.receive(0, burst, pool, NOW_NS)).isEqualTo(64);
            for (int i = 0; i < 64; i++) {
                assertThat(meta.mark(burst.packet(i))).isZero();
                assertThat(meta.gsoSize(burst.packet(i))).isZero();
                assertThat(meta.receiveNs(burst.packet(i))).isEqualTo(NOW_NS);
                assertThat(meta.port(burst.packet(i))).isEqualTo(1);
                assertThat(meta.linkType(burst.packet(i))).isEqualTo(1);
                assertThat(meta.originalBytes(burst.packet(i))).isZero();
                assertThat(meta.isChain(burst.packet(i))).isFalse();
            }
            assertThat(port.isExhausted()).isFalse();
        }
    }

    @Test
    void tellsLinkTypesAndCutPackets() throws IOException {
        Path capture = Files.write(folder.resolve("x.pcap"), new PcapWriter().linkType(101)
            .frame(new CapturedFrame(0, new byte[20], 1_500, 101)).frame(new CapturedFrame(0, new byte[21], 21, 101))
            .bytes());
        try (var port = new ReplayPort(packets, "replay", 1, capture, 1)) {
            assertThat(port.capabilities().linkType()).isEqualTo(PortCapabilities.ANY_LINK_TYPE);
            assertThat(port.receive(0, burst, pool, NOW_NS)).isEqualTo(2);
            assertThat(meta.linkType(burst.packet(0))).isEqualTo(101);
            assertThat(meta.originalBytes(burst.packet(0))).isEqualTo(1_500);
            assertThat(meta.linkType(burst.packet(1))).isEqualTo(101);
            assertThat(meta.originalBytes(burst.packet(1))).isZero();
        }
    }

    /// With every number of free slots, at a frame that is a chain too, none is lost and none given twice.
    @Test
    void waitsForSlots() throws IOException {
        List<byte[]> frames = List.of(new byte[60], new byte[3 * FRAME_BYTES_MAX], new byte[60]);
        for (int freeCount = 0; freeCount < 12; freeCount++) {
            List<Integer> taken = takeAllBut(freeCount);
            try (ReplayPort port = port(frames, 1, 2)) {
                int receivedCount = port.receive(0, burst, pool, NOW_NS);
                assertThat(receivedCount).as("%s free slots", freeCount).isEqualTo(fittingCount(freeCount));
                assertThat(port.counters().rxPackets()).isEqualTo(receivedCount);
                taken.forEach(pool::release);
                receivedCount += port.receive(0, burst, pool, NOW_NS);
                assertThat(receivedCount).isEqualTo(6);
                for (int i = 0; i < 6; i++) {
                    assertThat(meta.packetBytes(burst.packet(i))).isEqualTo(frames.get(i % 3).length);
                }
            }
            pool.releaseAll(burst);
            assertThatPoolIsFull();
        }
    }

    /// Of one loop: three first slots, then two more for the chain. The first slots of a loop are taken together, so
    /// a chain among them finds fewer left.
    private static int fittingCount(int freeCount) {
        int loopCount = freeCount / 5;
        int leftCount = freeCount % 5;
        if (loopCount >= 2) return 6;
        return 3 * loopCount + Math.min(leftCount, 1);
    }

    @Test
    void givesWhatIsReadableOfADamagedCapture() throws IOException {
        Path capture = Files.write(folder.resolve("x.pcap"),
            new PcapWriter().frame(CapturedFrame.of(0, new byte[60])).record(0, 0, 100, 100, new byte[99]).bytes());
        try (var port = new ReplayPort(packets, "replay", 1, capture, 3)) {
            assertThat(port.damage().expected()).isEqualTo("100 bytes of a packet");
            assertThat(port.receive(0, burst, pool, NOW_NS)).isEqualTo(3);
        }
    }

    @Test
    void hasEndedFromTheStartWithoutPackets() throws IOException {
        try (ReplayPort port = port(List.of(), 1, ReplayPort.ENDLESS)) {
            assertThat(port.isExhausted()).isTrue();
            assertThat(port.receive(0, burst, pool, NOW_NS)).isZero();
        }
    }

    @Test
    void refusesPacketsThatTheMemoryCannotHold() throws IOException {
        Path capture = Files.write(folder.resolve("x.pcap"),
            new PcapWriter().frame(CapturedFrame.of(0, new byte[3 * FRAME_BYTES_MAX])).bytes());
        var small = new PacketMemory(Arena.ofAuto(), 2);
        assertThatThrownBy(() -> new ReplayPort(small, "replay", 1, capture, 1))
            .hasMessageContaining("expected packets of at most 2 slots, found one of 5376 bytes");
    }

    private ReplayPort port(List<byte[]> frames, int linkType, long loops) throws IOException {
        var writer = new PcapWriter().linkType(linkType);
        for (byte[] frame : frames) {
            writer.frame(new CapturedFrame(0, frame, frame.length, linkType));
        }
        Path capture = Files.write(folder.resolve("replay.pcap"), writer.bytes());
        return new ReplayPort(packets, "replay", 1, capture, loops);
    }

    private static List<byte[]> frames(int count) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var frame = new byte[60 + i];
            Arrays.fill(frame, (byte) i);
            frames.add(frame);
        }
        return frames;
    }

    private List<byte[]> receiveAll(ReplayPort port) {
        List<byte[]> received = new ArrayList<>();
        while (!port.isExhausted()) {
            port.receive(0, burst, pool, NOW_NS);
            for (int i = 0; i < burst.count(); i++) {
                received.add(PacketContent.of(packets, burst.packet(i)));
            }
            assertThat(port.transmit(0, burst, pool, NOW_NS)).isEqualTo(burst.count());
            burst.clear();
        }
        return received;
    }

    private int[] numbers() {
        var numbers = new int[burst.count()];
        Arrays.setAll(numbers, burst::packet);
        return numbers;
    }

    private List<Integer> takeAllBut(int leftCount) {
        List<Integer> taken = new ArrayList<>();
        for (int i = packets.slotCount(); i > leftCount; i--) {
            taken.add(pool.allocate());
        }
        return taken;
    }

    private void assertThatPoolIsFull() {
        List<Integer> taken = takeAllBut(0);
        assertThat(taken).doesNotContain(NONE);
        taken.forEach(pool::release);
    }
}
