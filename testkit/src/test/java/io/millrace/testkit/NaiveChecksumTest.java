package io.millrace.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NaiveChecksumTest {

    private static final byte[] ALICE = Addresses.ip("10.0.0.1");
    private static final byte[] BOB = Addresses.ip("10.0.0.2");

    /// RFC 1071 §3: the words 0001 f203 f4f5 f6f7 sum to ddf2.
    @Test
    void addsTheExampleOfTheRfc() {
        byte[] bytes = Hex.parse("0001f203f4f5f6f7");
        assertThat(NaiveChecksum.sum(bytes, 0, 8)).isEqualTo(0xddf2);
        assertThat(NaiveChecksum.of(bytes, 0, 8)).isEqualTo(0x220d);
    }

    @Test
    void countsAnOddLastByteAsAHighHalf() {
        assertThat(NaiveChecksum.sum(Hex.parse("ff 0001 f2"), 1, 3)).isEqualTo(0x0001 + 0xf200);
    }

    @Test
    void carriesAroundTheEnd() {
        assertThat(NaiveChecksum.sum(Hex.parse("ffff 0001"), 0, 4)).isEqualTo(1);
        assertThat(NaiveChecksum.sum(Hex.parse("ffff ffff"), 0, 4)).isEqualTo(0xffff);
        assertThat(NaiveChecksum.sum(new byte[0], 0, 0)).isZero();
    }

    /// A widely printed header whose checksum is b861.
    @Test
    void sumsAnIpv4Header() {
        byte[] bytes = Hex.parse("eeee 45000073 00004000 4011b861 c0a80001 c0a800c7 eeee");
        assertThat(NaiveChecksum.ipv4(bytes, 2)).isEqualTo(0xb861);
        assertThat(NaiveChecksum.isIpv4Valid(bytes, 2)).isTrue();
        bytes[3] ^= 1;
        assertThat(NaiveChecksum.isIpv4Valid(bytes, 2)).isFalse();
    }

    @Test
    void laysOutBothPseudoHeaders() {
        assertThat(Hex.format(NaiveChecksum.pseudoHeader(ALICE, BOB, 6, 0x1234))).isEqualTo("0a0000010a00000200061234");
        assertThat(Hex.format(NaiveChecksum.pseudoHeader(Addresses.ip("::1"), Addresses.ip("::2"), 58, 0x12345)))
            .isEqualTo("0".repeat(31) + "1" + "0".repeat(31) + "2" + "00012345" + "000000" + "3a");
        assertThatThrownBy(() -> NaiveChecksum.pseudoHeader(ALICE, Addresses.ip("::2"), 6, 1))
            .hasMessageContaining("4 and 16 bytes");
    }

    /// Segments whose 16-bit sum is easy to see: without a pseudo header the checksum of a zero message of type 8 is
    /// ~0800; with it, ~(0a00 + 0001 + 0a00 + 0002 + protocol + length + content).
    @ParameterizedTest
    @CsvSource({
        "1,   2, 0800000000000000,                         f7ff",
        "2,   2, 1100000000000000,                         eeff",
        "47,  4, 8000080000000000,                         77ff",
        "6,  16, 0000000000000000000000000000000000000000, ebe2",
        "17,  6, 0000000000080000,                         ebdb",
        "58,  2, 8000000000000000,                         6bba",
        "136, 6, 0000000000080000ffff,                     eb62",
        "33,  6, 000000000300000000000000,                 e8cf"})
    void coversWhatTheProtocolSays(int protocol, int checksumAt, String segment, String checksum) {
        byte[] bytes = Hex.parse(segment);
        assertThat(NaiveChecksum.checksumAt(protocol)).isEqualTo(checksumAt);
        int computed = NaiveChecksum.transport(protocol, ALICE, BOB, bytes);
        assertThat(Hex.format(new Octets().u16(computed).toBytes())).isEqualTo(checksum);
        assertThat(NaiveChecksum.isValid(protocol, ALICE, BOB, bytes)).isFalse();
        Octets.u16(bytes, checksumAt, computed);
        assertThat(NaiveChecksum.isValid(protocol, ALICE, BOB, bytes)).isTrue();
        assertThat(NaiveChecksum.transport(protocol, ALICE, BOB, bytes)).isEqualTo(computed);
    }

    @Test
    void endsUdpWhereItsOwnLengthSays() {
        byte[] padded = Hex.parse("0001 0002 0009 0000 41 ffffff");
        byte[] exact = Hex.parse("0001 0002 0009 0000 41");
        int checksum = NaiveChecksum.transport(NaiveChecksum.UDP, ALICE, BOB, exact);
        assertThat(NaiveChecksum.transport(NaiveChecksum.UDP, ALICE, BOB, padded)).isEqualTo(checksum);
    }

    @Test
    void coversPartOfAUdpLiteOrDccpPacket() {
        byte[] lite = Hex.parse("0001 0002 000a 0000 1111 2222");
        int checksum = NaiveChecksum.transport(NaiveChecksum.UDP_LITE, ALICE, BOB, lite);
        lite[11] ^= 0x55;
        assertThat(NaiveChecksum.transport(NaiveChecksum.UDP_LITE, ALICE, BOB, lite)).isEqualTo(checksum);
        lite[9] ^= 0x55;
        assertThat(NaiveChecksum.transport(NaiveChecksum.UDP_LITE, ALICE, BOB, lite)).isNotEqualTo(checksum);

        byte[] dccp = Hex.parse("0001 0002 03 02 0000 00000000 11111111 22222222");
        checksum = NaiveChecksum.transport(NaiveChecksum.DCCP, ALICE, BOB, dccp);
        dccp[16] ^= 0x55;
        assertThat(NaiveChecksum.transport(NaiveChecksum.DCCP, ALICE, BOB, dccp)).isEqualTo(checksum);
        dccp[15] ^= 0x55;
        assertThat(NaiveChecksum.transport(NaiveChecksum.DCCP, ALICE, BOB, dccp)).isNotEqualTo(checksum);
    }

    @Test
    void refusesAnIllegalCoverage() {
        byte[] lite = Hex.parse("0001 0002 0007 0000");
        assertThatThrownBy(() -> NaiveChecksum.transport(NaiveChecksum.UDP_LITE, ALICE, BOB, lite))
            .hasMessage("UDP-Lite coverage must be 0 or 8 to 8, got 7");
        byte[] dccp = Hex.parse("0001 0002 03 02 0000 00000000");
        assertThatThrownBy(() -> NaiveChecksum.transport(NaiveChecksum.DCCP, ALICE, BOB, dccp))
            .hasMessage("DCCP coverage must be at most 12 bytes, got 16");
    }

    @Test
    void knowsThatUdpWithoutChecksumHasNone() {
        assertThat(NaiveChecksum.isValid(NaiveChecksum.UDP, ALICE, BOB, Hex.parse("0001000200080000"))).isFalse();
    }

    /// RFC 3720 appendix B.4, as the CRC's value; the last is the check value of every catalogue of CRCs.
    @Test
    void givesThePublishedCrcs() {
        byte[] ascending = new byte[32];
        byte[] descending = new byte[32];
        byte[] ones = new byte[32];
        for (int i = 0; i < 32; i++) {
            ascending[i] = (byte) i;
            descending[i] = (byte) (31 - i);
            ones[i] = (byte) 0xff;
        }
        assertThat(NaiveChecksum.crc32c(new byte[32], 0, 32)).isEqualTo(0x8a9136aa);
        assertThat(NaiveChecksum.crc32c(ones, 0, 32)).isEqualTo(0x62a8ab43);
        assertThat(NaiveChecksum.crc32c(ascending, 0, 32)).isEqualTo(0x46dd794e);
        assertThat(NaiveChecksum.crc32c(descending, 0, 32)).isEqualTo(0x113fdb5c);
        byte[] digits = "x123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(NaiveChecksum.crc32c(digits, 1, 9)).isEqualTo(0xe3069283);
    }
}
