package io.millrace.packet.parse.canonical;

/// A place where two graphs can treat a packet differently.
///
/// @param way    the nodes that lead there, by the first graph's names, and what they were entered by
/// @param member what differs, such as `metadata[2]` or `next-proto 0x12b5`
/// @param left   what the first graph has there
/// @param right  what the second has
public record GraphDifference(String way, String member, String left, String right) {

    @Override
    public String toString() {
        return way + ": " + member + ": " + left + " | " + right;
    }
}
