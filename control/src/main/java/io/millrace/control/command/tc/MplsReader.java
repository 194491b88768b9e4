package io.millrace.control.command.tc;

import io.millrace.control.command.Words;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerField;
import io.millrace.packet.header.EtherType;

import java.util.HashMap;
import java.util.Map;

/// Reads MPLS keys: `mpls_label`, `mpls_tc`, `mpls_bos`, `mpls_ttl` of the first stack entry, or of several with
/// `mpls lse depth D label L tc T bos B ttl N lse …`.
final class MplsReader {

    private static final int DEPTH_MAX = 7;
    private static final FieldMatch NOTHING = FieldMatch.of(0, 0);

    /// Place of a part among the 32 bits of an entry.
    private enum Part {
        LABEL(12, 20), TC(9, 3), BOS(8, 1), TTL(0, 8);

        private final int shift;
        private final long full;

        Part(int shift, int bits) {
            this.shift = shift;
            this.full = (1L << bits) - 1;
        }
    }

    private static final Map<String, Part> PARTS =
        Map.of("label", Part.LABEL, "tc", Part.TC, "bos", Part.BOS, "ttl", Part.TTL);

    private final Words words;
    private final int network;
    private final Map<FlowerField, FieldMatch> fields;

    MplsReader(Words words, int network, Map<FlowerField, FieldMatch> fields) {
        this.words = words;
        this.network = network;
        this.fields = fields;
    }

    /// False if the key is none of MPLS.
    boolean read(String key) {
        boolean isSingle = key.startsWith("mpls_") && PARTS.containsKey(key.substring(5));
        if (!isSingle && !key.equals("mpls")) return false;
        if (network != EtherType.MPLS && network != EtherType.MPLS_UPSTREAM) {
            throw TcRefusals.text("Can't set \"" + key + "\" if ethertype isn't MPLS");
        }
        if (isSingle) {
            FieldMatch before = fields.getOrDefault(FlowerField.MPLS_1, NOTHING);
            fields.put(FlowerField.MPLS_1, part(before, PARTS.get(key.substring(5)), TcRefusals.next(words), key));
        } else {
            readEntries();
        }
        return true;
    }

    private static FieldMatch part(FieldMatch before, Part part, String word, String key) {
        long value = TcNumbers.number(word, part.full).orElseThrow(() -> TcRefusals.illegal(key));
        return FieldMatch.of(before.low() | value << part.shift, before.maskLow() | part.full << part.shift);
    }

    private void readEntries() {
        if (!words.hasNext() || !words.peek().equals("lse")) throw TcRefusals.illegal("mpls");
        while (words.take("lse")) {
            Map<String, String> given = new HashMap<>();
            while (words.hasNext() && (words.peek().equals("depth") || PARTS.containsKey(words.peek()))) {
                given.put(words.next(), TcRefusals.next(words));
            }
            String depth = given.remove("depth");
            if (depth == null) throw TcRefusals.text("lse: no \"depth\" given; allowed are 1 to 7");
            long place = TcNumbers.number(depth, DEPTH_MAX).orElse(0);
            if (place == 0) throw TcRefusals.illegal("depth");
            FieldMatch entry = NOTHING;
            for (var each : given.entrySet()) {
                entry = part(entry, PARTS.get(each.getKey()), each.getValue(), each.getKey());
            }
            fields.put(FlowerField.mpls((int) place), entry);
        }
    }
}
