package io.millrace.packet.parse.graph;

/// An unsigned number in a header, in network byte order, under a mask.
///
/// @param offset  from the header's first byte; with [Origin#END] back from the header's end, 1 is its last byte
/// @param bytes   1, 2, 4 or 8
/// @param mask    64 bits unsigned, within `bytes`
/// @param from    where `offset` counts from
public record Field(int offset, int bytes, long mask, Origin from) {

    public static final int OFFSET_LIMIT = 65_535;

    /// Where an offset counts from.
    public enum Origin {
        START("start"), END("end");

        private final String label;

        Origin(String label) {
            this.label = label;
        }

        public String label() { return label; }
    }

    public Field {
        GraphException.checkRange("field-off", offset, 0, OFFSET_LIMIT);
        if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8) {
            throw new GraphException("field-len", bytes + " is not a field length", "1, 2, 4 or 8");
        }
        if ((mask & ~allOnes(bytes)) != 0) {
            throw new GraphException("mask", hex(mask) + " is wider than the field",
                "0 to " + hex(allOnes(bytes)) + " for field-len " + bytes);
        }
        checkOrigin(offset, bytes, from);
    }

    public static Field at(int offset, int bytes) {
        return new Field(offset, bytes, allOnes(bytes), Origin.START);
    }

    /// The widest mask of a field of so many bytes.
    public static long allOnes(int bytes) {
        return bytes == 8 ? -1L : (1L << 8 * bytes) - 1;
    }

    public boolean isFromEnd() {
        return from == Origin.END;
    }

    static void checkOrigin(int offset, int bytes, Origin from) {
        if (from == Origin.END && offset < bytes) {
            throw new GraphException("field-off", bytes + " bytes that begin " + offset + " before the header's end"
                + " reach behind it", bytes + " or more with from \"end\"");
        }
    }

    /// Refuses what does not lie within the bytes that are always present in a part: `fixedBytes` from its start, or
    /// as many before its end.
    void checkWithin(int fixedBytes, String what) {
        checkWithin(offset, bytes, from, fixedBytes, what);
    }

    static void checkWithin(int offset, int bytes, Origin from, int fixedBytes, String what) {
        int reach = from == Origin.END ? offset : offset + bytes;
        if (reach > fixedBytes) {
            throw new GraphException("field-off", "the field reaches over " + reach + " bytes, " + what + " is "
                + fixedBytes, "fields within " + what);
        }
    }

    /// Refuses a value with bits outside the mask.
    void checkValue(String member, long value) {
        if ((value & ~mask) != 0) {
            throw new GraphException(member, hex(value) + " has bits outside the mask " + hex(mask),
                "values within the mask");
        }
    }

    void checkShift(int rightShift) {
        GraphException.checkRange("right-shift", rightShift, 0, 8L * bytes - 1);
    }

    void checkStart() {
        if (from == Origin.END) {
            throw new GraphException("from", "\"end\" cannot be used here",
                "\"end\" only in next-proto and a node's metadata");
        }
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
