package io.millrace.control.command.show;

import io.millrace.control.command.Answer;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.report.Quantity;
import io.millrace.control.report.TextTable;
import io.millrace.dataplane.offload.DeviceFault;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.offload.RemovalCause;
import io.millrace.nic.sim.SimNic;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `show hardware`: connections in NICs, why they left, what the NICs did wrong. Counters of other threads, perhaps a
/// little old.
final class HardwareLines {

    static Answer show(RunningDataplane running, boolean isJson) {
        OffloadControl control = running.router().offload();
        if (control == null) throw new Refusal(1, "no port has a simulated NIC");
        long inNics = running.nics().stream().filter(nic -> nic.flows() != null)
            .mapToLong(nic -> nic.flows().count()).sum();
        return isJson ? json(running, control, inNics) : text(running, control, inNics);
    }

    private static Answer json(RunningDataplane running, OffloadControl control, long inNics) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("connections", inNics).put("hits", control.hits())
            .put("installs", control.tally().installs()).put("stale", control.staleCount())
            .put("countsLost", control.tally().countsLost());
        ObjectNode removals = node.putObject("removals");
        for (RemovalCause each : RemovalCause.values()) removals.put(each.name(), control.tally().removals(each));
        ObjectNode nics = node.putObject("faults");
        for (SimNic nic : running.nics()) {
            ObjectNode faults = nics.putObject(nic.name());
            for (DeviceFault each : DeviceFault.values()) faults.put(each.name(), control.faults(nic, each));
        }
        return Answer.json(node);
    }

    private static Answer text(RunningDataplane running, OffloadControl control, long inNics) {
        var text = new StringBuilder();
        line(text, "connections in NICs", inNics);
        line(text, "packets forwarded", control.hits());
        line(text, "installs", control.tally().installs());
        line(text, "stale names refused", control.staleCount());
        line(text, "last counts lost", control.tally().countsLost());
        text.append('\n');
        var removals = new TextTable("removed because", ">connections");
        for (RemovalCause each : RemovalCause.values()) {
            long count = control.tally().removals(each);
            if (count > 0) removals.row(each.name(), Quantity.count(count));
        }
        removals.appendTo(text);
        text.append('\n');
        var faults = new TextTable("NIC", "fault", ">times", "meaning");
        for (SimNic nic : running.nics()) {
            for (DeviceFault each : DeviceFault.values()) {
                long count = control.faults(nic, each);
                if (count > 0) faults.row(nic.name(), each.name(), Quantity.count(count), each.meaning());
            }
        }
        faults.appendTo(text);
        return Answer.text(text);
    }

    private static void line(StringBuilder text, String name, long value) {
        text.append(String.format("%-20s %s\n", name, Quantity.count(value)));
    }

    private HardwareLines() {}
}
