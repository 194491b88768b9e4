package io.millrace.dataplane.offload;

import io.millrace.dataplane.offload.FlowDevice.Candidate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Chooses which flows a NIC that is full should have: at the end of each round over all flows the heaviest of those
/// outside take the places of the lightest inside, as many as [#CHURN_MAX], if they carry clearly more.
final class FlowRounds {

    /// Flows that change places in a round, at most.
    static final int CHURN_MAX = 256;
    /// So many times more than the one that it replaces a flow must carry.
    private static final float CLEARLY = 1.25f;

    private static final Comparator<Candidate> BY_RATE = Comparator.comparingDouble(Candidate::rate);
    private static final Comparator<Inside> BY_RATE_INSIDE = Comparator.comparingDouble(Inside::rate);

    private final PriorityQueue<Candidate> heaviestOutside = new PriorityQueue<>(BY_RATE);
    /// No more than can be replaced: a round ends in one turn, however many flows there are.
    private final PriorityQueue<Inside> lightestInside = new PriorityQueue<>(BY_RATE_INSIDE.reversed());

    private record Inside(HardwareFlow flow, float rate) {}

    /// Whose flow leaves.
    interface Replacement {

        void leave(HardwareFlow flow);
    }

    void begin() {
        heaviestOutside.clear();
        lightestInside.clear();
    }

    void outside(int slot, int generation, float rate) {
        if (rate <= 0) return;
        if (heaviestOutside.size() == CHURN_MAX && heaviestOutside.peek().rate() >= rate) return;
        heaviestOutside.add(new Candidate(slot, generation, rate));
        if (heaviestOutside.size() > CHURN_MAX) heaviestOutside.remove();
    }

    void inside(HardwareFlow flow, float rate) {
        if (lightestInside.size() == CHURN_MAX && lightestInside.peek().rate() <= rate) return;
        lightestInside.add(new Inside(flow, rate));
        if (lightestInside.size() > CHURN_MAX) lightestInside.remove();
    }

    /// The round is over: who leaves is told, who comes instead waits in the device's queue.
    void end(FlowDevice device, Replacement replacement) {
        List<Inside> inside = new ArrayList<>(lightestInside);
        inside.sort(BY_RATE_INSIDE);
        device.lightestRate(inside.isEmpty() ? 0 : inside.getFirst().rate());
        List<Candidate> heaviest = new ArrayList<>(heaviestOutside);
        heaviest.sort(BY_RATE.reversed());
        int place = Math.max(0, device.room());
        int replacedCount = 0;
        for (Candidate each : heaviest) {
            if (device.queue().size() >= CHURN_MAX) return;
            if (place > 0) {
                place--;
            } else {
                boolean isWorthIt = replacedCount < inside.size()
                    && each.rate() > CLEARLY * inside.get(replacedCount).rate();
                if (!isWorthIt) return;
                replacement.leave(inside.get(replacedCount++).flow());
            }
            device.queue().add(each);
        }
    }
}
