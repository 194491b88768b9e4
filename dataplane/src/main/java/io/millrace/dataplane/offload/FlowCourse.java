package io.millrace.dataplane.offload;

import io.millrace.dataplane.offload.HardwareFlow.Step;
import io.millrace.nic.sim.mailbox.CommandResult;

/// Leads flows through the steps of [HardwareFlow]: asks the device, believes nothing that was not read back, and asks
/// again where it has to. Whatever goes wrong, a flow ends either confirmed in the device or out of it, with its slot
/// released; never in between.
final class FlowCourse implements FlowDevice.Answers {

    private static final int ADDS_MAX = 3;
    private static final int READS_MAX = 32;
    /// Readings in a row that cannot be true before the flow leaves.
    private static final int DISBELIEVED_MAX = 8;
    private static final long RETRY_NS = 20_000;
    private static final long RETRY_NS_MAX = 10_000_000;

    private final OffloadRings rings;
    private final OffloadTally tally;
    private final Owner owner;

    /// Whose flows they are.
    interface Owner {

        /// There is something to do for the flow in a later turn.
        void later(HardwareFlow flow);

        void confirmed(HardwareFlow flow);

        void gone(HardwareFlow flow, long nowNs);

        /// The device would not take the flow, for this reason.
        void obstacle(HardwareFlow flow, HardwareObstacle obstacle, long nowNs);
    }

    FlowCourse(OffloadRings rings, OffloadTally tally, Owner owner) {
        this.rings = rings;
        this.tally = tally;
        this.owner = owner;
    }

    /// The flow is to leave hardware, wherever it is on its way there.
    void end(HardwareFlow flow, RemovalCause cause) {
        if (flow.isLeaving()) return;
        flow.cause = cause;
        if (flow.step == Step.SETTLED && flow.command == null) flow.to(Step.STOPPING);
        owner.later(flow);
    }

    /// Does the next thing, if it can be done now.
    void advance(HardwareFlow flow, long nowNs) {
        if (flow.command != null || flow.step == Step.GONE) return;
        if (flow.step == Step.SETTLED && flow.isLeaving()) flow.to(Step.STOPPING);
        if (flow.step == Step.ADDING && flow.isLeaving()) flow.to(Step.RELEASING);   // it is not there: see gaveUp
        if (flow.step == Step.DESCRIBING && flow.isLeaving() && !flow.isAsked) {
            leave(flow, nowNs);
            return;
        }
        boolean isDone = nowNs - flow.retryNs >= 0 && switch (flow.step) {
            case DESCRIBING -> describe(flow);
            case ADDING -> flow.device.ask(FlowCommand.Kind.ADD, flow, nowNs);
            case CHECKING, READING -> flow.device.ask(FlowCommand.Kind.READ, flow, nowNs);
            case FINDING -> flow.device.ask(FlowCommand.Kind.FIND, flow, nowNs);
            case STOPPING -> flow.device.ask(FlowCommand.Kind.STOP, flow, nowNs);
            case REMOVING -> flow.device.ask(FlowCommand.Kind.REMOVE, flow, nowNs);
            case SETTLED -> settle(flow);
            case RELEASING -> release(flow, nowNs);
            case GONE -> true;
        };
        if (!isDone) owner.later(flow);
    }

    private boolean describe(HardwareFlow flow) {
        if (flow.isAsked) return true;   // the answer comes by itself
        if (rings.orders.room() == 0) return false;
        order(OffloadRings.DESCRIBE, flow);
        flow.isAsked = true;
        return true;
    }

    private void order(int kind, HardwareFlow flow) {
        rings.orders.put(OffloadRings.KIND, kind);
        rings.orders.put(OffloadRings.SLOT, flow.slot);
        rings.orders.put(OffloadRings.GENERATION, flow.generation);
        if (kind == OffloadRings.COUNT || kind == OffloadRings.RELEASE) flow.tell(rings.orders);
        rings.orders.publish();
    }

    /// Tells the worker what it does not know yet.
    private boolean settle(HardwareFlow flow) {
        if (flow.isToConfirm) {
            if (rings.orders.room() == 0) return false;
            order(OffloadRings.CONFIRM, flow);
            flow.isToConfirm = false;
        }
        if (flow.hasNews()) {
            if (rings.orders.room() == 0) return false;
            order(OffloadRings.COUNT, flow);
        }
        return true;
    }

    private boolean release(HardwareFlow flow, long nowNs) {
        if (rings.orders.room() == 0) return false;
        order(OffloadRings.RELEASE, flow);
        leave(flow, nowNs);
        return true;
    }

    /// The worker does not keep the flow for us, or no longer.
    void leave(HardwareFlow flow, long nowNs) {
        flow.to(Step.GONE);
        owner.gone(flow, nowNs);
    }

    /// Asks for the counters of a flow that is in hardware; false if the device is being asked too much.
    boolean read(HardwareFlow flow, long nowNs) {
        return flow.device.ask(FlowCommand.Kind.READ, flow, nowNs);
    }

