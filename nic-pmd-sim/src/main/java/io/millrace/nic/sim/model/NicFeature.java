package io.millrace.nic.sim.model;

/// An offload that can be on or off at a port, by the name that `ethtool -k` gives it.
public enum NicFeature {

    RECEIVE_CHECKSUM("rx-checksumming"),
    TRANSMIT_CHECKSUM("tx-checksumming"),
    SEGMENTATION("tcp-segmentation-offload"),
    RECEIVE_HASH("receive-hashing"),
    MERGING("rx-gro-hw"),
    TAG_INSERTION("tx-vlan-offload"),
    RULES("ntuple-filters"),
    FLOWS("flow-offload"),
    FILTERS("hw-tc-offload");

    private final String label;

    NicFeature(String label) {
        this.label = label;
    }

    public String label() { return label; }

    /// In a set of features that is one number.
    public int bit() {
        return 1 << ordinal();
    }

    /// On as soon as the device has it. The others are asked for.
    public boolean isUsual() {
        return this != MERGING;
    }
}
