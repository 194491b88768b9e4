package io.millrace.packet.parse;

/// How a parser's walk over one packet ended. Never an error of the program: each is a fact about the packet or about
/// the graph's limits. [io.millrace.packet.memory.PacketMeta#parseResult] holds the ordinal.
public enum ParseResult {

    /// The graph understood the packet to its end.
    OKAY("understood"),
    UNKNOWN_PROTO("next protocol is not in the graph"),
    SHORT("packet ends within a header"),
    BAD_LENGTH("a length field contradicts its header or the packet"),
    BAD_FIELD("a field has a value that cannot be"),
    MAX_NODES("more headers than the graph allows"),
    MAX_ENCAPS("more encapsulations than the graph allows"),
    MAX_TLVS("more options in a header than the graph allows"),
    MAX_HEADER_BYTES("headers longer than the graph allows");

    private static final ParseResult[] ALL = values();

    private final String meaning;

    ParseResult(String meaning) {
        this.meaning = meaning;
    }

    public static ParseResult of(int ordinal) {
        return ALL[ordinal];
    }

    public String meaning() { return meaning; }
}
