package io.millrace.testkit;

/// A GRE header (RFC 2784, RFC 2890). Optional fields appear when they are asked for.
public final class GreLayer implements Layer {

    private static final int CHECKSUM_PRESENT = 0x8000;
    private static final int KEY_PRESENT = 0x2000;
    private static final int SEQUENCE_PRESENT = 0x1000;

    private final Layer outer;
    private int flagsAndVersion;
    private int protocol = AUTO;
    private int checksum = AUTO;
    private long key;
    private long sequence;

    GreLayer(Layer outer) {
        this.outer = outer;
    }

    /// With the right checksum.
    public GreLayer withChecksum() {
        this.flagsAndVersion |= CHECKSUM_PRESENT;
        return this;
    }

    public GreLayer checksum(int value) {
        this.checksum = value;
        return withChecksum();
    }

    public GreLayer key(long value) {
        this.flagsAndVersion |= KEY_PRESENT;
        this.key = value;
        return this;
    }

    public GreLayer sequence(long value) {
        this.flagsAndVersion |= SEQUENCE_PRESENT;
        this.sequence = value;
        return this;
    }

    /// Sets bits of the first two bytes on top of what the fields need: recursion, reserved bits, version.
    public GreLayer flags(int bits) {
        this.flagsAndVersion |= bits;
        return this;
    }

    /// The EtherType of what is inside.
    public GreLayer protocol(int value) {
        this.protocol = value;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        boolean hasChecksum = (flagsAndVersion & CHECKSUM_PRESENT) != 0;
        Octets packet = new Octets().u16(flagsAndVersion)
            .u16(Auto.etherType(protocol, inner));
        if (hasChecksum) packet.u32(0);
        if ((flagsAndVersion & KEY_PRESENT) != 0) packet.u32(key);
        if ((flagsAndVersion & SEQUENCE_PRESENT) != 0) packet.u32(sequence);
        byte[] bytes = packet.bytes(payload).toBytes();
        if (hasChecksum) {
            Octets.u16(bytes, 4, checksum != AUTO ? checksum : NaiveChecksum.of(bytes, 0, bytes.length));
        }
        return bytes;
    }

    @Override
    public int ipProtocol() {
        return NaiveChecksum.GRE;
    }
}
