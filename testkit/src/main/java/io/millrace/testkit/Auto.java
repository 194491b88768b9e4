package io.millrace.testkit;

/// Values of header fields that a test left to the builder, and refusal of those that do not fit their field.
final class Auto {

    /// What was set, or what the layer inside calls itself.
    static int etherType(int wanted, Layer inner) {
        if (wanted != Layer.AUTO) return wanted;
        return inner == null ? Layer.EXPERIMENTAL_ETHER_TYPE : inner.etherType();
    }

    /// What was set, or what the layer inside calls itself; `whenEmpty` if nothing is inside.
    static int ipProtocol(int wanted, Layer inner, int whenEmpty) {
        if (wanted != Layer.AUTO) return wanted;
        return inner == null ? whenEmpty : inner.ipProtocol();
    }

    /// What was set, or the real length if the field can hold it.
    static int length(String field, int wanted, int realBytes, int max) {
        return wanted != Layer.AUTO ? wanted : fits(field, realBytes, max);
    }

    static int fits(String field, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(field + " must be 0 to " + max + ", got " + value);
        }
        return value;
    }

    private Auto() {}
}
