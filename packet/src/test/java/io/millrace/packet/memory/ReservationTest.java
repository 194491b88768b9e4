package io.millrace.packet.memory;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReservationTest {

    private static final long GIB = 1L << 30;

    @Test
    void takesAddressesAndNoMemory() throws IOException {
        long before = residentBytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment reserved = Reservation.of(arena, 16 * GIB);
            assertThat(reserved.byteSize()).isEqualTo(16 * GIB);
            assertThat(residentBytes() - before).isLessThan(GIB / 4);
        }
    }

    @Test
    void holdsZerosUntilWritten() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment reserved = Reservation.of(arena, GIB);
            Wire.hostI64(reserved, GIB - 8, -1);
            assertThat(Wire.hostI64(reserved, GIB - 8)).isEqualTo(-1);
            assertThat(Wire.hostI64(reserved, GIB / 2)).isZero();
            assertThat(reserved.address() % 4096).isZero();
        }
    }

    @Test
    void endsWhereItWasSaidTo() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment reserved = Reservation.of(arena, 4096);
            assertThatThrownBy(() -> Wire.u8(reserved, 4096)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void beginsBelow2GibWhereThereIsRoom() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment first = Reservation.of(arena, 1 << 20);
            MemorySegment second = Reservation.of(arena, 1 << 20);
            assertThat(first.address()).isLessThan(2 * GIB);
            assertThat(second.address()).isLessThan(2 * GIB).isNotEqualTo(first.address());
        }
    }

    @Test
    void liesElsewhereWhereThereIsNoRoom() {
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < 8; i++) {
                MemorySegment reserved = Reservation.of(arena, GIB);
                Wire.hostI64(reserved, GIB - 8, i);
                assertThat(Wire.hostI64(reserved, GIB - 8)).isEqualTo(i);
            }
        }
    }

    @Test
    void goesWithItsArena() {
        MemorySegment reserved;
        try (Arena arena = Arena.ofConfined()) {
            reserved = Reservation.of(arena, 4096);
        }
        assertThatThrownBy(() -> Wire.u8(reserved, 0)).hasMessageContaining("closed");
    }

    @Test
    void saysWhenThereIsNoRoom() {
        assertThatThrownBy(() -> Reservation.of(Arena.global(), 1L << 60)).isInstanceOf(OutOfMemoryError.class)
            .hasMessageContaining("1152921504606846976 bytes");
    }

    private static long residentBytes() throws IOException {
        String statm = Files.readString(Path.of("/proc/self/statm"));
        return Long.parseLong(statm.split(" ")[1]) * 4096;
    }
}
