package io.millrace.checksum;

import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.HexFormat;

import static org.assertj.core.api.Assertions.assertThat;

class IncrementalUpdateTest {

    /// RFC 1624 section 4: a header whose sum, with the field 0x5555 in place and then 0x3285, is given there.
    @Test
    void givesTheResultOfTheRfcsExample() {
        assertThat(IncrementalUpdate.replace16(0xdd2f, 0x5555, 0x3285)).isZero();
    }

    @Test
    void leavesAUdpChecksumOfZeroAlone() {
        assertThat(IncrementalUpdate.replaceUdp16(0, 53, 54)).isZero();
        assertThat(IncrementalUpdate.replaceUdp32(0, 1, 2)).isZero();
        assertThat(IncrementalUpdate.replaceUdp128(0, 1, 2, 3, 4)).isZero();
    }

    @Test
    void storesAllOnesForUdpWhereZeroWouldComeOut() {
        assertThat(IncrementalUpdate.replaceUdp16(0xdd2f, 0x5555, 0x3285)).isEqualTo(0xffff);
    }

    @Test
    void lowersEveryTtlAndKeepsTheHeaderRight() {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, 1);
            var memory = packets.segment();
            byte[] header = HexFormat.of().parseHex("4500001c00010000401166ce0a0000010a000002");
            for (int i = 0; i < header.length; i++) Wire.u8(memory, i, header[i] & 0xff);
            var ip = new Ipv4View(packets).at(0);
            for (int protocol = 0; protocol < 256; protocol++) {
                for (int ttl = 255; ttl > 0; ttl--) {
                    ip.ttl(ttl);
                    ip.protocol(protocol);
                    Ipv4Checksum.fill(memory, 0);
                    IncrementalUpdate.decrementTtl(ip);
                    assertThat(ip.ttl()).isEqualTo(ttl - 1);
                    assertThat(ip.checksum()).isEqualTo(Ipv4Checksum.compute(memory, 0));
                }
            }
        }
    }

    @Test
    void lowersTheTtlOverEveryChecksumAsEquation3Does() {
        try (Arena arena = Arena.ofConfined()) {
            var ip = new Ipv4View(new PacketMemory(arena, 1)).at(0);
            for (int checksum = 0; checksum <= 0xffff; checksum++) {
                ip.ttl(64);
                ip.checksum(checksum);
                IncrementalUpdate.decrementTtl(ip);
                assertThat(ip.checksum()).isEqualTo(IncrementalUpdate.replace16(checksum, 64 << 8, 63 << 8));
            }
        }
    }
}
