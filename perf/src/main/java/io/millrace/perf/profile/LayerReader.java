package io.millrace.perf.profile;

import io.millrace.nic.driver.gen.layer.FieldValue;
import io.millrace.nic.driver.gen.layer.Layer;
import io.millrace.nic.driver.gen.layer.LayerField;
import io.millrace.nic.driver.gen.layer.LayerKind;
import io.millrace.nic.driver.gen.stream.FieldSpec;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads one header: `udp`, or `udp: { source-port: 53 }`. A field has a value, or an object that says how it varies.
final class LayerReader {

    private static final String[] KINDS =
        Arrays.stream(LayerKind.values()).map(LayerKind::label).toArray(String[]::new);

    /// Adds what varies to `fields`.
    static Layer read(DocumentNode node, int index, List<FieldSpec> fields) {
        if (!node.isObject()) return Layer.of(LayerKind.named(node.asOneOf(KINDS)).orElseThrow());
        node.object(KINDS);
        if (node.fields().size() != 1) throw node.error("a layer has one name", "- ipv4: { … }");
        String label = node.fields().keySet().iterator().next();
        LayerKind kind = LayerKind.named(label).orElseThrow();
        DocumentNode body = node.required(label);
        if (body.kind() == DocumentNode.Kind.NULL) return Layer.of(kind);
        return read(kind, body, index, fields);
    }

    private static Layer read(LayerKind kind, DocumentNode body, int index, List<FieldSpec> fields) {
        List<String> keys = new ArrayList<>(kind.fields().stream().map(LayerField::name).toList());
        if (!kind.tailName().isEmpty()) keys.add(kind.tailName());
        body.object(keys.toArray(String[]::new));
        var problems = new DocumentProblems();
        Map<String, FieldValue> values = new HashMap<>();
        byte[] tail = body.get(kind.tailName().isEmpty() ? "\0" : kind.tailName())
            .flatMap(node -> problems.attempt(() -> PayloadReader.hex(node))).orElse(new byte[0]);
        body.fields().forEach((name, node) -> {
            Optional<LayerField> field = kind.field(name);
            if (field.isEmpty()) return;
            if (node.isObject()) {
                problems.attempt(() -> VaryingReader.read(node, index, field.get())).ifPresent(varying -> {
                    fields.add(varying.spec());
                    values.put(name, new FieldValue(varying.high(), 0));
                });
            } else {
                problems.attempt(() -> ValueReader.read(node, field.get())).ifPresent(value -> values.put(name, value));
            }
        });
        problems.throwIfAny();
        return new Layer(kind, values, tail);
    }

    private LayerReader() {}
}
