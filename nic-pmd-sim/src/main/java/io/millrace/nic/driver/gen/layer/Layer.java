package io.millrace.nic.driver.gen.layer;

import io.millrace.packet.memory.Check;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// One header of a frame: the values that were given for its fields, and its tail. A given value is written even where
/// one would be computed: that is how lengths and checksums are planted wrong.
public record Layer(LayerKind kind, Map<String, FieldValue> values, byte[] tail) {

    public Layer {
        values = Map.copyOf(new LinkedHashMap<>(values));
        tail = tail.clone();
        for (String name : values.keySet()) {
            Check.that(kind.field(name).isPresent(), kind.label() + " has no field " + name);
        }
        Check.that(tail.length == 0 || !kind.tailName().isEmpty(), kind.label() + " has no tail");
    }

    public static Layer of(LayerKind kind) {
        return new Layer(kind, Map.of(), new byte[0]);
    }

    public Layer with(String name, long value) {
        return with(name, FieldValue.of(value));
    }

    public Layer with(String name, FieldValue value) {
        var changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return new Layer(kind, changed, tail);
    }

    public Layer withTail(byte... bytes) {
        return new Layer(kind, values, bytes);
    }

    boolean isGiven(LayerField field) {
        return values.containsKey(field.name());
    }

    boolean isPresent(LayerField field) {
        return !field.isOptional() || isGiven(field);
    }

    /// Bytes of fixed and optional fields.
    private int fieldBytes() {
        int bytes = kind.fixedBytes();
        for (LayerField field : kind.fields()) {
            if (field.isOptional() && isPresent(field)) bytes += field.bits() / Byte.SIZE;
        }
        return bytes;
    }

    /// Bytes of the whole header, its tail filled up with zeros to the protocol's unit.
    int headerBytes() {
        int unitBytes = kind.unitBytes();
        return (fieldBytes() + tail.length + unitBytes - 1) / unitBytes * unitBytes;
    }

    int tailAt() {
        return fieldBytes();
    }

    /// First bit of a field that is present, from the header's first.
    int bitAt(LayerField field) {
        if (!field.isOptional()) return field.bitAt();
        int bitAt = kind.fixedBytes() * Byte.SIZE;
        for (LayerField each : kind.fields()) {
            if (each.equals(field)) break;
            if (each.isOptional() && isPresent(each)) bitAt += each.bits();
        }
        return bitAt;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Layer layer && kind == layer.kind && values.equals(layer.values)
            && Arrays.equals(tail, layer.tail);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * kind.hashCode() + values.hashCode()) + Arrays.hashCode(tail);
    }
}
