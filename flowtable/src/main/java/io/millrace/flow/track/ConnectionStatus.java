package io.millrace.flow.track;

/// Bits of a connection's status, as Linux numbers them (`enum ip_conntrack_status`).
public final class ConnectionStatus {

    public static final int EXPECTED = 1;
    /// A packet of the reply direction was seen.
    public static final int SEEN_REPLY = 1 << 1;
    /// Never dropped early.
    public static final int ASSURED = 1 << 2;
    /// In the table: its first packet has left, or was delivered.
    public static final int CONFIRMED = 1 << 3;
    public static final int SOURCE_NAT = 1 << 4;
    public static final int TARGET_NAT = 1 << 5;
    public static final int SEQUENCE_ADJUST = 1 << 6;
    public static final int SOURCE_NAT_DONE = 1 << 7;
    public static final int TARGET_NAT_DONE = 1 << 8;
    /// Out of the table; packets under way still refer to it.
    public static final int DYING = 1 << 9;
    public static final int FIXED_TIMEOUT = 1 << 10;
    public static final int TEMPLATE = 1 << 11;
    public static final int NAT_CLASH = 1 << 12;
    public static final int HELPER = 1 << 13;
    /// In the flow table.
    public static final int OFFLOAD = 1 << 14;
    /// In a NIC's flow table.
    public static final int HARDWARE_OFFLOAD = 1 << 15;

    public static final int NAT = SOURCE_NAT | TARGET_NAT;
    public static final int NAT_DONE = SOURCE_NAT_DONE | TARGET_NAT_DONE;

    private ConnectionStatus() {}
}
