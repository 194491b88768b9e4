package io.millrace.nic.sim.ring;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What driver and device may see at the two ends of a ring. Run by [DescriptorStressTest].
public final class DescriptorStress {

    /// A stress test makes a state a microsecond; only the garbage collector takes them back as fast.
    private static final class Heap implements Arena {

        @Override
        public MemorySegment allocate(long byteSize, long byteAlignment) {
            return MemorySegment.ofArray(new long[Math.toIntExact((byteSize + 7) / 8)]);
        }

        @Override
        public MemorySegment.Scope scope() {
            return Arena.global().scope();
        }

        @Override
        public void close() {}
    }

    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "looked before the doorbell")
    @Outcome(id = "2, 5, 7", expect = Expect.ACCEPTABLE, desc = "both descriptors, and what was written before")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one descriptor without the other, or without what belongs to it")
    @State
    public static class DoorbellPublishesAll {

        private final DescriptorRing ring = new DescriptorRing(new Heap(), 64);
        private int content;

        @Actor
        public void driver() {
            content = 7;
            ring.put(1, 2, 3);
            ring.put(4, 5, 6);
            ring.ring();
        }

        @Actor
        public void device(III_Result r) {
            r.r1 = ring.ready(2);
            if (r.r1 < 2) return;
            ring.take();
            r.r2 = ring.bytes();
            r.r3 = content;
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "still full")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the completed place was used again, after it was read")
    @Outcome(expect = Expect.FORBIDDEN, desc = "overwritten before it was read")
    @State
    public static class CompletionGivesThePlaceBack {

        private final DescriptorRing ring = new DescriptorRing(new Heap(), 64);

        public CompletionGivesThePlaceBack() {
            for (int i = 0; i < 64; i++) ring.put(i, 1, 0);
            ring.ring();
        }

        @Actor
        public void driver(II_Result r) {
            if (ring.room(1) == 0) return;
            r.r1 = 1;
            ring.put(99, 2, 0);
            ring.ring();
        }

        @Actor
        public void device(II_Result r) {
            ring.ready(1);
            r.r2 = ring.bytes();
            ring.take();
            ring.complete(1);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 12", expect = Expect.ACCEPTABLE, desc = "taken later")
    @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "the first, then the second in the new ring")
    @Outcome(id = "12, 0", expect = Expect.ACCEPTABLE, desc = "both at once, in order")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost, or overtaken by what came in the new ring")
    @State
    public static class ReplacedRingLosesNothing {

        private final PacketMemory packets = new PacketMemory(new Heap(), 4);
        private final DescriptorQueue queue = new DescriptorQueue(new Heap(), packets, 64);

        public ReplacedRingLosesNothing() {
            var meta = new PacketMeta(packets);
            for (int i = 0; i < 4; i++) meta.begin(i, 60, 0, 0, 0);
        }

        @Actor
        public void producer() {
            queue.put(1, 0);
            queue.ring();
            queue.resize(128);
            queue.put(2, 0);
            queue.ring();
        }

        @Actor
        public void consumer(II_Result r) {
            r.r1 = drained();
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = drained();
        }

        private int drained() {
            int digits = 0;
            while (queue.hasNext()) {
                digits = 10 * digits + queue.peek();
                queue.take();
            }
            return digits;
        }
    }
}
