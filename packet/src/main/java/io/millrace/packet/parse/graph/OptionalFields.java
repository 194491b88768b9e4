package io.millrace.packet.parse.graph;

import java.util.List;

/// Optional fields behind a header's fixed part, in this order: each is there where its flag is set.
///
/// @param field where the flags stand
public record OptionalFields(Field field, List<Entry> entries) {

    /// A field that is there where (flags & mask) = flag.
    public record Entry(long flag, long mask, int bytes, List<Extraction> metadata) {

        public static final int BYTES_LIMIT = 65_535;

        public Entry {
            metadata = List.copyOf(metadata);
            GraphException.checkRange("length", bytes, 0, BYTES_LIMIT);
            if ((flag & ~mask) != 0) {
                throw new GraphException("flag", Field.hex(flag) + " has bits outside the mask " + Field.hex(mask),
                    "values within the mask");
            }
            for (int i = 0; i < metadata.size(); i++) {
                Extraction extraction = metadata.get(i);
                GraphRules.under("metadata", i, () -> {
                    extraction.checkStart();
                    extraction.checkWithin(bytes, "the optional field's length");
                });
            }
        }
    }

    public OptionalFields {
        entries = List.copyOf(entries);
        field.checkStart();
        for (int i = 0; i < entries.size(); i++) {
            long mask = entries.get(i).mask();
            if ((mask & ~Field.allOnes(field.bytes())) != 0) {
                throw new GraphException("ents/" + i + "/mask", Field.hex(mask) + " is wider than the field",
                    "0 to " + Field.hex(Field.allOnes(field.bytes())) + " for field-len " + field.bytes());
            }
        }
    }
}
