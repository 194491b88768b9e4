package io.millrace.testkit;

/// A hop-by-hop or destination options header (RFC 8200 §4.3, §4.6). Padded with a PadN (or Pad1) option to 8 bytes.
public final class Ipv6OptionsLayer implements Layer {

    static final int HOP_BY_HOP = 0;
    static final int DESTINATION = 60;

    private final Layer outer;
    private final int number;
    private final Octets options = new Octets();
    private int nextHeader = AUTO;
    private int headerBytes = AUTO;

    Ipv6OptionsLayer(Layer outer, int number) {
        this.outer = outer;
        this.number = number;
    }

    public Ipv6OptionsLayer option(int type, byte... value) {
        options.u8(type).u8(value.length).bytes(value);
        return this;
    }

    /// The router alert of RFC 2711; 0 announces Multicast Listener Discovery.
    public Ipv6OptionsLayer routerAlert(int value) {
        return option(5, (byte) (value >>> 8), (byte) value);
    }

    /// Option bytes as they are, well-formed or not.
    public Ipv6OptionsLayer options(byte... values) {
        options.bytes(values);
        return this;
    }

    public Ipv6OptionsLayer nextHeader(int value) {
        this.nextHeader = value;
        return this;
    }

    /// The length the header claims; a multiple of 8.
    public Ipv6OptionsLayer headerBytes(int value) {
        this.headerBytes = value;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        byte[] padded = padded();
        int claimedBytes = Auto.length("header bytes", headerBytes, 2 + padded.length, 2_048);
        return new Octets()
            .u8(Auto.ipProtocol(nextHeader, inner, Ipv6Layer.NO_NEXT_HEADER)).u8(claimedBytes / 8 - 1).bytes(padded)
            .bytes(payload).toBytes();
    }

    @Override
    public int ipProtocol() {
        return number;
    }

    @Override
    public Endpoints endpoints() {
        return Endpoints.around(this);
    }

    private byte[] padded() {
        Octets padded = new Octets().bytes(options.toBytes());
        int missingBytes = (8 - (2 + padded.count()) % 8) % 8;
        if (missingBytes == 1) padded.u8(0);
        if (missingBytes > 1) padded.u8(1).u8(missingBytes - 2).zeros(missingBytes - 2);
        return padded.toBytes();
    }
}
