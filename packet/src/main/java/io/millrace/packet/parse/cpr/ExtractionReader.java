package io.millrace.packet.parse.cpr;

import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.Field;

import java.math.BigInteger;

/// Reads an element of `metadata`. Each kind has its own members; those of another kind are refused.
final class ExtractionReader {

    static Extraction read(DocumentNode part) {
        String kind = part.required("kind").asOneOf("field", "bytes", "offset", "end", "length", "constant", "or");
        return switch (kind) {
            case "field" -> field(part.object("to", "kind", "field-off", "field-len", "mask", "from", "right-shift"));
            case "bytes" -> bytes(part.object("to", "kind", "field-off", "field-len", "from"));
            case "offset" -> position(part, Extraction.Position.Kind.OFFSET);
            case "end" -> position(part, Extraction.Position.Kind.END);
            case "length" -> position(part, Extraction.Position.Kind.LENGTH);
            default -> constant(part.object("to", "kind", "value"), kind.equals("or"));
        };
    }

    private static Extraction field(DocumentNode part) {
        RecordField to = Parts.recordField(part.required("to"));
        Field field = FieldReader.field(part);
        return Parts.build(part, () -> new Extraction.Value(to, field, Parts.intOr(part, "right-shift", 0)));
    }

    private static Extraction bytes(DocumentNode part) {
        RecordField to = Parts.recordField(part.required("to"));
        int offset = Parts.requiredInt(part, "field-off");
        int bytes = Parts.requiredInt(part, "field-len");
        return Parts.build(part, () -> new Extraction.Bytes(to, offset, bytes, FieldReader.origin(part)));
    }

    private static Extraction position(DocumentNode part, Extraction.Position.Kind kind) {
        part.object("to", "kind");
        RecordField to = Parts.recordField(part.required("to"));
        return Parts.build(part, () -> new Extraction.Position(to, kind));
    }

    private static Extraction constant(DocumentNode part, boolean isOr) {
        RecordField to = Parts.recordField(part.required("to"));
        BigInteger value = part.required("value").asInteger();
        return Parts.build(part, () -> new Extraction.Constant(to, value, isOr));
    }
}
