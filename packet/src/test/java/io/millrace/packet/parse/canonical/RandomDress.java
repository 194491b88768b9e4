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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Writes a graph as a document in one of the many ways that mean the same: other names, nodes and entries in another
/// order, tables shared or not, numbers in decimal or hex, quoted or not, defaults written or left out, members in any
/// order, parts that nothing reaches.
final class RandomDress {

    private final Random random;
    private final ParseGraph graph;
    private final List<String> names = new ArrayList<>();
    private final List<String> tables = new ArrayList<>();

    private RandomDress(ParseGraph graph, Random random) {
        this.graph = graph;
        this.random = random;
        for (int i = 0; i < graph.nodes().size(); i++) names.add("\"" + "x".repeat(1 + random.nextInt(5)) + i + "\"");
    }

    static String of(ParseGraph graph, Random random) {
        return new RandomDress(graph, random).document();
    }

    private String document() {
        List<String> nodes = new ArrayList<>();
        for (int i = 0; i < graph.nodes().size(); i++) nodes.add(node(i));
        for (int i = random.nextInt(3); i > 0; i--) {
            nodes.add(object(member("name", "\"unreachable" + i + "\""),
                member("min-hdr-length", number(random.nextInt(20))),
                member("next-node", names.get(random.nextInt(names.size())))));
        }
        Collections.shuffle(nodes, random);
        for (int i = random.nextInt(2); i > 0; i--) {
            tables.add(object(member("name", "\"unused\""), member("ents", "[]"), member("default", "null")));
        }
        Collections.shuffle(tables, random);
        List<String> members = new ArrayList<>(List.of(member("cpr-version", "1"),
            member("root-node", names.get(graph.start())),
            member("parse-nodes", list(nodes)), member("limits", limits())));
        if (!tables.isEmpty()) members.add(member("proto-tables", list(tables)));
        if (random.nextBoolean()) members.add(member("name", "\"a name\""));
        if (random.nextBoolean()) {
            members.add(member("match-tables",
                "[{\"name\":\"t\",\"target\":\"raw\",\"keys\":[\"src\"],\"entries\":9}]"));
        }
        boolean isStandardRoot = graph.roots().size() == 1 && Integer.valueOf(graph.start())
            .equals(graph.roots().get(1));
        if (!isStandardRoot || random.nextBoolean()) {
            members.add(member("link-types", object(graph.roots().entrySet().stream()
                .map(root -> member(root.getKey().toString(), names.get(root.getValue()))).toArray(String[]::new))));
        }
        return object(members.toArray(String[]::new));
    }

    private String limits() {
        Limits limits = graph.limits();
        Limits standard = Limits.STANDARD;
        return object(optional("max-nodes", limits.nodesMax(), standard.nodesMax()),
            optional("max-encaps", limits.encapsMax(), standard.encapsMax()),
            optional("max-tlvs", limits.tlvsMax(), standard.tlvsMax()),
            optional("max-header-bytes", limits.headerBytesMax(), standard.headerBytesMax()));
    }

    private String node(int number) {
        Node node = graph.node(number);
        return object(member("name", names.get(number)), member("min-hdr-length", number(node.bytesMin())),
            node.headerLength() == null ? "" : member("hdr-length", length(node.headerLength(), true)),
            node.packetLength() == null ? "" : member("packet-length", length(node.packetLength(), true)),
            optionalList("checks", node.checks(), check -> condition(check, "")),
            optionalList("metadata", node.metadata(), this::extraction),
            optionalList("flag-if", node.flagIf(), each -> condition(each, member("flags", number(each.flags())))),
            node.optional() == null ? "" : member("flag-fields", flagFields(node.optional())),
            node.tlvs() == null ? "" : member("tlvs", tlvs(node.tlvs(), node.bytesMin())),
            optionalList("stop-if", node.stopIf(), each -> condition(each, optional("flags", each.flags(), 0))),
            next(node.next()), flag("overlay", node.isOverlay()), flag("encap", node.isEncap()));
    }

    private String next(Next next) {
        return switch (next) {
            case Next.Leaf _ -> "";
            case Next.Always always -> member("next-node", names.get(always.node()));
            case Next.Dispatch dispatch -> member("next-proto", dispatch(dispatch));
        };
    }

    private String dispatch(Next.Dispatch dispatch) {
        List<String> entries = new ArrayList<>(dispatch.entries().stream()
            .map(entry -> object(member("key", number(entry.key())), member("node", names.get(entry.node()))))
                .toList());
        Collections.shuffle(entries, random);
        String fallback = dispatch.fallback() == Next.NONE ? (random.nextBoolean() ? "" : member("default", "null"))
            : member("default", names.get(dispatch.fallback()));
        String field = field(dispatch.field(), true);
        String shift = optional("right-shift", dispatch.rightShift(), 0);
        if (random.nextBoolean()) return object(field, shift, member("ents", list(entries)), fallback);
        String name = "\"table" + tables.size() + "\"";
        boolean isInTable = random.nextBoolean() && !fallback.isEmpty();
        String other = member("default", random.nextBoolean() ? "null" : names.getFirst());
        tables.add(object(member("name", name), member("ents", list(entries)),
            isInTable ? fallback : fallback.isEmpty() || random.nextBoolean() ? "" : other));
        return object(field, shift, member("table", name), isInTable ? "" : fallback);
    }

