package io.millrace.flow.ruleset;

/// A named field of a header, in network byte order: `bitOffset` bits behind `base`, `bits` wide, most significant
/// bit first. For extension headers and options the offset counts from their own first byte.
public record HeaderField(Protocol protocol, String name, DataType type, int bitOffset, int bits) {
    public PayloadBase base() {
        return protocol.base();
    }

    @Override
    public String toString() {
        return protocol.text() + " " + name;
    }
}
