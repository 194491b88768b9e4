package io.millrace.packet.parse;

/// A field of a parse record: its name in a graph, its size, and where [ParseRecords] keeps it.
public enum RecordField {

    SOURCE("src", 16, 0, 0),
    TARGET("dst", 16, 2, 0),
    SOURCE_PORT("sport", 2, 4, 0),
    TARGET_PORT("dport", 2, 4, 16),
    PROTO("proto", 1, 4, 32),
    FAMILY("family", 1, 4, 40),
    SESSION("session", 2, 4, 48),
    VLAN_0("vlan0", 4, 5, 0),
    VLAN_1("vlan1", 4, 5, 32),
    L3("l3", 2, 6, 0),
    L4("l4", 2, 6, 16),
    PAYLOAD("payload", 2, 6, 32),
    END("end", 2, 6, 48),
    FLAGS("flags", 2, 7, 0),
    TCP_FLAGS("tcp-flags", 1, 7, 16),
    CHECKSUM_OFFSET("csum-offset", 1, 7, 24),
    CHECKSUM_START("csum-start", 2, 7, 32),
    L2("l2", 2, 7, 48),
    KEY_ID("key-id", 4, 8, 0);

    private final String label;
    private final int bytes;
    private final int word;
    private final int shift;

    RecordField(String label, int bytes, int word, int shift) {
        this.label = label;
        this.bytes = bytes;
        this.word = word;
        this.shift = shift;
    }

    /// As graphs write it.
    public String label()      { return label; }
    public int bytes()         { return bytes; }
    /// An address: two words from [#word] on, the more significant first.
    public boolean isAddress() { return bytes == 16; }
    /// The word of the record that it is in.
    public int word()          { return word; }
    /// Its lowest bit there.
    public int shift()         { return shift; }

    /// The bits of its word that it takes; of an address, all.
    public long mask() {
        return isAddress() ? -1L : (1L << 8 * bytes) - 1 << shift;
    }

    /// The field with this label, or null.
    public static RecordField labelled(String label) {
        for (RecordField field : values()) {
            if (field.label.equals(label)) return field;
        }
        return null;
    }
}
