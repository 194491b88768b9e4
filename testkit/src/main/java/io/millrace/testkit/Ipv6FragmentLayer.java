package io.millrace.testkit;

/// A fragment header (RFC 8200 §4.5). What follows is the piece, taken as it is.
public final class Ipv6FragmentLayer implements Layer {

    private final Layer outer;
    private final long identification;
    private final int offsetBytes;
    private final boolean moreFragments;
    private int nextHeader = AUTO;

    Ipv6FragmentLayer(Layer outer, long identification, int offsetBytes, boolean moreFragments) {
        if (offsetBytes % 8 != 0) {
            throw new IllegalArgumentException("offset must be a multiple of 8, got " + offsetBytes);
        }
        this.outer = outer;
        this.identification = identification;
        this.offsetBytes = offsetBytes;
        this.moreFragments = moreFragments;
    }

    public Ipv6FragmentLayer nextHeader(int value) {
        this.nextHeader = value;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        return new Octets()
            .u8(Auto.ipProtocol(nextHeader, inner, Ipv6Layer.NO_NEXT_HEADER)).u8(0)
            .u16(offsetBytes | (moreFragments ? 1 : 0)).u32(identification)
            .bytes(payload).toBytes();
    }

    @Override
    public int ipProtocol() {
        return 44;
    }

    @Override
    public Endpoints endpoints() {
        return Endpoints.around(this);
    }
}
