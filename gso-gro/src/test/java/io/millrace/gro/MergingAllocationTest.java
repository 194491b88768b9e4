package io.millrace.gro;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;
import io.millrace.testkit.Allocation;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Merging allocates nothing once warm, whatever comes: trains of every shape, refused packets among them.
class MergingAllocationTest {

    private static final int SLOT_COUNT = Burst.PACKETS_MAX;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), SLOT_COUNT);
    private final PacketMeta meta = new PacketMeta(packets);
    private final Merging merging = new Merging(packets, new MergeSettings(true, 0));
    private final Burst input = new Burst();
    private final Burst output = new Burst();
    private int outputCount;

    @Test
    void allocatesNothingOnceWarm() {
        MemorySegment[][] trains = new MemorySegment[RandomTrain.Shape.values().length][];
        for (RandomTrain.Shape shape : RandomTrain.Shape.values()) {
            List<byte[]> frames = new RandomTrain(shape, new Random(shape.ordinal()).nextLong()).frames();
            trains[shape.ordinal()] = frames.stream().limit(SLOT_COUNT).map(MergingAllocationTest::offHeap)
                .toArray(MemorySegment[]::new);
        }
        assertThat(Allocation.bytesOnceWarm(() -> {
            for (int i = 0; i < 200; i++) {
                for (MemorySegment[] train : trains) run(train);
            }
        })).isZero();
        assertThat(merging.absorbedCount()).isPositive();
        assertThat(outputCount).isPositive();
    }

    private static MemorySegment offHeap(byte[] frame) {
        MemorySegment segment = Arena.ofAuto().allocate(frame.length);
        segment.copyFrom(MemorySegment.ofArray(frame));
        return segment;
    }

    private void run(MemorySegment[] train) {
        input.clear();
        for (int packet = 0; packet < train.length; packet++) {
            int frameBytes = (int) train[packet].byteSize();
            meta.begin(packet, frameBytes, 0, 0, 0);
            Wire.copy(train[packet], 0, packets.segment(), meta.frameAt(packet), frameBytes);
            input.add(packet);
        }
        for (int from = 0; from < input.count(); ) {
            from = merging.receive(input, from, output, 0);
            take();
        }
        boolean isOver;
        do {
            isOver = merging.endPoll(output, 0);
            take();
        } while (!isOver);
    }

    private void take() {
        outputCount += output.count();
        output.clear();
    }
}
