package io.millrace.perf.bench;

import com.sun.management.ThreadMXBean;
import io.millrace.gro.MergeSettings;
import io.millrace.gro.Merging;
import io.millrace.packet.memory.Burst;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `millrace bench gro`: what merging costs, by how many flows take turns and by whether a device has summed the
/// frames. One poll is [GroTraffic#PACKETS] segments; only merging is timed, not the making of the packets. Medians
/// over the polls of a round, and over the rounds.
///
/// Expected: 30 to 60 ns a segment where the sum is known, for two lines of metadata, one or two of headers and some
/// twenty words to compare; where it is not, what reading 1,480 bytes from the second or third cache takes on top.
@Command(name = "gro", description = "Merge TCP segments of 1,460 bytes of several flows into super-packets.")
public final class GroBench implements Callable<Integer> {

    private static final int[] FLOWS = {1, 8, 64, 512};
    private static final double WARM_UP_SECONDS = 2;
    private static final int POLLS = 1_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--timestamps", description = "Segments have TCP timestamps and carry 1,448 bytes.")
    private boolean hasTimestamps;

    @Mixin
    private RoundOptions options;

    @Option(names = "--vs", paramLabel = "PEER",
        description = "Also route merged packets beside a peer, in turn: dpdk.")
    private Optional<String> peer = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        int rounds = options.rounds();
        boolean hasPeer = Testpmd.isWanted(peer);
        GroResult merging = run(rounds, POLLS, hasTimestamps, WARM_UP_SECONDS);
        var result = new GroResult(merging.cases(), rounds, MergedRouting.measure(rounds, hasPeer));
        return options.print(spec, result.members(), result.text());
    }

    /// Measures every kind of traffic, `polls` polls a round.
    static GroResult run(int rounds, int polls, boolean hasTimestamps, double warmUpSeconds) {
        List<Queue> queues = new ArrayList<>();
        for (boolean isSumKnown : List.of(true, false)) {
            for (int flowCount : FLOWS) queues.add(new Queue(flowCount, isSumKnown, hasTimestamps));
        }
        queues.forEach(queue -> queue.warmUp(warmUpSeconds));
        double[][] ns = new double[queues.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < queues.size(); i++) ns[i][round] = queues.get(i).nsPerPacket(polls);
        }
        List<GroResult.Case> cases = new ArrayList<>();
        for (int i = 0; i < queues.size(); i++) cases.add(queues.get(i).found(Meter.median(ns[i])));
        return new GroResult(cases, rounds, null);
    }

    /// A receive queue and what each of its polls brings.
    private static final class Queue {

        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private final GroTraffic traffic;
        private final Merging merging;
        private final Burst output = new Burst();
        private final int flowCount;
        private final boolean isSumKnown;
        private int outputCount;
        private double allocatedBytesPerPacket;

        Queue(int flowCount, boolean isSumKnown, boolean hasTimestamps) {
            this.flowCount = flowCount;
            this.isSumKnown = isSumKnown;
            this.traffic = new GroTraffic(flowCount, isSumKnown, hasTimestamps);
            this.merging = new Merging(traffic.packets(), MergeSettings.STANDARD);
        }

        void warmUp(double seconds) {
            long untilNs = System.nanoTime() + (long) (seconds * 1e9);
            do poll(traffic.prepare()); while (System.nanoTime() < untilNs);
        }

        /// The median of many polls, which are short beside what a scheduler gives.
        double nsPerPacket(int polls) {
            double[] ns = new double[polls];
            for (int i = 0; i < polls; i++) {
                Burst[] bursts = traffic.prepare();
                long beforeBytes = threads.getCurrentThreadAllocatedBytes();
                long startNs = System.nanoTime();
                poll(bursts);
                ns[i] = (double) (System.nanoTime() - startNs) / GroTraffic.PACKETS;
                long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - beforeBytes;
                allocatedBytesPerPacket =
                    Math.max(allocatedBytesPerPacket, (double) allocatedBytes / GroTraffic.PACKETS);
            }
            return Meter.median(ns);
        }

        private void poll(Burst[] bursts) {
            outputCount = 0;
            for (Burst burst : bursts) {
                for (int from = 0; from < burst.count(); ) {
                    from = merging.receive(burst, from, output, 0);
                    take();
                }
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

        GroResult.Case found(double ns) {
            return new GroResult.Case(flowCount, isSumKnown, traffic.payloadBytes(), traffic.frameBytes(), ns,
                allocatedBytesPerPacket, (double) GroTraffic.PACKETS / outputCount);
        }
    }
}
