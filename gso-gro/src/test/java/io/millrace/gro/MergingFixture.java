package io.millrace.gro;

import io.millrace.gso.Segmentation;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.host.HostCompiler;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// A receive queue over byte arrays: frames go in, what [Merging] makes of them comes out.
final class MergingFixture implements AutoCloseable {

    private static final int SLOT_COUNT = 4096;
    private static final int SEGMENTS_MAX = 0xffff;

    private final Arena arena = Arena.ofConfined();
    final PacketMemory packets;
    final PacketMeta meta;
    final PacketPool pool;
    private final CompiledParser parser;
    private final Burst input = new Burst();
    private final Burst output = new Burst();
    private final Map<Integer, Integer> frameBySlot = new HashMap<>();
    private final List<Merged> out = new ArrayList<>();
    final Merging merging;
    long nowNs;
    private int frameCount;
    private Segmentation segmentation;
    private final int[] segments = new int[SEGMENTS_MAX];

    MergingFixture() {
        this(MergeSettings.STANDARD);
    }

    MergingFixture(MergeSettings settings) {
        this(settings, SLOT_COUNT);
    }

    MergingFixture(MergeSettings settings, int slotCount) {
        this.packets = new PacketMemory(arena, slotCount);
        this.meta = new PacketMeta(packets);
        this.pool = new PacketPool(arena, packets);
        this.parser = new HostCompiler(ShippedGraph.DEFAULT.load(), packets).newParser(new ParseRecords(4));
        this.merging = new Merging(packets, settings);
    }

    /// Also cuts what comes out merged into segments again.
    MergingFixture cutting() {
        segmentation = new Segmentation(pool, 1);
        return this;
    }

    static MergingFixture forwardingUdp() {
        return new MergingFixture(new MergeSettings(true, 0));
    }

    /// The frames as one poll into a queue that holds nothing afterwards; their numbers count from 0 with each call.
    List<Merged> poll(List<byte[]> frames) {
        return poll(frames, packet -> { });
    }

    List<Merged> poll(byte[]... frames) {
        return poll(List.of(frames));
    }

    /// `driver` may say of each packet what a driver would: hash, checksum state.
    List<Merged> poll(List<byte[]> frames, IntConsumer driver) {
        out.clear();
        frameCount = 0;
        receive(frames, driver);
        endPoll();
        return List.copyOf(out);
    }

    void receive(List<byte[]> frames, IntConsumer driver) {
        for (byte[] frame : frames) {
            if (input.room() == 0) drainInput();
            int packet = packet(frame);
            parser.parse(packet, 0);
            driver.accept(packet);
            input.add(packet);
        }
        drainInput();
    }

    /// What came out since it was last asked for.
    List<Merged> taken() {
        List<Merged> taken = List.copyOf(out);
        out.clear();
        return taken;
    }

    void endPoll() {
        boolean isOver;
        do {
            isOver = merging.endPoll(output, nowNs);
            take();
        } while (!isOver);
    }

    private void drainInput() {
        for (int from = 0; from < input.count(); ) {
            from = merging.receive(input, from, output, nowNs);
            take();
        }
        input.clear();
    }

    private void take() {
        for (int i = 0; i < output.count(); i++) {
            int packet = output.packet(i);
            Merged merged = merged(packet);
            for (int slot = packet; slot != NONE; slot = meta.next(slot)) frameBySlot.remove(slot);
            if (segmentation != null && merged.gsoSize() != 0) {
                out.add(merged.cutInto(cut(packet)));
            } else {
                out.add(merged);
                pool.release(packet);
            }
        }
        output.clear();
    }

    private List<byte[]> cut(int packet) {
        Verdict verdict = segmentation.segment(packet, false, segments);
        if (verdict != Verdict.FORWARD) throw new AssertionError("cannot be cut: " + verdict);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < segmentation.count(); i++) {
            frames.add(bytes(segments[i]));
            pool.release(segments[i]);
        }
        return frames;
    }

    private Merged merged(int packet) {
        List<Integer> frames = new ArrayList<>();
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            if (frameBySlot.containsKey(slot)) frames.add(frameBySlot.get(slot));
        }
        return new Merged(bytes(packet), frames, meta.gsoType(packet), meta.gsoSize(packet),
            meta.gsoSegments(packet), meta.checksumState(packet),
            meta.checksumStart(packet) - meta.dataAt(packet), meta.checksumOffset(packet), meta.end(packet), List.of());
    }

    private byte[] bytes(int packet) {
        byte[] bytes = new byte[meta.packetBytes(packet)];
        int done = 0;
        int slot = packet;
        for (int last = NONE; slot != NONE; last = slot, slot = meta.next(slot)) {
            MemorySegment.copy(packets.segment(), meta.frameAt(slot), MemorySegment.ofArray(bytes), done,
                meta.slotBytes(slot));
            done += meta.slotBytes(slot);
            boolean isEnd = meta.next(slot) == NONE;
            if (isEnd && last != NONE && meta.last(packet) != slot) {
                throw new AssertionError("the chain ends at " + slot + ", its first slot says " + meta.last(packet));
            }
        }
        if (done != bytes.length) throw new AssertionError("slots hold " + done + " bytes of " + bytes.length);
        return bytes;
    }

    int packet(byte[] frame) {
        int packet = pool.allocate();
        int firstBytes = Math.min(frame.length, PacketMemory.FRAME_BYTES_MAX);
        meta.begin(packet, firstBytes, 0, 0, nowNs);
        copy(frame, 0, packet, firstBytes);
        int last = packet;
        for (int done = firstBytes; done < frame.length; ) {
            int slot = pool.allocate();
            int partBytes = Math.min(frame.length - done, PacketMemory.FRAME_BYTES_MAX);
            meta.begin(slot, partBytes, 0, 0, nowNs);
            copy(frame, done, slot, partBytes);
            meta.next(last, slot);
            last = slot;
            done += partBytes;
        }
        meta.packetBytes(packet, frame.length);
        if (last != packet) meta.last(packet, last);
        frameBySlot.put(packet, frameCount++);
        return packet;
    }

    private void copy(byte[] frame, int from, int slot, int byteCount) {
        MemorySegment.copy(MemorySegment.ofArray(frame), from, packets.segment(), meta.frameAt(slot), byteCount);
    }

    @Override
    public void close() {
        arena.close();
    }
}
