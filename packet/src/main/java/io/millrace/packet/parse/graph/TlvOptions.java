package io.millrace.packet.parse.graph;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// Options of a header, each a type, a length and a value, from `start` to the header's end. Both fields count from the
/// option's first byte, and so does what the length says. `pad1` and `eol` are options of one byte without a length;
/// `eol` ends the walk.
///
/// @param entries the types that something is taken from; others are skipped
public record TlvOptions(int start, Field type, int typeShift, Length length, OptionalLong pad1, OptionalLong eol,
                         List<Entry> entries) {

    public static final int START_LIMIT = 65_535;

    /// What to take from options of one type, which are at least `bytesMin` long.
    public record Entry(long type, int bytesMin, List<Extraction> metadata) {

        public static final int BYTES_LIMIT = 65_535;

        public Entry {
            metadata = List.copyOf(metadata);
            GraphException.checkRange("min-length", bytesMin, 0, BYTES_LIMIT);
            for (int i = 0; i < metadata.size(); i++) {
                Extraction extraction = metadata.get(i);
                GraphRules.under("metadata", i, () -> {
                    extraction.checkStart();
                    extraction.checkWithin(bytesMin, "min-length");
                });
            }
        }

        /// The least length that covers all that the metadata reads.
        public static int reach(List<Extraction> metadata) {
            int reach = 0;
            for (Extraction extraction : metadata) reach = Math.max(reach, extraction.reach());
            return reach;
        }
    }

    public TlvOptions {
        entries = List.copyOf(entries);
        GraphException.checkRange("start", start, 0, START_LIMIT);
        GraphRules.under("type", () -> {
            type.checkStart();
            type.checkShift(typeShift);
        });
        if (pad1.isPresent()) checkType("pad1", pad1.getAsLong(), type, typeShift);
        if (eol.isPresent()) checkType("eol", eol.getAsLong(), type, typeShift);
        Set<Long> seen = new HashSet<>();
        pad1.ifPresent(seen::add);
        if (eol.isPresent() && !seen.add(eol.getAsLong())) {
            throw new GraphException("eol", "the same type as pad1", "two different types");
        }
        for (int i = 0; i < entries.size(); i++) {
            long wanted = entries.get(i).type();
            String member = "ents/" + i + "/type";
            checkType(member, wanted, type, typeShift);
            if (!seen.add(wanted)) {
                throw new GraphException(member, "type " + Long.toUnsignedString(wanted) + " stands twice",
                    "one entry a type, none for pad1 and eol");
            }
        }
    }

    /// The least length that an option with a length may state: its length field is within.
    public int lengthEnd() {
        return length.field().offset() + length.field().bytes();
    }

    /// Bytes of an option that must be there before its type is read.
    public int typeEnd() {
        return type.offset() + type.bytes();
    }

    private static void checkType(String member, long value, Field type, int shift) {
        if ((value & ~(type.mask() >>> shift)) != 0) {
            throw new GraphException(member, Long.toUnsignedString(value) + " cannot be a type",
                "values within the type's mask after the shift, " + Field.hex(type.mask() >>> shift));
        }
    }
}
