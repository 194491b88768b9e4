package io.millrace.perf.bench;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.InternetChecksum;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.PacketMemory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// Packets of one length to be summed: as many as lie in the second cache together, up to a burst, at the places where
/// received packets have their network headers.
final class ChecksumTraffic {

    /// Where the network header begins in a slot, behind metadata, headroom and an Ethernet header; the C peer has the
    /// same number.
    private static final int FIRST_BYTE = PacketMemory.FRAME_AT + 14;
    private static final int PACKETS_MAX = 64;
    private static final int CACHED_BYTES = 128 << 10;
    private static final int SLOT_COUNT = 512;
    private static final int TTL_MAX = 255;
    private static final int UPDATED_PACKETS = 16;
    private static final int UPDATES = 512;

    private final MemorySegment memory;
    private final Ipv4View ip;
    private final int[] lengths = new int[PACKETS_MAX];
    private final long[] offsets = new long[PACKETS_MAX];
    private int packetCount;
    private int strideBytes;
    private long sink;

    ChecksumTraffic() {
        var packets = new PacketMemory(Arena.global(), SLOT_COUNT);
        this.memory = packets.segment();
        this.ip = new Ipv4View(packets);
        var random = new Random(1);
        byte[] bytes = new byte[SLOT_COUNT * PacketMemory.CHUNK_BYTES];
        random.nextBytes(bytes);
        memory.copyFrom(MemorySegment.ofArray(bytes));
    }

    void packetsOf(int byteCount) {
        packetCount = Math.clamp(CACHED_BYTES / byteCount, 2, PACKETS_MAX);
        int slots = (FIRST_BYTE + byteCount + PacketMemory.CHUNK_BYTES - 1) / PacketMemory.CHUNK_BYTES;
        strideBytes = slots * PacketMemory.CHUNK_BYTES;
        for (int i = 0; i < packetCount; i++) {
            lengths[i] = byteCount;
            offsets[i] = (long) i * strideBytes + FIRST_BYTE;
        }
    }

    int packetCount() { return packetCount; }
    int strideBytes() { return strideBytes; }

    /// Sums every packet once; returns how many they are.
    int sumAll() {
        long sum = 0;
        for (int i = 0; i < packetCount; i++) {
            sum += InternetChecksum.sum(memory, offsets[i], lengths[i]);
        }
        sink += sum;
        return packetCount;
    }

    /// Lowers TTLs, with the header checksums, and returns how many. It does so to a few packets in turn, so that their
    /// headers, which lie whole slots apart, stay in the first cache: a header to be changed was just read.
    int lowerTtls() {
        for (int i = 0; i < UPDATES; i++) {
            ip.at(offsets[i & UPDATED_PACKETS - 1]);
            if (ip.ttl() == 0) ip.ttl(TTL_MAX);
            IncrementalUpdate.decrementTtl(ip);
        }
        return UPDATES;
    }

    /// Keeps the sums from being dead code.
    long sink() {
        return sink;
    }
}
