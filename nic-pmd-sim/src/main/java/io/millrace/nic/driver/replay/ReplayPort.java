package io.millrace.nic.driver.replay;

import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.port.FrameSlots;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.CacheLines;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.nio.file.Path;

import static io.millrace.packet.memory.PacketMemory.FRAME_AT;
import static io.millrace.packet.memory.PacketMemory.FRAME_BYTES_MAX;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// A port that receives the packets of a capture from memory, over and over, as fast as it is asked, each as a fresh
/// copy in slots of its own; and takes everything it is given: counted, then forgotten. For measuring what lies
/// between.
///
/// Packets carry the time of their receipt. A packet that finds no slot waits.
public final class ReplayPort implements Port {

    public static final long ENDLESS = Long.MAX_VALUE;

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final FrameSlots slots;
    private final String name;
    private final int index;
    private final FrameStore frames;
    private final PortCapabilities capabilities;
    private final PortCounters counters = new PortCounters();
    private int nextFrame;
    private long loopsLeft;

    /// @param loops  how often the capture is received, or [#ENDLESS]
    public ReplayPort(PacketMemory packets, String name, int index, Path capture, long loops) throws CaptureException {
        Check.that(loops >= 0, "loops must not be negative", loops);
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.slots = new FrameSlots(packets);
        this.name = name;
        this.index = index;
        this.frames = FrameStore.load(capture);
        if (PacketMemory.slotsFor(frames.frameBytesMax()) > packets.slotCount()) {
            throw new CaptureException(capture, "packets of at most " + packets.slotCount() + " slots",
                "one of " + frames.frameBytesMax() + " bytes");
        }
        this.loopsLeft = frames.frameCount() == 0 ? 0 : loops;
        int linkType = frames.isPlain() ? PortCapabilities.LINK_TYPE_ETHERNET : PortCapabilities.ANY_LINK_TYPE;
        this.capabilities = new PortCapabilities(1, 1, Integer.MAX_VALUE, linkType, false);
    }

    @Override public String name()                   { return name; }
    @Override public int index()                     { return index; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return counters; }
    @Override public boolean isExhausted()           { return loopsLeft == 0; }

    /// Why only a part of the capture is received, or null.
    public CaptureDamage damage() {
        return frames.damage();
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        int beforeCount = burst.count();
        while (burst.room() > 0 && loopsLeft > 0) {
            // Up to the end of the capture at once: no packet asks whether it was the last.
            int wantedCount = Math.min(burst.room(), frames.frameCount() - nextFrame);
            int from = burst.count();
            int givenCount = fill(burst, from, pool.allocate(burst, wantedCount), pool, nowNs);
            nextFrame += givenCount;
            if (nextFrame == frames.frameCount()) {
                nextFrame = 0;
                if (loopsLeft != ENDLESS) loopsLeft--;
            }
            if (givenCount < wantedCount) break;
        }
        return burst.count() - beforeCount;
    }

    /// Copies the next frames into the `slotCount` packets from index `from` on. Returns how many found all their
    /// slots; the rest is released.
    private int fill(Burst burst, int from, int slotCount, PacketPool pool, long nowNs) {
        long filledBytes = 0;
        for (int i = 0; i < slotCount; i++) {
            int packet = burst.packet(from + i);
            long place = frames.place(nextFrame + i);
            int frameBytes = FrameStore.bytes(place);
            if (!slots.begin(packet, pool, frameBytes, index, 0, nowNs)) {
                giveBack(burst, from + i, pool);
                counters.received(i, filledBytes);
                return i;
            }
            copy(place, packet, frameBytes);
            if (!frames.isPlain()) describe(packet, nextFrame + i);
            filledBytes += frameBytes;
        }
        counters.received(slotCount, filledBytes);
        return slotCount;
    }

    /// Copies whole cache lines: what lies behind the frame's end in its last slot is nobody's.
    private void copy(long place, int packet, int frameBytes) {
        long from = FrameStore.at(place);
        long target = packets.slotAt(packet) + FRAME_AT;
        if (frameBytes <= CacheLines.LINE_BYTES) {
            CacheLines.copyOne(frames.memory(), from, packets.segment(), target);
        } else if (frameBytes <= FRAME_BYTES_MAX) {
            Wire.copy(frames.memory(), from, packets.segment(), target, frameBytes);
        } else {
            copyChain(from, packet, frameBytes);
        }
    }

    private void copyChain(long from, int packet, int frameBytes) {
        int copiedBytes = 0;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            int slotBytes = meta.slotBytes(slot);
            Wire.copy(frames.memory(), from + copiedBytes, packets.segment(), packets.slotAt(slot) + FRAME_AT,
                slotBytes);
            copiedBytes += slotBytes;
        }
        assert copiedBytes == frameBytes : copiedBytes;
    }

    private void describe(int packet, int frame) {
        meta.linkType(packet, frames.linkType(frame));
        meta.originalBytes(packet, frames.originalBytes(frame));
    }

    private static void giveBack(Burst burst, int from, PacketPool pool) {
        for (int i = from; i < burst.count(); i++) {
            pool.release(burst.packet(i));
        }
        burst.truncate(from);
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        long sentBytes = 0;
        for (int i = 0; i < burst.count(); i++) {
            sentBytes += meta.packetBytes(burst.packet(i));
            pool.release(burst.packet(i));
        }
        counters.sent(burst.count(), sentBytes);
        return burst.count();
    }

    @Override
    public void close() {
        frames.close();
    }
}
