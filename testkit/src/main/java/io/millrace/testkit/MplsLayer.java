package io.millrace.testkit;

/// An MPLS label (RFC 3032). The bottom of the stack is the label that no label follows.
public final class MplsLayer implements Layer {

    private final Layer outer;
    private final int label;
    private int trafficClass;
    private int ttl = 64;
    private int bottom = AUTO;

    MplsLayer(Layer outer, int label) {
        this.outer = outer;
        this.label = label;
    }

    public MplsLayer trafficClass(int value)       { this.trafficClass = value; return this; }
    public MplsLayer ttl(int value)                { this.ttl = value; return this; }
    public MplsLayer bottomOfStack(boolean value)  { this.bottom = value ? 1 : 0; return this; }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        int bottomBit = bottom != AUTO ? bottom : inner instanceof MplsLayer ? 0 : 1;
        return new Octets()
            .u32((long) Auto.fits("MPLS label", label, 0xfffff) << 12 | Auto.fits("traffic class", trafficClass, 7) << 9
                | bottomBit << 8 | Auto.fits("TTL", ttl, 0xff))
            .bytes(payload).toBytes();
    }

    @Override
    public int etherType()   { return 0x8847; }
    @Override
    public int ipProtocol()  { return 137; }
    @Override
    public int pppProtocol() { return 0x0281; }
}
