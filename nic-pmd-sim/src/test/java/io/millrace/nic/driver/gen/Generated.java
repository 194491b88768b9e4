package io.millrace.nic.driver.gen;

import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureInterface;
import io.millrace.nic.capture.CaptureWriter;
import io.millrace.nic.capture.TimeScale;
import io.millrace.nic.driver.gen.layer.Layer;
import io.millrace.nic.driver.gen.layer.LayerKind;
import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.gen.session.SessionFaults;
import io.millrace.nic.driver.gen.session.SessionLoad;
import io.millrace.nic.driver.gen.session.SessionProtocol;
import io.millrace.nic.driver.gen.session.SessionSide;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.session.SessionTalk;
import io.millrace.nic.driver.gen.stream.FieldSpec;
import io.millrace.nic.driver.gen.stream.FlowSpec;
import io.millrace.nic.driver.gen.stream.Mutation;
import io.millrace.nic.driver.gen.stream.Rate;
import io.millrace.nic.driver.gen.stream.SizeMix;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A profile run to its end in virtual time: every frame with its time.
record Generated(List<byte[]> frames, List<Long> timesNs, long endNs) {

    private static final long STEP_NS = 10_000;

    static final LayerStack UDP = stack(Layer.of(LayerKind.ETHERNET),
        Layer.of(LayerKind.IPV4).with("source", 0x0a000001).with("target", 0x0a000002), Layer.of(LayerKind.UDP));

    static LayerStack stack(Layer... layers) {
        return new LayerStack(List.of(layers));
    }

    static StreamSpec stream(LayerStack layers, SizeMix sizes, Rate rate, long count, long seed, FlowSpec flows,
                             FieldSpec... fields) {
        return new StreamSpec("s", "", layers, new byte[] {'m', 'i', 'l'}, List.of(fields), flows, sizes, rate, 1, 0,
            StreamSpec.ENDLESS, count, seed, false, Mutation.NONE);
    }

    static StreamSpec stamped(StreamSpec spec) {
        return new StreamSpec(spec.name(), spec.port(), spec.layers(), spec.pattern(), spec.fields(), spec.flows(),
            spec.sizes(), spec.rate(), spec.burst(), spec.startNs(), spec.durationNs(), spec.countMax(), spec.seed(),
            true, spec.mutation());
    }

    static FieldSpec field(LayerStack layers, int layer, String name,
                           io.millrace.nic.driver.gen.stream.FieldValues values, boolean isPerFlow) {
        return new FieldSpec(layer, layers.layers().get(layer).kind().field(name).orElseThrow(), values, isPerFlow);
    }

    static Generated of(StreamSpec... streams) {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, 256);
            var pool = new PacketPool(arena, packets);
            var meta = new PacketMeta(packets);
            var profile = TrafficProfile.ofStreams("test", List.of(streams));
            var port = new GenPort(arena, packets, "gen", 0, profile,
                new Receiver(arena, packets, streams.length, true), GenPort.NO_RING, 0);
            var burst = new Burst();
            List<byte[]> frames = new ArrayList<>();
            List<Long> times = new ArrayList<>();
            long nowNs = 0;
            while (!port.isExhausted()) {
                while (port.receive(0, burst, pool, nowNs) > 0) {
                    for (int i = 0; i < burst.count(); i++) {
                        frames.add(bytes(packets, meta, burst.packet(i)));
                        times.add(meta.receiveNs(burst.packet(i)));
                    }
                    pool.releaseAll(burst);
                }
                nowNs += STEP_NS;
            }
            return new Generated(frames, times, nowNs);
        }
    }

    private static byte[] bytes(PacketMemory packets, PacketMeta meta, int packet) {
        byte[] frame = new byte[meta.packetBytes(packet)];
        int done = 0;
        for (int slot = packet; slot != PacketMemory.NONE; slot = meta.next(slot)) {
            java.lang.foreign.MemorySegment.copy(packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(slot), frame,
                done, meta.slotBytes(slot));
            done += meta.slotBytes(slot);
        }
        return frame;
    }

    /// Number of `bytes` bytes at `at` in a frame.
    static long number(byte[] frame, int at, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) value = value << 8 | frame[at + i] & 0xff;
        return value;
    }

    Path writtenTo(Path file) throws CaptureException, IOException {
        try (Arena arena = Arena.ofConfined();
             CaptureWriter writer = CaptureWriter.create(file, CaptureInterface.of(1, "", TimeScale.NANOSECONDS))) {
            var memory = arena.allocate(LayerStack.FRAME_BYTES_MAX);
            for (int i = 0; i < frames.size(); i++) {
                byte[] frame = frames.get(i);
                java.lang.foreign.MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, 0, frame.length);
                writer.begin(0, timesNs.get(i), frame.length, frame.length);
                writer.append(memory, 0, frame.length);
                writer.end();
            }
        }
        return file;
    }

    /// Four clients and three servers that share a link.
    static SessionSpec sessions(SessionProtocol protocol, SessionLoad load, SessionTalk talk, SessionFaults faults,
                                long seed) {
        return new SessionSpec("s", protocol,
            new SessionSide("", 0x0200_0000_0011L, 0x0200_0000_0001L, 0x0a000001, 4, 1024, 65_535),
            new SessionSide("", 0x0200_0000_0022L, 0x0200_0000_0002L, 0xc6336401, 3, 80, 80), load, talk, faults, seed);
    }
}
