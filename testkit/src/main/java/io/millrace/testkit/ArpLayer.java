package io.millrace.testkit;

/// An ARP packet for IPv4 over Ethernet (RFC 826).
public final class ArpLayer implements Layer {

    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private final Layer outer;
    private final byte[] senderMac;
    private final byte[] senderAddress;
    private final byte[] targetMac;
    private final byte[] targetAddress;
    private int operation;
    private int hardwareType = 1;
    private int protocolType = 0x0800;
    private int hardwareBytes = 6;
    private int protocolBytes = 4;

    ArpLayer(Layer outer, int operation, String senderMac, String senderAddress, String targetMac,
             String targetAddress) {
        this.outer = outer;
        this.operation = operation;
        this.senderMac = Addresses.mac(senderMac);
        this.senderAddress = Addresses.ipv4(senderAddress);
        this.targetMac = Addresses.mac(targetMac);
        this.targetAddress = Addresses.ipv4(targetAddress);
    }

    public ArpLayer operation(int value) {
        this.operation = value;
        return this;
    }

    public ArpLayer hardware(int type, int addressBytes) {
        this.hardwareType = type;
        this.hardwareBytes = addressBytes;
        return this;
    }

    public ArpLayer protocol(int type, int addressBytes) {
        this.protocolType = type;
        this.protocolBytes = addressBytes;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        return new Octets()
            .u16(hardwareType).u16(protocolType).u8(hardwareBytes).u8(protocolBytes).u16(operation)
            .bytes(senderMac).bytes(senderAddress).bytes(targetMac).bytes(targetAddress)
            .bytes(payload).toBytes();
    }

    @Override
    public int etherType() {
        return 0x0806;
    }
}
