package io.millrace.perf.profile;

import io.millrace.nic.driver.gen.stream.Rate;
import io.millrace.packet.document.DocumentNode;

import java.util.OptionalDouble;

/// Reads rates: `1Mpps`, `10Gbit/s` (at layer 1), `{ bits: 10Gbit/s, layer: 2 }`, `40%` of the line, or `max`.
final class RateReader {

    private static final String ALLOWED = "as in 1Mpps, 10Gbit/s, { bits: 10Gbit/s, layer: 2 }, 40%, or max";

    static Rate read(DocumentNode node, OptionalDouble lineBits) {
        if (node.isObject()) {
            node.object("bits", "layer");
            return new Rate.Bits(bits(node.required("bits")), node.required("layer").asInt(1, 2));
        }
        String text = node.asString();
        if (text.equals("max")) return new Rate.Unlimited();
        if (Numbers.isPercent(text)) {
            if (lineBits.isEmpty()) {
                throw node.error("a share of what?", "line: 10Gbit/s at the top of the profile");
            }
            double share = Numbers.share(node);
            if (share == 0) throw node.error("a rate of nothing", ALLOWED);
            return new Rate.Bits(lineBits.getAsDouble() * share, 1);
        }
        double packets = Numbers.withUnit(text, "pps");
        if (packets > 0) return Members.meaningful(node, () -> new Rate.Packets(packets));
        double bits = Numbers.withUnit(text, "bit/s");
        if (bits > 0) return Members.meaningful(node, () -> new Rate.Bits(bits, 1));
        throw node.error("\"" + text + "\" is no rate", ALLOWED);
    }

    static double bits(DocumentNode node) {
        double bits = Numbers.withUnit(node.asString(), "bit/s");
        if (bits <= 0 || bits > 1e13) {
            throw node.error("\"" + node.asString() + "\" is no bit rate", "as in 500Mbit/s, up to 10000Gbit/s");
        }
        return bits;
    }

    private RateReader() {}
}
