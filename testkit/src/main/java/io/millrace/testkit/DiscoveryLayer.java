package io.millrace.testkit;

/// A neighbour discovery message (RFC 4861) with its options. The IPv6 header around it must have hop limit 255.
public final class DiscoveryLayer implements Layer {

    private static final int ROUTER = 0x80;
    private static final int SOLICITED = 0x40;
    private static final int OVERRIDE = 0x20;

    private final Layer outer;
    private final int type;
    private final byte[] body;
    private final Octets options = new Octets();
    private int code;
    private int checksum = AUTO;

    private DiscoveryLayer(Layer outer, int type, Octets body) {
        this.outer = outer;
        this.type = type;
        this.body = body.toBytes();
    }

    static DiscoveryLayer routerSolicitation(Layer outer) {
        return new DiscoveryLayer(outer, 133, new Octets().u32(0));
    }

    /// Hop limit 64, lifetime 1,800 s, the rest unspecified.
    static DiscoveryLayer routerAdvertisement(Layer outer) {
        return new DiscoveryLayer(outer, 134, new Octets().u8(64).u8(0).u16(1_800).u32(0).u32(0));
    }

    static DiscoveryLayer neighbourSolicitation(Layer outer, String wantedAddress) {
        return new DiscoveryLayer(outer, 135, new Octets().u32(0).bytes(Addresses.ipv6(wantedAddress)));
    }

    static DiscoveryLayer neighbourAdvertisement(Layer outer, String address) {
        return new DiscoveryLayer(outer, 136, new Octets().u32(0).bytes(Addresses.ipv6(address)));
    }

    /// Flags of an advertisement of a neighbour.
    public DiscoveryLayer router()                    { return flag(ROUTER); }
    public DiscoveryLayer solicited()                 { return flag(SOLICITED); }
    public DiscoveryLayer override()                  { return flag(OVERRIDE); }
    public DiscoveryLayer code(int value)             { this.code = value; return this; }
    public DiscoveryLayer checksum(int value)         { this.checksum = value; return this; }

    public DiscoveryLayer sourceLinkLayer(String mac) { return option(1, Addresses.mac(mac)); }
    public DiscoveryLayer targetLinkLayer(String mac) { return option(2, Addresses.mac(mac)); }

    public DiscoveryLayer mtu(long value) {
        return option(5, new Octets().u16(0).u32(value).toBytes());
    }

    /// An on-link prefix for address configuration (flags L and A), valid for ever.
    public DiscoveryLayer prefix(String prefix, int prefixBits) {
        return option(3, new Octets().u8(prefixBits).u8(0xc0).u32(0xffffffffL).u32(0xffffffffL).u32(0)
            .bytes(Addresses.ipv6(prefix)).toBytes());
    }

    /// An option; padded with zeros to a multiple of 8 bytes.
    public DiscoveryLayer option(int optionType, byte... value) {
        int optionBytes = (2 + value.length + 7) / 8 * 8;
        options.u8(optionType).u8(optionBytes / 8).bytes(value).zeros(optionBytes - 2 - value.length);
        return this;
    }

    /// Option bytes as they are, well-formed or not.
    public DiscoveryLayer options(byte... values) {
        options.bytes(values);
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        byte[] message = new Octets().u8(type).u8(code).u16(0).bytes(body).bytes(options.toBytes())
            .bytes(payload).toBytes();
        return Endpoints.fill(this, message, NaiveChecksum.ICMPV6, checksum, false);
    }

    @Override
    public int ipProtocol() {
        return NaiveChecksum.ICMPV6;
    }

    private DiscoveryLayer flag(int flag) {
        body[0] |= (byte) flag;
        return this;
    }
}
