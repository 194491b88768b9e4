package io.millrace.nic.program;

import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.MatchTable;

import java.util.ArrayList;
import java.util.List;

/// Whether an offload is on: it is wanted, the device is capable, what the device runs is what the host would run, and
/// it fits. Otherwise software does the work, and the decision says which of the four said no.
///
/// @param isFixed    nothing that an operator switches could turn it on
/// @param incapacity why the device cannot; empty if it can
/// @param programs   the programs that the offload runs, on both sides
/// @param limits     what they need, and what the device has
public record OffloadDecision(Offload offload, boolean isWanted, boolean isFixed, String incapacity,
                              List<ProgramComparison> programs, List<LimitComparison> limits) {

    /// The four tests, in the order in which they are told.
    public enum Test { WANTED, CAPABLE, HASH_EQUAL, WITHIN_LIMITS }

    public OffloadDecision {
        programs = List.copyOf(programs);
        limits = List.copyOf(limits);
    }

    /// @param host  what the host runs
    /// @param image what the device runs
    public static OffloadDecision of(Offload offload, boolean isWanted, DeviceAbilities device, Programs host,
                                     FirmwareImage image) {
        Programs booted = image.programs();
        List<ProgramComparison> programs = new ArrayList<>();
        List<LimitComparison> limits = new ArrayList<>();
        for (Engine engine : offload.engines()) {
            programs.add(new ProgramComparison(engine, host.hash(engine), booted.hash(engine)));
            if (engine == Engine.PARSER) parserLimits(device.parser(), image.parser(), limits);
        }
        MatchTable table = offload.table() == null ? null : image.tableFor(offload.table());
        if (table != null) {
            limits.add(new LimitComparison("table " + table.name(), device.tables().getOrDefault(table.target(), 0L),
                table.entriesMax()));
        }
        return new OffloadDecision(offload, isWanted, !device.offloads().contains(offload),
            incapacity(offload, device, table), programs, limits);
    }

    private static String incapacity(Offload offload, DeviceAbilities device, MatchTable table) {
        if (!device.offloads().contains(offload)) return "the device has no " + offload.label();
        boolean lacksTable = offload.table() != null && table == null;
        return lacksTable ? "no table for " + offload.table().label() : "";
    }

    private static void parserLimits(DeviceLimits device, ParseImage image, List<LimitComparison> limits) {
        Limits walk = device.walk();
        Limits graph = image.limits();
        limits.add(new LimitComparison("max-nodes", walk.nodesMax(), graph.nodesMax()));
        limits.add(new LimitComparison("max-encaps", walk.encapsMax(), graph.encapsMax()));
        limits.add(new LimitComparison("max-tlvs", walk.tlvsMax(), graph.tlvsMax()));
        limits.add(new LimitComparison("max-header-bytes", walk.headerBytesMax(), graph.headerBytesMax()));
        limits.add(new LimitComparison("parse-nodes", device.nodeRows(), image.nodeCount()));
        limits.add(new LimitComparison("table entries", device.matchRows(), image.matchCount()));
    }

    /// The same for an offload that works on top of another, which is off.
    public OffloadDecision without(Offload base) {
        return incapable("needs " + base.label());
    }

    /// The same where something else keeps the device from it.
    public OffloadDecision incapable(String reason) {
        String why = incapacity.isEmpty() ? reason : incapacity;
        return new OffloadDecision(offload, isWanted, isFixed, why, programs, limits);
    }

    public boolean isOn() {
        return failed().isEmpty();
    }

    /// The tests that said no.
    public List<Test> failed() {
        List<Test> failed = new ArrayList<>();
        if (!isWanted) failed.add(Test.WANTED);
        if (!incapacity.isEmpty()) failed.add(Test.CAPABLE);
        if (!programs.stream().allMatch(ProgramComparison::isEqual)) failed.add(Test.HASH_EQUAL);
        if (!limits.stream().allMatch(LimitComparison::holds)) failed.add(Test.WITHIN_LIMITS);
        return List.copyOf(failed);
    }

    /// Why it is off, in one line; of several tests the first. Empty if it is on.
    public String reason() {
        if (!isWanted) return "not wanted";
        if (!incapacity.isEmpty()) return incapacity;
        // A graph beyond a device's limits has another hash wherever the limit is the graph's own: the limit says more.
        for (LimitComparison limit : limits) {
            if (!limit.holds()) return limit.toString();
        }
        for (ProgramComparison program : programs) {
            if (!program.isEqual()) return "hash differs: " + program.shortText();
        }
        return "";
    }

    /// As `ethtool -k` shows it: the state, then what said no, with whole hashes.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        boolean isRequested = isWanted && !isOn();
        lines.add(offload.label() + ": " + (isOn() ? "on" : "off")
            + (isFixed ? " [fixed]" : isRequested ? " [requested on]" : ""));
        if (!isWanted) lines.add("\twanted: no");
        if (!incapacity.isEmpty()) lines.add("\tcapable: no: " + incapacity);
        for (ProgramComparison program : programs) {
            if (program.isEqual()) continue;
            lines.add("\thash equal: no: " + program.shortText());
            lines.add("\t\thost   " + program.host());
            lines.add("\t\tdevice " + (program.device() == null ? "has none" : program.device()));
        }
        for (LimitComparison limit : limits) {
            if (!limit.holds()) lines.add("\twithin limits: no: " + limit);
        }
        return List.copyOf(lines);
    }
}
