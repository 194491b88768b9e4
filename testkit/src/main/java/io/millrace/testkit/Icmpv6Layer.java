package io.millrace.testkit;

/// An ICMPv6 message (RFC 4443): type, code, checksum, four bytes whose meaning depends on the type, then the payload.
public final class Icmpv6Layer implements Layer {

    private final Layer outer;
    private final int type;
    private final int code;
    private final byte[] word = new byte[4];
    private int checksum = AUTO;

    Icmpv6Layer(Layer outer, int type, int code) {
        this.outer = outer;
        this.type = type;
        this.code = code;
    }

    public Icmpv6Layer identifier(int value)   { Octets.u16(word, 0, value); return this; }
    public Icmpv6Layer sequence(int value)     { Octets.u16(word, 2, value); return this; }
    /// Of "packet too big".
    public Icmpv6Layer mtu(long value)         { return word(value); }
    /// Of "parameter problem".
    public Icmpv6Layer pointer(long value)     { return word(value); }
    public Icmpv6Layer checksum(int value)     { this.checksum = value; return this; }

    /// The four bytes after the checksum.
    public Icmpv6Layer word(long value) {
        Octets.u32(word, 0, value);
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        byte[] message = new Octets().u8(type).u8(code).u16(0).bytes(word).bytes(payload).toBytes();
        return Endpoints.fill(this, message, NaiveChecksum.ICMPV6, checksum, false);
    }

    @Override
    public int ipProtocol() {
        return NaiveChecksum.ICMPV6;
    }
}
