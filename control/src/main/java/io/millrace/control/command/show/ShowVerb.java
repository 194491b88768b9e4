package io.millrace.control.command.show;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.report.NicReport;
import io.millrace.control.report.PortReport;
import io.millrace.control.report.Quantity;
import io.millrace.control.report.RunReport;
import io.millrace.control.report.TextTable;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.worker.Worker;
import io.millrace.dataplane.worker.WorkerLoad;
import io.millrace.packet.document.Spelling;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `show ports|workers|verdicts|runtime|hardware|flows`.
public final class ShowVerb implements ControlVerb {

    private static final List<String> SUBJECTS = List.of("ports", "workers", "verdicts", "runtime", "hardware", "flows");

    private static final int FLOWS_USUAL = 20;
    private static final int FLOWS_MAX = 10_000;

    private final RunningDataplane running;

    public ShowVerb(RunningDataplane running) {
        this.running = running;
    }

    @Override
    public String name() {
        return "show";
    }

    @Override
    public List<String> usage() {
        return List.of("show ports", "show workers", "show verdicts", "show runtime",
            "show hardware", "show flows [N]", "show flows slow [N]");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        String subject = words.next(1, "show what? allowed: " + String.join(", ", SUBJECTS));
        if (subject.equals("flows")) return flows(words);
        words.end("show " + subject);
        return switch (subject) {
            case "ports" -> ports(words.isJson());
            case "workers" -> workers(words.isJson());
            case "verdicts" -> verdicts(words.isJson());
            case "runtime" -> runtime(words.isJson());
            case "hardware" -> HardwareLines.show(running, words.isJson());
            default -> throw new Refusal(1, "nothing to show is named \"" + subject + "\""
                + Spelling.suggestion(subject, SUBJECTS) + "; allowed: " + String.join(", ", SUBJECTS));
        };
    }

    private Answer flows(Words words) {
        running.router();
        boolean isSlow = words.take("slow");
        int count = FLOWS_USUAL;
        if (words.hasNext()) {
            String text = words.next();
            boolean isNumber = text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1
                && Integer.parseInt(text) <= FLOWS_MAX;
            if (!isNumber) {
                throw new Refusal(1, "\"" + text + "\" is no number of flows; allowed: 1 to " + FLOWS_MAX);
            }
            count = Integer.parseInt(text);
        }
        words.end("show flows [slow] [N]");
        return Answer.later(isSlow ? new SlowConnections(running, count, words.isJson())
            : new HeaviestFlows(running, count, words.isJson()));
    }

    private List<PortReport> reports() {
        var reports = new ArrayList<PortReport>();
        for (int i = 0; i < running.ports().size(); i++) {
            PortConfig config = running.config().ports().get(i);
            reports.add(PortReport.of(running.ports().get(i),
                config.wire().getClass().getSimpleName().toLowerCase(Locale.ROOT),
                running.offloads(i)));
        }
        return reports;
    }

    private Answer ports(boolean isJson) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        var table = new TextTable("port", "wire", ">received", ">bytes", ">rx dropped", ">sent", ">bytes",
            ">tx dropped");
        for (PortReport port : reports()) {
            array.addObject().put("name", port.name()).put("wire", port.wire())
                .put("rxPackets", port.rxPackets()).put("rxBytes", port.rxBytes()).put("rxDropped", port.rxDropped())
                .put("txPackets", port.txPackets()).put("txBytes", port.txBytes()).put("txDropped", port.txDropped());
            table.row(port.name(), port.wire(), Quantity.count(port.rxPackets()), Quantity.count(port.rxBytes()),
                Quantity.count(port.rxDropped()), Quantity.count(port.txPackets()), Quantity.count(port.txBytes()),
                Quantity.count(port.txDropped()));
        }
        return answer(isJson, array, table);
    }

    private Answer workers(boolean isJson) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        var table = new TextTable("worker", ">busy", ">turns", ">bursts", ">packets", ">packets per burst", ">held");
        for (Worker worker : running.workers()) {
            WorkerLoad load = worker.load();
            double busyShare = load.elapsedNs() == 0 ? 0 : (double) load.busyNs() / load.elapsedNs();
            double perBurst = load.bursts() == 0 ? 0 : (double) load.packets() / load.bursts();
            array.addObject().put("name", worker.roleName()).put("busyShare", busyShare).put("turns", load.turns())
                .put("bursts", load.bursts()).put("packets", load.packets()).put("packetsPerBurst", perBurst)
                .put("held", worker.ledger().held());
            table.row(worker.roleName(), String.format(Locale.ROOT, "%.1f%%", 100 * busyShare),
                Quantity.count(load.turns()), Quantity.count(load.bursts()), Quantity.count(load.packets()),
                String.format(Locale.ROOT, "%.1f", perBurst), Quantity.count(worker.ledger().held()));
        }
        return answer(isJson, array, table);
    }

    private Answer verdicts(boolean isJson) {
        RunReport report = RunReport.of(reports(), running.nics().stream().map(NicReport::of).toList(),
            running.workers().stream().map(Worker::ledger).toList(),
            running.elapsedNs(), OptionalLong.empty(), false, List.of());
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        var table = new TextTable("verdict", ">packets", "meaning");
        report.verdicts().forEach((verdict, packets) -> {
            String ending = verdict.ending().name().toLowerCase(Locale.ROOT);
            array.addObject().put("name", verdict.name()).put("packets", packets).put("ending", ending)
                .put("meaning", verdict.meaning());
            if (packets == 0) return;
            table.row(verdict.name(), Quantity.count(packets),
                ending.equals("sent") ? verdict.meaning() : ending + ": " + verdict.meaning());
        });
        return answer(isJson, array, table);
    }

    private Answer runtime(boolean isJson) {
        Runtime runtime = Runtime.getRuntime();
        long collections = ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
        var config = running.config();
        ObjectNode node = JsonNodeFactory.instance.objectNode()
            .put("pid", ProcessHandle.current().pid())
            .put("upNs", running.elapsedNs())
            .put("java", Runtime.version().toString())
            .put("threading", config.threading().name().toLowerCase(Locale.ROOT))
            .put("forwarding", config.forwarding().name().toLowerCase(Locale.ROOT))
            .put("workers", running.workers().size())
            .put("heapUsedBytes", runtime.totalMemory() - runtime.freeMemory())
            .put("heapBytesMax", runtime.maxMemory())
            .put("garbageCollections", collections);
        if (isJson) return Answer.json(node);
        var text = new StringBuilder();
        node.properties().forEach(each ->
            text.append(String.format("%-20s %s\n", each.getKey(), each.getValue().asString())));
        return Answer.text(text);
    }

    private static Answer answer(boolean isJson, ArrayNode array, TextTable table) {
        if (isJson) return Answer.json(array);
        var text = new StringBuilder();
        table.appendTo(text);
        return Answer.text(text);
    }
}
