package io.millrace.perf.profile;

import io.millrace.nic.driver.gen.layer.FieldFormat;
import io.millrace.nic.driver.gen.layer.FieldValue;
import io.millrace.nic.driver.gen.layer.LayerField;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.document.DocumentNode;

import java.math.BigInteger;
import java.util.List;

/// Reads the value of a header field as people write it: a number, a MAC or IP address, TCP flags by name.
final class ValueReader {

    private static final List<String> TCP_FLAGS = List.of("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr");

    static FieldValue read(DocumentNode node, LayerField field) {
        return switch (field.format()) {
            case MAC -> FieldValue.of(node.as(Addresses::parseMac));
            case IPV4 -> FieldValue.of(Integer.toUnsignedLong(node.as(Addresses::parseIpv4)));
            case IPV6 -> {
                IpAddress address = node.as(Addresses::parseIpv6);
                yield new FieldValue(address.high(), address.low());
            }
            case TCP_FLAGS -> node.kind() == DocumentNode.Kind.NUMBER ? number(node, field)
                : node.as(ValueReader::flags);
            case NUMBER -> number(node, field);
        };
    }

    private static FieldValue number(DocumentNode node, LayerField field) {
        BigInteger max = BigInteger.ONE.shiftLeft(field.bits()).subtract(BigInteger.ONE);
        return FieldValue.of(node.asInteger(BigInteger.ZERO, max).longValue());
    }

    private static FieldValue flags(String text) {
        int bits = 0;
        for (String word : text.split("[ ,|]+")) {
            int flag = TCP_FLAGS.indexOf(word);
            if (flag < 0) {
                throw new IllegalArgumentException("\"" + word + "\" is no TCP flag; allowed: "
                    + String.join(", ", TCP_FLAGS) + ", several with commas between");
            }
            bits |= 1 << flag;
        }
        return FieldValue.of(bits);
    }

    /// True for addresses, whose ranges can be written as a prefix.
    static boolean isAddress(LayerField field) {
        return field.format() == FieldFormat.IPV4 || field.format() == FieldFormat.IPV6;
    }

    private ValueReader() {}
}
