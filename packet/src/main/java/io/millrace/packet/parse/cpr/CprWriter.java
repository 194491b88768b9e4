package io.millrace.packet.parse.cpr;

import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.graph.Condition;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.Field;
import io.millrace.packet.parse.graph.Length;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.MatchTable;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.OptionalFields;
import io.millrace.packet.parse.graph.ParseGraph;
import io.millrace.packet.parse.graph.TlvOptions;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Writes a parse graph as a document that [CprDocument] reads back to the same behaviour: a member of a node a line,
/// tables with their nodes, defaults left out.
public final class CprWriter {

    private static final String NODE_INDENT = "      ";

    private final ParseGraph graph;

    private CprWriter(ParseGraph graph) {
        this.graph = graph;
    }

    public static String write(ParseGraph graph) {
        return new CprWriter(graph).document();
    }

    private String document() {
        Limits limits = graph.limits();
        List<String> members = new ArrayList<>();
        members.add("\"cpr-version\": 1");
        if (!graph.name().isEmpty()) members.add("\"name\": " + text(graph.name()));
        members.add("\"root-node\": " + node(graph.start()));
        members.add("\"link-types\": " + graph.roots().entrySet().stream()
            .map(root -> "\"" + root.getKey() + "\": " + node(root.getValue()))
                .collect(Collectors.joining(", ", "{ ", " }")));
        members.add("\"limits\": "
            + object("max-nodes", limits.nodesMax(), "max-encaps", limits.encapsMax(), "max-tlvs",
            limits.tlvsMax(), "max-header-bytes", limits.headerBytesMax()));
        members.add("\"parse-nodes\": [\n" + graph.nodes().stream().map(this::node).collect(Collectors.joining(",\n"))
            + "\n  ]");
        if (!graph.matchTables().isEmpty()) members.add("\"match-tables\": "
            + list(graph.matchTables(), CprWriter::matchTable));
        return members.stream().map(member -> "  " + member).collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    }

    private String node(Node node) {
        List<String> members = new ArrayList<>();
        members.add("\"name\": " + text(node.name()) + ", \"min-hdr-length\": " + node.bytesMin()
            + (node.isOverlay() ? ", \"overlay\": true" : "") + (node.isEncap() ? ", \"encap\": true" : ""));
        if (node.headerLength() != null) members.add("\"hdr-length\": " + length(node.headerLength()));
        if (node.packetLength() != null) members.add("\"packet-length\": " + length(node.packetLength()));
        addList(members, "checks", node.checks(), check -> condition(check, false));
        addList(members, "metadata", node.metadata(), CprWriter::extraction);
        addList(members, "flag-if", node.flagIf(), flagIf -> condition(flagIf, true));
        if (node.optional() != null) members.add("\"flag-fields\": " + optional(node.optional()));
        if (node.tlvs() != null) members.add("\"tlvs\": " + tlvs(node.tlvs()));
        addList(members, "stop-if", node.stopIf(), stopIf -> condition(stopIf, stopIf.flags() != 0));
        switch (node.next()) {
            case Next.Leaf _ -> { }
            case Next.Always always -> members.add("\"next-node\": " + node(always.node()));
            case Next.Dispatch dispatch -> members.add("\"next-proto\": " + dispatch(dispatch));
        }
        return "    { " + String.join(",\n" + NODE_INDENT, members) + " }";
    }

    private String dispatch(Next.Dispatch dispatch) {
        StringJoiner members = members(field(dispatch.field()));
        if (dispatch.rightShift() != 0) members.add("\"right-shift\": " + dispatch.rightShift());
        if (dispatch.fallback() != Next.NONE) members.add("\"default\": " + node(dispatch.fallback()));
        members.add("\"ents\": " + list(dispatch.entries(),
            entry -> "{ \"key\": " + number(entry.key()) + ", \"node\": " + node(entry.node()) + " }"));
        return members.toString();
    }

    private static String optional(OptionalFields optional) {
        return members(field(optional.field().offset(), optional.field().bytes())).add("\"ents\": "
            + list(optional.entries(), entry -> {
                StringJoiner members = members("\"flag\": " + number(entry.flag()));
                if (entry.mask() != entry.flag()) members.add("\"mask\": " + number(entry.mask()));
                members.add("\"length\": " + entry.bytes());
                addMetadata(members, entry.metadata());
                return members.toString();
            })).toString();
    }

