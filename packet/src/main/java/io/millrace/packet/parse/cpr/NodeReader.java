package io.millrace.packet.parse.cpr;

import io.millrace.packet.document.DocumentKeys;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.Field;
import io.millrace.packet.parse.graph.Length;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.OptionalFields;
import io.millrace.packet.parse.graph.TlvOptions;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// Reads one of the `parse-nodes`.
final class NodeReader {

    private static final DocumentKeys KEYS = DocumentKeys.of("name", "min-hdr-length", "hdr-length", "packet-length",
        "checks", "metadata", "flag-if", "flag-fields", "tlvs", "stop-if", "next-proto", "next-node", "overlay",
        "encap");

    private final ProtoTables tables;
    private final ToIntFunction<DocumentNode> nodeNumber;

    NodeReader(ProtoTables tables, ToIntFunction<DocumentNode> nodeNumber) {
        this.tables = tables;
        this.nodeNumber = nodeNumber;
    }

    Node read(DocumentNode part) {
        part.object(KEYS);
        String name = part.required("name").asString();
        int bytesMin = Parts.requiredInt(part, "min-hdr-length");
        Length headerLength = part.get("hdr-length").map(FieldReader::length).orElse(null);
        Length packetLength = part.get("packet-length").map(FieldReader::length).orElse(null);
        OptionalFields optional = part.get("flag-fields").map(NodeReader::optionalFields).orElse(null);
        TlvOptions tlvs = part.get("tlvs").map(given -> tlvs(given, bytesMin)).orElse(null);
        var checks = list(part, "checks", FieldReader::check);
        var metadata = list(part, "metadata", ExtractionReader::read);
        var flagIf = list(part, "flag-if", FieldReader::flagIf);
        var stopIf = list(part, "stop-if", FieldReader::stopIf);
        Next next = next(part);
        return Parts.build(part, () -> new Node(name, bytesMin, headerLength, packetLength, checks, metadata, flagIf,
            optional, tlvs, stopIf, next, isTrue(part, "overlay"), isTrue(part, "encap")));
    }

    private static <T> List<T> list(DocumentNode part, String member, Function<DocumentNode, T> read) {
        return part.get(member).map(list -> list.elements().stream().map(read).toList()).orElse(List.of());
    }

    private static boolean isTrue(DocumentNode part, String member) {
        return part.get(member).map(DocumentNode::asBoolean).orElse(false);
    }

    private Next next(DocumentNode part) {
        if (part.has("next-proto") && part.has("next-node")) {
            throw part.required("next-node").keyError("\"next-node\" together with \"next-proto\"", "one of them");
        }
        if (part.has("next-proto")) return tables.dispatch(part.required("next-proto"));
        if (part.has("next-node")) return new Next.Always(nodeNumber.applyAsInt(part.required("next-node")));
        return new Next.Leaf();
    }

    private static OptionalFields optionalFields(DocumentNode part) {
        part.object("field-off", "field-len", "ents");
        Field field = FieldReader.field(part);
        List<OptionalFields.Entry> entries = part.required("ents").elements().stream()
            .map(NodeReader::optionalField).toList();
        return Parts.build(part, () -> new OptionalFields(field, entries));
    }

    private static OptionalFields.Entry optionalField(DocumentNode part) {
        part.object("flag", "mask", "length", "metadata");
        long flag = Parts.unsigned(part.required("flag"));
        long mask = part.get("mask").map(Parts::unsigned).orElse(flag);
        int bytes = Parts.requiredInt(part, "length");
        List<Extraction> metadata = list(part, "metadata", ExtractionReader::read);
        return Parts.build(part, () -> new OptionalFields.Entry(flag, mask, bytes, metadata));
    }

    private static TlvOptions tlvs(DocumentNode part, int bytesMin) {
        part.object("start", "type", "length", "pad1", "eol", "ents");
        int start = Parts.intOr(part, "start", bytesMin);
        DocumentNode typePart = part.required("type").object("field-off", "field-len", "mask", "right-shift");
        Field type = FieldReader.field(typePart);
        int typeShift = Parts.intOr(typePart, "right-shift", 0);
        Length length = FieldReader.optionLength(part.required("length"));
        OptionalLong pad1 = oneByteType(part, "pad1");
        OptionalLong eol = oneByteType(part, "eol");
        List<TlvOptions.Entry> entries = part.required("ents").elements().stream().map(NodeReader::tlv).toList();
        return Parts.build(part, () -> new TlvOptions(start, type, typeShift, length, pad1, eol, entries));
    }

    private static OptionalLong oneByteType(DocumentNode part, String member) {
        boolean isGiven = part.has(member) && part.required(member).kind() != DocumentNode.Kind.NULL;
        return isGiven ? OptionalLong.of(Parts.unsigned(part.required(member))) : OptionalLong.empty();
    }

    private static TlvOptions.Entry tlv(DocumentNode part) {
        part.object("type", "min-length", "metadata");
        long type = Parts.unsigned(part.required("type"));
        List<Extraction> metadata = list(part, "metadata", ExtractionReader::read);
        int bytesMin = Parts.intOr(part, "min-length", TlvOptions.Entry.reach(metadata));
        return Parts.build(part, () -> new TlvOptions.Entry(type, bytesMin, metadata));
    }
}
