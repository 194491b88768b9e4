package io.millrace.testkit;

/// A UDP header (RFC 768).
public final class UdpLayer implements Layer {

    private final Layer outer;
    private final int sourcePort;
    private final int targetPort;
    private int datagramBytes = AUTO;
    private int checksum = AUTO;
    private boolean isPartial;

    UdpLayer(Layer outer, int sourcePort, int targetPort) {
        this.outer = outer;
        this.sourcePort = sourcePort;
        this.targetPort = targetPort;
    }

    /// The length field: header and payload.
    public UdpLayer datagramBytes(int value) {
        this.datagramBytes = value;
        return this;
    }

    public UdpLayer checksum(int value) {
        this.checksum = value;
        return this;
    }

    /// Checksum zero: not computed.
    public UdpLayer noChecksum() {
        return checksum(0);
    }

    /// Leaves the sum of the pseudo header in the checksum field, for a card to complete.
    public UdpLayer partialChecksum() {
        this.isPartial = true;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        byte[] datagram = new Octets()
            .u16(sourcePort).u16(targetPort)
            .u16(Auto.length("UDP length", datagramBytes, 8 + payload.length, 0xffff)).u16(0).bytes(payload).toBytes();
        return Endpoints.fill(this, datagram, NaiveChecksum.UDP, checksum, isPartial);
    }

    @Override
    public int ipProtocol() {
        return NaiveChecksum.UDP;
    }
}
