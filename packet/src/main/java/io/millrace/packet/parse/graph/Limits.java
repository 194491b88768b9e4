package io.millrace.packet.parse.graph;

/// How far a parser goes before it gives up on a packet. Reaching a limit is a result, not an error.
///
/// @param nodesMax       headers entered in one packet
/// @param encapsMax      encapsulations entered; a packet has one record more
/// @param tlvsMax        options in one header, padding not counted
/// @param headerBytesMax end of the last header, from where parsing starts
public record Limits(int nodesMax, int encapsMax, int tlvsMax, int headerBytesMax) {

    public static final Limits STANDARD = new Limits(255, 4, 32, 512);

    public static final int NODES_LIMIT = 65_535;
    /// A packet's metadata counts its records in one byte.
    public static final int ENCAPS_LIMIT = 254;
    public static final int TLVS_LIMIT = 65_535;
    /// Offsets in records have two bytes.
    public static final int HEADER_BYTES_LIMIT = 65_535;

    public Limits {
        GraphException.checkRange("max-nodes", nodesMax, 0, NODES_LIMIT);
        GraphException.checkRange("max-encaps", encapsMax, 0, ENCAPS_LIMIT);
        GraphException.checkRange("max-tlvs", tlvsMax, 0, TLVS_LIMIT);
        GraphException.checkRange("max-header-bytes", headerBytesMax, 0, HEADER_BYTES_LIMIT);
    }
}
