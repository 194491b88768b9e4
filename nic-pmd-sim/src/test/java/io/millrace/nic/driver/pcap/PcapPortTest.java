package io.millrace.nic.driver.pcap;

import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureTraits;
import io.millrace.nic.driver.PacketContent;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.PcapWriter;
import io.millrace.testkit.PcapngWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static io.millrace.packet.memory.PacketMemory.FRAME_BYTES_MAX;
import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PcapPortTest {

    private static final long NOW_NS = Long.MAX_VALUE - 1;

    @TempDir
    Path folder;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 256);
    private final PacketMeta meta = new PacketMeta(packets);
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), packets);
    private final Burst burst = new Burst();

    @Test
    void givesFramesWithTheirMetadata() throws IOException {
        Path rx = pcap(101, frame(5_000, 60, 60, 101), frame(6_000, 20, 1_514, 101));
        try (PcapPort port = port(rx, null)) {
            assertThat(port.capabilities()).isEqualTo(new PortCapabilities(1, 1, 262_144, 101, true));
            assertThat(port.receive(0, burst, pool, NOW_NS)).isEqualTo(2);
            int first = burst.packet(0);
            assertThat(PacketContent.of(packets, first)).isEqualTo(content(60));
            assertThat(meta.receiveNs(first)).isEqualTo(5_000);
            assertThat(meta.port(first)).isEqualTo(3);
            assertThat(meta.linkType(first)).isEqualTo(101);
            assertThat(meta.packetBytes(first)).isEqualTo(60);
            assertThat(meta.originalBytes(first)).as("nothing was cut").isZero();
            assertThat(meta.isChain(first)).isFalse();
            assertThat(meta.originalBytes(burst.packet(1))).isEqualTo(1_514);
            assertThat(port.counters().rxPackets()).isEqualTo(2);
            assertThat(port.counters().rxBytes()).isEqualTo(80);
            assertThat(port.isExhausted()).isTrue();
        }
    }

    @Test
    void givesOnlyPacketsWhoseTimeHasCome() throws IOException {
        Path rx = pcap(1, frame(1_000, 60), frame(2_000, 60), frame(2_000, 60), frame(9_000, 60));
        try (PcapPort port = port(rx, null)) {
            assertThat(port.nextReceiveNs()).isEqualTo(1_000);
            assertThat(port.receive(0, burst, pool, 999)).isZero();
            assertThat(port.receive(0, burst, pool, 1_000)).isEqualTo(1);
            assertThat(port.nextReceiveNs()).isEqualTo(2_000);
            assertThat(port.receive(0, burst, pool, 8_999)).isEqualTo(2);
            assertThat(port.receive(0, burst, pool, 9_000)).isEqualTo(1);
            assertThat(port.nextReceiveNs()).isEqualTo(TimedPort.NEVER);
            assertThat(port.isExhausted()).isTrue();
            assertThat(port.receive(0, burst, pool, TimedPort.NEVER)).isZero();
        }
    }

    @Test
    void letsNoTimeRunBackwards() throws IOException {
        Path rx = pcap(1, frame(5_000, 60), frame(1_000, 60), frame(7_000, 60));
        try (PcapPort port = port(rx, null)) {
            port.receive(0, burst, pool, NOW_NS);
            assertThat(receiveTimes()).containsExactly(5_000L, 5_000L, 7_000L);
        }
    }

    @Test
    void chainsFramesLongerThanASlot() throws IOException {
        int[] lengths = {0, 1, FRAME_BYTES_MAX, FRAME_BYTES_MAX + 1, 3 * FRAME_BYTES_MAX, 3 * FRAME_BYTES_MAX + 7,
            262_144};
        CapturedFrame[] frames = Arrays.stream(lengths).mapToObj(length -> frame(1_000, length))
            .toArray(CapturedFrame[]::new);
        Path tx = folder.resolve("tx.pcap");
        try (PcapPort port = port(pcap(1, frames), tx)) {
            assertThat(port.receive(0, burst, pool, NOW_NS)).isEqualTo(lengths.length);
            for (int i = 0; i < lengths.length; i++) {
                int packet = burst.packet(i);
                assertThat(meta.packetBytes(packet)).isEqualTo(lengths[i]);
                assertThat(slots(packet)).hasSize(PacketMemory.slotsFor(lengths[i]));
                assertThat(meta.last(packet)).isEqualTo(lengths[i] > FRAME_BYTES_MAX ? slots(packet).getLast() : NONE);
                assertThat(PacketContent.of(packets, packet)).as("%s bytes", lengths[i]).isEqualTo(content(lengths[i]));
            }
            assertThat(port.transmit(0, burst, pool, NOW_NS)).isEqualTo(lengths.length);
            assertThat(port.counters().txBytes()).isEqualTo(Arrays.stream(lengths).sum());
            burst.clear();
        }
        assertThat(CaptureFile.read(tx).frames()).containsExactly(frames);
        assertThatPoolIsFull();
    }

    @Test
    void waitsForSlots() throws IOException {
        Path rx = pcap(1, frame(1_000, 60), frame(1_000, 200 * FRAME_BYTES_MAX - 200_000), frame(1_000, 60));
        List<Integer> taken = takeAllBut(10);
        try (PcapPort port = port(rx, null)) {
            assertThat(port.receive(0, burst, pool, NOW_NS)).as("there are too few slots for two").isEqualTo(1);
            assertThat(port.receive(0, burst, pool, NOW_NS)).isZero();
            assertThat(port.counters().rxDropped()).isZero();
            assertThat(port.isExhausted()).isFalse();
            assertThat(port.nextReceiveNs()).isEqualTo(1_000);
            taken.forEach(pool::release);
            assertThat(port.receive(0, burst, pool, NOW_NS)).isEqualTo(2);
        }
        pool.releaseAll(burst);
        assertThatPoolIsFull();
    }

    @Test
    void dropsWhatNoPoolOfThisSizeHolds() throws IOException {
        var small = new PacketMemory(Arena.ofAuto(), 4);
        Path rx = pcap(1, frame(1_000, 5 * FRAME_BYTES_MAX), frame(2_000, 4 * FRAME_BYTES_MAX));
        try (var port = new PcapPort(small, "lan", 0, rx, null, CaptureTraits.NONE)) {
            assertThat(port.receive(0, burst, new PacketPool(Arena.ofAuto(), small), NOW_NS)).isEqualTo(1);
            assertThat(port.counters().rxPackets()).isEqualTo(2);
            assertThat(port.counters().rxDropped()).isEqualTo(1);
        }
    }

    @Test
    void fillsABurstAndNoMore() throws IOException {
        CapturedFrame[] frames = new CapturedFrame[100];
        Arrays.setAll(frames, i -> frame(i * 1_000L, 60));
        try (PcapPort port = port(pcap(1, frames), null)) {
            assertThat(port.receive(0, burst, pool, NOW_NS)).isEqualTo(64);
            assertThat(port.receive(0, burst, pool, NOW_NS)).isZero();
            burst.truncate(60);
            assertThat(port.receive(0, burst, pool, NOW_NS)).isEqualTo(4);
        }
    }

    @Test
    void saysWhyTheInputEnded() throws IOException {
        Path rx = pcap(1, frame(1_000, 60), frame(2_000, 60));
        Files.write(rx, Arrays.copyOf(Files.readAllBytes(rx), (int) Files.size(rx) - 1));
        try (PcapPort port = port(rx, null)) {
            assertThat(port.damage()).isNull();
            assertThat(port.receive(0, burst, pool, NOW_NS)).isEqualTo(1);
            assertThat(port.isExhausted()).isTrue();
            assertThat(port.damage().expected()).isEqualTo("60 bytes of a packet");
        }
    }

    @Test
    void keepsLinkTypesTimesAndLengthsInAPcapng() throws IOException {
        CapturedFrame[] frames = {frame(1_000, 60, 60, 1), frame(1_500, 21, 99, 101), frame(2_001, 40, 40, 1)};
        Path rx = Files.write(folder.resolve("rx.pcapng"), new PcapngWriter().section(true)
            .interfaceOf(1, 0, 9, 0).interfaceOf(101, 0, 9, 0)
            .enhanced(0, 1_000, frames[0].bytes()).enhanced(1, 1_500, frames[1].bytes(), 99)
            .enhanced(0, 2_001, frames[2].bytes()).bytes());
        Path tx = folder.resolve("new/folder/tx.pcapng");
        try (var port = new PcapPort(packets, "lan", 0, rx, tx, CaptureTraits.of(rx))) {
            assertThat(port.capabilities().linkType()).isEqualTo(PortCapabilities.ANY_LINK_TYPE);
            port.start();
            port.receive(0, burst, pool, NOW_NS);
            port.transmit(0, burst, pool, NOW_NS);
        }
        assertThat(CaptureFile.read(tx)).isEqualTo(new CaptureFile(List.of(frames), null));
    }

    @Test
    void dropsWhatAClassicPcapCannotHold() throws IOException {
        Path tx = folder.resolve("tx.pcap");
        try (var port = new PcapPort(packets, "lan", 0, pcap(101, frame(1_000, 60, 60, 101)), tx,
                CaptureTraits.ofLinkType(1))) {
            port.start();
            port.receive(0, burst, pool, NOW_NS);
            assertThat(port.transmit(0, burst, pool, NOW_NS)).isEqualTo(1);
            assertThat(port.counters().txPackets()).isZero();
            assertThat(port.counters().txDropped()).isEqualTo(1);
        }
        assertThat(CaptureFile.read(tx)).isEqualTo(new CaptureFile(List.of(), null));
        assertThatPoolIsFull();
    }

    @Test
    void refusesAClassicPcapForTwoLinkTypes() {
        CaptureTraits two = CaptureTraits.ofLinkType(1).and(CaptureTraits.ofLinkType(101));
        assertThatThrownBy(() -> new PcapPort(packets, "lan", 0, null, folder.resolve("tx.pcap"), two))
            .isInstanceOf(CaptureException.class)
            .hasMessageContaining("tx.pcap: expected packets of one link type")
            .hasMessageContaining("found link types [1, 101] (use a name that ends in .pcapng)");
    }

    @Test
    void writesNothingBeforeItIsStarted() throws IOException {
        Path tx = Files.writeString(folder.resolve("tx.pcap"), "the last run's");
        new PcapPort(packets, "lan", 3, null, tx, CaptureTraits.NONE).close();
        assertThat(tx).hasContent("the last run's");
        try (PcapPort port = port(null, tx)) {
            assertThat(port.receive(0, burst, pool, NOW_NS)).isZero();
        }
        assertThat(CaptureFile.read(tx)).isEqualTo(new CaptureFile(List.of(), null));
    }

    @Test
    void refusesWhatCannotBeReadOrWritten() throws IOException {
        Path rx = pcap(1, frame(1_000, 60));
        assertThatThrownBy(() -> port(folder.resolve("missing.pcap"), null)).hasMessageContaining("no such file");
        assertThatThrownBy(() -> port(null, folder.resolve("tx.txt"))).hasMessageContaining("a name that ends in");
        assertThatThrownBy(() -> port(rx, rx)).hasMessageContaining("another file than the port reads");
        Path folderAsFile = Files.createDirectory(folder.resolve("x.pcap"));
        assertThatThrownBy(() -> port(null, folderAsFile)).hasMessageContaining("found a directory");
        assertThatThrownBy(() -> port(null, rx.resolve("x.pcap"))).isInstanceOf(CaptureException.class)
            .hasMessageContaining("a file that can be written");
    }

    @Test
    void countsAndForgetsWithoutAnOutput() throws IOException {
        try (PcapPort port = port(pcap(1, frame(1_000, 60)), null)) {
            port.receive(0, burst, pool, NOW_NS);
            assertThat(port.transmit(0, burst, pool, NOW_NS)).isEqualTo(1);
            assertThat(port.counters().txBytes()).isEqualTo(60);
        }
        assertThatPoolIsFull();
    }

    private PcapPort port(Path rx, Path tx) throws IOException {
        CaptureTraits sent = rx == null || !Files.exists(rx) ? CaptureTraits.NONE : CaptureTraits.of(rx);
        var port = new PcapPort(packets, "lan", 3, rx, tx, sent);
        port.start();
        return port;
    }

    private Path pcap(int linkType, CapturedFrame... frames) throws IOException {
        var writer = new PcapWriter().linkType(linkType);
        for (CapturedFrame frame : frames) {
            writer.frame(frame);
        }
        return Files.write(folder.resolve("rx.pcap"), writer.bytes());
    }

    private static CapturedFrame frame(long timeNs, int byteCount) {
        return frame(timeNs, byteCount, byteCount, 1);
    }

    private static CapturedFrame frame(long timeNs, int byteCount, int originalBytes, int linkType) {
        return new CapturedFrame(timeNs, content(byteCount), originalBytes, linkType);
    }

    private static byte[] content(int byteCount) {
        var bytes = new byte[byteCount];
        for (int i = 0; i < byteCount; i++) {
            bytes[i] = (byte) (i * 31 + byteCount);
        }
        return bytes;
    }

    private List<Integer> slots(int packet) {
        List<Integer> slots = new ArrayList<>();
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            slots.add(slot);
        }
        return slots;
    }

    private List<Long> receiveTimes() {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < burst.count(); i++) {
            times.add(meta.receiveNs(burst.packet(i)));
        }
        return times;
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
        assertThat(pool.allocate()).isEqualTo(NONE);
        taken.forEach(pool::release);
    }
}
