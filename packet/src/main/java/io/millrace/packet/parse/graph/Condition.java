package io.millrace.packet.parse.graph;

/// A comparison of (field & mask), unshifted and unsigned, with a value; with flags to set where it holds.
public record Condition(Field field, Op op, long value, int flags) {

    /// How to compare; `ult` to `uge` are unsigned.
    public enum Op {
        EQ("eq"), NE("ne"), ULT("ult"), ULE("ule"), UGT("ugt"), UGE("uge");

        private final String label;

        Op(String label) {
            this.label = label;
        }

        /// As graphs write it.
        public String label() { return label; }

        public boolean holds(long field, long value) {
            int order = Long.compareUnsigned(field, value);
            return switch (this) {
                case EQ -> order == 0;
                case NE -> order != 0;
                case ULT -> order < 0;
                case ULE -> order <= 0;
                case UGT -> order > 0;
                case UGE -> order >= 0;
            };
        }
    }

    public Condition {
        field.checkStart();
        field.checkValue("value", value);
        GraphException.checkRange("flags", flags, 0, 0xffff);
    }

    /// A condition without flags.
    public static Condition check(Field field, Op op, long value) {
        return new Condition(field, op, value, 0);
    }
}
