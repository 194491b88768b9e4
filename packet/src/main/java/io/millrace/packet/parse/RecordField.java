package io.millrace.packet.parse;

/// A field of a parse record: its name in a graph, its size, and where [ParseRecords] keeps it.
public enum RecordField {

    SOURCE("src", 0, 16),
    TARGET("dst", 16, 16),
    SOURCE_PORT("sport", 32, 2),
    TARGET_PORT("dport", 34, 2),
    PROTO("proto", 36, 1),
    FAMILY("family", 37, 1),
    SESSION("session", 38, 2),
    VLAN_0("vlan0", 40, 4),
    VLAN_1("vlan1", 44, 4),
    L3("l3", 48, 2),
    L4("l4", 50, 2),
    PAYLOAD("payload", 52, 2),
    END("end", 54, 2),
    FLAGS("flags", 56, 2),
    TCP_FLAGS("tcp-flags", 58, 1),
    CHECKSUM_OFFSET("csum-offset", 59, 1),
    CHECKSUM_START("csum-start", 60, 2),
    L2("l2", 62, 2),
    KEY_ID("key-id", 64, 4);

    private final String label;
    private final int offset;
    private final int bytes;

    RecordField(String label, int offset, int bytes) {
        this.label = label;
        this.offset = offset;
        this.bytes = bytes;
    }

    /// As graphs write it.
    public String label() { return label; }
    /// From the record's first byte.
    public int offset()   { return offset; }
    public int bytes()    { return bytes; }

    /// The field with this label, or null.
    public static RecordField labelled(String label) {
        for (RecordField field : values()) {
            if (field.label.equals(label)) return field;
        }
        return null;
    }
}
