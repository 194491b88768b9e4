package io.millrace.control.report;

import io.millrace.packet.memory.Verdict;

import java.util.List;
import java.util.Locale;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a report for programs: one JSON object. Members are added over time, never renamed, and each is always there.
/// An ending is `sent`, `delivered`, `dropped` or `absorbed`.
///
/// | member | meaning |
/// |---|---|
/// | `ports` | array of `name`, `wire`, `rxPackets`, `rxBytes`, `rxDropped`, `txPackets`, `txBytes`, `txDropped`, `gro`, `gso` |
/// | `ports/gro` | super-packets that were made (`packets`), of how many packets (`segments`), `average` |
/// | `ports/gso` | super-packets that were cut (`packets`), into how many (`segments`) |
/// | `nics` | array of `name`, `model`, `checksumsFound`, `checksumsFilledIn`, `gro`, `gso` as of ports, `hits`, `switched`, `ports` |
/// | `nics/ports` | array of `name`, packets of each queue: arrays `received`, `sent` |
/// | `verdicts` | object of all verdicts by name, each `packets`, `ending`, `meaning` |
/// | `created` | object of packets made here, by origin |
/// | `account` | `received`, `created`, `split`, `sent`, `delivered`, `dropped`, `absorbed`, `held`, `holds` |
/// | `connections` | array of `line` as `conntrack -L` prints it, `offloaded`, `obstacles` (names: why not), `hardwareObstacles` |
/// | `conntrack` | the counters of `conntrack -S` |
/// | `flowtable` | `flows`, `hits`, `misses` (object, by reason) |
/// | `hardware` | flows in NICs: `flows`, `hits`, `installs`, `stale`, `countsLost`, `removals`, `faults` (by name) |
/// | `counters`, `quotas` | arrays of named objects: `family`, `table`, `name`, `packets` (counters), `bytes` |
/// | `log` | `count`, `lines` (array, at most 1,024) |
/// | `wallNs`, `virtualNs` | nanoseconds the run took; nanoseconds of traffic, `null` in real time |
/// | `packetsPerSecond`, `bitsPerSecond` | received, by wall time |
/// | `stopped` | true if told to stop before the input ended |
/// | `warnings` | array of texts |
public final class JsonReport {

    private static final JsonMapper MAPPER = new JsonMapper();

    public static String of(RunReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        ArrayNode ports = root.putArray("ports");
        for (PortReport port : report.ports()) {
            ObjectNode object = ports.addObject().put("name", port.name()).put("wire", port.wire())
                .put("rxPackets", port.rxPackets()).put("rxBytes", port.rxBytes()).put("rxDropped", port.rxDropped())
                .put("txPackets", port.txPackets()).put("txBytes", port.txBytes()).put("txDropped", port.txDropped());
            OffloadReport offload = port.offload();
            object.putObject("gro").put("packets", offload.mergedInto()).put("segments", offload.mergedFrom())
                .put("average", offload.averageMerge());
            object.putObject("gso").put("packets", offload.cutPackets()).put("segments", offload.cutInto());
        }
        ArrayNode nics = root.putArray("nics");
        for (NicReport nic : report.nics()) append(nic, nics.addObject());
        ObjectNode verdicts = root.putObject("verdicts");
        report.verdicts().forEach((verdict, packets) -> verdicts.putObject(verdict.name())
            .put("packets", packets).put("ending", ending(verdict)).put("meaning", verdict.meaning()));
        ObjectNode created = root.putObject("created");
        report.created().forEach((origin, packets) -> created.put(origin.name(), packets));
        Account account = report.account();
        root.putObject("account")
            .put("received", account.received()).put("created", account.created()).put("split", account.split())
            .put("sent", account.sent()).put("delivered", account.delivered()).put("dropped", account.dropped())
            .put("absorbed", account.absorbed()).put("held", account.held()).put("holds", account.holds());
        appendRules(root, report.rules());
        root.put("wallNs", report.wallNs());
        root.put("virtualNs", report.virtualNs().isPresent() ? (Long) report.virtualNs().getAsLong() : null);
        root.put("packetsPerSecond", report.packetsPerSecond());
        root.put("bitsPerSecond", report.bitsPerSecond());
        root.put("stopped", report.isStopped());
        ArrayNode warnings = root.putArray("warnings");
        report.warnings().forEach(warnings::add);
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void appendRules(ObjectNode root, RulesReport rules) {
        ArrayNode connections = root.putArray("connections");
        for (RulesReport.ConnectionLine each : rules.connections()) {
            ObjectNode connection = connections.addObject().put("line", each.line())
                .put("offloaded", each.isOffloaded());
            ArrayNode obstacles = connection.putArray("obstacles");
            each.obstacles().forEach(obstacle -> obstacles.add(obstacle.name()));
            ArrayNode hardwareObstacles = connection.putArray("hardwareObstacles");
            each.hardwareObstacles().forEach(obstacle -> hardwareObstacles.add(obstacle.name()));
        }
        ObjectNode conntrack = root.putObject("conntrack");
        rules.trackCounters().forEach((counter, count) -> conntrack.put(counter.text(), count));
        ObjectNode misses = root.putObject("flowtable").put("flows", rules.flowCount()).put("hits", rules.flowHits())
            .putObject("misses");
        rules.flowMisses().forEach((miss, count) -> misses.put(miss.name(), count));
        appendHardware(root.putObject("hardware"), rules.hardware());
        appendNamed(root.putArray("counters"), rules.counters());
        appendNamed(root.putArray("quotas"), rules.quotas());
        ArrayNode lines = root.putObject("log").put("count", rules.loggedCount()).putArray("lines");
        rules.logLines().forEach(lines::add);
    }

    private static void appendHardware(ObjectNode object, HardwareReport hardware) {
        object.put("flows", hardware.flowCount()).put("hits", hardware.hits()).put("installs", hardware.installs())
            .put("stale", hardware.stale()).put("countsLost", hardware.countsLost());
        ObjectNode removals = object.putObject("removals");
        hardware.removals().forEach((cause, count) -> removals.put(cause.name(), count));
        ObjectNode faults = object.putObject("faults");
        hardware.faults().forEach((fault, count) -> faults.put(fault.name(), count));
    }

    private static void appendNamed(ArrayNode array, List<RulesReport.NamedCount> counts) {
        for (RulesReport.NamedCount each : counts) {
            ObjectNode object = array.addObject().put("family", each.family()).put("table", each.table())
                .put("name", each.name());
            if (each.packets() >= 0) object.put("packets", each.packets());
            object.put("bytes", each.bytes());
        }
    }

    private static void append(NicReport nic, ObjectNode object) {
        object.put("name", nic.name()).put("model", nic.model()).put("checksumsFound", nic.checksumsFound())
            .put("checksumsFilledIn", nic.checksumsFilledIn()).put("hits", nic.hits())
            .put("switched", nic.switched());
        object.putObject("gro").put("packets", nic.merged())
            .put("segments", nic.merged() == 0 ? 0 : nic.merged() + nic.absorbed());
        object.putObject("gso").put("packets", nic.cut()).put("segments", nic.cut() + nic.split());
        ArrayNode ports = object.putArray("ports");
        for (NicReport.PortQueues port : nic.ports()) {
            ObjectNode queues = ports.addObject().put("name", port.port());
            ArrayNode received = queues.putArray("received");
            port.received().forEach(received::add);
            ArrayNode sent = queues.putArray("sent");
            port.sent().forEach(sent::add);
        }
    }

    private static String ending(Verdict verdict) {
        return verdict.ending().name().toLowerCase(Locale.ROOT);
    }

    private JsonReport() {}
}
