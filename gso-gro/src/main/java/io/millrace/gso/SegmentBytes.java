package io.millrace.gso;

import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

/// How long a packet is on the wire that it will be sent by, for comparisons with an MTU: a super-packet is as long as
/// its longest segment. Takes the offsets in the metadata for true.
public final class SegmentBytes {

    private final PacketMeta meta;

    public SegmentBytes(PacketMemory packets) {
        this.meta = new PacketMeta(packets);
    }

    /// Bytes from the outermost IP header to the end of the longest IP packet that will be sent.
    public int network(int packet) {
        int l3 = meta.l3(packet);
        int size = meta.gsoSize(packet);
        if (size == 0) return meta.packetBytes(packet) - l3;
        boolean isEncapsulated = meta.recordCount(packet) > 1;
        int payload = isEncapsulated ? meta.innerPayload(packet) : meta.payload(packet);
        if (size == GsoType.BY_SLOTS) return payload - l3 + longestSlot(packet, payload);
        // Of a datagram that will be fragments, the UDP header is part of what is cut.
        boolean isFragmented = (meta.gsoType(packet) & GsoType.UDP) != 0;
        return (isFragmented ? meta.l4(packet) : payload) - l3 + size;
    }

    private int longestSlot(int packet, int headerBytes) {
        int longest = meta.slotBytes(packet) - headerBytes;
        for (int slot = meta.next(packet); slot != PacketMemory.NONE; slot = meta.next(slot)) {
            longest = Math.max(longest, meta.slotBytes(slot));
        }
        return longest;
    }
}
