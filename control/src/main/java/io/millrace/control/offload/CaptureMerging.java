package io.millrace.control.offload;

import io.millrace.gro.MergeSettings;
import io.millrace.gro.Merging;
import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureTraits;
import io.millrace.nic.driver.pcap.PcapPort;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.host.HostCompiler;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// The packets of a capture as a receive queue of Linux hands them up. Either all are one poll, or each is a poll of its
/// own at its time, and what is held waits for a timeout.
public final class CaptureMerging implements AutoCloseable {

    /// 64 held packets of 65,535 bytes in full frames need 3,000 slots; the rest is for segments that are short. Where
    /// the slots run out all that is held goes on early.
    private static final int SLOT_COUNT = 32_768;
    private static final long ALL_TIMES = TimedPort.NEVER - 1;

    private final Arena arena = Arena.ofConfined();
    private final PacketMemory packets = new PacketMemory(arena, SLOT_COUNT);
    private final PacketMeta meta = new PacketMeta(packets);
    private final PacketPool pool = new PacketPool(arena, packets);
    private final WholeChecksums checksums = new WholeChecksums(packets);
    private final Burst input = new Burst();
    private final Burst output = new Burst();
    /// Of the first slot of each packet taken in, its number in the capture; else 0.
    private final long[] frameBySlot = new long[SLOT_COUNT];
    private final boolean isOnePoll;
    private final PcapPort port;
    private final CompiledParser parser;
    private final Merging merging;
    private long frameCount;

    /// @param target   the capture to be written, or null
    /// @param settings a timeout of 0: the whole capture is one poll
    public CaptureMerging(Path file, Path target, MergeSettings settings) throws CaptureException {
        this.port = new PcapPort(packets, "gro", 0, file, target,
            target == null ? CaptureTraits.NONE : CaptureTraits.of(file));
        ParseProgram program = ShippedGraph.DEFAULT.load();
        this.parser = new HostCompiler(program, packets)
            .newParser(new ParseRecords(program.graph().limits().encapsMax()));
        this.merging = new Merging(packets, settings);
        this.isOnePoll = settings.flushTimeoutNs() == 0;
    }

    /// Gives what comes out to the consumer, in order. Returns why the packets ended before the file did, or null.
    public CaptureDamage forEach(Consumer<OffloadedPacket> consumer) {
        port.start();
        while (!port.isExhausted()) {
            long nextNs = port.nextReceiveNs();
            if (!isOnePoll) endPollsBefore(nextNs, consumer);
            long nowNs = isOnePoll ? ALL_TIMES : nextNs;
            if (port.receive(0, input, pool, nowNs) == 0) {
                if (port.isExhausted()) break;
                flush(consumer);
            } else {
                merge(nextNs, consumer);
            }
        }
        flush(consumer);
        return port.damage();
    }

    private void merge(long nowNs, Consumer<OffloadedPacket> consumer) {
        for (int i = 0; i < input.count(); i++) {
            frameBySlot[input.packet(i)] = ++frameCount;
        }
        parser.parse(input);
        for (int from = 0; from < input.count(); ) {
            from = merging.receive(input, from, output, nowNs);
            putOut(consumer);
        }
        input.clear();
        if (!isOnePoll) endPoll(nowNs, consumer);
    }

    /// The polls that a timer would have begun before the next packet came.
    private void endPollsBefore(long nextNs, Consumer<OffloadedPacket> consumer) {
        while (merging.dueNs() <= nextNs) endPoll(merging.dueNs(), consumer);
    }

    private void endPoll(long nowNs, Consumer<OffloadedPacket> consumer) {
        boolean isOver;
        do {
            isOver = merging.endPoll(output, nowNs);
            putOut(consumer);
        } while (!isOver);
    }

    private void flush(Consumer<OffloadedPacket> consumer) {
        boolean isOver;
        do {
            isOver = merging.flush(output);
            putOut(consumer);
        } while (!isOver);
    }

    private void putOut(Consumer<OffloadedPacket> consumer) {
        for (int i = 0; i < output.count(); i++) {
            int packet = output.packet(i);
            consumer.accept(OffloadedPacket.of(meta, packet, framesOf(packet)));
            checksums.fill(packet);
        }
        port.transmit(0, output, pool, 0);
        output.clear();
    }

    private List<Long> framesOf(int packet) {
        List<Long> frames = new ArrayList<>();
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            if (frameBySlot[slot] != 0) frames.add(frameBySlot[slot]);
            frameBySlot[slot] = 0;
        }
        return frames;
    }

    /// Packets taken in.
    public long frameCount() {
        return frameCount;
    }

    /// Closes both files. Why the one to be written is not complete, or null.
    public IOException finish() {
        port.close();
        return port.failure();
    }

    @Override
    public void close() {
        port.close();
        arena.close();
    }
}
