package io.millrace.testkit;

/// A VLAN tag (IEEE 802.1Q; 802.1ad for the service tag). Tags nest.
public final class VlanLayer implements Layer {

    public static final int CUSTOMER = 0x8100;
    public static final int SERVICE = 0x88a8;

    private final Layer outer;
    private final int id;
    private int tagType;
    private int priority;
    private boolean dropEligible;
    private int etherType = AUTO;

    VlanLayer(Layer outer, int tagType, int id) {
        this.outer = outer;
        this.tagType = tagType;
        this.id = Auto.fits("VLAN id", id, 0xfff);
    }

    /// The type by which the header before announces this tag: [#CUSTOMER], [#SERVICE], 0x9100, …
    public VlanLayer tagType(int value) {
        this.tagType = value;
        return this;
    }

    public VlanLayer priority(int value) {
        this.priority = Auto.fits("VLAN priority", value, 7);
        return this;
    }

    public VlanLayer dropEligible() {
        this.dropEligible = true;
        return this;
    }

    /// The type of what follows the tag.
    public VlanLayer etherType(int value) {
        this.etherType = value;
        return this;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        int control = priority << 13 | (dropEligible ? 0x1000 : 0) | id;
        return new Octets().u16(control).u16(Auto.etherType(etherType, inner)).bytes(payload).toBytes();
    }

    @Override
    public int etherType() {
        return tagType;
    }
}
