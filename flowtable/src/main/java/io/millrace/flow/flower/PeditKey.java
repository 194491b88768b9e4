package io.millrace.flow.flower;

import io.millrace.packet.memory.Check;

/// One 32-bit word of a header that the action `pedit` changes: bits of the mask stay, the others become those of the
/// value, or grow by it.
///
/// @param header where the offset counts from
/// @param offset bytes, a multiple of 4; may be negative
/// @param isAdd  the value is added to the word instead of set, in the byte order of x86 as Linux there does it:
///               carries run from a byte into the one behind it, and those that leave the changed bits are lost
/// @param value  in network order; bits that it has under the mask are turned over, unless it is added
/// @param mask   of bits that stay, in network order
public record PeditKey(Header header, int offset, boolean isAdd, int value, int mask) {

    /// Headers, by `tc`'s names.
    public enum Header {
        /// Behind the Ethernet header, whatever is there.
        NETWORK("network"),
        ETHERNET("eth"),
        IPV4("ipv4"),
        IPV6("ipv6"),
        TCP("tcp"),
        UDP("udp");

        private final String word;

        Header(String word) {
            this.word = word;
        }

        public String word() { return word; }
    }

    public PeditKey {
        Check.that(offset % 4 == 0, "offsets are multiples of 4", offset);
    }
}
