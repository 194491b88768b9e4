package io.millrace.dataplane.reassembly;

import io.millrace.dataplane.account.Ledger;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.Allocation;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;

/// Fragments wait, are joined, contradict each other and expire without a byte on the heap. Runs without assertions.
class ReassemblyAllocationTest {

    private static final int FRAMES = 2_000;

    private final Arena arena = Arena.ofConfined();
    private final PacketPool pool = new PacketPool(arena, new PacketMemory(arena, 4_096));
    private final PacketMeta meta = new PacketMeta(pool.packets());
    private final Ledger ledger = new Ledger(pool);
    private final ReassemblySettings settings = new ReassemblySettings(100_000, 1 << 20, 64);
    private final Ipv4Reassembly ipv4 = new Ipv4Reassembly(arena, pool, ledger, settings, 1);
    private final Ipv6Reassembly ipv6 = new Ipv6Reassembly(arena, pool, ledger, settings, 1);
    private final MemorySegment[] frames4 = new MemorySegment[FRAMES];
    private final MemorySegment[] frames6 = new MemorySegment[FRAMES];
    private long nowNs;

    @Test
    void allocatesNothingOnceWarm() {
        Random random = new Random(Seeds.next());
        fill(frames4, new FragmentStorm(random, true));
        fill(frames6, new FragmentStorm(random, false));
        assertThat(Allocation.bytesOnceWarm(this::addAll)).isZero();
        assertThat(ledger.absorbed()).isPositive();
    }

    private static void fill(MemorySegment[] frames, FragmentStorm storm) {
        int count = 0;
        while (count < FRAMES) {
            for (byte[] frame : storm.gust()) {
                if (frame.length > PacketMemory.FRAME_BYTES_MAX) continue;
                if (count < FRAMES) frames[count++] = MemorySegment.ofArray(frame);
            }
        }
    }

    private void addAll() {
        for (int i = 0; i < FRAMES; i++) {
            release(ipv4.add(put(frames4[i]), 0, nowNs));
            release(ipv6.add(put(frames6[i]), 0, nowNs));
            nowNs += 100;
            ipv4.expire(nowNs, 2, ExpiredFragment.IGNORED);
            ipv6.expire(nowNs, 2, ExpiredFragment.IGNORED);
        }
    }

    private int put(MemorySegment frame) {
        int packet = pool.allocate();
        meta.begin(packet, (int) frame.byteSize(), 0, 0, nowNs);
        MemorySegment.copy(frame, 0, pool.packets().segment(), meta.frameAt(packet), frame.byteSize());
        meta.l3(packet, 14);
        return packet;
    }

    private void release(int whole) {
        if (whole != NONE) pool.release(whole);
    }
}
