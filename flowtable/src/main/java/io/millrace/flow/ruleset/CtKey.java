package io.millrace.flow.ruleset;

/// What a rule can ask of, or set in, the connection of a packet.
public enum CtKey {
    STATE("state", DataType.CT_STATE, 32), DIRECTION("direction", DataType.CT_DIR, 8),
    STATUS("status", DataType.CT_STATUS, 32), MARK("mark", DataType.MARK, 32),
    /// Milliseconds until the connection times out.
    EXPIRATION("expiration", DataType.TIME, 32), HELPER("helper", DataType.STRING, 128),
    LABEL("label", DataType.CT_LABEL, 128), ZONE("zone", DataType.INTEGER, 16), ID("id", DataType.INTEGER, 32),
    EVENT("event", DataType.CT_EVENT, 32), L3PROTOCOL("l3proto", DataType.NF_PROTO, 8),
    PROTOCOL("protocol", DataType.INET_PROTO, 8), PROTO_SOURCE("proto-src", DataType.INET_SERVICE, 16),
    PROTO_TARGET("proto-dst", DataType.INET_SERVICE, 16), SOURCE_IP("ip saddr", DataType.IPV4_ADDR, 32),
    TARGET_IP("ip daddr", DataType.IPV4_ADDR, 32), SOURCE_IP6("ip6 saddr", DataType.IPV6_ADDR, 128),
    TARGET_IP6("ip6 daddr", DataType.IPV6_ADDR, 128),
    /// Without an address family: the family of the table says which.
    SOURCE("saddr", DataType.INTEGER, 0), TARGET("daddr", DataType.INTEGER, 0),
    BYTES("bytes", DataType.INTEGER, 64), PACKETS("packets", DataType.INTEGER, 64),
    AVERAGE_PACKET("avgpkt", DataType.INTEGER, 64);

    private final String text;
    private final DataType type;
    private final int bits;

    CtKey(String text, DataType type, int bits) {
        this.text = text;
        this.type = type;
        this.bits = bits;
    }

    public String text() {
        return text;
    }

    public DataType type() {
        return type;
    }

    public int bits() {
        return bits;
    }

    /// Has a meaning only together with `original` or `reply`.
    public boolean needsDirection() {
        return switch (this) {
            case PROTO_SOURCE, PROTO_TARGET, SOURCE_IP, TARGET_IP, SOURCE_IP6, TARGET_IP6, SOURCE, TARGET -> true;
            default -> false;
        };
    }

    /// May be asked for one direction.
    public boolean takesDirection() {
        return needsDirection() || switch (this) {
            case ZONE, BYTES, PACKETS, AVERAGE_PACKET, L3PROTOCOL, PROTOCOL -> true;
            default -> false;
        };
    }

    /// The key of this name, or null.
    public static CtKey named(String name) {
        for (CtKey key : values()) {
            if (key.text.equals(name)) return key;
        }
        return null;
    }
}
