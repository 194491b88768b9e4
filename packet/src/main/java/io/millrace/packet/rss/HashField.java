package io.millrace.packet.rss;

/// What can go into the hash of a packet, with the letter and the bit that `ethtool -N DEV rx-flow-hash` has for it.
/// The input is the chosen ones in this order.
public enum HashField {

    L2_TARGET('m', 1 << 1, 6),
    VLAN('v', 1 << 2, 2),
    L3_PROTO('t', 1 << 3, 1),
    SOURCE('s', 1 << 4, 0),
    TARGET('d', 1 << 5, 0),
    SOURCE_PORT('f', 1 << 6, 2),
    TARGET_PORT('n', 1 << 7, 2),
    TEID('e', 1 << 8, 4),
    /// Packets of the type are discarded.
    DISCARD('r', 1 << 31, 0);

    private final char letter;
    private final int bit;
    private final int bytes;

    HashField(char letter, int bit, int bytes) {
        this.letter = letter;
        this.bit = bit;
        this.bytes = bytes;
    }

    public char letter() { return letter; }
    /// The `RXH_` bit.
    public int bit()     { return bit; }

    /// Bytes of input, where an address has so many.
    int bytes(int addressBytes) {
        return this == SOURCE || this == TARGET ? addressBytes : bytes;
    }

    /// The field with this letter, or null.
    public static HashField lettered(char letter) {
        for (HashField field : values()) {
            if (field.letter == letter) return field;
        }
        return null;
    }
}
