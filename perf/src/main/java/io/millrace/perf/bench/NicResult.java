package io.millrace.perf.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the benchmark of the simulated NIC found: medians over its rounds.
///
/// @param cases   one for each set of offloads
/// @param costs   what each offload takes from an agent or gives it
/// @param changes commands under full load; the first does nothing: what the machine itself does to a turn
/// @param lost    packets lost in all of it
public record NicResult(List<Case> cases, List<Cost> costs, List<Change> changes, long lost, int rounds) {

    /// One set of offloads.
    ///
    /// @param deviceNs time of the device for a packet of the wire
    /// @param workerNs time of the worker for one
    public record Case(String name, double deviceNs, double workerNs, double allocatedBytesPerPacket) {

        public double deviceMpps() { return 1000 / deviceNs; }
        public double workerMpps() { return 1000 / workerNs; }
    }

    /// Time for a packet of the wire, with an offload less without; negative where it saves.
    public record Cost(String name, double deviceNs, double workerNs) {

        static Cost between(String name, Case with, Case without) {
            return new Cost(name, with.deviceNs() - without.deviceNs(), with.workerNs() - without.workerNs());
        }
    }

    /// A command and how long packets stood still for it, at most and in the median.
    public record Change(String name, double medianUs, double mostUs) {}

    public NicResult {
        cases = List.copyOf(cases);
        costs = List.copyOf(costs);
        changes = List.copyOf(changes);
    }

    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("bench", "nic");
        members.put("rounds", rounds);
        var all = new ArrayList<Map<String, Object>>();
        for (Case each : cases) {
            var one = new LinkedHashMap<String, Object>();
            one.put("offloads", each.name());
            one.put("deviceMpps", rounded(each.deviceMpps()));
            one.put("workerMpps", rounded(each.workerMpps()));
            one.put("deviceNsPerPacket", rounded(each.deviceNs()));
            one.put("workerNsPerPacket", rounded(each.workerNs()));
            one.put("allocatedBytesPerPacket", rounded(each.allocatedBytesPerPacket()));
            all.add(one);
        }
        members.put("cases", all);
        var costing = new ArrayList<Map<String, Object>>();
        for (Cost each : costs) {
            costing.add(Map.of("offload", each.name(), "deviceNs", rounded(each.deviceNs()), "workerNs",
                rounded(each.workerNs())));
        }
        members.put("costs", costing);
        var blocked = new ArrayList<Map<String, Object>>();
        for (Change each : changes) {
            blocked.add(Map.of("command", each.name(), "medianUs", rounded(each.medianUs()), "mostUs",
                rounded(each.mostUs())));
        }
        members.put("blocked", blocked);
        members.put("lost", lost);
        return members;
    }

    /// A table for people.
    String text() {
        var text = new StringBuilder(String.format("%-34s %10s %10s %10s %10s %10s%n", "offloads of the device",
            "device ns", "Mpps", "worker ns", "Mpps", "allocated"));
        for (Case each : cases) {
            text.append(String.format(Locale.ROOT, "%-34s %10.1f %10.2f %10.1f %10.2f %10.3f%n", each.name(),
                each.deviceNs(), each.deviceMpps(), each.workerNs(), each.workerMpps(),
                each.allocatedBytesPerPacket()));
        }
        text.append(String.format("Each agent's own time for a packet of the wire, %d bytes of payload; both shared one "
            + "thread.%n%n", GroTraffic.PAYLOAD_BYTES));
        for (Cost each : costs) {
            text.append(String.format(Locale.ROOT, "%-34s %+10.1f %10s %+10.1f%n", each.name(), each.deviceNs(), "",
                each.workerNs()));
        }
        text.append("What each adds to a packet, in nanoseconds.\n\n");
        for (Change each : changes) {
            text.append(String.format(Locale.ROOT, "%-34s packets stood still for %.1f us, at most %.1f us%n",
                each.name(), each.medianUs(), each.mostUs()));
        }
        return text.append("packets lost                       ").append(lost).append('\n').toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
