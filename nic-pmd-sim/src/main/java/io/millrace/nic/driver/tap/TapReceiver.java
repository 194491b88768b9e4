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
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.FRAME_AT;
import static io.millrace.packet.memory.PacketMemory.FRAME_BYTES_MAX;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// Reads frames from one queue of a TAP device, one call a frame, straight into slots.
///
/// ```
///  vector   | vnet header, frame part | frame part | frame part | ...   one slot each, ready for the longest frame
///             `-- in the headroom of the first slot
/// ```
///
/// The slots of the vector are taken before the length of the next frame is known. A frame uses the first of them; only
/// those are replaced before the next call, so a short frame costs one slot.
///
/// While no frame needs more than one slot, frames are read apart and copied: a call for one place costs the kernel
/// less than one for forty, by more than copying a short frame does. One worker's.
final class TapReceiver {

    /// A burst of super-packets ends here, so that what was read is still in cache when it is written: 64 of them would
    /// be 4 MB.
    private static final int BURST_BYTES = 128 * 1024;
    /// So many short frames in a row, and the next is expected to be short too.
    private static final int SHORT_FRAMES = 64;

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final VnetHeader header;
    private final SystemCalls calls = new SystemCalls();
    private final int descriptor;
    private final int port;
    private final int queue;
    private final int headerBytes;
    private final int vectorBytes;
    private final int[] slots;
    private final IoVector vector;
    private final MemorySegment apart;
    private int shortCount = SHORT_FRAMES;
    private int missingCount;       // the first slots of the vector, used up by the last frame
    private boolean isGone;

    /// @param frameBytesMax longest frame that is taken
    TapReceiver(PacketMemory packets, int descriptor, int port, int queue, boolean hasVnetHeader, int frameBytesMax) {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.header = new VnetHeader(packets);
        this.descriptor = descriptor;
        this.port = port;
        this.queue = queue;
        this.headerBytes = hasVnetHeader ? VnetHeader.BYTES : 0;
        // A byte more than the longest frame: a read that fills it all has lost something.
        this.slots = new int[PacketMemory.slotsFor(frameBytesMax + 1)];
        this.vectorBytes = headerBytes + slots.length * FRAME_BYTES_MAX;
        this.vector = new IoVector(slots.length);
        this.missingCount = slots.length;
        this.apart = Arena.ofAuto().allocate(vectorBytes, Long.BYTES);
    }

    boolean isGone() {
        return isGone;
    }

    /// Adds what is there to the burst until it is full, nothing more is there, enough bytes were read, or slots run
    /// out; returns how many.
    int receive(Burst burst, PacketPool pool, PortCounters counters, long nowNs) {
        int beforeCount = burst.count();
        int burstBytes = 0;
        while (burst.room() > 0 && burstBytes < BURST_BYTES && replaceUsed(pool)) {
            long readBytes = shortCount < SHORT_FRAMES ? calls.readv(descriptor, vector, slots.length) : readApart();
            if (readBytes < headerBytes) {
                isGone = readBytes == -Errno.EBADFD;
                break;
            }
            int frameBytes = (int) readBytes - headerBytes;
            missingCount = PacketMemory.slotsFor(frameBytes);
            shortCount = missingCount > 1 ? 0 : Math.min(SHORT_FRAMES, shortCount + 1);
            int packet = link(frameBytes, nowNs);
            counters.received(1, frameBytes);
            burstBytes += frameBytes;
            if (readBytes < vectorBytes && isSound(packet)) {
                burst.add(packet);
            } else {
                counters.receiveDropped(1);
                pool.release(packet);
            }
        }
        return burst.count() - beforeCount;
    }

    /// As if the frame had been read into the slots of the vector.
    private long readApart() {
        long readBytes = calls.read(descriptor, apart.address(), vectorBytes);
        int partBytes = FRAME_BYTES_MAX + headerBytes;
        long slotAt = FRAME_AT - headerBytes;
        long at = 0;
        for (int i = 0; at < readBytes; i++) {
            long copiedBytes = Math.min(partBytes, readBytes - at);
            Wire.copy(apart, at, packets.segment(), packets.slotAt(slots[i]) + slotAt, copiedBytes);
            at += copiedBytes;
            partBytes = FRAME_BYTES_MAX;
            slotAt = FRAME_AT;
        }
        return readBytes;
    }

    /// False if the pool has too few slots: what waits in the kernel waits on.
    private boolean replaceUsed(PacketPool pool) {
        while (missingCount > 0) {
            int slot = pool.allocate();
            if (slot == NONE) return false;
            missingCount--;
            slots[missingCount] = slot;
            int aheadBytes = missingCount == 0 ? headerBytes : 0;
            vector.part(missingCount, packets.segment().address() + packets.slotAt(slot) + FRAME_AT - aheadBytes,
                FRAME_BYTES_MAX + aheadBytes);
        }
        return true;
    }

    /// Makes the first slots of the vector a packet.
    private int link(int frameBytes, long nowNs) {
        int first = slots[0];
        meta.begin(first, Math.min(frameBytes, FRAME_BYTES_MAX), port, queue, nowNs);
        if (missingCount == 1) return first;
        meta.packetBytes(first, frameBytes);
        int leftBytes = frameBytes - FRAME_BYTES_MAX;
        for (int i = 1; i < missingCount; i++) {
            meta.begin(slots[i], Math.min(leftBytes, FRAME_BYTES_MAX), port, queue, nowNs);
            meta.next(slots[i - 1], slots[i]);
            leftBytes -= FRAME_BYTES_MAX;
        }
        meta.last(first, slots[missingCount - 1]);
        return first;
    }

    private boolean isSound(int packet) {
        return headerBytes == 0 || header.take(packet, PacketMemory.at(packet) + FRAME_AT - headerBytes);
    }
}
