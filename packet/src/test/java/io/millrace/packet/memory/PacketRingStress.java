package io.millrace.packet.memory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// What two threads at the two ends of a [PacketRing] may see. Run by [StressTest].
public final class PacketRingStress {

    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "polled before the offer")
    @Outcome(id = "1, 7", expect = Expect.ACCEPTABLE, desc = "packet handed over with its bytes")
    @Outcome(expect = Expect.FORBIDDEN, desc = "packet without what was written to it")
    @State
    public static class HandsTheBytesOver {

        private final PacketRing ring = new PacketRing(new HeapArena(), 4);
        private int content;   // stands for the packet's bytes; as a field the compiler may move its accesses freely
        private final Burst offered = new Burst();
        private final Burst polled = new Burst();

        @Actor
        public void producer() {
            content = 7;
            offered.add(3);
            ring.offer(offered);
        }

        @Actor
        public void consumer(II_Result r) {
            r.r1 = ring.poll(polled);
            if (r.r1 == 1 && polled.packet(0) == 3) r.r2 = content;
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "polled before the offer")
    @Outcome(id = "2, 3, 9", expect = Expect.ACCEPTABLE, desc = "both packets, in order")
    @Outcome(expect = Expect.FORBIDDEN, desc = "half a burst, or another packet")
    @State
    public static class PublishesABurstAtOnce {

        private final PacketRing ring = new PacketRing(new HeapArena(), 4);
        private final Burst offered = new Burst();
        private final Burst polled = new Burst();

        @Actor
        public void producer() {
            offered.add(3);
            offered.add(9);
            ring.offer(offered);
        }

        @Actor
        public void consumer(III_Result r) {
            r.r1 = ring.poll(polled);
            if (r.r1 > 0) r.r2 = polled.packet(0);
            if (r.r1 > 1) r.r3 = polled.packet(1);
        }
    }

    @JCStressTest
    @Outcome(id = "64, 0, 0", expect = Expect.ACCEPTABLE, desc = "still full when the second burst was offered")
    @Outcome(id = "64, 64, 6400", expect = Expect.ACCEPTABLE, desc = "room was made for the second burst")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a packet overwritten before it was read, lost, or given twice")
    @State
    public static class NeverOverwritesAFullRing {

        private final PacketRing ring = new PacketRing(new HeapArena(), Burst.PACKETS_MAX);
        private final Burst offered = new Burst();
        private final Burst polled = new Burst();

        public NeverOverwritesAFullRing() {
            while (offered.room() > 0) offered.add(1);
            ring.offer(offered);
            offered.clear();
            while (offered.room() > 0) offered.add(100);
        }

        @Actor
        public void producer(III_Result r) {
            r.r2 = ring.offer(offered);
        }

        @Actor
        public void consumer(III_Result r) {
            ring.poll(polled);
            r.r1 = sum();
        }

        @Arbiter
        public void rest(III_Result r) {
            polled.clear();
            ring.poll(polled);
            r.r3 = sum();
        }

        private int sum() {
            int sum = 0;
            for (int i = 0; i < polled.count(); i++) {
                sum += polled.packet(i);
            }
            return sum;
        }
    }
}
