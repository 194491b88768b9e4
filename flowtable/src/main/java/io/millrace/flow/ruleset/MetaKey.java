package io.millrace.flow.ruleset;

/// What `meta` can tell of a packet besides its bytes.
public enum MetaKey {
    LENGTH("length", DataType.INTEGER, 32), PROTOCOL("protocol", DataType.ETHER_TYPE, 16),
    NFPROTO("nfproto", DataType.NF_PROTO, 8), L4PROTO("l4proto", DataType.INET_PROTO, 8),
    PRIORITY("priority", DataType.CLASSID, 32), MARK("mark", DataType.MARK, 32),
    IIF("iif", DataType.IFACE_INDEX, 32), IIFNAME("iifname", DataType.IFNAME, 128),
    IIFTYPE("iiftype", DataType.IFACE_TYPE, 16), OIF("oif", DataType.IFACE_INDEX, 32),
    OIFNAME("oifname", DataType.IFNAME, 128), OIFTYPE("oiftype", DataType.IFACE_TYPE, 16),
    SKUID("skuid", DataType.UID, 32), SKGID("skgid", DataType.GID, 32), NFTRACE("nftrace", DataType.INTEGER, 1),
    RTCLASSID("rtclassid", DataType.REALM, 32), IBRNAME("ibrname", DataType.IFNAME, 128),
    OBRNAME("obrname", DataType.IFNAME, 128), PKTTYPE("pkttype", DataType.PKT_TYPE, 8),
    CPU("cpu", DataType.INTEGER, 32), IIFGROUP("iifgroup", DataType.DEVGROUP, 32),
    OIFGROUP("oifgroup", DataType.DEVGROUP, 32), CGROUP("cgroup", DataType.INTEGER, 32),
    RANDOM("random", DataType.INTEGER, 32), IPSEC("ipsec", DataType.BOOLEAN, 1),
    IIFKIND("iifkind", DataType.IFNAME, 128), OIFKIND("oifkind", DataType.IFNAME, 128),
    IBRPVID("ibrpvid", DataType.INTEGER, 16), IBRVPROTO("ibrvproto", DataType.ETHER_TYPE, 16),
    TIME("time", DataType.TIMESTAMP, 64), DAY("day", DataType.DAY, 8), HOUR("hour", DataType.HOUR, 32),
    SDIF("sdif", DataType.IFACE_INDEX, 32), SDIFNAME("sdifname", DataType.IFNAME, 128),
    BROUTE("broute", DataType.INTEGER, 1);

    private final String text;
    private final DataType type;
    private final int bits;

    MetaKey(String text, DataType type, int bits) {
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

    /// Names something only a host that ends connections has: sockets, users, control groups, bridges, IPsec.
    public boolean needsHost() {
        return switch (this) {
            case SKUID, SKGID, CGROUP, RTCLASSID, IPSEC, IBRNAME, OBRNAME, IBRPVID, IBRVPROTO, BROUTE -> true;
            default -> false;
        };
    }

    /// The key of this name, or null.
    public static MetaKey named(String name) {
        for (MetaKey key : values()) {
            if (key.text.equals(name)) return key;
        }
        return null;
    }
}
