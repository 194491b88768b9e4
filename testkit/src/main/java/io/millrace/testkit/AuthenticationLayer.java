package io.millrace.testkit;

/// An authentication header (RFC 4302) with an integrity check value of 12 zero bytes unless set.
public final class AuthenticationLayer implements Layer {

    private final Layer outer;
    private final long spi;
    private final long sequence;
    private byte[] checkValue = new byte[12];
    private int nextHeader = AUTO;
    private int headerBytes = AUTO;

    AuthenticationLayer(Layer outer, long spi, long sequence) {
        this.outer = outer;
        this.spi = spi;
        this.sequence = sequence;
    }

    public AuthenticationLayer checkValue(byte... value) {
        this.checkValue = value.clone();
        return this;
    }

    public AuthenticationLayer nextHeader(int value) {
        this.nextHeader = value;
        return this;
    }

    /// The length the header claims; a multiple of 4.
    public AuthenticationLayer headerBytes(int value) {
        this.headerBytes = value;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        int claimedBytes = Auto.length("header bytes", headerBytes, 12 + checkValue.length, 1_028);
        return new Octets()
            .u8(Auto.ipProtocol(nextHeader, inner, Ipv6Layer.NO_NEXT_HEADER)).u8(claimedBytes / 4 - 2).u16(0)
            .u32(spi).u32(sequence).bytes(checkValue)
            .bytes(payload).toBytes();
    }

    @Override
    public int ipProtocol() {
        return 51;
    }

    @Override
    public Endpoints endpoints() {
        return Endpoints.around(this);
    }
}
