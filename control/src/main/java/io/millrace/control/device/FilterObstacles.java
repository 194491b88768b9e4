package io.millrace.control.device;

import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.nic.sim.SimNic;

/// What a device that filters cannot have in a filter, in the words of Linux's drivers where they have some.
final class FilterObstacles {

    /// Why the device cannot have the filter, or null. Whether it has room it says itself.
    static String of(SimNic nic, FlowerFilter filter) {
        int chainsMax = nic.model().limits().filters().chainsMax();
        if (filter.chain() >= chainsMax) {
            return chainsMax == 1 ? "Driver supports only offload of chain 0"
                : "Requested chain is out of supported range";
        }
        for (FlowerField field : filter.match().fields().keySet()) {
            switch (field) {
                case CT_STATE, CT_ZONE, CT_MARK, CT_LABEL -> {
                    return "key " + field.tcName() + ": the device does not track connections";
                }
                default -> { }
            }
        }
        for (FlowerAction action : filter.actions()) {
            String why = of(nic, action, chainsMax);
            if (why != null) return why;
        }
        return null;
    }

    private static String of(SimNic nic, FlowerAction action, int chainsMax) {
        if (action.control().chain() >= chainsMax) return "Requested destination chain is out of supported range";
        return switch (action) {
            case FlowerAction.Ct _ -> "action ct: the device does not track connections";
            case FlowerAction.Mirred mirred when nic.ports().stream()
                .noneMatch(each -> each.index() == mirred.port()) ->
                "devices are not on same switch HW, can't offload forwarding";
            default -> null;
        };
    }

    private FilterObstacles() {}
}
