package io.millrace.control.metrics;

import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.hook.Offloading;
import io.millrace.flow.table.FlowImage;
import io.millrace.flow.table.FlowListing;
import io.millrace.flow.table.FlowTable;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.header.IpProtocol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Which flows send the most bytes now. Looks at a part of the flow table each time, under the flows' sequence numbers:
/// the worker does not notice. In a table of more than [#SLOTS_MAX] slots, at the first so many.
final class TopFlows {

    static final int COUNT = 10;

    private static final int SLOTS_MAX = 1 << 16;
    private static final int SLOTS_A_TURN = 4_096;
    /// Over which a rate is taken, at least.
    private static final long ROUND_NS_MIN = 900_000_000L;
    private static final double NS_PER_SECOND = 1e9;

    /// @param flow `tcp 10.0.0.1:40000 > 10.0.0.2:80`
    record Rate(String flow, long bytesPerSecond) {}

    private final RunningDataplane running;
    private final FlowImage image = new FlowImage();
    private final long[] bytes = new long[SLOTS_MAX];
    private final int[] generations = new int[SLOTS_MAX];   // + 1; 0 where no flow was seen
    private final PriorityQueue<Rate> heaviest = new PriorityQueue<>(Comparator.comparingLong(Rate::bytesPerSecond));
    private List<Rate> found = List.of();
    private FlowListing listing;
    private int slot;
    private long roundNs;
    private long beforeNs;

    TopFlows(RunningDataplane running) {
        this.running = running;
    }

    /// The heaviest of the last round, the heaviest first.
    List<Rate> found() {
        return found;
    }

    /// Looks at some more slots.
    void turn() {
        if (running.config().forwarding() == Forwarding.PATCH) return;
        if (slot == 0 && running.nowNs() - roundNs < ROUND_NS_MIN) return;
        if (slot == 0) begin();
        if (listing == null) return;
        for (int i = 0; i < SLOTS_A_TURN; i++) {
            int next = slot >= SLOTS_MAX ? FlowTable.NONE : listing.next(slot, image);
            if (next == FlowTable.NONE || next >= SLOTS_MAX) {
                end();
                return;
            }
            look(next);
            slot = next + 1;
        }
    }

    private void begin() {
        // Not asked of the worker: a table of a moment ago does as well.
        Offloading offloading = running.router().hooks().offloading();
        listing = offloading == null ? null : new FlowListing(offloading.flows());
        beforeNs = roundNs;
        roundNs = running.nowNs();
        heaviest.clear();
        if (listing == null) found = List.of();
    }

    private void look(int at) {
        long sum = image.bytes(0) + image.bytes(1);
        boolean isKnown = generations[at] == image.generation() + 1;
        long sent = isKnown ? sum - bytes[at] : 0;
        bytes[at] = sum;
        generations[at] = image.generation() + 1;
        double seconds = (roundNs - beforeNs) / NS_PER_SECOND;
        if (sent <= 0 || seconds <= 0) return;
        long rate = (long) (sent / seconds);
        if (heaviest.size() == COUNT && heaviest.peek().bytesPerSecond() >= rate) return;
        if (heaviest.size() == COUNT) heaviest.poll();
        heaviest.add(new Rate(name(), rate));
    }

    private String name() {
        String protocol = switch (image.protocol(0)) {
            case IpProtocol.TCP -> "tcp ";
            case IpProtocol.UDP -> "udp ";
            default -> "gre ";
        };
        return protocol + end(image.sourceHigh(0), image.sourceLow(0), image.sourcePort(0)) + " > "
            + end(image.targetHigh(0), image.targetLow(0), image.targetPort(0));
    }

    private String end(long high, long low, int port) {
        String address = image.family(0) == 4 ? Addresses.ipv4((int) low) : "[" + Addresses.ipv6(high, low) + "]";
        return address + ":" + port;
    }

    private void end() {
        slot = 0;
        List<Rate> sorted = new ArrayList<>(heaviest);
        sorted.sort(Comparator.comparingLong(Rate::bytesPerSecond).reversed());
        found = List.copyOf(sorted);
    }
}
