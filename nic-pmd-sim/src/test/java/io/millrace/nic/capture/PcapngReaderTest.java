package io.millrace.nic.capture;

import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.PcapngWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PcapngReaderTest {

    private static final byte[] FRAME = "a frame of 24 bytes, say".getBytes(StandardCharsets.US_ASCII);
    private static final int SECTION_BYTES = 28;
    private static final int INTERFACE_BYTES = 24;   // as the testkit writes one without options but their end

    @TempDir
    Path folder;

    @Test
    void readsEveryKindOfPacketInBothByteOrders() throws IOException {
        for (boolean isBigEndian : new boolean[] {false, true}) {
            PcapngWriter file = new PcapngWriter().section(isBigEndian).interfaceOf(1, 20, 6, 0)
                .enhanced(0, 1_581_113_657_633_853L, FRAME, 100)
                .obsolete(0, 3, 7, FRAME, 24)
                .simple(Arrays.copyOf(FRAME, 20), 24);
            ReadCapture read = read(file);
            assertThat(read.damage()).isNull();
            assertThat(read.frames()).containsExactly(
                new CapturedFrame(1_581_113_657_633_853_000L, FRAME, 100, 1),
                new CapturedFrame(7_000, FRAME, 24, 1),
                new CapturedFrame(0, Arrays.copyOf(FRAME, 20), 24, 1));
        }
    }

    @Test
    void readsSectionsOfDifferentByteOrdersEachWithItsInterfaces() throws IOException {
        PcapngWriter file = new PcapngWriter()
            .section(true).interfaceOf(1).interfaceOf(101).enhanced(1, 1, FRAME)
            .section(false).interfaceOf(113, 0, 9, 5).enhanced(0, 1, FRAME);
        try (CaptureReader reader = CaptureReader.open(write(file.bytes()))) {
            assertThat(reader.interfaceCount()).isZero();
            assertThat(reader.advance()).isTrue();
            assertThat(reader.linkType()).isEqualTo(101);
            assertThat(reader.interfaceIndex()).isEqualTo(1);
            assertThat(reader.interfaceCount()).isEqualTo(2);
            assertThat(reader.advance()).isTrue();
            assertThat(reader.linkType()).isEqualTo(113);
            assertThat(reader.interfaceIndex()).as("counted through the file").isEqualTo(2);
            assertThat(reader.timeNs()).isEqualTo(5_000_000_001L);
            assertThat(reader.advance()).isFalse();
            assertThat(reader.damage()).isNull();
        }
    }

    @Test
    void readsTheOptionsOfAnInterface() throws IOException {
        byte[] options = options(
            option(2, "lan".getBytes(StandardCharsets.UTF_8)), option(9, 9), option(13, 4),
            option(14, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), option(2988, 1, 2, 3), option(0));
        try (CaptureReader reader = CaptureReader.open(write(section().block(1, body(105, 96, options)).bytes()))) {
            assertThat(reader.advance()).isFalse();
            assertThat(reader.damage()).isNull();
            CaptureInterface read = reader.captureInterface(0);
            assertThat(read.name()).isEqualTo("lan");
            assertThat(read.linkType()).isEqualTo(105);
            assertThat(read.snapBytes()).isEqualTo(96);
            assertThat(read.fcsBytes()).isEqualTo(4);
            assertThat(read.timeScale().resolution()).isEqualTo(9);
            assertThat(read.timeScale().offsetSeconds()).isEqualTo(-2);
        }
    }

    @Test
    void stopsReadingOptionsAtTheirEnd() throws IOException {
        byte[] options = options(option(0), option(9, 9));
        ReadCapture read = read(section().block(1, body(1, 0, options)));
        assertThat(read.interfaces().getFirst().timeScale().resolution()).isEqualTo(TimeScale.MICROSECONDS);
    }

    @Test
    void passesOverBlocksWithoutPackets() throws IOException {
        PcapngWriter file = section();
        for (long type : new long[] {4, 5, 10, 0xbad, 0x40000badL, 0x80000001L}) {
            file.block(type, new byte[40]);
        }
        file.block(0x0bad, new byte[3 << 20]);
        assertThat(read(file.interfaceOf(1).enhanced(0, 1, FRAME)).frames()).hasSize(1);
    }

    @Test
    void cutsSimplePacketsOnlyWhereThereIsASnapLength() throws IOException {
        assertThat(read(section().interfaceOf(1, 0, 6, 0).simple(FRAME, 24)).frames().getFirst().bytes()).hasSize(24);
        assertThat(read(section().interfaceOf(1, 8, 6, 0).simple(FRAME, 24)).frames().getFirst().bytes()).hasSize(8);
    }

    @Test
    void saysWhereABlockIsDamaged() throws IOException {
        int block = SECTION_BYTES + INTERFACE_BYTES;
        String length = "a block length that is a multiple of 4, at least 12";
        assertDamage(patched(block + 4, 61), block + 4, length, "length 61");
        assertDamage(patched(block + 4, 8), block + 4, length, "length 8");
        assertDamage(patched(block + 4, 60), block, "a block of 60 bytes", "56 bytes");
        assertDamage(patched(block + 52, 60), block + 52, "block length 56 again", "length 60");
        assertDamage(patched(block + 8, 1), block + 8, "one of the 1 interfaces of the section", "interface 1");
        assertDamage(patched(block + 20, 25), block + 20, "a packet of at most 24 bytes", "25 bytes");
    }

    @Test
    void saysWhereAnOptionIsDamaged() throws IOException {
        int value = SECTION_BYTES + 20;
        byte[] tooLong = options(option(9, 9));
        tooLong[2] = 5;
        assertDamage(section().block(1, body(1, 0, tooLong)).bytes(), value - 4, "an option of at most 4 bytes",
            "option 9 of 5 bytes");
        assertDamage(section().block(1, body(1, 0, options(option(9, 9, 9)))).bytes(),
            value - 2, "if_tsresol of length 1", "length 2");
        assertDamage(section().block(1, body(1, 0, options(option(14, 9, 9)))).bytes(),
            value - 2, "if_tsoffset of length 8", "length 2");
        assertDamage(section().block(1, body(1, 0, options(option(13)))).bytes(),
            value - 2, "if_fcslen of length 1", "length 0");
    }

    @Test
    void saysWhereASectionIsDamaged() throws IOException {
        byte[] file = section().interfaceOf(1).enhanced(0, 1, FRAME).section(false).bytes();
        int second = file.length - SECTION_BYTES;
        byte[] magic = file.clone();
        magic[second + 8] = 0;
        assertDamage(magic, second + 8, "byte-order magic 0x1a2b3c4d or 0x4d3c2b1a", "0x003c2b1a");
        byte[] version = file.clone();
        version[second + 12] = 2;
        assertDamage(version, second + 12, "version 1.x", "version 2.0");
        assertThatThrownBy(() -> CaptureReader.open(write(Arrays.copyOfRange(version, second, version.length))))
            .isInstanceOf(CaptureException.class).hasMessageContaining("byte 12: expected version 1.x");
    }

    @Test
    void remembersNoMoreInterfacesThanThereCanBe() throws IOException {
        PcapngWriter file = section();
        for (int i = 0; i <= 65_536; i++) {
            file.interfaceOf(1);
        }
        ReadCapture read = read(file);
        assertThat(read.interfaces()).hasSize(65_536);
        assertThat(read.damage().expected()).isEqualTo("at most 65536 interfaces");
    }

    private void assertDamage(byte[] file, long offset, String expected, String found) throws IOException {
        ReadCapture read = ReadCapture.of(write(file));
        assertThat(read.damage()).isEqualTo(new CaptureDamage(folder.resolve("file.pcapng"), offset, expected, found));
    }

    /// A file of one packet whose 32 bits at `at` are replaced.
    private static byte[] patched(int at, int value) {
        byte[] file = section().interfaceOf(1).enhanced(0, 1, FRAME).bytes();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return file;
    }

    private ReadCapture read(PcapngWriter writer) throws IOException {
        return ReadCapture.of(write(writer.bytes()));
    }

    private Path write(byte[] file) throws IOException {
        return Files.write(folder.resolve("file.pcapng"), file);
    }

    private static PcapngWriter section() {
        return new PcapngWriter().section(false);
    }

    private static byte[] body(int linkType, int snapBytes, byte[] options) {
        return ByteBuffer.allocate(8 + options.length).order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) linkType).putShort((short) 0).putInt(snapBytes).put(options).array();
    }

    private static byte[] option(int code, int... value) {
        var bytes = new byte[value.length];
        for (int i = 0; i < value.length; i++) {
            bytes[i] = (byte) value[i];
        }
        return option(code, bytes);
    }

    private static byte[] option(int code, byte[] value) {
        return ByteBuffer.allocate(4 + (value.length + 3 & ~3)).order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) code).putShort((short) value.length).put(value).array();
    }

    private static byte[] options(byte[]... options) {
        ByteBuffer all = ByteBuffer.allocate(1 << 10);
        for (byte[] option : options) {
            all.put(option);
        }
        return Arrays.copyOf(all.array(), all.position());
    }
}
