package io.millrace.testkit;

/// A TCP header (RFC 9293). Without any flag set it is a plain acknowledgement; window 65,535.
public final class TcpLayer implements Layer {

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;

    private final Layer outer;
    private final int sourcePort;
    private final int targetPort;
    private final Octets options = new Octets();
    private long sequence;
    private long acknowledgement;
    private int flags = AUTO;
    private int window = 0xffff;
    private int urgentPointer;
    private int headerBytes = AUTO;
    private int checksum = AUTO;
    private boolean isPartial;

    TcpLayer(Layer outer, int sourcePort, int targetPort) {
        this.outer = outer;
        this.sourcePort = sourcePort;
        this.targetPort = targetPort;
    }

    public TcpLayer sequence(long value)       { this.sequence = value; return this; }
    public TcpLayer window(int value)          { this.window = value; return this; }
    public TcpLayer headerBytes(int value)     { this.headerBytes = Auto.fits("header bytes", value, 60); return this; }
    public TcpLayer checksum(int value)        { this.checksum = value; return this; }

    /// Replaces all flags, the four reserved bits (0xf00) included; 0 is "none".
    public TcpLayer flags(int value)           { this.flags = Auto.fits("TCP flags", value, 0xfff); return this; }
    public TcpLayer fin()                      { return flag(FIN); }
    public TcpLayer syn()                      { return flag(SYN); }
    public TcpLayer rst()                      { return flag(RST); }
    public TcpLayer psh()                      { return flag(PSH); }
    public TcpLayer ack()                      { return flag(ACK); }
    public TcpLayer ece()                      { return flag(ECE); }
    public TcpLayer cwr()                      { return flag(CWR); }

    /// The acknowledgement number, and the flag ACK.
    public TcpLayer acknowledgement(long value) {
        this.acknowledgement = value;
        return ack();
    }

    /// The urgent pointer, and the flag URG.
    public TcpLayer urgent(int pointer) {
        this.urgentPointer = pointer;
        return flag(URG);
    }

    public TcpLayer nop()                      { options.u8(1); return this; }
    public TcpLayer mss(int value)             { options.u8(2).u8(4).u16(value); return this; }
    public TcpLayer windowScale(int shift)     { options.u8(3).u8(3).u8(shift); return this; }
    public TcpLayer sackPermitted()            { options.u8(4).u8(2); return this; }

    public TcpLayer timestamps(long value, long echo) {
        options.u8(8).u8(10).u32(value).u32(echo);
        return this;
    }

    /// Left and right edges in turn.
    public TcpLayer sack(long... edges) {
        options.u8(5).u8(2 + edges.length * 4);
        for (long edge : edges) {
            options.u32(edge);
        }
        return this;
    }

    /// Option bytes as they are; the end is padded with zeros to four bytes.
    public TcpLayer options(byte... values) {
        options.bytes(values);
        return this;
    }

    /// Leaves the sum of the pseudo header in the checksum field, for a card to complete.
    public TcpLayer partialChecksum() {
        this.isPartial = true;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        byte[] padded = new Octets().bytes(options.toBytes()).padTo(4).toBytes();
        int headerWords = Auto.length("TCP header bytes", headerBytes, 20 + padded.length, 60) / 4;
        byte[] segment = new Octets()
            .u16(sourcePort).u16(targetPort).u32(sequence).u32(acknowledgement)
            .u16(headerWords << 12 | (flags == AUTO ? ACK : flags)).u16(window).u16(0).u16(urgentPointer)
            .bytes(padded).bytes(payload).toBytes();
        return Endpoints.fill(this, segment, NaiveChecksum.TCP, checksum, isPartial);
    }

    @Override
    public int ipProtocol() {
        return NaiveChecksum.TCP;
    }

    private TcpLayer flag(int flag) {
        this.flags = (flags == AUTO ? 0 : flags) | flag;
        return this;
    }
}