    @Override
    public void gaveUp(FlowCommand command, long nowNs) {
        HardwareFlow flow = command.flow;
        if (command.kind == FlowCommand.Kind.ADD) {
            // It may be there, under a name that nobody has told.
            flow.device.fault(DeviceFault.ENTRY_UNKNOWN);
            flow.to(Step.FINDING);
        }
        again(flow, nowNs);
    }

    private void again(HardwareFlow flow, long nowNs) {
        flow.tries++;
        flow.retryNs = nowNs + Math.min(RETRY_NS << Math.min(flow.tries, 10), RETRY_NS_MAX);
        owner.later(flow);
    }

    @Override
    public void answered(FlowCommand command, CommandResult result, long nowNs) {
        HardwareFlow flow = command.flow;
        if (result == CommandResult.DONE && !command.isAnswered()) {
            flow.device.fault(DeviceFault.LIE);
            boolean givesUp = flow.step == Step.ADDING && flow.tries >= ADDS_MAX;
            if (givesUp) fail(flow, HardwareObstacle.DEVICE_FAULT, nowNs);
            again(flow, nowNs);
            return;
        }
        switch (command.kind) {
            case ADD -> added(flow, command, result, nowNs);
            case FIND -> found(flow, command, result);
            case READ -> wasRead(flow, command, result, nowNs);
            case STOP -> {
                flow.to(Step.READING);
                wasRead(flow, command, result, nowNs);
            }
            case REMOVE -> flow.to(Step.RELEASING);   // done, or done before under a completion that was lost
        }
        owner.later(flow);
    }

    /// The entry is not there any more: what it counted last is not known.
    private Step lost(HardwareFlow flow) {
        flow.device.fault(DeviceFault.ENTRY_LOST);
        tally.countLost();
        if (!flow.isLeaving()) flow.cause = RemovalCause.LOST;
        return Step.RELEASING;
    }

    private void fail(HardwareFlow flow, HardwareObstacle obstacle, long nowNs) {
        owner.obstacle(flow, obstacle, nowNs);
        flow.to(Step.RELEASING);
    }

    private void added(HardwareFlow flow, FlowCommand command, CommandResult result, long nowNs) {
        switch (result) {
            case DONE -> {
                name(flow, command);
                flow.to(Step.CHECKING);
            }
            case NO_SPACE -> {
                flow.device.full(nowNs);
                fail(flow, HardwareObstacle.TABLE_FULL, nowNs);
            }
            case EXISTS -> {
                flow.device.fault(DeviceFault.ENTRY_UNKNOWN);
                flow.to(Step.FINDING);
            }
            case BUSY, STALE, UNSUPPORTED -> fail(flow, HardwareObstacle.MODE, nowNs);   // not in this mode
            default -> fail(flow, HardwareObstacle.DEVICE_FAULT, nowNs);
        }
    }

    private static void name(HardwareFlow flow, FlowCommand command) {
        flow.deviceSlot = command.slot();
        flow.deviceGeneration = command.generation();
        flow.device.own(flow.deviceSlot, flow);
    }

    /// An entry of ours that nobody has confirmed is removed, unless it is that of an earlier flow on its way out. One
    /// that is not there may have been, and have counted packets. Whoever is believed to have the slot under another
    /// generation has lost it to a reset, and will hear of that.
    private void found(HardwareFlow flow, FlowCommand command, CommandResult result) {
        boolean isOurs = result == CommandResult.DONE && !isAnothers(flow.device.owner(command.slot()), command);
        if (isOurs) name(flow, command);
        if (result == CommandResult.NOT_FOUND) tally.countLost();
        if (!flow.isLeaving()) flow.cause = RemovalCause.LOST;
        flow.to(isOurs ? Step.STOPPING : Step.RELEASING);
    }

    private static boolean isAnothers(HardwareFlow owner, FlowCommand command) {
        return owner != null && owner.deviceGeneration == command.generation();
    }

    private void wasRead(HardwareFlow flow, FlowCommand command, CommandResult result, long nowNs) {
        if (result != CommandResult.DONE) {
            flow.to(lost(flow));
            return;
        }
        boolean isPossible = flow.absorb(command);
        if (!isPossible) {
            flow.device.fault(DeviceFault.WRONG_COUNTER);
            boolean isLast = flow.step == Step.READING;
            if (isLast && flow.tries < READS_MAX) {
                again(flow, nowNs);
                return;
            }
            if (isLast) tally.countLost();
        }
        switch (flow.step) {
            case CHECKING -> {
                tally.installed();
                flow.settledNs = nowNs;
                flow.isToConfirm = true;
                owner.confirmed(flow);
                flow.to(Step.SETTLED);
            }
            case SETTLED -> {
                if (command.isStopped()) end(flow, RemovalCause.ENDING);
                else if (flow.disbelievedCount >= DISBELIEVED_MAX) end(flow, RemovalCause.COUNTER);
            }
            case READING -> {
                boolean isStill = command.isStopped();
                if (!isStill) flow.device.fault(DeviceFault.LIE);
                flow.to(isStill ? Step.REMOVING : Step.STOPPING);
            }
            default -> throw new IllegalStateException("read at " + flow.step);
        }
    }
}
