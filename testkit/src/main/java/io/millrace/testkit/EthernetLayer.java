package io.millrace.testkit;

import java.util.Arrays;

/// An Ethernet II header; with a small `etherType` (a length) an IEEE 802.3 one.
public final class EthernetLayer implements Layer {

    private static final int BRIDGED_ETHERNET = 0x6558;
    private static final int IP_PROTOCOL = 143;

    private final Layer outer;
    private final byte[] source;
    private final byte[] target;
    private int etherType = AUTO;
    private int frameBytesMin;

    EthernetLayer(Layer outer, String source, String target) {
        this.outer = outer;
        this.source = Addresses.mac(source);
        this.target = Addresses.mac(target);
    }

    public EthernetLayer etherType(int value) {
        this.etherType = value;
        return this;
    }

    /// Pads the frame with zeros up to this length, as hardware does to reach 60 bytes.
    public EthernetLayer frameBytesMin(int value) {
        this.frameBytesMin = value;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        byte[] frame = new Octets()
            .bytes(target).bytes(source).u16(Auto.etherType(etherType, inner)).bytes(payload).toBytes();
        return Arrays.copyOf(frame, Math.max(frame.length, frameBytesMin));
    }

    @Override
    public int etherType() {
        return BRIDGED_ETHERNET;
    }

    @Override
    public int ipProtocol() {
        return IP_PROTOCOL;
    }
}
