package io.millrace.dataplane.offload;

import io.millrace.flow.table.FlowTable;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.eswitch.Eswitch;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.Mailbox;

import java.util.ArrayDeque;
import java.util.Arrays;

/// The flow table of one NIC as its driver sees it: commands under way, who has which entry, how full it is.
///
/// Patience is time in which the device could have answered: a pause of the whole process does not use it up.
final class FlowDevice {

    private static final int WAITING_MAX = 4 * Mailbox.SLOTS_MAX;
    /// Commands under way: what a device that is behind with its packets carries out well within the patience.
    private static final int ASKED_MAX = 64;
    private static final long PATIENCE_NS = 1_000_000;
    private static final long LATENCIES = 8;
    /// How long a device that said it is full before its limit is believed.
    private static final long FULL_NS = 100_000_000;

    /// Is given what became of commands.
    interface Answers {

        void answered(FlowCommand command, CommandResult result, long nowNs);

        void gaveUp(FlowCommand command, long nowNs);
    }

    private final SimNic nic;
    private final Mailbox mailbox;
    private final int flowsMax;
    private final OffloadTally tally;
    private final OffloadLog log;
    private final FlowCommand[] waiting = new FlowCommand[WAITING_MAX];   // by number
    private final ArrayDeque<FlowCommand> byDeadline = new ArrayDeque<>();
    private final ArrayDeque<Candidate> queue = new ArrayDeque<>();
    private final ArrayDeque<HardwareFlow> due = new ArrayDeque<>();
    private HardwareFlow[] owners = {};   // by the device's slot
    private Eswitch.Stand modeSeen;
    private final QueueWatch queues;
    private final long[] faults = new long[DeviceFault.values().length];
    private long wrongSumsSeen;
    /// Of the command that resets a queue, of which nothing is expected but that the queue is served again.
    private long resetNumber = Mailbox.REFUSED;
    private int askedCount;
    private long patienceNs;
    private long turnNs = Long.MIN_VALUE;
    private int usedCount;
    private int believedMax;
    private long believedUntilNs;
    /// Packets a second of the lightest flow in the table when it was last looked at.
    private float lightestRate;

    FlowDevice(SimNic nic, OffloadTally tally, OffloadLog log) {
        this.nic = nic;
        this.mailbox = nic.flowMailbox();
        this.modeSeen = nic.eswitch().stand();
        this.flowsMax = nic.flows() == null ? 0 : nic.model().limits().flowEntriesMax() / 2;
        this.believedMax = flowsMax;
        this.tally = tally;
        this.log = log;
        this.queues = new QueueWatch(nic);
    }

    /// The device did something wrong.
    void fault(DeviceFault fault) {
        fault(fault, 1);
    }

    private void fault(DeviceFault fault, long count) {
        faults[fault.ordinal()] += count;
        tally.fault(fault, count);
        log.fault(nic.name(), fault);
    }

    long faults(DeviceFault fault) { return faults[fault.ordinal()]; }

    /// Has a queue that the device does not serve begin anew.
    ///
    /// @param wrongSums so many sums of the device software has found wrong by now
    void watch(long wrongSums, long nowNs) {
        if (wrongSums > wrongSumsSeen) {
            fault(DeviceFault.WRONG_SUM, wrongSums - wrongSumsSeen);
            wrongSumsSeen = wrongSums;
        }
        if (!queues.findsStuck(nowNs)) return;
        fault(DeviceFault.STUCK_QUEUE);
        if (!mailbox.hasRoom()) return;
        resetNumber = mailbox.post(queues.stuckPort().resetQueue(queues.stuckQueue()), nowNs);
    }

    /// True once after each begin and each end of a change of the device's mode.
    boolean hasModeMoved() {
        Eswitch.Stand stand = nic.eswitch().stand();
        boolean hasMoved = stand != modeSeen;
        modeSeen = stand;
        return hasMoved;
    }

    /// True of a flow here that was decided on in another generation of the mode, or is to leave with this one.
    boolean mustLetGo(HardwareFlow flow) {
        return flow.device == this && (modeSeen.isDraining() || flow.modeGeneration != modeSeen.generation());
    }

