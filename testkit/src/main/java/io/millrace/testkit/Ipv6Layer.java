package io.millrace.testkit;

/// The fixed IPv6 header (RFC 8200 §3). Defaults: hop limit 64, traffic class and flow label 0.
public final class Ipv6Layer implements Layer {

    static final int NO_NEXT_HEADER = 59;

    private final Layer outer;
    private final byte[] source;
    private final byte[] target;
    private int version = 6;
    private int trafficClass;
    private int flowLabel;
    private int payloadBytes = AUTO;
    private int nextHeader = AUTO;
    private int hopLimit = 64;

    Ipv6Layer(Layer outer, String source, String target) {
        this.outer = outer;
        this.source = Addresses.ipv6(source);
        this.target = Addresses.ipv6(target);
    }

    public Ipv6Layer version(int value)       { this.version = value; return this; }
    public Ipv6Layer trafficClass(int value)  { this.trafficClass = value; return this; }
    public Ipv6Layer flowLabel(int value)     { this.flowLabel = value; return this; }
    public Ipv6Layer payloadBytes(int value)  { this.payloadBytes = value; return this; }
    public Ipv6Layer nextHeader(int value)    { this.nextHeader = value; return this; }
    public Ipv6Layer hopLimit(int value)      { this.hopLimit = value; return this; }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        return new Octets()
            .u32((long) version << 28 | Auto.fits("traffic class", trafficClass, 0xff) << 20
                | Auto.fits("flow label", flowLabel, 0xfffff))
            .u16(Auto.length("IPv6 payload bytes", payloadBytes, payload.length, 0xffff))
            .u8(Auto.ipProtocol(nextHeader, inner, NO_NEXT_HEADER))
            .u8(hopLimit)
            .bytes(source).bytes(target).bytes(payload)
            .toBytes();
    }

    @Override
    public int etherType()       { return 0x86dd; }
    @Override
    public int ipProtocol()      { return 41; }
    @Override
    public int pppProtocol()     { return 0x0057; }
    @Override
    public Endpoints endpoints() { return new Endpoints(source, target); }
}
