package io.millrace.flow.table;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

import java.lang.foreign.Arena;

/// What another thread reads of a slot while its worker uses it for another flow. Run by [FlowListingStressTest].
public final class FlowListingStress {

    private static final int FIRST = 11;
    private static final int SECOND = 22;

    @JCStressTest
    @Outcome(id = "11, 11, 0", expect = Expect.ACCEPTABLE, desc = "the first flow, whole")
    @Outcome(id = "22, 22, 1", expect = Expect.ACCEPTABLE, desc = "the second flow, whole, another generation")
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "between the two: no flow")
    @Outcome(expect = Expect.FORBIDDEN, desc = "parts of both")
    @State
    public static class ReadsOneFlowOrTheOther {

        private final FlowTable flows;
        private final FlowListing listing;
        private final FlowImage image = new FlowImage();

        public ReadsOneFlowOrTheOther() {
            // An automatic arena: a stress test makes a state a microsecond, and the garbage collector takes them back.
            flows = new FlowTable(Arena.ofAuto(), 1, 4, 1);
            listing = new FlowListing(flows);
            ListedFlows.add(flows, FIRST);
        }

        @Actor
        public void worker() {
            flows.remove(0);
            ListedFlows.add(flows, SECOND);
        }

        @Actor
        public void control(III_Result r) {
            if (listing.next(0, image) != 0) return;
            r.r1 = (int) image.sourceLow(0);
            r.r2 = (int) image.targetLow(1);
            r.r3 = image.generation();
        }
    }

    private FlowListingStress() {}
}
