package io.millrace.control.config;

import io.millrace.checksum.transmit.DeviceChecksums;
import io.millrace.nic.sim.model.FilterLimits;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.model.ReceiveChecksum;
import io.millrace.packet.document.DocumentKeys;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.graph.Limits;

import java.util.List;
import java.util.Map;

/// Reads a model of a network card from a file of its own: what it can do, and its limits. Whatever is not said it has
/// not; a limit that is not said is that of `full`.
///
/// ```
/// receive-checksum: complete        # none | unnecessary | complete
/// transmit-checksum: any            # none | any | classic, or a list: ipv4, ipv6, ipv4-options, ipv6-extensions, …
/// segmentation: [tcp4, tcp6, udp]   # tcp4, tcp6, udp, udp-fragments, sctp
/// tunnels: true
/// receive-hash: true
/// merging: true
/// vlan-insertion: true
/// zero-copy-offset: false
/// limits: { queues: 4, ring: 1024, flow-table: 4096, latency: 2us, max-nodes: 64 }
/// ```
final class NicModelReader {

    private static final DocumentKeys KEYS = DocumentKeys.of("receive-checksum", "transmit-checksum", "segmentation",
        "tunnels", "receive-hash", "merging", "vlan-insertion", "zero-copy-offset", "limits");
    private static final DocumentKeys LIMIT_KEYS = DocumentKeys.of("queues", "ring", "rss-contexts", "indirection",
        "ntuple-rules", "steered-flows", "flow-table", "filters", "filter-shapes", "filter-chains",
        "super-packet-bytes", "segments", "latency", "max-nodes", "max-encaps", "max-tlvs", "max-header-bytes", "parse-nodes", "parse-rows");
    private static final Map<String, Integer> TYPES = Map.of("tcp4", GsoType.TCPV4, "tcp6", GsoType.TCPV6,
        "udp", GsoType.UDP_L4, "udp-fragments", GsoType.UDP, "sctp", GsoType.SCTP);
    private static final List<String> SUMS =
        List.of("ipv4", "ipv6", "ipv4-options", "ipv6-extensions", "encapsulated", "vlan", "sctp");

    private final DocumentNode root;
    private final DocumentProblems problems = new DocumentProblems();

    private NicModelReader(DocumentNode root) {
        this.root = root;
    }

    /// @param name of the model: of its file as a rule
    static NicModel read(String name, DocumentNode root) {
        return new NicModelReader(root).model(name);
    }

    private NicModel model(String name) {
        root.fields();   // a root that is no object ends here
        problems.attempt(() -> root.object(KEYS));
        ReceiveChecksum received = root.get("receive-checksum").flatMap(node -> problems.attempt(() ->
            received(node.asOneOf("none", "unnecessary", "complete")))).orElse(ReceiveChecksum.NONE);
        DeviceChecksums sent = root.get("transmit-checksum").flatMap(node -> problems.attempt(() -> sent(node)))
            .orElse(DeviceChecksums.NOTHING);
        int types = root.get("segmentation").flatMap(node -> problems.attempt(() -> types(node))).orElse(0);
        NicLimits limits = limits();
        problems.throwIfAny();
        try {
            return new NicModel(name, received, sent, types, is("tunnels"), is("receive-hash"), is("merging"),
                is("vlan-insertion"), is("zero-copy-offset"), limits);
        } catch (IllegalArgumentException e) {
            throw root.error(e.getMessage());
        }
    }

    private boolean is(String key) {
        return root.get(key).flatMap(node -> problems.attempt(node::asBoolean)).orElse(false);
    }

    private static ReceiveChecksum received(String word) {
        for (ReceiveChecksum each : ReceiveChecksum.values()) {
            if (each.label().equals(word)) return each;
        }
        throw new IllegalStateException(word);
    }

    private static DeviceChecksums sent(DocumentNode node) {
        if (!node.isArray()) {
            return switch (node.asOneOf("none", "any", "classic")) {
                case "any" -> DeviceChecksums.ANYTHING;
                case "classic" -> DeviceChecksums.CLASSIC;
                default -> DeviceChecksums.NOTHING;
            };
        }
        List<String> named = node.elements().stream()
            .map(element -> element.asOneOf(SUMS.toArray(String[]::new))).toList();
        return new DeviceChecksums(false, named.contains("ipv4"), named.contains("ipv6"),
            named.contains("ipv4-options"), named.contains("ipv6-extensions"), named.contains("encapsulated"),
            named.contains("vlan"), named.contains("sctp"));
    }

