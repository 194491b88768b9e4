package io.millrace.nic.driver.gen.layer;

import io.millrace.packet.memory.Check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The fields of a header in their order, written down one behind the other.
final class LayerFields {

    private final List<LayerField> fields = new ArrayList<>();
    private int bits;

    static LayerFields of() {
        return new LayerFields();
    }

    LayerFields number(String name, int fieldBits, long usual) {
        return add(name, fieldBits, FieldFormat.NUMBER, FieldRole.GIVEN, usual);
    }

    LayerFields mac(String name, long usual) {
        return add(name, 48, FieldFormat.MAC, FieldRole.GIVEN, usual);
    }

    LayerFields ipv4(String name) {
        return add(name, 32, FieldFormat.IPV4, FieldRole.GIVEN, 0);
    }

    LayerFields ipv6(String name) {
        return add(name, 128, FieldFormat.IPV6, FieldRole.GIVEN, 0);
    }

    LayerFields tcpFlags(String name, long usual) {
        return add(name, 8, FieldFormat.TCP_FLAGS, FieldRole.GIVEN, usual);
    }

    LayerFields computed(String name, int fieldBits, FieldRole role) {
        return add(name, fieldBits, FieldFormat.NUMBER, role, 0);
    }

    /// A field that lies behind those before it if it is given, and whose presence a flag bit tells.
    LayerFields optional(String name, int fieldBits, int flagBit) {
        fields.add(new LayerField(name, 0, fieldBits, FieldFormat.NUMBER, FieldRole.OPTIONAL, 0, flagBit));
        return this;
    }

    private LayerFields add(String name, int fieldBits, FieldFormat format, FieldRole role, long usual) {
        fields.add(new LayerField(name, bits, fieldBits, format, role, usual, -1));
        bits += fieldBits;
        return this;
    }

    List<LayerField> all() {
        return fields;
    }

    int headerBytes() {
        Check.that(bits % 16 == 0, "a header has whole words of 16 bits", bits);
        return bits / 8;
    }

    Optional<LayerField> named(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).findFirst();
    }

    Optional<LayerField> of(FieldRole role) {
        return fields.stream().filter(field -> field.role() == role).findFirst();
    }
}
