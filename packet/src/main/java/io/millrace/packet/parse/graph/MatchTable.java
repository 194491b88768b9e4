package io.millrace.packet.parse.graph;

import io.millrace.packet.parse.RecordField;

import java.util.List;

/// A table that a device offers behind the graph; no part of the graph's behaviour.
///
/// @param entriesMax how many entries it has room for
public record MatchTable(String name, Target target, List<RecordField> keys, long entriesMax) {

    /// What fills the table.
    public enum Target {
        ROUTES("routes"), NTUPLE("ntuple"), NFTABLES("nftables"), FLOWER("flower"), RAW("raw");

        private final String label;

        Target(String label) {
            this.label = label;
        }

        public String label() { return label; }

        /// The target with this label, or null.
        public static Target labelled(String label) {
            for (Target target : values()) {
                if (target.label.equals(label)) return target;
            }
            return null;
        }
    }

    public MatchTable {
        keys = List.copyOf(keys);
    }
}
