package io.millrace.packet.rss;

/// What is done to the input before it is hashed (`ethtool -X DEV xfrm`), so that both directions of a flow have one
/// hash.
public enum HashTransform {

    NONE("none"),
    /// Both addresses become their XOR, and so do both ports.
    SYMMETRIC_XOR("symmetric-xor"),
    /// Of each pair the first becomes the OR of both, the second their XOR.
    SYMMETRIC_OR_XOR("symmetric-or-xor");

    private final String label;

    HashTransform(String label) {
        this.label = label;
    }

    /// As ethtool writes it.
    public String label() { return label; }
}
