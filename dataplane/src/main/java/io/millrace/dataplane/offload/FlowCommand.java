package io.millrace.dataplane.offload;

import io.millrace.flow.table.FlowTable;
import io.millrace.nic.sim.flow.DeviceFlows;
import io.millrace.nic.sim.flow.EntryState;
import io.millrace.nic.sim.flow.FlowCount;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;

/// One thing asked of a NIC's flow table, and its answer. The answer is the device's until its completion has come; a
/// command that is given up is never looked at again.
final class FlowCommand implements DeviceCommand {

    enum Kind { ADD, FIND, READ, STOP, REMOVE }

    final Kind kind;
    final HardwareFlow flow;
    /// When it is given up, in the patience of its [FlowDevice].
    long deadlineNs;
    long number;
    private final DeviceFlows table;
    private final FlowCount first = new FlowCount();
    private final FlowCount second = new FlowCount();
    private int slot;
    private int generation;
    private boolean isAnswered;

    FlowCommand(Kind kind, HardwareFlow flow, DeviceFlows table) {
        this.kind = kind;
        this.flow = flow;
        this.table = table;
        this.slot = flow.deviceSlot;
        this.generation = flow.deviceGeneration;
    }

    @Override
    public CommandResult carryOut(long nowNs) {
        isAnswered = true;
        return switch (kind) {
            case ADD -> {
                CommandResult result = table.add(flow.original, flow.reply, flow.modeGeneration, nowNs);
                slot = table.addedSlot();
                generation = table.addedGeneration();
                yield result;
            }
            case FIND -> {
                slot = table.find(flow.original, flow.reply);
                if (slot == FlowTable.NONE) yield CommandResult.NOT_FOUND;
                generation = table.generation(slot);
                yield CommandResult.DONE;
            }
            case READ -> table.count(slot, generation, first, second);
            case STOP -> table.stop(slot, generation, first, second);
            case REMOVE -> table.remove(slot, generation, first, second);
        };
    }

    /// False of a command that was said to be done and never was.
    boolean isAnswered() { return isAnswered; }
    int slot()           { return slot; }
    int generation()     { return generation; }

    FlowCount count(int direction) {
        return direction == 0 ? first : second;
    }

    /// True if no packet of the connection is matched any more.
    boolean isStopped() {
        return first.state() == EntryState.STOPPED && second.state() == EntryState.STOPPED;
    }
}
