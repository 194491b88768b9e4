package io.millrace.testkit;

/// A GTPv1-U header (3GPP TS 29.281 §5); it belongs on UDP port 2152. By default a G-PDU, so an IP packet follows.
public final class GtpuLayer implements Layer {

    public static final int UDP_PORT = 2152;

    private static final int G_PDU = 255;
    private static final int EXTENSION = 0x04;
    private static final int SEQUENCE = 0x02;
    private static final int PDU_NUMBER = 0x01;

    private final Layer outer;
    private final long teid;
    private final Octets extensions = new Octets();
    private int firstExtensionType;
    private int lastNextTypeAt = AUTO;
    private int flags = 0x30;
    private int messageType = G_PDU;
    private int lengthField = AUTO;
    private int sequence;
    private int pduNumber;

    GtpuLayer(Layer outer, long teid) {
        this.outer = outer;
        this.teid = teid;
    }

    public GtpuLayer messageType(int value) { this.messageType = value; return this; }
    public GtpuLayer sequence(int value)    { this.flags |= SEQUENCE; this.sequence = value; return this; }
    public GtpuLayer pduNumber(int value)   { this.flags |= PDU_NUMBER; this.pduNumber = value; return this; }

    /// The length field: what follows the first eight bytes.
    public GtpuLayer lengthField(int value) { this.lengthField = value; return this; }

    /// Appends an extension header; its content is padded with zeros to 4n − 2 bytes.
    public GtpuLayer extension(int type, byte... content) {
        this.flags |= EXTENSION;
        if (lastNextTypeAt == AUTO) {
            firstExtensionType = type;
        } else {
            extensions.set(lastNextTypeAt, type);
        }
        int extensionBytes = (content.length + 2 + 3) / 4 * 4;
        extensions.u8(extensionBytes / 4).bytes(content).zeros(extensionBytes - 2 - content.length).u8(0);
        lastNextTypeAt = extensions.count() - 1;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        Octets rest = new Octets();
        boolean hasOptionalFields = (flags & (EXTENSION | SEQUENCE | PDU_NUMBER)) != 0;
        if (hasOptionalFields) {
            rest.u16(sequence).u8(pduNumber).u8(firstExtensionType).bytes(extensions.toBytes());
        }
        rest.bytes(payload);
        return new Octets()
            .u8(flags).u8(messageType).u16(Auto.length("GTP-U length", lengthField, rest.count(), 0xffff)).u32(teid)
            .bytes(rest.toBytes()).toBytes();
    }
}
