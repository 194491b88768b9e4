package io.millrace.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CaptureFileTest {

    private static final int RAW_IP = 101;

    @TempDir
    Path folder;

    /// Written by hand: one record of two bytes out of three at 1.000002 s.
    @Test
    void readsAPcapFileWrittenByHand() {
        CaptureFile capture = CaptureFile.read(Hex.parse("""
            d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000
            01000000 02000000 02000000 03000000 abcd
            """));
        assertThat(capture.damage()).isNull();
        assertThat(capture.frames()).containsExactly(
            new CapturedFrame(1_000_002_000L, Hex.parse("abcd"), 3, CapturedFrame.ETHERNET));
    }

    /// Written by hand: a section, an interface of nanoseconds and link type 101, a packet of one byte.
    @Test
    void readsAPcapngFileWrittenByHand() {
        CaptureFile capture = CaptureFile.read(Hex.parse("""
            0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c
            00000001 00000020 0065 0000 00000000 0009 0001 09000000 0000 0000 00000020
            00000006 00000024 00000000 00000001 00000002 00000001 00000005 ab000000 00000024
            """));
        assertThat(capture.damage()).isNull();
        assertThat(capture.frames()).containsExactly(
            new CapturedFrame(0x1_0000_0002L, Hex.parse("ab"), 5, RAW_IP));
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void writesEveryKindOfPcapAsTsharkReadsIt(boolean isBigEndian, boolean isNanoseconds) {
        PcapWriter writer = new PcapWriter();
        if (isBigEndian) writer.bigEndian();
        if (isNanoseconds) writer.nanoseconds();
        long timeNs = 1_700_000_000_123_456_000L + (isNanoseconds ? 789 : 0);
        List<CapturedFrame> frames = List.of(
            CapturedFrame.of(timeNs, frame(20)),
            new CapturedFrame(timeNs + 1_000, frame(30), 2_000, CapturedFrame.ETHERNET),
            new CapturedFrame(0, new byte[0], 60, CapturedFrame.ETHERNET));
        frames.forEach(writer::frame);
        assertThat(CaptureFile.read(writer.bytes())).isEqualTo(new CaptureFile(frames, null));
        assertReadAlike(writer.bytes());
    }

    @Test
    void writesEveryKindOfPcapngBlockAsTsharkReadsIt() {
        byte[] file = new PcapngWriter()
            .section(false)
            .interfaceOf(CapturedFrame.ETHERNET)
            .interfaceOf(RAW_IP, 65_535, 9, 0)
            .interfaceOf(CapturedFrame.ETHERNET, 0, 3, 1_600_000_000L)
            .interfaceOf(CapturedFrame.ETHERNET, 0, 0x80 | 10, 0)
            .enhanced(0, 1_700_000_000_123_456L, frame(5))
            .enhanced(1, 1_700_000_000_123_456_789L, Frame.ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).bytes(), 900)
            .block(0x0bad0000L, new byte[] {1, 2, 3})
            .enhanced(2, 12_345, frame(6))
            .enhanced(3, 1_025, frame(7))
            .obsolete(0, 3, 42, frame(8), 999)
            .section(true)
            .interfaceOf(CapturedFrame.ETHERNET, 60, 6, 0)
            .enhanced(0, 0x1_2345_6789L, frame(9))
            .simple(frame(10), frame(10).length)
            .simple(Octets.range(frame(99), 0, 60), 141)
            .bytes();
        CaptureFile capture = CaptureFile.read(file);
        assertThat(capture.damage()).isNull();
        assertThat(capture.frames()).extracting(CapturedFrame::timeNs).containsExactly(
            1_700_000_000_123_456_000L, 1_700_000_000_123_456_789L, 1_600_000_012_345_000_000L,
            1_000_976_562L, 42_000L, 0x1_2345_6789L * 1_000, 0L, 0L);
        assertThat(capture.frames()).extracting(CapturedFrame::linkType).containsExactly(
            1, RAW_IP, 1, 1, 1, 1, 1, 1);
        assertReadAlike(file);
    }

    @Test
    void readsTheRecordsBeforeACut() {
        byte[] file = new PcapWriter()
            .frame(CapturedFrame.of(0, frame(1))).frame(CapturedFrame.of(1_000, frame(2))).bytes();
        int firstEnd = 24 + 16 + frame(1).length;
        for (int byteCount = 0; byteCount < file.length; byteCount++) {
            CaptureFile capture = CaptureFile.read(Octets.range(file, 0, byteCount));
            assertThat(capture.frames()).as("%d bytes", byteCount).hasSize(byteCount < firstEnd ? 0 : 1);
            boolean isBetweenRecords = byteCount == 24 || byteCount == firstEnd;
            assertThat(capture.isDamaged()).as("%d bytes", byteCount).isEqualTo(!isBetweenRecords);
        }
    }

    @Test
    void readsTheBlocksBeforeACut() {
        byte[] begin = new PcapngWriter().section(true).interfaceOf(1).bytes();
        byte[] file = new PcapngWriter().section(true).interfaceOf(1).enhanced(0, 1, frame(1)).bytes();
        for (int byteCount = 0; byteCount < file.length; byteCount++) {
            CaptureFile capture = CaptureFile.read(Octets.range(file, 0, byteCount));
            assertThat(capture.frames()).isEmpty();
            boolean isBetweenBlocks = byteCount == 28 || byteCount == begin.length;
            assertThat(capture.isDamaged()).as("%d bytes", byteCount).isEqualTo(!isBetweenBlocks);
        }
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        assertThat(CaptureFile.read(Hex.parse("00010203 04050607")).damage()).contains("file header cut at byte 8");
        assertThat(CaptureFile.read(new byte[24]).damage()).isEqualTo("no capture file: begins with 0x00000000");
        assertThat(CaptureFile.read(new PcapWriter().record(0, 0, 262_145, 262_145, frame(1)).bytes()).damage())
            .isEqualTo("record at byte 24 claims 262145 bytes");
        PcapngWriter begin = new PcapngWriter().section(false);
        assertThat(CaptureFile.read(begin.enhanced(0, 0, frame(1)).bytes()).damage())
            .isEqualTo("block at byte 28: names interface 0 of 0");
        byte[] file = new PcapngWriter().section(false).interfaceOf(1).bytes();
        file[file.length - 4] ^= 1;
        assertThat(CaptureFile.read(file).damage()).isEqualTo("block at byte 28: two lengths disagree");
        file = new PcapngWriter().section(false).bytes();
        file[8] ^= 1;
        assertThat(CaptureFile.read(file).damage()).contains("byte-order mark is 0x4c3c2b1a");
    }

    @Test
    void refusesASecondLinkTypeInPcap() {
        PcapWriter writer = new PcapWriter();
        assertThatThrownBy(() -> writer.frame(new CapturedFrame(0, new byte[1], 1, RAW_IP)))
            .hasMessage("a pcap file has one link type, here 1, got a frame of 101");
    }

    private static byte[] frame(int payloadBytes) {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2").udp(1, 2)
            .payloadOf(payloadBytes).bytes();
    }

    /// tshark sees the same frames, lengths and times.
    private void assertReadAlike(byte[] file) {
        Tshark.required();
        Path path = folder.resolve("capture");
        try {
            Files.write(path, file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        CaptureFile capture = CaptureFile.read(path);
        assertThat(Tshark.packetCount(path)).isEqualTo(capture.frames().size());
        List<List<String>> rows = capture.frames().stream().map(CaptureFileTest::row).toList();
        assertThat(Tshark.fields(path, "frame.len", "frame.cap_len")).isEqualTo(rows);
        assertThat(capture.frames()).extracting(frame -> seconds(frame.timeNs())).isEqualTo(tsharkSeconds(path));
    }

    /// The times that tshark gives, 0 where it gives none.
    static List<String> tsharkSeconds(Path capture) {
        return Tshark.fields(Tshark.PACKETS_ONLY, capture, "frame.time_epoch").stream()
            .map(row -> row.getFirst().isEmpty() ? seconds(0) : row.getFirst()).toList();
    }

    private static List<String> row(CapturedFrame frame) {
        return List.of(String.valueOf(frame.originalBytes()), String.valueOf(frame.bytes().length));
    }

    /// As tshark writes a time.
    static String seconds(long timeNs) {
        return "%d.%09d".formatted(timeNs / 1_000_000_000, timeNs % 1_000_000_000);
    }
}
