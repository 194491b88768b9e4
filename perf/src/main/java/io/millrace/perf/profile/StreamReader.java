package io.millrace.perf.profile;

import io.millrace.control.config.DurationText;
import io.millrace.nic.driver.gen.layer.Layer;
import io.millrace.nic.driver.gen.layer.LayerKind;
import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.nic.driver.gen.stream.FieldSpec;
import io.millrace.nic.driver.gen.stream.FlowSpec;
import io.millrace.nic.driver.gen.stream.Mutation;
import io.millrace.nic.driver.gen.stream.Rate;
import io.millrace.nic.driver.gen.stream.SizeMix;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// Reads one stream.
final class StreamReader {

    private static final String[] KEYS = {"port", "layers", "payload", "sizes", "flows", "rate", "burst", "start",
        "duration", "count", "seed", "stamp", "mutate"};
    private static final long DURATION_NS_MAX = 1_000L * 3_600_000_000_000L;

    private final String name;
    private final DocumentNode node;
    private final OptionalDouble lineBits;
    private final long seed;
    private final List<FieldSpec> fields = new ArrayList<>();

    StreamReader(String name, DocumentNode node, OptionalDouble lineBits, long seed) {
        this.name = name;
        this.node = node;
        this.lineBits = lineBits;
        this.seed = seed;
    }

    StreamSpec read() {
        var members = new Members(node, KEYS);
        Optional<LayerStack> layers = members.attempt(this::layers);
        Optional<SizeMix> sizes = members.required("sizes", SizeReader::read);
        Optional<Rate> rate = members.required("rate", each -> RateReader.read(each, lineBits));
        String port = members.value("port", DocumentNode::asString, "");
        byte[] pattern = members.value("payload", PayloadReader::read, new byte[0]);
        FlowSpec flows = members.value("flows", StreamReader::flows, FlowSpec.ONE);
        int burst = members.value("burst", each -> each.asInt(1, StreamSpec.BURST_MAX), 1);
        long startNs = members.value("start", StreamReader::duration, 0L);
        long durationNs = members.value("duration", StreamReader::duration, StreamSpec.ENDLESS);
        long count = members.value("count", each -> each.asLong(1, Long.MAX_VALUE), StreamSpec.ENDLESS);
        long ownSeed = members.value("seed", each -> each.asLong(Long.MIN_VALUE, Long.MAX_VALUE), seed);
        boolean isStamped = members.value("stamp", DocumentNode::asBoolean, false);
        Mutation mutation = layers.isEmpty() ? Mutation.NONE
            : members.value("mutate", each -> mutation(each, layers.get()), Mutation.NONE);
        members.throwIfAny();
        boolean hasFlowFields = fields.stream().anyMatch(FieldSpec::isPerFlow);
        if (hasFlowFields && !node.has("flows")) {
            throw node.error("fields vary per flow, but \"flows\" is missing", "flows: { count: N }");
        }
        if (!hasFlowFields && node.has("flows")) {
            throw node.required("flows").keyError("no field varies per flow", "per: flow in a field");
        }
        return Members.meaningful(node.required("sizes"), () -> new StreamSpec(name, port, layers.orElseThrow(),
            pattern, fields, flows, sizes.orElseThrow(), rate.orElseThrow(), burst, startNs, durationNs, count, ownSeed,
            isStamped, mutation));
    }

    private LayerStack layers() {
        DocumentNode list = node.required("layers");
        List<Layer> layers = new ArrayList<>();
        var mine = new DocumentProblems();
        for (DocumentNode element : list.elements()) {
            int index = layers.size();
            mine.attempt(() -> LayerReader.read(element, index, fields)).ifPresent(layer -> {
                if (index > 0) {
                    mine.attempt(() -> Members.meaningful(element, () -> new LayerStack(onTop(layers, layer))));
                }
                layers.add(layer);
            });
        }
        mine.throwIfAny();
        return Members.meaningful(list, () -> new LayerStack(layers));
    }

    private static List<Layer> onTop(List<Layer> layers, Layer layer) {
        var all = new ArrayList<>(layers);
        all.add(layer);
        return all;
    }

    static long duration(DocumentNode node) {
        return DurationText.readNs(node, 0, DURATION_NS_MAX, "up to 1000h");
    }

    private static FlowSpec flows(DocumentNode node) {
        if (!node.isObject()) return new FlowSpec(node.asInt(1, FlowSpec.COUNT_MAX), FlowSpec.Order.ROUND_ROBIN, 1);
        node.object("count", "order", "exponent");
        String order = node.get("order").map(each -> each.asOneOf("round-robin", "random", "zipf"))
            .orElse("round-robin");
        double exponent = node.get("exponent").map(each -> Numbers.decimal(each, 0.01, 10)).orElse(1.0);
        if (node.has("exponent") && !order.equals("zipf")) {
            throw node.required("exponent").keyError("\"exponent\" has no meaning with order: " + order, "order: zipf");
        }
        return new FlowSpec(node.required("count").asInt(1, FlowSpec.COUNT_MAX),
            FlowSpec.Order.valueOf(order.toUpperCase(Locale.ROOT).replace('-', '_')), exponent);
    }

    private static Mutation mutation(DocumentNode node, LayerStack layers) {
        node.object("share", "bits", "cut", "from");
        double share = Numbers.share(node.required("share"));
        int bitsMax = node.get("bits").map(each -> each.asInt(1, 64)).orElse(1);
        double cut = node.get("cut").map(Numbers::share).orElse(0.0);
        int from = node.get("from").map(each -> layerAt(each, layers)).orElse(0);
        return new Mutation(share, bitsMax, cut, from);
    }

    private static int layerAt(DocumentNode node, LayerStack layers) {
        String wanted = node.asOneOf(layers.layers().stream().map(Layer::kind).map(LayerKind::label).distinct()
            .toArray(String[]::new));
        int index = 0;
        while (!layers.layers().get(index).kind().label().equals(wanted)) index++;
        return layers.bitAt(index, layers.layers().get(index).kind().fields().getFirst()) / Byte.SIZE;
    }
}
