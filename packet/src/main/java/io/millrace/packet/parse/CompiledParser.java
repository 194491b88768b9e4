package io.millrace.packet.parse;

import io.millrace.packet.memory.Burst;

/// A parse graph, compiled. Walks packets from their first byte and writes what it finds.
///
/// "Present", where the graph asks whether a header is there, is what lies in a packet's first slot, where all headers
/// are, up to the smallest end that a header has named so far. Where a header says how long the packet is, that is
/// compared with the whole packet, chain included.
///
/// Allocates nothing, throws nothing whatever the bytes are, and ends after at most `max-nodes` headers.
/// Belongs to one thread.
public interface CompiledParser {

    /// The side table that it writes.
    ParseRecords records();

    /// Parses each packet of the burst, beginning at the node of its link type. The packet at `i` gets the records at
    /// `i`, and its metadata what record 0 says: offsets, protocols, flags, tags, result; and the inner offsets,
    /// protocols and flags, if it has a record beyond 0.
    void parse(Burst burst);

    /// The same for one packet; returns its [ParseOutcome].
    int parse(int packet, int index);

    /// Parses part of a packet, from the graph's root node on, as if it lay between `start` and `end`, both counted
    /// from the packet's first byte. Writes the records at `index`, whose offsets count from the packet's first byte
    /// too, and leaves the packet's metadata alone. Returns the [ParseOutcome].
    int parse(int packet, int index, int start, int end);
}
