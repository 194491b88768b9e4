package io.millrace.nic.capture;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CaptureWriterTest {

    private static final long TIME_NS = 1_581_113_657_633_853_001L;
    private static final CaptureInterface ETHERNET = CaptureInterface.of(1, "lan", TimeScale.NANOSECONDS);
    private static final byte[] NO_COMMENT = {};

    @TempDir
    Path folder;

    /// Written by hand after the specifications.
    @Test
    void writesTheseBytes() throws IOException {
        byte[] frame = {(byte) 0xde, (byte) 0xad, (byte) 0xbe, (byte) 0xef};
        for (String name : new String[] {"x.pcapng", "x.pcap"}) {
            try (CaptureWriter writer = CaptureWriter.create(folder.resolve(name), CaptureInterface.of(1, "a", 9))) {
                assertThat(writer.begin(0, (1L << 32) + 2, 4, 5)).isTrue();
                writer.append(MemorySegment.ofArray(frame), 0, 4);
                writer.end();
            }
        }
        assertThat(hex("x.pcapng")).isEqualTo("0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffff ffffffff 1c000000 "
            + "01000000 28000000 01000000 00000400 02000100 61000000 09000100 09000000 00000000 28000000 "
            + "06000000 24000000 00000000 01000000 02000000 04000000 05000000 deadbeef 24000000");
        assertThat(hex("x.pcap")).isEqualTo("4d3cb2a1 02000400 00000000 00000000 00000400 01000000 "
            + "04000000 02d89411 04000000 05000000 deadbeef");
    }

    /// In words of 32 bits.
    private String hex(String name) throws IOException {
        return HexFormat.of().formatHex(Files.readAllBytes(folder.resolve(name))).replaceAll("(.{8})(?=.)", "$1 ");
    }

    /// More than the buffer holds, packets of every length modulo 4, in pieces.
    @Test
    void writesWhatANaiveReaderReads() throws IOException {
        var random = new Random(Seeds.next());
        List<CapturedFrame> frames = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            var bytes = new byte[random.nextInt(1, 3_000)];
            random.nextBytes(bytes);
            frames.add(new CapturedFrame(TIME_NS + i, bytes, bytes.length + random.nextInt(2) * 100, 1));
        }
        for (String name : new String[] {"x.pcap", "x.cap", "X.PCAP", "x.pcapng", "x.ntar"}) {
            Path file = folder.resolve("deep/er").resolve(name);
            CaptureWriter writer = CaptureWriter.create(file, ETHERNET);
            for (CapturedFrame frame : frames) {
                write(writer, 0, frame);
            }
            writer.close();
            assertThat(writer.failure()).isNull();
            assertThat(CaptureFile.read(file)).as(name).isEqualTo(new CaptureFile(frames, null));
        }
    }

    @Test
    void writesLargePacketsThroughTheBuffer() throws IOException {
        var frame = CapturedFrame.of(TIME_NS, new byte[3_000_001]);
        Path file = folder.resolve("x.pcapng");
        try (CaptureWriter writer = CaptureWriter.create(file, ETHERNET)) {
            write(writer, 0, frame);
            write(writer, 0, frame);
        }
        assertThat(CaptureFile.read(file).frames()).containsExactly(frame, frame);
    }

    @Test
    void choosesTheMagicByTheResolution() throws IOException {
        Path file = folder.resolve("x.pcap");
        CaptureWriter.create(file, CaptureInterface.of(1, "", TimeScale.MICROSECONDS)).close();
        assertThat(Files.readAllBytes(file)).hasSize(24).startsWith(0xd4, 0xc3, 0xb2, 0xa1);
        CaptureWriter.create(file, CaptureInterface.of(1, "", TimeScale.NANOSECONDS)).close();
        assertThat(Files.readAllBytes(file)).hasSize(24).startsWith(0x4d, 0x3c, 0xb2, 0xa1);
    }

    @Test
    void declaresInterfacesBetweenPackets() throws IOException {
        Path file = folder.resolve("x.pcapng");
        var first = new CapturedFrame(1_000, new byte[] {1}, 1, 1);
        var second = new CapturedFrame(2_000_000, new byte[] {2, 2}, 2, 101);
        try (CaptureWriter writer = CaptureWriter.create(file, ETHERNET)) {
            write(writer, 0, first);
            var added = new CaptureInterface(101, 96, "wan", new TimeScale(3, -7), 4);
            assertThat(writer.addInterface(added)).isEqualTo(1);
            write(writer, 1, second);
            write(writer, 0, first);
        }
        assertThat(CaptureFile.read(file).frames()).containsExactly(first, second, first);
        ReadCapture read = ReadCapture.of(file);
        assertThat(read.interfaces()).extracting(CaptureInterface::name).containsExactly("lan", "wan");
        assertThat(read.interfaces().get(1).snapBytes()).isEqualTo(96);
        assertThat(read.interfaces().get(1).fcsBytes()).isEqualTo(4);
        assertThat(read.interfaces().get(1).timeScale().offsetSeconds()).isEqualTo(-7);
    }

    @Test
    void writesTheBitsOfAnFcs() throws IOException {
        Path file = folder.resolve("x.pcap");
        CaptureWriter.create(file, new CaptureInterface(105, 100, "", new TimeScale(6, 0), 4)).close();
        assertThat(ReadCapture.of(file).interfaces().getFirst().fcsBytes()).isEqualTo(4);
        assertThat(ReadCapture.of(file).interfaces().getFirst().linkType()).isEqualTo(105);
    }

    @Test
    void hasOneInterfaceInAPcap() throws IOException {
        try (CaptureWriter writer = CaptureWriter.create(folder.resolve("x.pcap"), ETHERNET)) {
            assertThat(writer.addInterface(ETHERNET)).isEqualTo(-1);
        }
    }

    @Test
    void refusesTimesThatTheFormatCannotExpress() throws IOException {
        try (CaptureWriter writer = CaptureWriter.create(folder.resolve("x.pcap"), ETHERNET)) {
            assertThat(writer.begin(0, -1, 0, 0)).isFalse();
            assertThat(writer.begin(0, (1L << 32) * 1_000_000_000L, 0, 0)).isFalse();
            assertThat(writer.begin(0, (1L << 32) * 1_000_000_000L - 1, 0, 0)).isTrue();
            writer.end();
        }
        try (CaptureWriter writer = CaptureWriter.create(folder.resolve("x.pcapng"), ETHERNET)) {
            assertThat(writer.begin(0, -1, 0, 0)).isFalse();
            assertThat(writer.begin(0, Long.MAX_VALUE, 0, 0)).isTrue();
            writer.end();
        }
        assertThat(ReadCapture.of(folder.resolve("x.pcap")).frames()).hasSize(1);
        assertThat(ReadCapture.of(folder.resolve("x.pcapng")).frames()).hasSize(1);
    }

    @Test
    void tsharkReadsNamesDirectionsAndComments() throws IOException {
        Tshark.required();
        Path file = folder.resolve("x.pcapng");
        byte[] frame = new byte[61];
        try (var writer = new PcapngWriter(file, ETHERNET)) {
            write(writer, frame, PcapngWriter.DIRECTION_INBOUND, "took the wan route".getBytes(StandardCharsets.UTF_8));
            write(writer, frame, PcapngWriter.DIRECTION_OUTBOUND, NO_COMMENT);
            write(writer, frame, PcapngWriter.DIRECTION_UNKNOWN, "é".getBytes(StandardCharsets.UTF_8));
            write(writer, frame, PcapngWriter.DIRECTION_UNKNOWN, NO_COMMENT);
        }
        assertThat(Tshark.fields(file, "frame.interface_name", "frame.packet_flags_direction", "frame.comment",
            "frame.time_epoch", "frame.len")).containsExactly(
            List.of("lan", "0x00000001", "took the wan route", "1581113657.633853001", "100"),
            List.of("lan", "0x00000002", "", "1581113657.633853001", "100"),
            List.of("lan", "", "é", "1581113657.633853001", "100"),
            List.of("lan", "", "", "1581113657.633853001", "100"));
    }

    private static void write(PcapngWriter writer, byte[] frame, int direction, byte[] comment) {
        assertThat(writer.begin(0, TIME_NS, frame.length, 100, direction, comment)).isTrue();
        writer.append(MemorySegment.ofArray(frame), 0, frame.length);
        writer.end();
    }

    @Test
    void keepsWhatWasFlushedReadable() throws IOException {
        Path file = folder.resolve("x.pcapng");
        try (CaptureWriter writer = CaptureWriter.create(file, ETHERNET)) {
            write(writer, 0, CapturedFrame.of(TIME_NS, new byte[60]));
            writer.flush();
            assertThat(CaptureFile.read(file).frames()).hasSize(1);
        }
    }

    @Test
    void keepsTheErrorOfAFullDiskAndRefusesPackets() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "/dev/full");
        Path file = Files.createSymbolicLink(folder.resolve("x.pcap"), Path.of("/dev/full"));
        try (CaptureWriter writer = CaptureWriter.create(file, ETHERNET)) {
            write(writer, 0, CapturedFrame.of(TIME_NS, new byte[60]));
            assertThat(writer.failure()).isNull();
            writer.flush();
            assertThat(writer.failure()).hasMessageContaining("No space left on device");
            assertThat(writer.begin(0, TIME_NS, 60, 60)).isFalse();
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void refusesNamesAndPlacesThatCannotBe() throws IOException {
        for (String name : new String[] {"x.gz", "x.pcap.gz", "x", "x.txt"}) {
            assertThatThrownBy(() -> CaptureWriter.create(folder.resolve(name), ETHERNET))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("expected a name that ends in .pcap, .cap, .pcapng or .ntar, found");
        }
        Files.createDirectory(folder.resolve("folder.pcap"));
        assertThatThrownBy(() -> CaptureWriter.create(folder.resolve("folder.pcap"), ETHERNET))
            .isInstanceOf(CaptureException.class).hasMessageContaining("expected a file that can be written");
        Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> CaptureWriter.create(folder.resolve("file/x.pcap"), ETHERNET))
            .isInstanceOf(CaptureException.class);
    }

    private static void write(CaptureWriter writer, int interfaceIndex, CapturedFrame frame) {
        int byteCount = frame.bytes().length;
        assertThat(writer.begin(interfaceIndex, frame.timeNs(), byteCount, frame.originalBytes())).isTrue();
        MemorySegment bytes = MemorySegment.ofArray(frame.bytes());
        writer.append(bytes, 0, byteCount / 3);
        writer.append(bytes, byteCount / 3, byteCount - byteCount / 3);
        writer.end();
    }
}
