package io.millrace.testkit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OctetsTest {

    @Test
    void writesInNetworkOrder() {
        byte[] bytes = new Octets().u8(1).u16(0x0203).u24(0x040506).u32(0xfffffffeL).u64(-2).padTo(4)
            .bytes((byte) 9).set(0, 0xff).toBytes();
        assertThat(Hex.format(bytes)).isEqualTo("ff0203040506" + "fffffffe" + "fffffffffffffffe" + "0000" + "09");
        assertThat(new Octets().padTo(4).toBytes()).isEmpty();
        assertThat(new Octets().bytes(new byte[1_000]).zeros(1_000).count()).isEqualTo(2_000);
    }

    @Test
    void readsInNetworkOrder() {
        byte[] bytes = Hex.parse("00 fffefdfc");
        assertThat(Octets.u8(bytes, 1)).isEqualTo(0xff);
        assertThat(Octets.u16(bytes, 1)).isEqualTo(0xfffe);
        assertThat(Octets.u24(bytes, 1)).isEqualTo(0xfffefd);
        assertThat(Octets.u32(bytes, 1)).isEqualTo(0xfffefdfcL);
        Octets.u32(bytes, 0, 0x01020304);
        assertThat(Hex.format(bytes)).isEqualTo("01020304fc");
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> new Octets().u8(256)).hasMessage("a field of 1 bytes cannot hold 256");
        assertThatThrownBy(() -> new Octets().u16(-1)).hasMessage("a field of 2 bytes cannot hold -1");
        assertThatThrownBy(() -> new Octets().u24(1 << 24)).hasMessageContaining("3 bytes");
        assertThatThrownBy(() -> new Octets().u32(1L << 32)).hasMessageContaining("4 bytes");
        assertThatThrownBy(() -> new Octets().set(0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Octets.range(new byte[4], 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
