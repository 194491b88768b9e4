package io.millrace.testkit;

/// An SCTP packet (RFC 9260): common header, then chunks. The checksum is CRC32c.
public final class SctpLayer implements Layer {

    private final Layer outer;
    private final int sourcePort;
    private final int targetPort;
    private final Octets chunks = new Octets();
    private long verificationTag;
    private long checksum = AUTO;

    SctpLayer(Layer outer, int sourcePort, int targetPort) {
        this.outer = outer;
        this.sourcePort = sourcePort;
        this.targetPort = targetPort;
    }

    public SctpLayer verificationTag(long value) {
        this.verificationTag = value;
        return this;
    }

    /// The four bytes of the checksum field, read in network order.
    public SctpLayer checksum(long value) {
        this.checksum = value;
        return this;
    }

    /// Appends a chunk; padded with zeros to four bytes.
    public SctpLayer chunk(int type, int flags, byte... value) {
        chunks.u8(type).u8(flags).u16(4 + value.length).bytes(value).padTo(4);
        return this;
    }

    /// Appends a DATA chunk that holds a whole message (flags B and E).
    public SctpLayer data(long sequence, int stream, int streamSequence, byte... message) {
        return chunk(0, 3, new Octets().u32(sequence).u16(stream).u16(streamSequence).u32(0)
            .bytes(message).toBytes());
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        Octets packet = new Octets().u16(sourcePort).u16(targetPort).u32(verificationTag);
        byte[] zeroed = new Octets().bytes(packet.toBytes()).u32(0).bytes(chunks.toBytes()).bytes(payload).toBytes();
        return packet.u32(checksum != AUTO ? checksum : NaiveChecksum.sctp(zeroed))
            .bytes(chunks.toBytes()).bytes(payload).toBytes();
    }

    @Override
    public int ipProtocol() {
        return NaiveChecksum.SCTP;
    }
}
