package io.millrace.simulation.device;

import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.flow.DeviceFlows;
import io.millrace.simulation.journal.Violation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// How the NICs of a world err: now and then one kind of fault is drawn, which then befalls the next thing that it can.
/// Only what has befallen something is counted.
public final class DeviceFaults implements NicFaults {

    /// What can go wrong.
    public enum Kind {
        LATE_COMPLETION, LOST_COMPLETION, REPEATED_COMPLETION, LIE, LOST_ENTRY, FULL_EARLY, COUNTER_JUMPS,
        COUNTER_STANDS, WRONG_SUM, STUCK_QUEUE, LINK_DOWN, FIRMWARE_RESET;

        private static final Kind[] ALL = values();
    }

    private record Lost(SimNic nic, int slot, int generation) {}

    private static final int AT_ONCE_MAX = 3;
    private static final long LATE_NS_MAX = 4_000_000;
    private static final long STUCK_NS_MAX = 5_000_000;
    private static final long DOWN_NS_MAX = 30_000_000;
    private static final int QUEUES = 4;
    private static final long JUMP = 1L << 32;

    private final SplittableRandom random;
    private final int portCount;
    private final int[] left = new int[Kind.ALL.length];
    private final int[] counts = new int[Kind.ALL.length];
    private final Set<Lost> lost = new HashSet<>();
    private List<SimNic> nics = List.of();
    private int stuckPort;
    private int stuckQueue;
    private long stuckUntilNs = Long.MIN_VALUE;
    private int downPort;
    private long downUntilNs = Long.MIN_VALUE;
    private boolean hasStuck;
    private boolean hasBeenDown;
    private boolean isOver;

    public DeviceFaults(SplittableRandom random, int portCount) {
        this.random = random;
        this.portCount = portCount;
    }

    void connect(List<SimNic> all) {
        nics = List.copyOf(all);
    }

    /// Draws one and says what it is.
    public String draw(long nowNs) {
        boolean hasFlows = nics.stream().anyMatch(nic -> nic.flows() != null && nic.flows().count() > 0);
        // Seldom is there something to forget.
        Kind kind = hasFlows && random.nextInt(6) == 0 ? Kind.FIRMWARE_RESET
            : Kind.ALL[random.nextInt(Kind.ALL.length)];
        switch (kind) {
            case STUCK_QUEUE -> {
                stuckPort = random.nextInt(portCount);
                stuckQueue = random.nextInt(QUEUES);
                stuckUntilNs = nowNs + random.nextLong(STUCK_NS_MAX);
                hasStuck = false;
                return "queue " + stuckQueue + " of port " + stuckPort + " is stuck";
            }
            case LINK_DOWN -> {
                downPort = random.nextInt(portCount);
                downUntilNs = nowNs + random.nextLong(DOWN_NS_MAX);
                hasBeenDown = false;
                return "wire of port " + downPort + " is disconnected";
            }
            case FIRMWARE_RESET -> {
                SimNic nic = nics.get(random.nextInt(nics.size()));
                if (nic.flows() == null) return "no table to forget";
                reset(nic);
                return nic.name() + " forgets its flows";
            }
            default -> left[kind.ordinal()] = 1 + random.nextInt(AT_ONCE_MAX);
        }
        return kind.name();
    }

    private void reset(SimNic nic) {
        DeviceFlows flows = nic.flows();
        if (flows.count() > 0) counts[Kind.FIRMWARE_RESET.ordinal()]++;
        for (int slot = 0; slot < flows.flowsMax(); slot++) {
            if (flows.entry(slot, 0) != null) lost.add(new Lost(nic, slot, flows.generation(slot)));
        }
        flows.reset();
    }

    /// True if a fault has taken this entry out of its NIC.
    boolean isLost(SimNic nic, int slot, int generation) {
        return lost.contains(new Lost(nic, slot, generation));
    }

    /// From now on nothing goes wrong any more.
    public void end() {
        isOver = true;
    }

    /// Faults that something has suffered.
    public int count() {
        int sum = 0;
        for (int each : counts) sum += each;
        return sum;
    }

    public int count(Kind kind) {
        return counts[kind.ordinal()];
    }

    private boolean isHit(Kind kind) {
        if (isOver || left[kind.ordinal()] == 0) return false;
        left[kind.ordinal()]--;
        counts[kind.ordinal()]++;
        return true;
    }

    @Override
    public long completionDelayNs() {
        return isHit(Kind.LATE_COMPLETION) ? 1 + random.nextLong(LATE_NS_MAX) : 0;
    }

    @Override public boolean losesCompletion()      { return isHit(Kind.LOST_COMPLETION); }
    @Override public boolean duplicatesCompletion() { return isHit(Kind.REPEATED_COMPLETION); }
    @Override public boolean lies()                 { return isHit(Kind.LIE); }
    @Override public boolean isFullEarly()          { return isHit(Kind.FULL_EARLY); }

    /// Asked of an entry that is just being added: then the mode of its switch must not be about to change.
    @Override
    public boolean losesEntry() {
        if (nics.stream().noneMatch(nic -> nic.eswitch().isAdmitting())) {
            throw new Violation(ModeWitness.ADMITTED, nics.stream().map(nic -> nic.name() + ", "
                + nic.eswitch().stand()).toList().toString());
        }
        if (!isHit(Kind.LOST_ENTRY)) return false;
        for (SimNic nic : nics) {
            DeviceFlows flows = nic.flows();
            boolean isAdding = flows != null && flows.addedSlot() >= 0 && flows.entry(flows.addedSlot(), 0) == null;
            if (isAdding) lost.add(new Lost(nic, flows.addedSlot(), flows.addedGeneration()));
        }
        return true;
    }

    @Override
    public int checksumError() {
        return isHit(Kind.WRONG_SUM) ? 1 << random.nextInt(Short.SIZE) : 0;
    }

    @Override
    public long counterError() {
        if (isHit(Kind.COUNTER_JUMPS)) return JUMP;
        return isHit(Kind.COUNTER_STANDS) ? Long.MIN_VALUE : 0;
    }

    @Override
    public boolean isStuck(int port, int queue, long nowNs) {
        if (isOver || port != stuckPort || queue != stuckQueue || nowNs >= stuckUntilNs) return false;
        if (!hasStuck) counts[Kind.STUCK_QUEUE.ordinal()]++;
        hasStuck = true;
        return true;
    }

    /// True if some wire is disconnected now.
    public boolean isAnyLinkDown(long nowNs) {
        return isLinkDown(downPort, nowNs);
    }

    @Override
    public boolean isLinkDown(int port, long nowNs) {
        if (isOver || port != downPort || nowNs >= downUntilNs) return false;
        if (!hasBeenDown) counts[Kind.LINK_DOWN.ordinal()]++;
        hasBeenDown = true;
        return true;
    }
}
