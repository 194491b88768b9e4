package io.millrace.dataplane.offload;

import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.flow.FlowEntry;

/// What the control thread holds of one flow in a NIC, or on its way there or back.
///
/// @param slot             of the flow in the worker's table, with `generation` its name
/// @param deviceSlot       its name in the NIC, with `deviceGeneration`; `FlowTable.NONE` while it has none
/// @param original         what was described of it, as `reply`; null before
/// @param modeGeneration   of the NIC's switch, in which it was decided to add it; -1 before
/// @param work             what is being done about it, in a word; empty of one that is confirmed and at rest
/// @param cause            why it leaves; null while it may stay
public record HardwareEntry(int slot, int generation, SimNic nic, int deviceSlot, int deviceGeneration,
                            FlowEntry original, FlowEntry reply, long modeGeneration, String work,
                            RemovalCause cause) {

    static HardwareEntry of(HardwareFlow flow) {
        boolean isAtRest = flow.step == HardwareFlow.Step.SETTLED && !flow.isLeaving();
        return new HardwareEntry(flow.slot, flow.generation, flow.device.nic(), flow.deviceSlot,
            flow.deviceGeneration, flow.original, flow.reply, flow.modeGeneration, isAtRest ? "" : flow.step.name(),
            flow.cause);
    }

    /// Confirmed, and nobody wants it out.
    public boolean isAtRest() {
        return work.isEmpty();
    }
}
