package io.millrace.dataplane.offload;

import io.millrace.flow.table.FlowTable;
import io.millrace.nic.sim.flow.FlowCount;
import io.millrace.nic.sim.flow.FlowEntry;

/// A flow on its way through a NIC's flow table, as the control thread knows it. Who stops it is told what it has
/// counted; READING is for an answer that cannot be true.
///
/// ```
///  DESCRIBING ─▶ ADDING ─▶ CHECKING ─▶ SETTLED ─▶ STOPPING ─▶ READING ─▶ REMOVING ─▶ RELEASING
///      │            │ unsure whether it is there      ▲                                  ▲
///      └─refused    └──────────▶ FINDING ─────────────┘            not there ────────────┘
/// ```
final class HardwareFlow {

    enum Step { DESCRIBING, ADDING, CHECKING, SETTLED, FINDING, STOPPING, READING, REMOVING, RELEASING, GONE }

    private static final long NO_MODE = -1;
    private static final long IP_BYTES_MIN = 20;
    private static final long IP_BYTES_MAX = 40 + 65_535;

    final int slot;
    /// Where it is in the control thread's list.
    int place;
    final int generation;
    final FlowDevice device;
    FlowEntry original;
    FlowEntry reply;
    Step step = Step.DESCRIBING;
    int deviceSlot = FlowTable.NONE;
    int deviceGeneration;
    /// Of the device's switch, in which it was decided to add the flow.
    long modeGeneration = NO_MODE;
    /// Why it leaves; null while it may stay.
    RemovalCause cause;
    /// What is asked of the device, or null.
    FlowCommand command;
    boolean isAsked;
    /// The worker has offered it, or control come by it.
    boolean isOffered;
    boolean isEndedByWorker;
    boolean isToConfirm;
    boolean isWaiting;
    int tries;
    long retryNs;
    long settledNs;
    /// Readings in a row that could not be true.
    int disbelievedCount;
    private final long[] packets = new long[2];
    private final long[] bytes = new long[2];
    private final long[] newPackets = new long[2];
    private final long[] newBytes = new long[2];
    private final long[] lastUsedNs = new long[2];

    HardwareFlow(int slot, int generation, FlowDevice device) {
        this.slot = slot;
        this.generation = generation;
        this.device = device;
    }

    void to(Step next) {
        step = next;
        tries = 0;
        retryNs = 0;
    }

    boolean isLeaving() {
        return cause != null;
    }

    boolean uses(int port) {
        return original != null && (original.port() == port || original.egress() == port || reply.port() == port
            || reply.egress() == port);
    }

    /// Takes over what the device has counted; false, and nothing is taken, if it cannot be true: a counter never goes
    /// back, packets have at least a header, and what was used since then has counted.
    boolean absorb(FlowCommand read) {
        boolean isPossible = isPossible(read);
        disbelievedCount = isPossible ? 0 : disbelievedCount + 1;
        if (isPossible) take(read);
        return isPossible;
    }

    private boolean isPossible(FlowCommand read) {
        for (int direction = 0; direction < 2; direction++) {
            FlowCount count = read.count(direction);
            long morePackets = count.packets() - packets[direction];
            long moreBytes = count.bytes() - bytes[direction];
            boolean isPossible = morePackets >= 0 && moreBytes >= morePackets * IP_BYTES_MIN
                && moreBytes <= morePackets * IP_BYTES_MAX;
            boolean wasUsed = lastUsedNs[direction] != 0 && count.lastUsedNs() - lastUsedNs[direction] > 0;
            if (!isPossible || wasUsed && morePackets == 0) return false;
        }
        return true;
    }

    private void take(FlowCommand read) {
        for (int direction = 0; direction < 2; direction++) {
            FlowCount count = read.count(direction);
            newPackets[direction] += count.packets() - packets[direction];
            newBytes[direction] += count.bytes() - bytes[direction];
            packets[direction] = count.packets();
            bytes[direction] = count.bytes();
            lastUsedNs[direction] = count.lastUsedNs();
        }
    }

    boolean hasNews() {
        return newPackets[0] + newPackets[1] > 0;
    }

    /// Writes what was not yet told to the worker, as told.
    void tell(RecordRing orders) {
        for (int direction = 0; direction < 2; direction++) {
            int word = OffloadRings.COUNTS + direction * OffloadRings.WORDS_PER_COUNT;
            orders.put(word, newPackets[direction]);
            orders.put(word + 1, newBytes[direction]);
            orders.put(word + 2, lastUsedNs[direction]);
            newPackets[direction] = 0;
            newBytes[direction] = 0;
        }
    }
}
