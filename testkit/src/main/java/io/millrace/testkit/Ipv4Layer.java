package io.millrace.testkit;

/// An IPv4 header (RFC 791). Defaults: TTL 64, identification 0, no flags, no options.
public final class Ipv4Layer implements Layer {

    private final Layer outer;
    private final byte[] source;
    private final byte[] target;
    private final Octets options = new Octets();
    private int version = 4;
    private int headerBytes = AUTO;
    private int tos;
    private int totalBytes = AUTO;
    private int identification;
    private int flags;
    private int fragmentOffsetBytes;
    private int ttl = 64;
    private int protocol = AUTO;
    private int checksum = AUTO;

    Ipv4Layer(Layer outer, String source, String target) {
        this.outer = outer;
        this.source = Addresses.ipv4(source);
        this.target = Addresses.ipv4(target);
    }

    public Ipv4Layer version(int value)         { this.version = value; return this; }
    public Ipv4Layer tos(int value)             { this.tos = value; return this; }
    public Ipv4Layer totalBytes(int value)      { this.totalBytes = value; return this; }
    public Ipv4Layer identification(int value)  { this.identification = value; return this; }
    public Ipv4Layer reservedFlag()             { this.flags |= 0x8000; return this; }
    public Ipv4Layer dontFragment()             { this.flags |= 0x4000; return this; }
    public Ipv4Layer moreFragments()            { this.flags |= 0x2000; return this; }
    public Ipv4Layer ttl(int value)             { this.ttl = value; return this; }
    public Ipv4Layer protocol(int value)        { this.protocol = value; return this; }
    public Ipv4Layer checksum(int value)        { this.checksum = value; return this; }

    /// The length the header claims; a multiple of 4.
    public Ipv4Layer headerBytes(int value) {
        this.headerBytes = Auto.fits("header bytes", value, 60);
        return this;
    }

    /// A multiple of 8.
    public Ipv4Layer fragmentOffsetBytes(int value) {
        if (value % 8 != 0) throw new IllegalArgumentException("offset must be a multiple of 8, got " + value);
        this.fragmentOffsetBytes = value;
        return this;
    }

    /// Appends options as they are; the end is padded with zeros to four bytes.
    public Ipv4Layer options(byte... values) {
        options.bytes(values);
        return this;
    }

    public Ipv4Layer options(int... values) {
        for (int value : values) {
            options.u8(value);
        }
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        byte[] padded = new Octets().bytes(options.toBytes()).padTo(4).toBytes();
        int realHeaderBytes = 20 + padded.length;
        int headerWords = Auto.length("IPv4 header bytes", headerBytes, realHeaderBytes, 60) / 4;
        byte[] header = new Octets()
            .u8(version << 4 | headerWords)
            .u8(tos)
            .u16(Auto.length("IPv4 total bytes", totalBytes, realHeaderBytes + payload.length, 0xffff))
            .u16(identification)
            .u16(flags | fragmentOffsetBytes / 8)
            .u8(ttl)
            .u8(Auto.ipProtocol(protocol, inner, EXPERIMENTAL_PROTOCOL))
            .u16(0)
            .bytes(source).bytes(target).bytes(padded)
            .toBytes();
        Octets.u16(header, 10, checksum != AUTO ? checksum : NaiveChecksum.of(header, 0, header.length));
        return Octets.concat(header, payload);
    }

    @Override
    public int etherType()       { return 0x0800; }
    @Override
    public int ipProtocol()      { return 4; }
    @Override
    public int pppProtocol()     { return 0x0021; }
    @Override
    public Endpoints endpoints() { return new Endpoints(source, target); }
}
