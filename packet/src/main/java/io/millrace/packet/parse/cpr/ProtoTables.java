package io.millrace.packet.parse.cpr;

import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;
import io.millrace.packet.parse.graph.Field;
import io.millrace.packet.parse.graph.GraphException;
import io.millrace.packet.parse.graph.Next;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// The tables that nodes share, and how a `next-proto` is put together from its own members and a table's.
final class ProtoTables {

    /// Entries as read, each with where it stands, and the fallback.
    private record Table(List<Next.Entry> entries, List<DocumentNode> parts, int fallback) {}

    private final Map<String, Table> tables = new HashMap<>();
    private final ToIntFunction<DocumentNode> nodeNumber;

    ProtoTables(Optional<DocumentNode> list, ToIntFunction<DocumentNode> nodeNumber, DocumentProblems problems) {
        this.nodeNumber = nodeNumber;
        if (list.isEmpty()) return;
        for (DocumentNode part : list.get().elements()) problems.attempt(() -> add(part));
    }

    private Table add(DocumentNode part) {
        part.object("name", "ents", "default");
        DocumentNode name = part.required("name");
        Table table = table(part);
        checkKeys(table);
        if (tables.putIfAbsent(name.asString(), table) != null) {
            throw name.error("duplicate table \"" + name.asString() + "\"", "names that no other table has");
        }
        return table;
    }

    /// A table's own keys must differ whether a node uses it or not.
    private static void checkKeys(Table table) {
        Field anyKey = Field.at(0, 8);
        dispatch(table, anyKey, 0, table.fallback());
    }

    private Table table(DocumentNode part) {
        List<Next.Entry> entries = new ArrayList<>();
        List<DocumentNode> parts = part.required("ents").elements();
        for (DocumentNode entry : parts) {
            entry.object("key", "node");
            long key = Parts.unsigned(entry.required("key"));
            entries.add(new Next.Entry(key, nodeNumber.applyAsInt(entry.required("node"))));
        }
        return new Table(entries, parts, fallback(part, Next.NONE));
    }

    private int fallback(DocumentNode part, int otherwise) {
        Optional<DocumentNode> given = part.get("default");
        if (given.isEmpty()) return otherwise;
        return given.get().kind() == DocumentNode.Kind.NULL ? Next.NONE : nodeNumber.applyAsInt(given.get());
    }

    /// The `next-proto` of a node.
    Next.Dispatch dispatch(DocumentNode part) {
        part.object("field-off", "field-len", "mask", "from", "right-shift", "table", "ents", "default");
        if (part.has("table") && part.has("ents")) {
            throw part.required("ents").keyError("\"ents\" together with \"table\"", "one of them");
        }
        Field field = FieldReader.field(part);
        int rightShift = Parts.intOr(part, "right-shift", 0);
        Parts.build(part, () -> new Next.Dispatch(field, rightShift, List.of(), Next.NONE));
        Table table = part.has("table") ? named(part.required("table")) : table(part);
        return dispatch(table, field, rightShift, fallback(part, table.fallback()));
    }

    private Table named(DocumentNode name) {
        Table table = tables.get(name.asString());
        if (table == null) throw Parts.unknownName(name, "table", tables.keySet());
        return table;
    }

    private static Next.Dispatch dispatch(Table table, Field field, int rightShift, int fallback) {
        try {
            return new Next.Dispatch(field, rightShift, table.entries(), fallback);
        } catch (GraphException e) {
            String[] steps = e.member().split("/");   // ents/N/key
            DocumentNode entry = table.parts().get(Integer.parseInt(steps[1]));
            throw entry.required(steps[2]).error(e.problem(), e.allowed());
        }
    }
}