    private static int types(DocumentNode node) {
        int types = 0;
        for (DocumentNode element : node.elements()) {
            types |= TYPES.get(element.asOneOf(TYPES.keySet().stream().sorted().toArray(String[]::new)));
        }
        return types;
    }

    private NicLimits limits() {
        NicLimits full = NicModel.FULL.limits();
        DocumentNode node = root.get("limits").orElse(null);
        if (node == null) return is("receive-hash") ? full : single(full);
        problems.attempt(() -> node.object(LIMIT_KEYS));
        int queues = is("receive-hash") ? full.queuesMax() : 1;
        Limits walk = full.parser().walk();
        var parser = new DeviceLimits(new Limits(
            number(node, "max-nodes", 0, Limits.NODES_LIMIT, walk.nodesMax()),
            number(node, "max-encaps", 0, Limits.ENCAPS_LIMIT, walk.encapsMax()),
            number(node, "max-tlvs", 0, Limits.TLVS_LIMIT, walk.tlvsMax()),
            number(node, "max-header-bytes", 0, Limits.HEADER_BYTES_LIMIT, walk.headerBytesMax())),
            number(node, "parse-nodes", 1, Limits.NODES_LIMIT, full.parser().nodeRows()),
            number(node, "parse-rows", 1, Limits.NODES_LIMIT, full.parser().matchRows()));
        return new NicLimits(number(node, "queues", 1, NicLimits.QUEUES_MAX, queues),
            size(node, "ring", 64, full.ringSlotsMax(), full.ringSlotsMax()), parser,
            number(node, "rss-contexts", 0, NicLimits.CONTEXTS_MAX, full.contextsMax()),
            size(node, "indirection", 1, NicLimits.INDIRECTION_SLOTS_MAX, full.indirectionSlots()),
            number(node, "ntuple-rules", 0, NicLimits.RULES_MAX, full.rulesMax()),
            number(node, "steered-flows", 0, NicLimits.STEERED_MAX, full.steeredMax()),
            number(node, "flow-table", 0, NicLimits.FLOW_ENTRIES_MAX, full.flowEntriesMax()),
            filters(node, full.filters()),
            number(node, "super-packet-bytes", 0, 65_536, full.superPacketBytesMax()),
            number(node, "segments", 0, 65_535, full.segmentsMax()),
            node.get("latency").flatMap(value -> problems.attempt(() -> latencyNs(value))).orElse(full.latencyNs()));
    }

    private static NicLimits single(NicLimits full) {
        return new NicLimits(1, full.ringSlotsMax(), full.parser(), full.contextsMax(), full.indirectionSlots(),
            full.rulesMax(), full.steeredMax(), full.flowEntriesMax(), full.filters(), full.superPacketBytesMax(),
            full.segmentsMax(), full.latencyNs());
    }

    private FilterLimits filters(DocumentNode node, FilterLimits full) {
        return new FilterLimits(number(node, "filters", 0, FilterLimits.FILTERS_MAX, full.filtersMax()),
            number(node, "filter-shapes", 1, FilterLimits.SHAPES_MAX, full.shapesMax()),
            number(node, "filter-chains", 1, PacketMeta.FILTERED_CHAINS_MAX, full.chainsMax()));
    }

    static long latencyNs(DocumentNode node) {
        return DurationText.readNs(node, 0, NicLimits.LATENCY_NS_MAX, "0 s to 1 s");
    }

    private int number(DocumentNode node, String key, int min, int max, int usual) {
        return node.get(key).flatMap(value -> problems.attempt(() -> value.asInt(min, max))).orElse(usual);
    }

    private int size(DocumentNode node, String key, int min, int max, int usual) {
        return node.get(key).flatMap(value -> problems.attempt(() -> powerOfTwo(value, min, max))).orElse(usual);
    }

    static int powerOfTwo(DocumentNode node, int min, int max) {
        int size = node.asInt(min, max);
        if (Integer.bitCount(size) != 1) {
            throw node.error(size + " is no power of two", min + ", " + 2 * min + ", … " + max);
        }
        return size;
    }
}
