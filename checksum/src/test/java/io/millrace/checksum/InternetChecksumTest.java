package io.millrace.checksum;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

import static org.assertj.core.api.Assertions.assertThat;

class InternetChecksumTest {

    /// The bytes and the sum of the example in RFC 1071 section 3.
    private static final MemorySegment EXAMPLE = segment("0001f203f4f5f6f7");
    private static final int EXAMPLE_SUM = 0xddf2;

    @Test
    void sumsTheRfcsExample() {
        assertThat(foldedSum(EXAMPLE, 0, 8)).isEqualTo(EXAMPLE_SUM);
        assertThat(InternetChecksum.finish(EXAMPLE_SUM)).isEqualTo(0x220d);
    }

    @Test
    void joinsTheExampleFromTwoPartsCutAnywhere() {
        for (int cut = 0; cut <= 8; cut++) {
            long first = InternetChecksum.sum(EXAMPLE, 0, cut);
            long second = InternetChecksum.sum(EXAMPLE, cut, 8 - cut);
            assertThat(InternetChecksum.fold(InternetChecksum.join(first, cut, second))).isEqualTo(EXAMPLE_SUM);
        }
    }

    @Test
    void padsAnOddLastByteOnTheRight() {
        assertThat(foldedSum(segment("12"), 0, 1)).isEqualTo(0x1200);
        assertThat(foldedSum(segment("000012"), 0, 3)).isEqualTo(0x1200);
    }

    @Test
    void keepsTheTwoZerosApart() {
        assertThat(foldedSum(segment("00000000"), 0, 4)).isZero();
        assertThat(foldedSum(segment("fffe0001"), 0, 4)).isEqualTo(0xffff);
    }

    @Test
    void findsAKnownIpv4HeaderRight() {
        MemorySegment header = segment("4500001c00010000401166ce0a0000010a000002");
        assertThat(Ipv4Checksum.isRight(header, 0)).isTrue();
        assertThat(Ipv4Checksum.compute(header, 0)).isEqualTo(0x66ce);
    }

    @Test
    void storesAllOnesWhereZeroMeansNoChecksum() {
        assertThat(InternetChecksum.finish(0xffff)).isZero();
        assertThat(InternetChecksum.finishNotZero(0xffff)).isEqualTo(0xffff);
        assertThat(InternetChecksum.finishNotZero(0x1234)).isEqualTo(0xedcb);
    }

    private static int foldedSum(MemorySegment memory, long at, int byteCount) {
        return InternetChecksum.fold(InternetChecksum.sum(memory, at, byteCount));
    }

    private static MemorySegment segment(String hex) {
        return MemorySegment.ofArray(HexFormat.of().parseHex(hex));
    }
}
