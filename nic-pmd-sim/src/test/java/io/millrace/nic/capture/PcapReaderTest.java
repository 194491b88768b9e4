package io.millrace.nic.capture;

import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.PcapWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PcapReaderTest {

    private static final byte[] FRAME = bytes(60);
    private static final int MAGIC = 0xa1b2c3d4;
    private static final int MAGIC_NS = 0xa1b23c4d;
    private static final int MAGIC_MODIFIED = 0xa1b2cd34;

    @TempDir
    Path folder;

    @Test
    void readsBothByteOrdersAndBothResolutions() throws IOException {
        var microseconds = CapturedFrame.of(1_581_113_657_633_853_000L, FRAME);
        var nanoseconds = CapturedFrame.of(1_581_113_657_633_853_001L, FRAME);
        assertThat(read(new PcapWriter().frame(microseconds)).frames()).containsExactly(microseconds);
        assertThat(read(new PcapWriter().bigEndian().frame(microseconds)).frames()).containsExactly(microseconds);
        assertThat(read(new PcapWriter().nanoseconds().frame(nanoseconds)).frames()).containsExactly(nanoseconds);
        assertThat(read(new PcapWriter().bigEndian().nanoseconds().frame(nanoseconds)).frames())
            .containsExactly(nanoseconds);
    }

    @Test
    void readsTheLongerRecordsOfTheModifiedVariant() throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            ByteBuffer file = header(order, MAGIC_MODIFIED, 2, 4, 1);
            for (int i = 0; i < 2; i++) {
                file.putInt(7 + i).putInt(5).putInt(60).putInt(61).putInt(3).putShort((short) 8).put((byte) 4)
                    .put((byte) 0).put(FRAME);
            }
            assertThat(read(file).frames()).containsExactly(
                new CapturedFrame(7_000_005_000L, FRAME, 61, 1), new CapturedFrame(8_000_005_000L, FRAME, 61, 1));
        }
    }

    @Test
    void takesTheLinkTypeWithoutTheBitsThatTellTheFcs() throws IOException {
        Path file = file(header(ByteOrder.LITTLE_ENDIAN, MAGIC, 2, 4, 0x2400_0069));
        try (CaptureReader reader = CaptureReader.open(file)) {
            assertThat(reader.captureInterface(0).linkType()).isEqualTo(105);
            assertThat(reader.captureInterface(0).fcsBytes()).isEqualTo(4);
        }
        Path unsaid = file(header(ByteOrder.LITTLE_ENDIAN, MAGIC, 2, 4, 0x2000_0069));
        try (CaptureReader reader = CaptureReader.open(unsaid)) {
            assertThat(reader.captureInterface(0).fcsBytes()).as("without the bit that says it is one").isZero();
        }
    }

    @Test
    void believesThePacketsRatherThanTheSnapLength() throws IOException {
        ByteBuffer file = header(ByteOrder.LITTLE_ENDIAN, MAGIC, 2, 4, 1).putInt(16, 20);
        assertThat(read(record(file, 1, 0, 60, 60)).frames()).hasSize(1);
    }

    @Test
    void keepsTheLengthsOfACutPacketAndOfALie() throws IOException {
        ByteBuffer file = header(ByteOrder.LITTLE_ENDIAN, MAGIC, 2, 4, 1);
        record(file, 1, 0, 60, 1_514);
        record(file, 1, 0, 60, 40);
        record(file, 1, 0, 60, -1);
        try (CaptureReader reader = CaptureReader.open(file(file))) {
            for (long originalBytes : new long[] {1_514, 40, 0xffff_ffffL}) {
                assertThat(reader.advance()).isTrue();
                assertThat(reader.capturedBytes()).isEqualTo(60);
                assertThat(reader.originalBytes()).isEqualTo(originalBytes);
            }
            assertThat(reader.advance()).isFalse();
            assertThat(reader.damage()).isNull();
        }
    }

    @Test
    void readsTheLengthsOfOldVersionsInTheirOrder() throws IOException {
        assertThat(lengths(MAGIC, 2, 70, 60)).as("2.2 put the original length first").containsExactly(60, 70);
        assertThat(lengths(MAGIC, 2, 50, 60)).containsExactly(60, 50);
        assertThat(lengths(MAGIC, 3, 70, 60)).as("2.3 did so sometimes").containsExactly(60, 70);
        assertThat(lengths(MAGIC, 3, 60, 70)).containsExactly(60, 70);
        assertThat(lengths(MAGIC, 4, 60, 50)).as("2.4 never").containsExactly(60, 50);
        assertThat(lengths(MAGIC_NS, 0, 60, 50)).as("nanoseconds came later").containsExactly(60, 50);
    }

    private long[] lengths(int magic, int minor, int first, int second) throws IOException {
        ByteBuffer file = header(ByteOrder.LITTLE_ENDIAN, magic, 2, minor, 1);
        try (CaptureReader reader = CaptureReader.open(file(record(file, 1, 0, first, second)))) {
            assertThat(reader.advance()).isTrue();
            return new long[] {reader.capturedBytes(), reader.originalBytes()};
        }
    }

    @Test
    void countsSecondsWithoutSignAndFractionsBeyondASecond() throws IOException {
        ByteBuffer file = header(ByteOrder.LITTLE_ENDIAN, MAGIC, 2, 4, 1);
        record(file, 0xffff_ffff, 999_999, 60, 60);
        record(file, 1, 1_653_292, 60, 60);
        assertThat(read(file).frames()).extracting(CapturedFrame::timeNs)
            .containsExactly(4_294_967_295_999_999_000L, 2_653_292_000L);
    }

    @Test
    void copiesAnyPartOfAPacket() throws IOException {
        Path file = file(record(header(ByteOrder.LITTLE_ENDIAN, MAGIC, 2, 4, 1), 1, 0, 60, 60));
        try (Arena arena = Arena.ofConfined(); CaptureReader reader = CaptureReader.open(file)) {
            reader.advance();
            MemorySegment target = arena.allocate(64).fill((byte) 0x7f);
            assertThat(reader.copyTo(target, 5, 10, 20)).isTrue();
            byte[] copied = target.toArray(ValueLayout.JAVA_BYTE);
            assertThat(Arrays.copyOfRange(copied, 5, 25)).isEqualTo(Arrays.copyOfRange(FRAME, 10, 30));
            assertThat(copied[4]).isEqualTo((byte) 0x7f);
            assertThat(copied[25]).isEqualTo((byte) 0x7f);
            assertThat(reader.copyTo(target, 0, 60, 0)).isTrue();
        }
    }

    @Test
    void saysWhereAnImpossibleLengthStands() throws IOException {
        ByteBuffer file = header(ByteOrder.LITTLE_ENDIAN, MAGIC, 2, 4, 1);
        record(file, 1, 0, 60, 60);
        record(file, 1, 0, 262_145, 262_145);
        ReadCapture read = read(file);
        assertThat(read.frames()).hasSize(1);
        assertThat(read.damage()).hasToString(folder.resolve("file.pcap") + ": byte 108: expected at most 262144 "
            + "captured bytes, found 262145 captured bytes");
    }

    @Test
    void takesMessagesOfMegabytesWhereTheLinkTypeHasThem() throws IOException {
        ByteBuffer file = header(ByteOrder.LITTLE_ENDIAN, MAGIC, 2, 4, 249);
        file.putInt(1).putInt(0).putInt(300_000).putInt(300_000).put(new byte[300_000]);
        assertThat(read(file).frames()).extracting(frame -> frame.bytes().length).containsExactly(300_000);
    }

    @Test
    void refusesWhatIsNoCapture() throws IOException {
        Files.write(folder.resolve("file.pcap"), new byte[0]);
        assertRefused("byte 0: expected the magic number of a pcap or pcapng, found 0 bytes");
        Files.writeString(folder.resolve("file.pcap"), "hello, world");
        assertRefused("byte 0: expected the magic number of a pcap or pcapng, found 0x68656c6c");
        Files.write(folder.resolve("file.pcap"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
        assertRefused("(gzip: decompress it first)");
        byte[] header = array(header(ByteOrder.BIG_ENDIAN, MAGIC, 2, 4, 1));
        Files.write(folder.resolve("file.pcap"), Arrays.copyOf(header, 23));
        assertRefused("byte 23: expected a file header of 24 bytes, found the end of the file");
        file(header(ByteOrder.LITTLE_ENDIAN, MAGIC, 1, 4, 1));
        assertRefused("byte 4: expected version 2.x, found version 1.4");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> CaptureReader.open(folder.resolve("file.pcap")))
            .isInstanceOf(CaptureException.class).hasMessageContaining(message);
    }

    @Test
    void refusesWhatIsNoFile() {
        assertThatThrownBy(() -> CaptureReader.open(folder.resolve("missing.pcap")))
            .isInstanceOf(CaptureException.class)
            .hasMessage(folder.resolve("missing.pcap") + ": expected a pcap or pcapng file, found no such file");
        assertThatThrownBy(() -> CaptureReader.open(folder)).hasMessageEndingWith("found a directory");
        assertThatThrownBy(() -> CaptureReader.open(Path.of("/dev/null"))).hasMessageContaining("no regular file");
    }

    @Test
    void endsBeforeAFileThatWasCutWhileItWasRead() throws IOException {
        ByteBuffer file = header(ByteOrder.LITTLE_ENDIAN, MAGIC, 2, 4, 1);
        for (int i = 0; i < 4_000; i++) {
            record(file, i, 0, 60, 60);
        }
        Path path = file(file);
        try (CaptureReader reader = ReadCapture.open(path, 4096)) {
            assertThat(reader.advance()).isTrue();
            try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(200_000);
            }
            int packetCount = 1;
            while (reader.advance()) {
                packetCount++;
            }
            assertThat(packetCount).isLessThan(4_000);
            assertThat(reader.damage().found()).isEqualTo("a file of 200000 bytes: it was cut while being read");
        }
    }

    private ReadCapture read(PcapWriter writer) throws IOException {
        return ReadCapture.of(Files.write(folder.resolve("file.pcap"), writer.bytes()));
    }

    private ReadCapture read(ByteBuffer file) throws IOException {
        return ReadCapture.of(file(file));
    }

    private Path file(ByteBuffer file) throws IOException {
        return Files.write(folder.resolve("file.pcap"), array(file));
    }

    private static byte[] array(ByteBuffer file) {
        return Arrays.copyOf(file.array(), file.position());
    }

    private static ByteBuffer header(ByteOrder order, int magic, int major, int minor, int link) {
        return ByteBuffer.allocate(1 << 20).order(order).putInt(magic).putShort((short) major).putShort((short) minor)
            .putLong(0).putInt(65_535).putInt(link);
    }

    /// A record with 60 bytes of packet behind it, whatever it says.
    private static ByteBuffer record(ByteBuffer file, int seconds, int fraction, int first, int second) {
        return file.putInt(seconds).putInt(fraction).putInt(first).putInt(second).put(FRAME);
    }

    private static byte[] bytes(int byteCount) {
        var bytes = new byte[byteCount];
        for (int i = 0; i < byteCount; i++) {
            bytes[i] = (byte) (i * 7 + 1);
        }
        return bytes;
    }
}
