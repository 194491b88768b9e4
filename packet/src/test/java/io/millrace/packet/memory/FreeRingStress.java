package io.millrace.packet.memory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// What two threads that take free slots from a [FreeRing] and put them back may see. Run by [StressTest].
public final class FreeRingStress {

    @JCStressTest
    @Outcome(id = "3, -1", expect = Expect.ACCEPTABLE, desc = "the first took it")
    @Outcome(id = "-1, 3", expect = Expect.ACCEPTABLE, desc = "the second took it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "given to both or to none")
    @State
    public static class GivesASlotToOne {

        private final FreeRing ring = new FreeRing(new HeapArena(), 1);

        public GivesASlotToOne() {
            ring.put(3);
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = ring.take();
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = ring.take();
        }
    }

    @JCStressTest
    @Outcome(id = "3, 9, -1", expect = Expect.ACCEPTABLE, desc = "the first came first")
    @Outcome(id = "9, 3, -1", expect = Expect.ACCEPTABLE, desc = "the second came first")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a slot lost or doubled")
    @State
    public static class KeepsWhatBothPutBack {

        private final FreeRing ring = new FreeRing(new HeapArena(), 2);

        @Actor
        public void one() {
            ring.put(3);
        }

        @Actor
        public void other() {
            ring.put(9);
        }

        @Arbiter
        public void all(III_Result r) {
            r.r1 = ring.take();
            r.r2 = ring.take();
            r.r3 = ring.take();
        }
    }

    @JCStressTest
    @Outcome(id = "-1, 0, 3", expect = Expect.ACCEPTABLE, desc = "taken before it was back")
    @Outcome(id = "3, 7, -1", expect = Expect.ACCEPTABLE, desc = "the slot with what was written to it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a slot lost, or without what was written to it")
    @State
    public static class HandsTheBytesOver {

        private final FreeRing ring = new FreeRing(new HeapArena(), 1);
        private int content;   // stands for the slot's bytes; as a field the compiler may move its accesses freely

        @Actor
        public void releases() {
            content = 7;
            ring.put(3);
        }

        @Actor
        public void takes(III_Result r) {
            r.r1 = ring.take();
            if (r.r1 == 3) r.r2 = content;
        }

        @Arbiter
        public void rest(III_Result r) {
            r.r3 = ring.take();
        }
    }

    /// The ring has as many cells as slots, so who puts back may have to wait for the other to leave the cell.
    @JCStressTest
    @Outcome(id = "3, 9, 12", expect = Expect.ACCEPTABLE, desc = "the first took first, both put back")
    @Outcome(id = "9, 3, 12", expect = Expect.ACCEPTABLE, desc = "the second took first, both put back")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a slot lost or doubled")
    @State
    public static class LosesNothingWhereCellsAreTaken {

        private final FreeRing ring = new FreeRing(new HeapArena(), 2);

        public LosesNothingWhereCellsAreTaken() {
            ring.put(3);
            ring.put(9);
        }

        @Actor
        public void one(III_Result r) {
            r.r1 = ring.take();
            ring.put(r.r1);
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = ring.take();
            ring.put(r.r2);
        }

        @Arbiter
        public void sum(III_Result r) {
            for (int slot = ring.take(); slot != PacketMemory.NONE; slot = ring.take()) {
                r.r3 += slot;
            }
        }
    }
}
