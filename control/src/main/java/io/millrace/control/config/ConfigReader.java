package io.millrace.control.config;

import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.LinkConfig;
import io.millrace.dataplane.config.NeighbourConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.RouteConfig;
import io.millrace.dataplane.config.RulesConfig;
import io.millrace.dataplane.config.SysctlConfig;
import io.millrace.dataplane.config.Threading;
import io.millrace.packet.document.DocumentKeys;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads a config file (YAML, or JSON if its name ends so) into a [DataplaneConfig].
///
/// Paths in it are relative to the working folder, not to the file. Reading opens no input and writes nothing. Mistakes
/// come in two rounds: first every value that cannot be read, then, if all could, every one that makes no sense, files
/// that are missing or in each other's way included. Both are a [io.millrace.packet.document.DocumentException] that
/// shows each place.
final class ConfigReader {

    private static final DocumentKeys KEYS = DocumentKeys.of("workers", "threading", "forwarding", "ports", "routes",
        "neighbours", "sysctl", "ruleset", "flowtable-lookup", "nics", "seed", "poll-interval", "drain", "control",
        "counters", "metrics")
        .notYet("audit", "parser", "rss", "max-encaps");

    private final DocumentNode root;
    private final DocumentProblems problems = new DocumentProblems();

    private ConfigReader(DocumentNode root) {
        this.root = root;
    }

    /// Both halves of a config file.
    record Parts(DataplaneConfig dataplane, ControlConfig control) {}

    static Parts read(DocumentNode root) {
        return new ConfigReader(root).parts();
    }

    private Parts parts() {
        root.fields();   // a root that is no object ends here
        problems.attempt(() -> root.object(KEYS));
        int workers = value("workers", node -> node.asInt(1, DataplaneConfig.WORKERS_MAX), 1);
        Threading threading = value("threading", ConfigReader::threading, Threading.SHARED);
        Forwarding forwarding = value("forwarding", ConfigReader::forwarding, Forwarding.ROUTER);
        long seed = value("seed", node -> node.asLong(Long.MIN_VALUE, Long.MAX_VALUE), DataplaneConfig.SEED_USUAL);
        long pollIntervalNs = value("poll-interval", node -> DurationText.readNs(node,
            DataplaneConfig.POLL_INTERVAL_NS_MIN, DataplaneConfig.POLL_INTERVAL_NS_MAX, "from 1us to 1s"),
            DataplaneConfig.POLL_INTERVAL_NS_USUAL);
        long drainNs = value("drain", node -> DurationText.readNs(node,
            0, DataplaneConfig.DRAIN_NS_MAX, "from 0s to 1h"),
            DataplaneConfig.DRAIN_NS_USUAL);

        var nics = new NicReader(problems);
        root.get("nics").ifPresent(node -> read(node, nics::read));
        var ports = new PortReader(problems, forwarding, seed, new VfReader(root.get("ports"), nics.nics()));
        problems.attempt(() -> root.required("ports")).ifPresent(node -> read(node, ports::read));
        List<RouteConfig> routes = elements("routes", RouteReader::route);
        List<NeighbourConfig> neighbours = elements("neighbours", RouteReader::neighbour);
        SysctlConfig sysctl = root.get("sysctl")
            .map(node -> new SysctlReader(problems, root).read(node)).orElse(SysctlConfig.LINUX);
        var rulesReader = new RulesReader(root, problems);
        RulesConfig rules = rulesReader.read();
        var controlReader = new ControlReader(root, problems);
        ControlConfig control = controlReader.read();
        problems.throwIfAny();
        rulesReader.refuseWrongRules();
        DataplaneConfig config = checked(() -> new DataplaneConfig(workers, threading, forwarding, ports.ports(),
            ports.links(), routes, neighbours, sysctl, rules, nics.nics(), seed, pollIntervalNs, drainNs),
            ports.ports());
        if (config.isOffline()) controlReader.refuseOffline();
        problems.throwIfAny();
        return new Parts(config, control);
    }

    /// What makes no sense by itself, and what does not in view of the files that are there.
    private DataplaneConfig checked(Supplier<DataplaneConfig> making, List<PortConfig> ports) {
        DataplaneConfig config = null;
        try {
            config = making.get();
        } catch (ConfigException e) {
            e.problems().forEach(problem -> problems.add(ConfigPlaces.located(root, problem)));
        }
        new FileRules(problems, root.required("ports")).check(ports);
        problems.throwIfAny();
        return config;
    }

    private <T> T value(String key, Function<DocumentNode, T> reading, T usual) {
        return root.get(key).flatMap(node -> problems.attempt(() -> reading.apply(node))).orElse(usual);
    }

    private <T> List<T> elements(String key, Function<DocumentNode, T> reading) {
        var results = new ArrayList<T>();
        root.get(key).flatMap(node -> problems.attempt(node::elements)).ifPresent(elements -> {
            for (DocumentNode element : elements) {
                problems.attempt(() -> reading.apply(element)).ifPresent(results::add);
            }
        });
        return results;
    }

    private void read(DocumentNode ports, BiConsumer<String, DocumentNode> reading) {
        problems.attempt(ports::fields).ifPresent(fields -> fields.forEach(reading));
    }

    private static Threading threading(DocumentNode node) {
        return node.asOneOf("shared", "dedicated").equals("shared") ? Threading.SHARED : Threading.DEDICATED;
    }

    private static Forwarding forwarding(DocumentNode node) {
        return node.asOneOf("router", "patch").equals("router") ? Forwarding.ROUTER : Forwarding.PATCH;
    }
}
