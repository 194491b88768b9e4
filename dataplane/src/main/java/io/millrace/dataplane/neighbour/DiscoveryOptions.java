package io.millrace.dataplane.neighbour;

import io.millrace.packet.header.NdOptionView;
import io.millrace.packet.memory.PacketMemory;

/// Reads the options of a Neighbour Discovery message (RFC 4861 §4.6), of which a router needs the two link-layer
/// addresses. Of several options of one type the first counts, as in Linux.
final class DiscoveryOptions {

    /// An option of the right type whose length is not that of an Ethernet address.
    static final long MALFORMED = -2;

    private final NdOptionView option;
    private long sourceMac;
    private long targetMac;

    DiscoveryOptions(PacketMemory packets) {
        this.option = new NdOptionView(packets);
    }

    /// Reads `byteCount` bytes from `at` in the segment. False if an option has no length or too great a one; nothing
    /// of the message is then to be believed.
    boolean read(long at, int byteCount) {
        sourceMac = NeighbourUpdate.NO_MAC;
        targetMac = NeighbourUpdate.NO_MAC;
        int readBytes = 0;
        while (readBytes < byteCount) {
            option.at(at + readBytes);
            if (!option.isValid(byteCount - readBytes)) return false;
            int type = option.type();
            if (type == NdOptionView.SOURCE_LINK_ADDRESS && sourceMac == NeighbourUpdate.NO_MAC) sourceMac = mac();
            if (type == NdOptionView.TARGET_LINK_ADDRESS && targetMac == NeighbourUpdate.NO_MAC) targetMac = mac();
            readBytes += option.optionBytes();
        }
        return true;
    }

    private long mac() {
        return option.optionBytes() == NdOptionView.LINK_ADDRESS_BYTES ? option.mac() : MALFORMED;
    }

    /// The address in the source link-layer address option, or `NO_MAC`, or `MALFORMED`.
    long sourceMac() { return sourceMac; }
    /// The address in the target link-layer address option, or `NO_MAC`, or `MALFORMED`.
    long targetMac() { return targetMac; }
}
