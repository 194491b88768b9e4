package io.millrace.perf.profile;

import io.millrace.nic.driver.gen.layer.FieldValue;
import io.millrace.nic.driver.gen.layer.LayerField;
import io.millrace.nic.driver.gen.random.WeightedChoice;
import io.millrace.nic.driver.gen.stream.FieldSpec;
import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.document.DocumentNode;

import java.util.List;

/// Reads how a field varies: `{ from: A, to: B, step: N }`, `{ random: RANGE }`, `{ list: [A, B] }` or
/// `{ zipf: RANGE, exponent: X }`, each with `per: packet` or `per: flow`. A range is `[A, B]`, or a prefix of
/// addresses.
final class VaryingReader {

    private static final String WAYS = "from and to, random, list, or zipf";

    /// @param high the first half of an IPv6 address, which does not vary
    record Varying(FieldSpec spec, long high) {}

    private final DocumentNode node;
    private final LayerField field;
    private long high;

    private VaryingReader(DocumentNode node, LayerField field) {
        this.node = node;
        this.field = field;
    }

    static Varying read(DocumentNode node, int layer, LayerField field) {
        var reader = new VaryingReader(node, field);
        FieldValues values = reader.values();
        boolean isPerFlow = node.get("per").map(each -> each.asOneOf("packet", "flow")).orElse("packet").equals("flow");
        return new Varying(new FieldSpec(layer, field, values, isPerFlow), reader.high);
    }

    private FieldValues values() {
        node.object("from", "to", "step", "random", "list", "zipf", "exponent", "per");
        int wayCount = 0;
        for (String way : new String[] {"from", "random", "list", "zipf"}) wayCount += node.has(way) ? 1 : 0;
        if (wayCount != 1) throw node.error(wayCount == 0 ? "how does it vary?" : "it varies in one way", WAYS);
        if (node.has("from")) {
            only("from", "to", "step");
            long[] range = range(node.required("from"), node.required("to"));
            long step = node.get("step").map(each -> each.asLong(1, Long.MAX_VALUE)).orElse(1L);
            return Members.meaningful(node, () -> new FieldValues.Steps(range[0], range[1], step));
        }
        if (node.has("random")) {
            only("random");
            long[] range = range(node.required("random"));
            return Members.meaningful(node, () -> new FieldValues.Uniform(range[0], range[1]));
        }
        if (node.has("list")) {
            only("list");
            return list(node.required("list"));
        }
        only("zipf", "exponent");
        long[] range = range(node.required("zipf"));
        if (range[1] - range[0] >= WeightedChoice.CHOICES_MAX) {
            throw node.required("zipf").error("too many values", "at most " + WeightedChoice.CHOICES_MAX);
        }
        double exponent = node.get("exponent").map(each -> Numbers.decimal(each, 0.01, 10)).orElse(1.0);
        return Members.meaningful(node, () -> new FieldValues.Zipf(range[0], range[1], exponent));
    }

    private void only(String... keys) {
        List<String> allowed = List.of(keys);
        node.fields().forEach((name, value) -> {
            if (!name.equals("per") && !allowed.contains(name)) {
                throw value.keyError("\"" + name + "\" has no meaning with " + allowed.getFirst(),
                    String.join(", ", allowed) + ", per");
            }
        });
    }

    private FieldValues list(DocumentNode list) {
        List<DocumentNode> elements = list.elements();
        if (elements.isEmpty()) throw list.error("an empty list");
        FieldValue first = ValueReader.read(elements.getFirst(), field);
        high = first.high();
        long[] values = new long[elements.size()];
        for (int i = 0; i < values.length; i++) values[i] = low(elements.get(i));
        return new FieldValues.Listed(values);
    }

    private long[] range(DocumentNode range) {
        if (!range.isArray()) return prefix(range);
        if (range.elements().size() != 2) throw range.error("a range has two ends", "[FIRST, LAST]");
        return range(range.elements().get(0), range.elements().get(1));
    }

    private long[] range(DocumentNode first, DocumentNode last) {
        high = ValueReader.read(first, field).high();
        long from = low(first);
        long to = low(last);
        if (Long.compareUnsigned(from, to) > 0) throw last.error("the range ends before it begins");
        return new long[] {from, to};
    }

    private long low(DocumentNode each) {
        FieldValue value = ValueReader.read(each, field);
        if (value.high() != high) {
            throw each.error("the first 64 bits of an IPv6 address cannot vary", "addresses of one /64");
        }
        return value.low();
    }

    private long[] prefix(DocumentNode node) {
        if (!ValueReader.isAddress(field)) throw node.error("no range", "[FIRST, LAST]");
        IpPrefix prefix = node.as(IpPrefix::parseNetwork);
        IpAddress address = prefix.address();
        boolean isRightFamily = address.bits() == field.bits();
        if (!isRightFamily) throw node.error("an address of the other IP version", "[FIRST, LAST], or a prefix");
        int freeBits = address.bits() - prefix.length();
        if (freeBits > 62) throw node.error("a prefix of more than 2^62 addresses", "a longer prefix");
        high = address.isIpv4() ? 0 : address.high();
        return new long[] {address.low(), address.low() + (1L << freeBits) - 1};
    }
}
