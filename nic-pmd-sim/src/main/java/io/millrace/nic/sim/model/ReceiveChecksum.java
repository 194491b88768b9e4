package io.millrace.nic.sim.model;

/// What a device says about the checksums of a packet it received.
public enum ReceiveChecksum {

    NONE("none"),
    /// "The TCP or UDP checksum is right", of plain packets; nothing of others.
    UNNECESSARY("unnecessary"),
    /// The sum of all bytes behind the Ethernet header, of every packet.
    COMPLETE("complete");

    private final String label;

    ReceiveChecksum(String label) {
        this.label = label;
    }

    /// As in a model file.
    public String label() { return label; }
}
