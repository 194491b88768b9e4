package io.millrace.control.report;

import static io.millrace.control.report.Quantity.count;

import io.millrace.packet.memory.Verdict;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Writes a report for people.
public final class TextReport {

    /// @param isVerbose also names the verdicts that no packet met
    public static String of(RunReport report, boolean isVerbose) {
        var text = new StringBuilder();
        appendPorts(text, report);
        appendOffloads(text, report);
        appendNics(text, report);
        appendVerdicts(text.append('\n'), report, isVerbose);
        appendCreated(text, report);
        appendRules(text, report.rules());
        appendAccount(text.append('\n'), report.account());
        appendTimes(text, report);
        for (String warning : report.warnings()) text.append("warning: ").append(warning).append('\n');
        return text.toString();
    }

    private static void appendPorts(StringBuilder text, RunReport report) {
        var table = new TextTable("port", "wire", ">received", ">bytes", ">rx dropped",
            ">sent", ">bytes", ">tx dropped");
        long[] sums = new long[6];
        for (PortReport port : report.ports()) {
            long[] counts = {port.rxPackets(), port.rxBytes(), port.rxDropped(),
                port.txPackets(), port.txBytes(), port.txDropped()};
            for (int i = 0; i < sums.length; i++) sums[i] += counts[i];
            appendRow(table, port.name(), port.wire(), counts);
        }
        if (report.ports().size() > 1) appendRow(table, "total", "", sums);
        table.appendTo(text);
    }

    private static void appendOffloads(StringBuilder text, RunReport report) {
        if (report.ports().stream().noneMatch(port -> port.offload().isAny())) return;
        var table = new TextTable("port", ">packets merged", ">into", ">average", ">super-packets cut", ">into");
        for (PortReport port : report.ports()) {
            OffloadReport offload = port.offload();
            table.row(port.name(), count(offload.mergedFrom()), count(offload.mergedInto()),
                String.format(Locale.ROOT, "%.1f", offload.averageMerge()), count(offload.cutPackets()),
                count(offload.cutInto()));
        }
        table.appendTo(text.append('\n'));
    }

    private static void appendNics(StringBuilder text, RunReport report) {
        if (report.nics().isEmpty()) return;
        var table = new TextTable("nic", "model", "port", "queues received", "sent");
        for (NicReport nic : report.nics()) {
            for (NicReport.PortQueues port : nic.ports()) {
                table.row(nic.name(), nic.model(), port.port(), counts(port.received()), counts(port.sent()));
            }
        }
        table.appendTo(text.append('\n'));
        var work = new TextTable("nic", ">checksums found", ">filled in", ">packets merged", ">into",
            ">super-packets cut", ">into");
        for (NicReport nic : report.nics()) {
            work.row(nic.name(), count(nic.checksumsFound()), count(nic.checksumsFilledIn()),
                count(nic.merged() == 0 ? 0 : nic.merged() + nic.absorbed()), count(nic.merged()), count(nic.cut()),
                count(nic.cut() + nic.split()));
        }
        work.appendTo(text.append('\n'));
    }

    private static String counts(List<Long> counts) {
        return counts.stream().map(Quantity::count).collect(Collectors.joining(" + "));
    }

    private static void appendRow(TextTable table, String name, String wire, long[] counts) {
        table.row(name, wire, count(counts[0]), count(counts[1]), count(counts[2]), count(counts[3]), count(counts[4]),
            count(counts[5]));
    }

    private static void appendVerdicts(StringBuilder text, RunReport report, boolean isVerbose) {
        var table = new TextTable("verdict", ">packets", "meaning");
        report.verdicts().forEach((verdict, packets) -> {
            if (packets == 0 && !isVerbose) return;
            table.row(verdict.name(), count(packets), ending(verdict) + verdict.meaning());
        });
        table.appendTo(text);
    }

    private static String ending(Verdict verdict) {
        return switch (verdict.ending()) {
            case DROPPED -> "dropped: ";
            case DELIVERED -> "delivered: ";
            case ABSORBED -> "absorbed: ";
            case SENT, GOES_ON -> "";
        };
    }

    private static void appendCreated(StringBuilder text, RunReport report) {
        if (report.account().created() == 0) return;
        var table = new TextTable("made here", ">packets");
        report.created().forEach((origin, packets) -> {
            if (packets != 0) table.row(origin.meaning(), count(packets));
        });
        table.appendTo(text.append('\n'));
    }

    private static void appendRules(StringBuilder text, RulesReport rules) {
        if (!rules.isAny()) return;
        text.append('\n').append(count(rules.connections().size())).append(" connections, ")
            .append(count(rules.offloadedCount())).append(" of them offloaded; ").append(count(rules.flowHits()))
            .append(" packets took the flow table's path");
        if (rules.hardware().installs() > 0) {
            text.append("; ").append(count(rules.hardware().hits())).append(" that of a NIC");
        }
        if (rules.loggedCount() > 0) text.append("; ").append(count(rules.loggedCount())).append(" log lines");
        text.append('\n');
    }

    private static void appendAccount(StringBuilder text, Account account) {
        String claim = account.holds() ? "every packet is accounted for: "
            : count(account.unaccounted()) + " not accounted for: ";
        text.append(claim)
            .append("received ").append(count(account.received()))
            .append(" + created ").append(count(account.created()))
            .append(" + split ").append(count(account.split())).append('\n')
            .repeat(' ', claim.length() - 2).append(account.holds() ? "= " : "≠ ")
            .append("sent ").append(count(account.sent()))
            .append(" + delivered ").append(count(account.delivered()))
            .append(" + dropped ").append(count(account.dropped()))
            .append(" + absorbed ").append(count(account.absorbed()))
            .append(" + held ").append(count(account.held())).append('\n');
    }

    private static void appendTimes(StringBuilder text, RunReport report) {
        report.virtualNs().ifPresent(ns -> text.append(Quantity.duration(ns)).append(" of traffic in "));
        text.append(Quantity.duration(report.wallNs())).append(": ")
            .append(Quantity.rate(report.packetsPerSecond(), "packet/s")).append(", ")
            .append(Quantity.rate(report.bitsPerSecond(), "bit/s"));
        if (report.isStopped()) text.append("; stopped before the input ended");
        text.append('\n');
    }

    private TextReport() {}
}
