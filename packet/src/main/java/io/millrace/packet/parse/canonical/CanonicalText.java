package io.millrace.packet.parse.canonical;

import io.millrace.packet.parse.graph.Condition;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.Field;
import io.millrace.packet.parse.graph.Length;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.OptionalFields;
import io.millrace.packet.parse.graph.ParseGraph;
import io.millrace.packet.parse.graph.TlvOptions;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Writes a renumbered graph as one JSON object: members sorted by name, no white space, integers as decimal digits,
/// every default written out, `null` where a part is absent. Labels and match tables are not in it.
final class CanonicalText {

    private final CanonicalJson json = new CanonicalJson();

    static String of(ParseGraph graph) {
        var text = new CanonicalText();
        text.graph(graph);
        return text.json.toString();
    }

    /// The members of a node that are not absent, but `next`; each element of a list by itself, as `checks[0]`.
    static Map<String, String> members(Node node) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("min-hdr-length", String.valueOf(node.bytesMin()));
        put(members, "hdr-length", node.headerLength(), CanonicalText::length);
        put(members, "packet-length", node.packetLength(), CanonicalText::length);
        putAll(members, "checks", node.checks(), CanonicalText::check);
        putAll(members, "metadata", node.metadata(), CanonicalText::extraction);
        putAll(members, "flag-if", node.flagIf(), CanonicalText::flagged);
        put(members, "flag-fields", node.optional(), CanonicalText::optional);
        put(members, "tlvs", node.tlvs(), CanonicalText::tlvs);
        putAll(members, "stop-if", node.stopIf(), CanonicalText::flagged);
        members.put("overlay", String.valueOf(node.isOverlay()));
        members.put("encap", String.valueOf(node.isEncap()));
        return members;
    }

    private static <T> void putAll(Map<String, String> members, String name, List<T> parts,
                                   BiConsumer<CanonicalText, T> write) {
        for (int i = 0; i < parts.size(); i++) put(members, name + "[" + i + "]", parts.get(i), write);
    }

    private static <T> void put(Map<String, String> members, String name, T part, BiConsumer<CanonicalText, T> write) {
        if (part == null) return;
        var text = new CanonicalText();
        write.accept(text, part);
        members.put(name, text.json.toString());
    }

    private void graph(ParseGraph graph) {
        json.open().number("cpr-version", 1).member("limits");
        limits(graph.limits());
        list("nodes", graph.nodes(), this::node);
        json.member("roots").openList();
        graph.roots().forEach((linkType, node) -> pair(linkType, node));
        json.closeList().number("start", graph.start()).close();
    }

    private void limits(Limits limits) {
        json.open().number("max-encaps", limits.encapsMax()).number("max-header-bytes", limits.headerBytesMax())
            .number("max-nodes", limits.nodesMax()).number("max-tlvs", limits.tlvsMax()).close();
    }

    private void node(Node node) {
        json.open();
        list("checks", node.checks(), this::check);
        json.flag("encap", node.isEncap());
        part("flag-fields", node.optional(), this::optional);
        list("flag-if", node.flagIf(), this::flagged);
        part("hdr-length", node.headerLength(), this::length);
        list("metadata", node.metadata(), this::extraction);
        json.number("min-hdr-length", node.bytesMin());
        part("next", node.next() instanceof Next.Leaf ? null : node.next(), this::next);
        json.flag("overlay", node.isOverlay());
        part("packet-length", node.packetLength(), this::length);
        list("stop-if", node.stopIf(), this::flagged);
        part("tlvs", node.tlvs(), this::tlvs);
        json.close();
    }

    private void check(Condition check) {
        Field field = check.field();
        json.open().number("field-len", field.bytes()).number("field-off", field.offset())
            .text("from", field.from().label())
            .unsigned("mask", field.mask()).text("op", check.op().label()).unsigned("value", check.value()).close();
    }

    private void flagged(Condition stop) {
        Field field = stop.field();
        json.open().number("field-len", field.bytes()).number("field-off", field.offset()).number("flags", stop.flags())
            .text("from", field.from().label()).unsigned("mask", field.mask()).text("op", stop.op().label())
            .unsigned("value", stop.value()).close();
    }

    private void length(Length length) {
        Field field = length.field();
        json.open().number("add", length.add()).number("field-len", field.bytes()).number("field-off", field.offset())
            .text("from", field.from().label()).unsigned("mask", field.mask()).number("multiplier", length.multiplier())
            .number("right-shift", length.rightShift()).close();
    }

    private void extraction(Extraction extraction) {
        String to = extraction.to().label();
        switch (extraction) {
            case Extraction.Value value -> extraction(to, "field", value.field().offset(), value.field().bytes(),
                value.field().from(), value.field().mask(), value.rightShift(), BigInteger.ZERO);
            case Extraction.Bytes bytes -> extraction(to, "bytes", bytes.offset(), bytes.bytes(), bytes.from(), 0, 0,
                BigInteger.ZERO);
            case Extraction.Position position -> extraction(to, position.kind().label(), 0, 0, Field.Origin.START, 0, 0,
                BigInteger.ZERO);
            case Extraction.Constant constant -> extraction(to, constant.isOr() ? "or" : "constant", 0, 0,
                Field.Origin.START, 0, 0, constant.value());
        }
    }

    private void extraction(String to, String kind, int offset, int bytes, Field.Origin from, long mask, int shift,
                            BigInteger value) {
        json.open().number("field-len", bytes).number("field-off", offset).text("from", from.label()).text("kind", kind)
            .unsigned("mask", mask).number("right-shift", shift).text("to", to).number("value", value).close();
    }

    private void next(Next next) {
        switch (next) {
            case Next.Leaf _ -> json.nothing();
            case Next.Always always -> json.open().number("node", always.node()).close();
            case Next.Dispatch dispatch -> dispatch(dispatch);
        }
    }

    private void dispatch(Next.Dispatch dispatch) {
        json.open().member("default");
        if (dispatch.fallback() == Next.NONE) {
            json.nothing();
        } else {
            json.value(dispatch.fallback());
        }
        json.member("ents").openList();
        for (Next.Entry entry : dispatch.entries()) {
            json.openList().unsignedValue(entry.key()).value(entry.node()).closeList();
        }
        Field field = dispatch.field();
        json.closeList().number("field-len", field.bytes()).number("field-off", field.offset())
            .text("from", field.from().label()).unsigned("mask", field.mask())
            .number("right-shift", dispatch.rightShift()).close();
    }

    private void optional(OptionalFields optional) {
        json.open();
        list("ents", optional.entries(), entry -> {
            json.open().unsigned("flag", entry.flag()).number("length", entry.bytes()).unsigned("mask", entry.mask());
            list("metadata", entry.metadata(), this::extraction);
            json.close();
        });
        json.number("field-len", optional.field().bytes()).number("field-off", optional.field().offset()).close();
    }

    private void tlvs(TlvOptions tlvs) {
        json.open();
        list("ents", tlvs.entries(), entry -> {
            json.open();
            list("metadata", entry.metadata(), this::extraction);
            json.number("min-length", entry.bytesMin()).unsigned("type", entry.type()).close();
        });
        oneByteType("eol", tlvs.eol());
        Length length = tlvs.length();
        json.member("length").open().number("add", length.add()).number("field-len", length.field().bytes())
            .number("field-off", length.field().offset()).unsigned("mask", length.field().mask())
            .number("multiplier", length.multiplier()).number("right-shift", length.rightShift()).close();
        oneByteType("pad1", tlvs.pad1());
        Field type = tlvs.type();
        json.number("start", tlvs.start()).member("type").open().number("field-len", type.bytes())
            .number("field-off", type.offset()).unsigned("mask", type.mask())
            .number("right-shift", tlvs.typeShift()).close().close();
    }

    private void oneByteType(String name, OptionalLong type) {
        json.member(name);
        if (type.isPresent()) {
            json.unsignedValue(type.getAsLong());
        } else {
            json.nothing();
        }
    }

    private void pair(int first, int second) {
        json.openList().value(first).value(second).closeList();
    }

    private <T> void list(String name, List<T> parts, Consumer<T> write) {
        json.member(name).openList();
        parts.forEach(write);
        json.closeList();
    }

    private <T> void part(String name, T part, Consumer<T> write) {
        json.member(name);
        if (part == null) {
            json.nothing();
        } else {
            write.accept(part);
        }
    }
}
