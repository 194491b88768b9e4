package io.millrace.packet.memory;

/// Flags that the parser sets for one level of headers (the `flags` record field of the parse graph).
public final class ParseFlags {

    public static final int FRAGMENT = 1;
    public static final int FIRST_FRAGMENT = 2;
    public static final int IPV4_OPTIONS = 4;
    public static final int IPV6_EXTENSIONS = 8;
    /// A routing header with segments left: the checksum's destination is not the header's.
    public static final int ROUTING_SEGMENTS_LEFT = 16;
    public static final int TCP_FIN_SYN_RST = 32;
    public static final int TUNNEL = 64;
    public static final int NOT_UNDERSTOOD = 128;
    /// Fewer bytes are present than the headers say.
    public static final int CUT = 256;

    private ParseFlags() {}
}