    private String flagFields(OptionalFields optional) {
        return object(member("field-off", number(optional.field().offset())),
            member("field-len", number(optional.field().bytes())),
                member("ents", list(optional.entries().stream().map(entry -> object(
            member("flag", number(entry.flag())),
            entry.mask() == entry.flag() && random.nextBoolean() ? "" : member("mask", number(entry.mask())),
            member("length", number(entry.bytes())), optionalList("metadata", entry.metadata(), this::extraction)))
                .toList())));
    }

    private String tlvs(TlvOptions tlvs, int bytesMin) {
        List<String> entries = new ArrayList<>(tlvs.entries().stream().map(entry -> object(
            member("type", number(entry.type())),
            optional("min-length", entry.bytesMin(), TlvOptions.Entry.reach(entry.metadata())),
            optionalList("metadata", entry.metadata(), this::extraction))).toList());
        Collections.shuffle(entries, random);
        return object(optional("start", tlvs.start(), bytesMin),
            member("type", object(field(tlvs.type(), false), optional("right-shift", tlvs.typeShift(), 0))),
            member("length", length(tlvs.length(), false)), oneByteType("pad1", tlvs.pad1()),
                oneByteType("eol", tlvs.eol()),
            member("ents", list(entries)));
    }

    private String oneByteType(String name, OptionalLong type) {
        if (type.isPresent()) return member(name, number(type.getAsLong()));
        return random.nextBoolean() ? "" : member(name, "null");
    }

    private String length(Length length, boolean mayHaveFrom) {
        return object(field(length.field(), mayHaveFrom), optional("right-shift", length.rightShift(), 0),
            optional("multiplier", length.multiplier(), 1),
            length.add() == 0 && random.nextBoolean() ? "" : member("add", String.valueOf(length.add())));
    }

    private String condition(Condition condition, String flags) {
        return object(field(condition.field(), true), member("op", "\"" + condition.op().label() + "\""),
            member("value", number(condition.value())), flags);
    }

    private String extraction(Extraction extraction) {
        String to = member("to", "\"" + extraction.to().label() + "\"");
        return switch (extraction) {
            case Extraction.Value value -> object(to, member("kind", "\"field\""), field(value.field(), true),
                optional("right-shift", value.rightShift(), 0));
            case Extraction.Bytes bytes ->
                object(to, member("kind", "\"bytes\""), member("field-off", number(bytes.offset())),
                member("field-len", number(bytes.bytes())), from(bytes.from(), true));
            case Extraction.Position position -> object(to, member("kind", "\"" + position.kind().label() + "\""));
            case Extraction.Constant constant -> object(to, member("kind", constant.isOr() ? "\"or\"" : "\"constant\""),
                member("value", number(constant.value())));
        };
    }

    private String field(Field field, boolean mayHaveFrom) {
        String mask = field.mask() == Field.allOnes(field.bytes()) && random.nextBoolean() ? ""
            : member("mask", number(field.mask()));
        List<String> members = new ArrayList<>(List.of(member("field-off", number(field.offset())),
            member("field-len", number(field.bytes())), mask, from(field.from(), mayHaveFrom)));
        members.removeIf(String::isEmpty);
        Collections.shuffle(members, random);
        return String.join(",", members);
    }

    private String from(Field.Origin from, boolean mayBeWritten) {
        if (from == Field.Origin.END) return member("from", "\"end\"");
        return mayBeWritten && random.nextBoolean() ? member("from", "\"start\"") : "";
    }

    private String optional(String name, long value, long standard) {
        return value == standard && random.nextBoolean() ? "" : member(name, number(value));
    }

    private String flag(String name, boolean value) {
        return value || random.nextBoolean() ? member(name, String.valueOf(value)) : "";
    }

    private <T> String optionalList(String name, List<T> parts, Function<T, String> write) {
        return parts.isEmpty() && random.nextBoolean() ? "" : member(name, list(parts.stream().map(write).toList()));
    }

    private String number(long value) {
        return number(new BigInteger(Long.toUnsignedString(value)));
    }

    private String number(BigInteger value) {
        return switch (random.nextInt(4)) {
            case 0 -> "\"0x" + value.toString(16) + "\"";
            case 1 -> "\"0x000" + value.toString(16).toUpperCase(Locale.ROOT) + "\"";
            case 2 -> "\"" + value + "\"";
            default -> value.toString();
        };
    }

    private static String member(String name, String value) {
        return "\"" + name + "\":" + value;
    }

    private static String list(List<String> parts) {
        return "[" + String.join(",", parts) + "]";
    }

    private String object(String... members) {
        List<String> written = new ArrayList<>(List.of(members));
        written.removeIf(String::isEmpty);
        Collections.shuffle(written, random);
        return written.stream().collect(Collectors.joining(random.nextBoolean() ? "," : " ,\n ", "{", "}"));
    }
}
