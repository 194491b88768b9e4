package io.millrace.packet.text;

/// One header found in a packet; all its `headerBytes` are present.
///
/// @param at           its first byte in the packet memory
/// @param headerBytes  its own length, options included
/// @param presentBytes from its first byte to the last one present in the first slot
/// @param totalBytes   from its first byte to the packet's end as the headers before it say
/// @param isQuoted     it lies in the packet that an ICMP error quotes
record Header(HeaderKind kind, long at, int headerBytes, int presentBytes, int totalBytes, boolean isQuoted) {

    int payloadBytes() {
        return totalBytes - headerBytes;
    }

    /// First byte behind what may be read.
    long presentEnd() {
        return at + Math.min(presentBytes, totalBytes);
    }
}
