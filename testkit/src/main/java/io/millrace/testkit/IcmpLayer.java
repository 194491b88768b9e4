package io.millrace.testkit;

/// An ICMP message (RFC 792): type, code, checksum, four bytes whose meaning depends on the type, then the payload.
public final class IcmpLayer implements Layer {

    private final Layer outer;
    private final int type;
    private final int code;
    private final byte[] word = new byte[4];
    private int checksum = AUTO;

    IcmpLayer(Layer outer, int type, int code) {
        this.outer = outer;
        this.type = type;
        this.code = code;
    }

    public IcmpLayer identifier(int value)     { Octets.u16(word, 0, value); return this; }
    public IcmpLayer sequence(int value)       { Octets.u16(word, 2, value); return this; }
    /// Of "fragmentation needed" (RFC 1191).
    public IcmpLayer mtu(int value)            { Octets.u16(word, 2, value); return this; }
    /// Of "parameter problem".
    public IcmpLayer pointer(int value)        { word[0] = (byte) value; return this; }
    public IcmpLayer checksum(int value)       { this.checksum = value; return this; }

    /// Of "redirect".
    public IcmpLayer gateway(String address) {
        System.arraycopy(Addresses.ipv4(address), 0, word, 0, 4);
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        byte[] message = new Octets().u8(type).u8(code).u16(0).bytes(word).bytes(payload).toBytes();
        Octets.u16(message, 2, checksum != AUTO ? checksum : NaiveChecksum.of(message, 0, message.length));
        return message;
    }

    @Override
    public int ipProtocol() {
        return NaiveChecksum.ICMP;
    }
}
