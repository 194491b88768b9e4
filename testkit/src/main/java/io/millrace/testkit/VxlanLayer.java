package io.millrace.testkit;

/// A VXLAN header (RFC 7348); it belongs on UDP port 4789. An Ethernet layer follows.
public final class VxlanLayer implements Layer {

    public static final int UDP_PORT = 4789;

    private final Layer outer;
    private final int vni;
    private int flags = 0x08;

    VxlanLayer(Layer outer, int vni) {
        this.outer = outer;
        this.vni = vni;
    }

    /// The first byte; 0x08 says that the VNI is valid.
    public VxlanLayer flags(int value) {
        this.flags = value;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        return new Octets().u8(flags).u24(0).u24(vni).u8(0).bytes(payload).toBytes();
    }
}
