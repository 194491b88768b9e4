package io.millrace.nic.program;

import io.millrace.packet.parse.graph.MatchTable;

import java.util.List;

/// What a device may do instead of the host's software. One flag each: there is one way to cut, one checksum model, and
/// what a device cannot do within them the helpers do.
public enum Offload {

    /// The host takes the device's records instead of parsing.
    PARSE("rx-parsing", "parse", null, Engine.PARSER),
    RECEIVE_CHECKSUM("rx-checksumming", "rx", null, Engine.CHECKSUM),
    TRANSMIT_CHECKSUM("tx-checksumming", "tx", null, Engine.CHECKSUM),
    SEGMENTATION("segmentation-offload", "gso", null, Engine.GSO),
    MERGING("rx-gro-hw", "gro", null, Engine.GRO),
    VLAN_INSERT("tx-vlan-offload", "txvlan", null),
    /// Hash and indirection, which read the records.
    RECEIVE_HASH("receive-hashing", "rxhash", null, Engine.RSS, Engine.PARSER),
    NTUPLE("ntuple-filters", "ntuple", MatchTable.Target.NTUPLE, Engine.PARSER),
    /// Established connections in the device.
    FLOW("flow-offload", "flow", MatchTable.Target.NFTABLES, Engine.FLOW, Engine.PARSER),
    /// Flower filters in the device, which read frames themselves.
    FLOWER("hw-tc-offload", "tc", MatchTable.Target.FLOWER, Engine.FLOWER);

    private final String label;
    private final String shortLabel;
    private final MatchTable.Target table;
    private final List<Engine> engines;

    Offload(String label, String shortLabel, MatchTable.Target table, Engine... engines) {
        this.label = label;
        this.shortLabel = shortLabel;
        this.table = table;
        this.engines = List.of(engines);
    }

    /// As `ethtool -k` shows it.
    public String label()      { return label; }
    /// As `ethtool -K` takes it too.
    public String shortLabel() { return shortLabel; }
    /// The use of the match table that it needs, or null.
    public MatchTable.Target table() { return table; }
    /// The programs that it runs, its own first.
    public List<Engine> engines() { return engines; }

    /// The offload without which it cannot work, or null: who cuts fills in the checksum of each segment.
    public Offload base() {
        return this == SEGMENTATION ? TRANSMIT_CHECKSUM : null;
    }

    /// The offload of this name, long or short, or null.
    public static Offload named(String name) {
        for (Offload offload : values()) {
            if (offload.label.equals(name) || offload.shortLabel.equals(name)) return offload;
        }
        return null;
    }
}
