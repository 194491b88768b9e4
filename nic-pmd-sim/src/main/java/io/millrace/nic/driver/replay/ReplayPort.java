package io.millrace.nic.driver.replay;

import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.nio.file.Path;

/// A port that receives the packets of a capture from memory, over and over, as fast as it is asked, each as a fresh
/// copy in slots of its own; and takes everything it is given: counted, then forgotten. For measuring what lies
/// between.
///
/// Packets carry the time of their receipt. A packet that finds no slot waits.
public final class ReplayPort implements Port {

    public static final long ENDLESS = Long.MAX_VALUE;

    private final PacketMeta meta;
    private final String name;
    private final int index;
    private final FrameStore frames;
    private final FrameCopier copier;
    private final PortCapabilities capabilities;
    private final PortCounters counters = new PortCounters();
    private int nextFrame;
    private long loopsLeft;

    /// @param loops  how often the capture is received, or [#ENDLESS]
    public ReplayPort(PacketMemory packets, String name, int index, Path capture, long loops) throws CaptureException {
        Check.that(loops >= 0, "loops must not be negative", loops);
        this.meta = new PacketMeta(packets);
        this.name = name;
        this.index = index;
        this.frames = FrameStore.load(capture);
        if (PacketMemory.slotsFor(frames.frameBytesMax()) > packets.slotCount()) {
            throw new CaptureException(capture, "packets of at most " + packets.slotCount() + " slots",
                "one of " + frames.frameBytesMax() + " bytes");
        }
        this.copier = new FrameCopier(packets, frames, index);
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
            if (!copier.fill(packet, nextFrame + i, pool, nowNs)) {
                giveBack(burst, from + i, pool);
                counters.received(i, filledBytes);
                return i;
            }
            filledBytes += FrameStore.bytes(frames.place(nextFrame + i));
        }
        counters.received(slotCount, filledBytes);
        return slotCount;
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
