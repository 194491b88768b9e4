package io.millrace.testkit;

/// A routing header of any type (RFC 8200 §4.4). Of types 0 (RFC 2460), 2 (RFC 6275) and 4 (segment routing, RFC 8754)
/// the final target is known, which transport checksums cover as long as segments are left.
public final class Ipv6RoutingLayer implements Layer {

    private static final int SOURCE_ROUTE = 0;
    private static final int HOME_ADDRESS = 2;
    private static final int SEGMENT_ROUTING = 4;

    private final Layer outer;
    private final int type;
    private final int segmentsLeft;
    private final byte[] data;
    private int nextHeader = AUTO;
    private int headerBytes = AUTO;

    Ipv6RoutingLayer(Layer outer, int type, int segmentsLeft, byte[] data) {
        this.outer = outer;
        this.type = type;
        this.segmentsLeft = segmentsLeft;
        this.data = new Octets().bytes(data).zeros((12 - data.length % 8) % 8).toBytes();
    }

    static Ipv6RoutingLayer segments(Layer outer, int segmentsLeft, String... segments) {
        Octets data = new Octets().u8(segments.length - 1).u8(0).u16(0);
        for (String segment : segments) {
            data.bytes(Addresses.ipv6(segment));
        }
        return new Ipv6RoutingLayer(outer, SEGMENT_ROUTING, segmentsLeft, data.toBytes());
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
            .u8(Auto.ipProtocol(nextHeader, inner, Ipv6Layer.NO_NEXT_HEADER)).u8(claimedBytes / 8 - 1)
            .u8(type).u8(segmentsLeft).bytes(data).bytes(payload).toBytes();
    }

    @Override
    public int ipProtocol() {
        return 43;
    }

    @Override
    public Endpoints endpoints() {
        Endpoints endpoints = Endpoints.around(this);
        int finalTargetAt = finalTargetAt(type, data.length);
        boolean goesOn = segmentsLeft > 0 && finalTargetAt >= 0;
        return goesOn ? new Endpoints(endpoints.source(), Octets.range(data, finalTargetAt, 16)) : endpoints;
    }

    /// Where in the data after the first four bytes the final target lies; negative if that is not known.
    static int finalTargetAt(int type, int dataBytes) {
        if (dataBytes < 20) return AUTO;
        return switch (type) {
            case SOURCE_ROUTE, HOME_ADDRESS -> dataBytes - 16;
            case SEGMENT_ROUTING -> 4;
            default -> AUTO;
        };
    }
}
