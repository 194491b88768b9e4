package io.millrace.control.capture;

import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureReader;
import io.millrace.nic.port.FrameSlots;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;
import java.nio.file.Path;

import static io.millrace.packet.memory.PacketMemory.FRAME_AT;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// The packets of a capture, one after the other, each in slots of a memory of its own until the next is asked for.
public final class CapturePackets implements AutoCloseable {

    /// Enough for any frame; what a capture holds beyond is looked at as if it had been cut there.
    private static final int FRAME_SLOTS = 256;
    /// Bytes of the longest packet that is handed out whole.
    public static final int FRAME_BYTES_MAX = FRAME_SLOTS * PacketMemory.FRAME_BYTES_MAX;

    private final Arena arena = Arena.ofConfined();
    private final PacketMemory packets;
    private final PacketMeta meta;
    private final PacketPool pool;
    private final FrameSlots slots;
    private final CaptureReader capture;
    private int current = NONE;
    private long number;

    public CapturePackets(Path file) throws CaptureException {
        this(file, 0);
    }

    /// With slots beside those of one packet, for who keeps packets or makes more of them.
    public CapturePackets(Path file, int moreSlots) throws CaptureException {
        this.capture = CaptureReader.open(file);
        this.packets = new PacketMemory(arena, FRAME_SLOTS + moreSlots);
        this.meta = new PacketMeta(packets);
        this.pool = new PacketPool(arena, packets);
        this.slots = new FrameSlots(packets);
    }

    public PacketMemory memory() {
        return packets;
    }

    /// Where the slots come from and go back to.
    public PacketPool pool() {
        return pool;
    }

    /// Makes the packet at hand the caller's, who gives its slots back.
    public void keep() {
        current = NONE;
    }

    /// The next readable packet; `NONE` at the end, and at damage. The one before is gone unless it was kept.
    public int next() {
        if (current != NONE) pool.release(current);
        current = capture.advance() ? load() : NONE;
        if (current != NONE) number++;
        return current;
    }

    /// Number of the packet at hand in the capture, from 1.
    public long number() {
        return number;
    }

    /// Why the packets ended before the file did, or null.
    public CaptureDamage damage() {
        return capture.damage();
    }

    /// The reader's packet in slots; `NONE` if the file could not be read after all.
    private int load() {
        int frameBytes = Math.min(capture.capturedBytes(), FRAME_BYTES_MAX);
        int packet = slots.allocate(pool, frameBytes, 0, 0, capture.timeNs());
        meta.linkType(packet, capture.linkType());
        if (capture.originalBytes() > frameBytes) {
            meta.originalBytes(packet, (int) Math.min(capture.originalBytes(), Integer.MAX_VALUE));
        }
        int done = 0;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            if (!capture.copyTo(packets.segment(), packets.slotAt(slot) + FRAME_AT, done, meta.slotBytes(slot))) {
                pool.release(packet);
                return NONE;
            }
            done += meta.slotBytes(slot);
        }
        return packet;
    }

    @Override
    public void close() {
        capture.close();
        arena.close();
    }
}
