package io.millrace.perf.profile;

import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.nic.driver.gen.stream.SizeMix;
import io.millrace.packet.document.DocumentNode;

import java.util.List;

/// Reads frame sizes, without frame check sequence: `60`, `[60, 1514]` in turn, `{ from: 60, to: 1514 }` evenly,
/// `{ imix: trex }`, or `{ mix: [60:7, 590:4] }` with weights.
final class SizeReader {

    private static final int BYTES_MIN = 14;

    static SizeMix read(DocumentNode node) {
        if (node.isArray()) {
            List<DocumentNode> elements = node.elements();
            if (elements.isEmpty()) throw node.error("no size");
            return SizeMix.inTurn(elements.stream().mapToInt(SizeReader::size).toArray());
        }
        if (!node.isObject()) return SizeMix.fixed(size(node));
        node.object("from", "to", "imix", "mix");
        if (node.has("imix")) {
            return ImixTable.named(node.required("imix").asOneOf(ImixTable.labels())).orElseThrow().sizes();
        }
        if (node.has("mix")) return mix(node.required("mix"));
        int from = size(node.required("from"));
        int to = size(node.required("to"));
        if (from > to) throw node.required("to").error("the largest size is below the smallest");
        return SizeMix.uniform(from, to);
    }

    private static int size(DocumentNode node) {
        return node.asInt(BYTES_MIN, LayerStack.FRAME_BYTES_MAX);
    }

    private static SizeMix mix(DocumentNode node) {
        List<DocumentNode> elements = node.elements();
        if (elements.isEmpty()) throw node.error("no size");
        int[] sizes = new int[elements.size()];
        double[] weights = new double[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            String[] parts = elements.get(i).asString().split(":", -1);
            boolean isPair = parts.length == 2 && parts[0].matches("[0-9]{1,5}") && parts[1].matches("[0-9]{1,9}");
            int bytes = isPair ? Integer.parseInt(parts[0]) : 0;
            if (bytes < BYTES_MIN || bytes > LayerStack.FRAME_BYTES_MAX || Integer.parseInt(parts[1]) == 0) {
                throw elements.get(i).error("\"" + elements.get(i).asString() + "\" is no size with its weight",
                    "BYTES:WEIGHT, bytes from " + BYTES_MIN + " to " + LayerStack.FRAME_BYTES_MAX);
            }
            sizes[i] = bytes;
            weights[i] = Integer.parseInt(parts[1]);
        }
        return new SizeMix(sizes, weights, false);
    }

    private SizeReader() {}
}
