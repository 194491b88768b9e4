package io.millrace.nic.program;

import io.millrace.checksum.receive.ReceiveChecksum;
import io.millrace.checksum.transmit.ChecksumHelp;
import io.millrace.flow.flower.engine.FlowerTable;
import io.millrace.flow.path.FlowPath;
import io.millrace.gro.Merging;
import io.millrace.gso.Segmentation;
import io.millrace.packet.rss.ReceiveHash;

import java.util.Arrays;
import java.util.List;

/// The behaviours that a device can take over. The parser is a graph and has the graph's hash; the others are classes.
public enum Engine {

    /// The walk from a packet's first byte to its records.
    PARSER("parser"),
    /// Sums of received packets, sums filled in on transmit.
    CHECKSUM("checksum", ChecksumHelp.class, ReceiveChecksum.class),
    /// Cutting super-packets.
    GSO("gso", Segmentation.class),
    /// Merging segments.
    GRO("gro", Merging.class),
    /// The receive hash.
    RSS("rss", ReceiveHash.class),
    /// What a hit in the flow table does to a packet.
    FLOW("flow", FlowPath.class),
    /// How packets are held against flower filters, and what their actions do.
    FLOWER("flower", FlowerTable.class);

    private final String label;
    private final List<String> entryClasses;

    Engine(String label, Class<?>... entryClasses) {
        this.label = label;
        this.entryClasses = Arrays.stream(entryClasses).map(Class::getName).toList();
    }

    /// As images and people write it.
    public String label() { return label; }

    /// The classes that its callers hold, by name; none of the parser.
    public List<String> entryClasses() { return entryClasses; }

    /// True if its code is classes, false of the parser.
    public boolean isClasses() { return !entryClasses.isEmpty(); }

    /// The engine with this label, or null.
    public static Engine labelled(String label) {
        for (Engine engine : values()) {
            if (engine.label.equals(label)) return engine;
        }
        return null;
    }
}
