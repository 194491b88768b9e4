package io.millrace.testkit;

/// A routing header of any type (RFC 8200 §4.4); type 4 is the segment routing header of RFC 8754.
public final class Ipv6RoutingLayer implements Layer {

    private static final int SEGMENT_ROUTING = 4;

    private final Layer outer;
    private final int type;
    private final int segmentsLeft;
    private final byte[] data;
    private final byte[] finalTarget;
    private int nextHeader = AUTO;
    private int headerBytes = AUTO;

    Ipv6RoutingLayer(Layer outer, int type, int segmentsLeft, byte[] data) {
        this(outer, type, segmentsLeft, data, null);
    }

    private Ipv6RoutingLayer(Layer outer, int type, int segmentsLeft, byte[] data, byte[] finalTarget) {
        this.outer = outer;
        this.type = type;
        this.segmentsLeft = segmentsLeft;
        this.data = new Octets().bytes(data).zeros((12 - data.length % 8) % 8).toBytes();
        this.finalTarget = finalTarget;
    }

    static Ipv6RoutingLayer segments(Layer outer, int segmentsLeft, String... segments) {
        Octets data = new Octets().u8(segments.length - 1).u8(0).u16(0);
        for (String segment : segments) {
            data.bytes(Addresses.ipv6(segment));
        }
        return new Ipv6RoutingLayer(outer, SEGMENT_ROUTING, segmentsLeft, data.toBytes(), Addresses.ipv6(segments[0]));
    }

    public Ipv6RoutingLayer nextHeader(int value) {
        this.nextHeader = value;
        return this;
    }

    /// The length the header claims; a multiple of 8.
    public Ipv6RoutingLayer headerBytes(int value) {
        this.headerBytes = value;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        int claimedBytes = Auto.length("header bytes", headerBytes, 4 + data.length, 2_048);
        return new Octets()
            .u8(Auto.ipProtocol(nextHeader, inner, Ipv6Layer.NO_NEXT_HEADER)).u8(claimedBytes / 8 - 1).u8(type).u8(segmentsLeft)
            .bytes(data).bytes(payload).toBytes();
    }

    @Override
    public int ipProtocol() {
        return 43;
    }

    @Override
    public Endpoints endpoints() {
        Endpoints endpoints = Endpoints.around(this);
        boolean goesOn = finalTarget != null && segmentsLeft > 0;
        return goesOn ? new Endpoints(endpoints.source(), finalTarget) : endpoints;
    }
}
