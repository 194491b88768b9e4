package io.millrace.testkit;

/// A UDP-Lite header (RFC 3828). The checksum covers everything unless a coverage is set.
public final class UdpLiteLayer implements Layer {

    private final Layer outer;
    private final int sourcePort;
    private final int targetPort;
    private int coverageBytes;
    private int checksum = AUTO;

    UdpLiteLayer(Layer outer, int sourcePort, int targetPort) {
        this.outer = outer;
        this.sourcePort = sourcePort;
        this.targetPort = targetPort;
    }

    /// How many bytes from the header on the checksum covers: 0 for all, else at least 8. An illegal coverage has no
    /// right checksum, so set one.
    public UdpLiteLayer coverageBytes(int value) {
        this.coverageBytes = value;
        return this;
    }

    public UdpLiteLayer checksum(int value) {
        this.checksum = value;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        byte[] datagram = new Octets()
            .u16(sourcePort).u16(targetPort).u16(coverageBytes).u16(0).bytes(payload).toBytes();
        return Endpoints.fill(this, datagram, NaiveChecksum.UDP_LITE, checksum, false);
    }

    @Override
    public int ipProtocol() {
        return NaiveChecksum.UDP_LITE;
    }
}
