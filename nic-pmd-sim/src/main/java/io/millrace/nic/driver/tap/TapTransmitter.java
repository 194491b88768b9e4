package io.millrace.nic.driver.tap;

import io.millrace.nic.port.PortCounters;
import io.millrace.nic.system.Errno;
import io.millrace.nic.system.IoVector;
import io.millrace.nic.system.SystemCalls;
import io.millrace.nic.system.VnetHeader;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.META_BYTES;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// Writes packets to one queue of a TAP device, one call a packet. A packet of one slot is written from where it lies,
/// its vnet header in the headroom before it; a chain is gathered. One worker's.
final class TapTransmitter {

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final VnetHeader header;
    private final SystemCalls calls = new SystemCalls();
    private final int descriptor;
    private final int headerBytes;
    private final IoVector vector = new IoVector(IoVector.PARTS_MAX);
    private final MemorySegment apart = Arena.ofAuto().allocate(VnetHeader.BYTES, Short.BYTES);

    TapTransmitter(PacketMemory packets, int descriptor, boolean hasVnetHeader) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.header = new VnetHeader(packets);
        this.descriptor = descriptor;
        this.headerBytes = hasVnetHeader ? VnetHeader.BYTES : 0;
    }

    /// Writes the packets of the burst in order and releases them; returns how many, from the front, until the kernel
    /// takes no more. What it refuses is released and counted.
    int transmit(Burst burst, PacketPool pool, PortCounters counters) {
        int sentCount = 0;
        long sentBytes = 0;
        int takenCount = 0;
        while (takenCount < burst.count()) {
            int packet = burst.packet(takenCount);
            int packetBytes = meta.packetBytes(packet);
            long result = write(packet);
            if (result == -Errno.EAGAIN) break;
            if (result >= 0) {
                sentCount++;
                sentBytes += packetBytes;
            }
            pool.release(packet);
            takenCount++;
        }
        counters.sent(sentCount, sentBytes);
        counters.transmitDropped(takenCount - sentCount);
        return takenCount;
    }

    private long write(int packet) {
        int aheadBytes = headerBytes;
        boolean isApart = meta.dataAt(packet) - aheadBytes < META_BYTES;
        long frameAt = PacketMemory.at(packet) + meta.dataAt(packet);
        if (isApart) {
            header.put(packet, apart, 0);
            aheadBytes = 0;
        } else if (aheadBytes > 0) {
            header.put(packet, memory, frameAt - aheadBytes);
        }
        long firstAt = memory.address() + frameAt - aheadBytes;
        int firstBytes = aheadBytes + meta.slotBytes(packet);
        if (!isApart && !meta.isChain(packet)) return calls.write(descriptor, firstAt, firstBytes);
        int partCount = 0;
        if (isApart) vector.part(partCount++, apart.address(), headerBytes);
        vector.part(partCount++, firstAt, firstBytes);
        for (int slot = meta.next(packet); slot != NONE; slot = meta.next(slot)) {
            if (partCount == IoVector.PARTS_MAX) return -Errno.EINVAL;
            vector.part(partCount++, memory.address() + meta.frameAt(slot), meta.slotBytes(slot));
        }
        return calls.writev(descriptor, vector, partCount);
    }
}
