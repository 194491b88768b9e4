package io.millrace.packet.parse.cpr;

import io.millrace.packet.document.DocumentException;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.Spelling;
import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.graph.GraphException;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// How parts of a document become parts of a graph: a rule that a part breaks becomes an error at the member it names.
final class Parts {

    private static final BigInteger UNSIGNED_LONG_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    static <T> T build(DocumentNode part, Supplier<T> construct) {
        try {
            return construct.get();
        } catch (GraphException e) {
            throw located(part, e);
        }
    }

    /// Follows the names of the member as far as the document has them.
    private static DocumentException located(DocumentNode part, GraphException e) {
        DocumentNode place = part;
        for (String step : e.member().split("/")) {
            Optional<DocumentNode> inner = child(place, step);
            if (inner.isEmpty()) break;
            place = inner.get();
        }
        return place.error(e.problem(), e.allowed());
    }

    private static Optional<DocumentNode> child(DocumentNode place, String step) {
        if (place.isObject()) return place.get(step);
        boolean isIndex = place.isArray() && step.matches("[0-9]+") && Integer.parseInt(step) < place.elements().size();
        return isIndex ? Optional.of(place.elements().get(Integer.parseInt(step))) : Optional.empty();
    }

    /// A number that the model checks the range of; here it only has to fit an `int`.
    static int intOr(DocumentNode part, String member, int otherwise) {
        return part.get(member).map(node -> node.asInt(0, Integer.MAX_VALUE)).orElse(otherwise);
    }

    static int requiredInt(DocumentNode part, String member) {
        return part.required(member).asInt(0, Integer.MAX_VALUE);
    }

    /// 64 bits, unsigned.
    static long unsigned(DocumentNode number) {
        return number.asInteger(BigInteger.ZERO, UNSIGNED_LONG_MAX).longValue();
    }

    static RecordField recordField(DocumentNode label) {
        RecordField field = RecordField.labelled(label.asString());
        if (field == null) {
            List<String> labels = Arrays.stream(RecordField.values()).map(RecordField::label).toList();
            throw unknownName(label, "record field", labels);
        }
        return field;
    }

    static DocumentException unknownName(DocumentNode name, String what, Collection<String> known) {
        List<String> sorted = known.stream().sorted().toList();
        return name.error("there is no " + what + " \"" + name.asString() + "\""
            + Spelling.suggestion(name.asString(), sorted), String.join(", ", sorted));
    }

    private Parts() {}
}