    private static String tlvs(TlvOptions tlvs) {
        StringJoiner type = members(field(tlvs.type()));
        if (tlvs.typeShift() != 0) type.add("\"right-shift\": " + tlvs.typeShift());
        StringJoiner members = members("\"start\": " + tlvs.start()).add("\"type\": " + type)
            .add("\"length\": " + length(tlvs.length()));
        tlvs.pad1().ifPresent(pad1 -> members.add("\"pad1\": " + number(pad1)));
        tlvs.eol().ifPresent(eol -> members.add("\"eol\": " + number(eol)));
        return members.add("\"ents\": " + list(tlvs.entries(), entry -> {
            StringJoiner option = members("\"type\": " + number(entry.type()))
                .add("\"min-length\": " + entry.bytesMin());
            addMetadata(option, entry.metadata());
            return option.toString();
        })).toString();
    }

    private static void addMetadata(StringJoiner members, List<Extraction> metadata) {
        if (!metadata.isEmpty()) members.add("\"metadata\": " + list(metadata, CprWriter::extraction));
    }

    private static String length(Length length) {
        StringJoiner members = members(field(length.field()));
        if (length.rightShift() != 0) members.add("\"right-shift\": " + length.rightShift());
        if (length.multiplier() != 1) members.add("\"multiplier\": " + length.multiplier());
        if (length.add() != 0) members.add("\"add\": " + length.add());
        return members.toString();
    }

    private static String condition(Condition condition, boolean hasFlags) {
        StringJoiner members = members(field(condition.field())).add("\"op\": \"" + condition.op().label() + "\"")
            .add("\"value\": " + number(condition.value()));
        if (hasFlags) members.add("\"flags\": " + condition.flags());
        return members.toString();
    }

    private static String extraction(Extraction extraction) {
        String to = "\"to\": \"" + extraction.to().label() + "\", \"kind\": ";
        return switch (extraction) {
            case Extraction.Value value -> {
                StringJoiner members = members(to + "\"field\"").add(field(value.field()));
                if (value.rightShift() != 0) members.add("\"right-shift\": " + value.rightShift());
                yield members.toString();
            }
            case Extraction.Bytes bytes -> {
                StringJoiner members = members(to + "\"bytes\"").add(field(bytes.offset(), bytes.bytes()));
                if (bytes.from() == Field.Origin.END) members.add("\"from\": \"end\"");
                yield members.toString();
            }
            case Extraction.Position position -> members(to + "\"" + position.kind().label() + "\"").toString();
            case Extraction.Constant constant -> members(to + (constant.isOr() ? "\"or\"" : "\"constant\""))
                .add("\"value\": " + constant.value()).toString();
        };
    }

    private static String matchTable(MatchTable table) {
        return members("\"name\": " + text(table.name())).add("\"target\": \"" + table.target().label() + "\"")
            .add("\"keys\": " + table.keys().stream().map(RecordField::label).map(CprWriter::text)
                .collect(Collectors.joining(", ", "[ ", " ]")))
            .add("\"entries\": " + table.entriesMax()).toString();
    }

    private static String field(Field field) {
        return field(field.offset(), field.bytes())
            + (field.mask() == Field.allOnes(field.bytes()) ? "" : ", \"mask\": \"0x" + Long.toHexString(field.mask())
                + "\"")
            + (field.isFromEnd() ? ", \"from\": \"end\"" : "");
    }

    private static String field(int offset, int bytes) {
        return "\"field-off\": " + offset + ", \"field-len\": " + bytes;
    }

    private String node(int number) {
        return text(graph.node(number).name());
    }

    private static <T> void addList(List<String> members, String name, List<T> parts, Function<T, String> write) {
        if (!parts.isEmpty()) members.add("\"" + name + "\": " + list(parts, write));
    }

    private static <T> String list(List<T> parts, Function<T, String> write) {
        if (parts.isEmpty()) return "[]";
        return parts.stream().map(write).collect(Collectors.joining(",\n" + NODE_INDENT + "  ", "[ ", " ]"));
    }

    private static StringJoiner members(String first) {
        return new StringJoiner(", ", "{ ", " }").add(first);
    }

    private static String object(Object... namesAndNumbers) {
        StringJoiner members = new StringJoiner(", ", "{ ", " }");
        for (int i = 0; i < namesAndNumbers.length; i += 2) {
            members.add("\"" + namesAndNumbers[i] + "\": " + namesAndNumbers[i + 1]);
        }
        return members.toString();
    }

    /// Small numbers as people read them, others in hex.
    private static String number(long value) {
        return value >= 0 && value < 256 ? Long.toString(value) : "\"0x" + Long.toHexString(value) + "\"";
    }

    private static String text(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') quoted.append('\\').append(c);
            else if (c < 0x20) quoted.append("\\u%04x".formatted((int) c));
            else quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
