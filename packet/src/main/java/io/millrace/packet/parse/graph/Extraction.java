package io.millrace.packet.parse.graph;

import io.millrace.packet.parse.RecordField;

import java.math.BigInteger;

/// Something that goes into a record. Values are right-aligned; the rest of the record's field becomes zero.
public sealed interface Extraction {

    RecordField to();

    /// The field, after mask and shift.
    record Value(RecordField to, Field field, int rightShift) implements Extraction {

        public Value {
            field.checkShift(rightShift);
            long widest = field.mask() >>> rightShift;
            int bits = 64 - Long.numberOfLeadingZeros(widest);
            if (bits > 8 * to.bytes()) {
                throw new GraphException("to", "a value of " + bits + " bits does not fit " + to.label() + " of "
                    + to.bytes() + " bytes", "a record field of " + (bits + 7) / 8 + " bytes or more, or a mask");
            }
        }
    }

    /// Bytes copied as they are.
    record Bytes(RecordField to, int offset, int bytes, Field.Origin from) implements Extraction {

        public static final int BYTES_MAX = 16;

        public Bytes {
            GraphException.checkRange("field-off", offset, 0, Field.OFFSET_LIMIT);
            GraphException.checkRange("field-len", bytes, 1, BYTES_MAX);
            Field.checkOrigin(offset, bytes, from);
            if (bytes > to.bytes()) {
                throw new GraphException("field-len", bytes + " bytes do not fit " + to.label(),
                    "1 to " + to.bytes());
            }
        }
    }

    /// A number about this header itself.
    record Position(RecordField to, Kind kind) implements Extraction {

        /// Two bytes hold any of them.
        public static final int BYTES = 2;

        /// What to write: where the header begins or ends, from the packet's first byte, or how long it is.
        public enum Kind {
            OFFSET("offset"), END("end"), LENGTH("length");

            private final String label;

            Kind(String label) {
                this.label = label;
            }

            public String label() { return label; }
        }

        public Position {
            if (to.bytes() < BYTES) {
                throw new GraphException("to", "an offset does not fit " + to.label() + " of " + to.bytes() + " byte",
                    "a record field of 2 bytes or more");
            }
        }
    }

    /// A number that the graph states: written, or ORed into what is there.
    record Constant(RecordField to, BigInteger value, boolean isOr) implements Extraction {

        public Constant {
            if (value.signum() < 0 || value.bitLength() > 8 * to.bytes()) {
                throw new GraphException("value", value + " does not fit " + to.label(), "an unsigned number of "
                    + to.bytes() + (to.bytes() == 1 ? " byte" : " bytes"));
            }
        }
    }

    /// Refuses what reads outside the bytes that are always present in its part.
    default void checkWithin(int fixedBytes, String what) {
        switch (this) {
            case Value value -> value.field().checkWithin(fixedBytes, what);
            case Bytes bytes -> Field.checkWithin(bytes.offset(), bytes.bytes(), bytes.from(), fixedBytes, what);
            case Position _, Constant _ -> { }
        }
    }

    /// Bytes that it reads, from the start of its part.
    default int reach() {
        return switch (this) {
            case Value value -> value.field().offset() + value.field().bytes();
            case Bytes bytes -> bytes.offset() + bytes.bytes();
            case Position _, Constant _ -> 0;
        };
    }

    /// Refuses an offset that counts from an end: an option or optional field has none of its own.
    default void checkStart() {
        boolean isFromEnd = switch (this) {
            case Value value -> value.field().isFromEnd();
            case Bytes bytes -> bytes.from() == Field.Origin.END;
            case Position _, Constant _ -> false;
        };
        if (isFromEnd) {
            throw new GraphException("from", "\"end\" cannot be used here",
                "\"end\" only in next-proto and a node's metadata");
        }
    }
}
