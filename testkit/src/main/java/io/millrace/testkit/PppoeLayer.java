package io.millrace.testkit;

/// A PPPoE header (RFC 2516): of a session together with the PPP protocol after it, or of discovery, then with tags
/// as payload.
public final class PppoeLayer implements Layer {

    private static final int DISCOVERY = 0x8863;
    private static final int SESSION = 0x8864;

    private final Layer outer;
    private final int sessionId;
    private int versionAndType = 0x11;
    private int code;
    private int payloadBytes = AUTO;
    private int protocol = AUTO;

    PppoeLayer(Layer outer, int sessionId) {
        this.outer = outer;
        this.sessionId = sessionId;
    }

    /// Other than 0 it is a discovery packet.
    public PppoeLayer code(int value)           { this.code = value; return this; }
    public PppoeLayer versionAndType(int value) { this.versionAndType = value; return this; }
    /// The length field: the PPP protocol and what follows.
    public PppoeLayer payloadBytes(int value)   { this.payloadBytes = value; return this; }
    /// The PPP protocol.
    public PppoeLayer protocol(int value)       { this.protocol = value; return this; }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        Octets rest = new Octets();
        if (code == 0) rest.u16(protocol != AUTO ? protocol : inner == null ? 0x0021 : inner.pppProtocol());
        rest.bytes(payload);
        return new Octets()
            .u8(versionAndType).u8(code).u16(sessionId)
            .u16(Auto.length("PPPoE length", payloadBytes, rest.count(), 0xffff))
            .bytes(rest.toBytes()).toBytes();
    }

    @Override
    public int etherType() {
        return code == 0 ? SESSION : DISCOVERY;
    }
}
