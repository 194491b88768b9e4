package io.millrace.testkit;

/// A Geneve header (RFC 8926); it belongs on UDP port 6081.
public final class GeneveLayer implements Layer {

    public static final int UDP_PORT = 6081;

    private final Layer outer;
    private final int vni;
    private final Octets options = new Octets();
    private int version;
    private int flags;
    private int protocol = AUTO;
    private int optionBytes = AUTO;

    GeneveLayer(Layer outer, int vni) {
        this.outer = outer;
        this.vni = vni;
    }

    public GeneveLayer version(int value)     { this.version = value; return this; }
    /// The EtherType of what is inside.
    public GeneveLayer protocol(int value)    { this.protocol = value; return this; }
    /// The length of options that the header claims; a multiple of 4.
    public GeneveLayer optionBytes(int value) { this.optionBytes = value; return this; }
    /// Says that this is a control packet.
    public GeneveLayer control()              { this.flags |= 0x80; return this; }
    /// Says that an option is critical.
    public GeneveLayer critical()             { this.flags |= 0x40; return this; }

    /// Appends an option; the value is padded with zeros to four bytes.
    public GeneveLayer option(int optionClass, int type, byte... value) {
        options.u16(optionClass).u8(type).u8((value.length + 3) / 4).bytes(value).padTo(4);
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        int claimedBytes = Auto.length("Geneve option bytes", optionBytes, options.count(), 252);
        return new Octets()
            .u8(version << 6 | claimedBytes / 4).u8(flags)
            .u16(Auto.etherType(protocol, inner))
            .u24(vni).u8(0)
            .bytes(options.toBytes()).bytes(payload).toBytes();
    }
}