    SimNic nic()        { return nic; }
    boolean hasTable()  { return flowsMax > 0; }
    int usedCount()     { return usedCount; }
    ArrayDeque<Candidate> queue() { return queue; }
    /// Flows with something to be done.
    ArrayDeque<HardwareFlow> due() { return due; }
    float lightestRate()          { return lightestRate; }
    void lightestRate(float rate) { lightestRate = rate; }

    /// Connections that there is room for, as far as is known.
    int room() {
        return believedMax - usedCount;
    }

    void take()    { usedCount++; }
    void release() { usedCount--; }

    /// False if the device is being asked too much already: [#ask] would refuse.
    boolean canBeAsked() {
        return askedCount < ASKED_MAX && mailbox.hasRoom();
    }

    /// Asks the device; false if it is being asked too much already.
    boolean ask(FlowCommand.Kind kind, HardwareFlow flow, long nowNs) {
        if (!canBeAsked()) return false;
        var command = new FlowCommand(kind, flow, nic.flows());
        command.number = mailbox.post(command, nowNs);
        command.deadlineNs = patienceNs + PATIENCE_NS + LATENCIES * nic.model().limits().latencyNs();
        waiting[(int) (command.number % WAITING_MAX)] = command;
        byDeadline.add(command);
        askedCount++;
        flow.command = command;
        return true;
    }

    /// Takes the completions that have come, and gives up what has waited too long. Returns how many of both.
    int poll(Answers answers, long nowNs) {
        long stepMaxNs = PATIENCE_NS / 16 + nic.model().limits().latencyNs();
        if (turnNs != Long.MIN_VALUE) patienceNs += Math.clamp(nowNs - turnNs, 0, stepMaxNs);
        turnNs = nowNs;
        if (believedMax < flowsMax && nowNs - believedUntilNs >= 0) believedMax = flowsMax;
        int count = mailbox.poll((number, result, atNs) -> completed(number, result, answers, atNs), nowNs);
        while (!byDeadline.isEmpty()) {
            FlowCommand oldest = byDeadline.getFirst();
            int place = (int) (oldest.number % WAITING_MAX);
            boolean isWaiting = waiting[place] == oldest;
            if (isWaiting && patienceNs < oldest.deadlineNs) break;
            byDeadline.removeFirst();
            if (!isWaiting) continue;
            waiting[place] = null;
            askedCount--;
            fault(DeviceFault.COMPLETION_LOST);
            oldest.flow.command = null;
            answers.gaveUp(oldest, nowNs);
            count++;
        }
        return count;
    }

    private void completed(long number, CommandResult result, Answers answers, long nowNs) {
        if (number == resetNumber) {
            resetNumber = Mailbox.REFUSED;
            return;
        }
        int place = (int) (number % WAITING_MAX);
        FlowCommand command = waiting[place];
        if (command == null || command.number != number) {
            fault(DeviceFault.COMPLETION_STRAY);
            return;
        }
        waiting[place] = null;
        askedCount--;
        command.flow.command = null;
        answers.answered(command, result, nowNs);
    }

    /// The device has no room for another, whatever it promised.
    void full(long nowNs) {
        int there = Math.max(0, usedCount - 1);
        if (there < flowsMax) {
            fault(DeviceFault.FULL_EARLY);
            believedMax = there;
            believedUntilNs = nowNs + FULL_NS;
        }
    }

    /// Who has the device's slot, or null.
    HardwareFlow owner(int deviceSlot) {
        return deviceSlot < owners.length ? owners[deviceSlot] : null;
    }

    void own(int deviceSlot, HardwareFlow flow) {
        if (deviceSlot >= owners.length) owners = Arrays.copyOf(owners, Math.max(deviceSlot + 1, 2 * owners.length));
        owners[deviceSlot] = flow;
    }

    /// The flow has no slot any more; another may have it since a reset.
    void disown(HardwareFlow flow) {
        if (flow.deviceSlot != FlowTable.NONE && owner(flow.deviceSlot) == flow) owners[flow.deviceSlot] = null;
    }

    /// A flow that is waiting for room.
    record Candidate(int slot, int generation, float rate) {}
}
