package io.millrace.dataplane.config;

import io.millrace.nic.sim.model.NicFeature;
import io.millrace.packet.document.Spelling;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Ports ask of NICs what these have.
final class NicRules {

    private final ConfigProblems problems;

    NicRules(ConfigProblems problems) {
        this.problems = problems;
    }

    void check(List<NicConfig> nics, List<PortConfig> ports, Forwarding forwarding) {
        Set<String> names = new HashSet<>();
        for (NicConfig nic : nics) {
            if (!names.add(nic.name())) problems.add("nics/" + nic.name(), "two NICs have this name");
        }
        for (PortConfig port : ports) {
            if (port.nic().isPresent()) check(port, port.nic().get(), nics, forwarding);
        }
        for (NicConfig nic : nics) {
            boolean isUsed = ports.stream().anyMatch(port -> port.nic().isPresent()
                && port.nic().get().nic().equals(nic.name()));
            boolean hasUplink = ports.stream().anyMatch(port -> port.nic().isPresent() && port.vf().isEmpty()
                && port.nic().get().nic().equals(nic.name()));
            if (isUsed && !hasUplink) {
                problems.add("nics/" + nic.name(), "only virtual functions of this NIC have ports: there is no uplink",
                    "nic: " + nic.name() + " at a port without vf");
            }
            if (!isUsed) problems.add("nics/" + nic.name(), "no port has this NIC", "nic: " + nic.name() + " at a port");
        }
    }

    private void check(PortConfig port, NicPortConfig wanted, List<NicConfig> nics, Forwarding forwarding) {
        String at = "ports/" + port.name();
        String wireAt = "ports/" + port.wireEntry();
        NicConfig nic = nics.stream().filter(each -> each.name().equals(wanted.nic())).findFirst().orElse(null);
        if (nic == null) {
            List<String> names = nics.stream().map(NicConfig::name).toList();
            problems.add(wireAt + "/nic", "no NIC is named \"" + wanted.nic() + "\""
                + Spelling.suggestion(wanted.nic(), names), names.isEmpty() ? "one under nics" : String.join(", ", names));
            return;
        }
        if (port.vf().isPresent() && port.vf().get().vf() >= nic.vfs()) {
            problems.add(wireAt + "/vf", nic.name() + " has no VF " + port.vf().get().vf(), nic.vfs() == 0
                ? "vfs: " + (port.vf().get().vf() + 1) + " at " + nic.name() : "0 to " + (nic.vfs() - 1));
        }
        int queuesMax = nic.model().limits().queuesMax();
        if (wanted.channels() > queuesMax) {
            problems.add(at + "/queues", "more queues than " + nic.name() + " has for a port: " + wanted.channels()
                + " > " + queuesMax, "1 to " + queuesMax);
        }
        if (!wanted.merges()) return;
        if (forwarding == Forwarding.PATCH) {
            problems.add(at + "/rx-gro-hw", "has no meaning with forwarding: patch, which passes frames on unchanged");
        } else if (!nic.model().isCapable(NicFeature.MERGING)) {
            problems.add(at + "/rx-gro-hw", nic.name() + " (model " + nic.source() + ") cannot merge", "off; gro: on "
                + "merges in software");
        }
    }
}
