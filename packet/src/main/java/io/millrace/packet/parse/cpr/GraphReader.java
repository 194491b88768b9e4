package io.millrace.packet.parse.cpr;

import io.millrace.packet.document.DocumentKeys;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;
import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.MatchTable;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.ParseGraph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Reads the document's top: limits, the nodes and their names, shared tables, roots, match tables.
final class GraphReader {

    private static final DocumentKeys KEYS = DocumentKeys.of("cpr-version", "name", "root-node", "link-types", "limits",
        "parse-nodes", "proto-tables", "match-tables");
    private static final Pattern LINK_TYPE = Pattern.compile("0|[1-9][0-9]{0,4}");

    private final DocumentNode document;
    private final DocumentProblems problems = new DocumentProblems();
    private final Map<String, Integer> nodeNumbers = new HashMap<>();

    GraphReader(DocumentNode document) {
        this.document = document;
    }

    ParseGraph read() {
        document.object(KEYS);
        document.required("cpr-version").asInt(1, 1);
        List<DocumentNode> nodeParts = document.required("parse-nodes").elements();
        nameNodes(nodeParts);
        var tables = new ProtoTables(document.get("proto-tables"), this::nodeNumber, problems);
        Limits limits = document.get("limits").map(this::limits).orElse(Limits.STANDARD);
        List<Node> nodes = nodes(nodeParts, tables);
        int start = problems.attempt(() -> nodeNumber(document.required("root-node"))).orElse(0);
        NavigableMap<Integer, Integer> roots = roots(start);
        List<MatchTable> matchTables = matchTables();
        String name = document.get("name").map(DocumentNode::asString).orElse("");
        problems.throwIfAny();
        return Parts.build(document, () -> new ParseGraph(name, limits, nodes, roots, start, matchTables));
    }

    private void nameNodes(List<DocumentNode> parts) {
        if (parts.isEmpty()) throw document.required("parse-nodes").error("no node", "at least one node");
        for (int i = 0; i < parts.size(); i++) {
            DocumentNode nameNode = parts.get(i).required("name");
            Integer first = nodeNumbers.putIfAbsent(nameNode.asString(), i);
            if (first != null) {
                problems.add(nameNode.error("duplicate node \"" + nameNode.asString() + "\", first given in line "
                    + parts.get(first).required("name").line(), "names that no other node has"));
            }
        }
    }

    private int nodeNumber(DocumentNode reference) {
        Integer number = nodeNumbers.get(reference.asString());
        if (number == null) throw Parts.unknownName(reference, "node", nodeNumbers.keySet());
        return number;
    }

    private List<Node> nodes(List<DocumentNode> parts, ProtoTables tables) {
        var reader = new NodeReader(tables, this::nodeNumber);
        List<Node> nodes = new ArrayList<>();
        for (DocumentNode part : parts) problems.attempt(() -> reader.read(part)).ifPresent(nodes::add);
        return nodes;
    }

    private Limits limits(DocumentNode part) {
        part.object("max-nodes", "max-encaps", "max-tlvs", "max-header-bytes");
        Limits standard = Limits.STANDARD;
        return Parts.build(part, () -> new Limits(
            Parts.intOr(part, "max-nodes", standard.nodesMax()),
            Parts.intOr(part, "max-encaps", standard.encapsMax()),
            Parts.intOr(part, "max-tlvs", standard.tlvsMax()),
            Parts.intOr(part, "max-header-bytes", standard.headerBytesMax())));
    }

    private NavigableMap<Integer, Integer> roots(int start) {
        NavigableMap<Integer, Integer> roots = new TreeMap<>();
        if (!document.has("link-types")) {
            roots.put(ParseGraph.LINK_TYPE_ETHERNET, start);
            return roots;
        }
        document.required("link-types").fields().forEach((linkType, node) -> {
            boolean isNumber = LINK_TYPE.matcher(linkType).matches()
                && Integer.parseInt(linkType) <= ParseGraph.LINK_TYPE_LIMIT;
            if (!isNumber) {
                problems.add(node.keyError("\"" + linkType + "\" is not a link type",
                    "0 to " + ParseGraph.LINK_TYPE_LIMIT + " in plain decimal"));
                return;
            }
            problems.attempt(() -> nodeNumber(node)).ifPresent(number -> roots.put(Integer.valueOf(linkType), number));
        });
        return roots;
    }

    private List<MatchTable> matchTables() {
        List<MatchTable> tables = new ArrayList<>();
        if (!document.has("match-tables")) return tables;
        for (DocumentNode part : document.required("match-tables").elements()) {
            problems.attempt(() -> matchTable(part)).ifPresent(tables::add);
        }
        return tables;
    }

    private static MatchTable matchTable(DocumentNode part) {
        part.object("name", "target", "keys", "entries");
        List<RecordField> keys = part.required("keys").elements().stream().map(Parts::recordField).toList();
        String target = part.required("target").asOneOf(
            Arrays.stream(MatchTable.Target.values()).map(MatchTable.Target::label).toArray(String[]::new));
        return new MatchTable(part.required("name").asString(), MatchTable.Target.labelled(target), keys,
            part.required("entries").asLong(0, Integer.MAX_VALUE));
    }
}
