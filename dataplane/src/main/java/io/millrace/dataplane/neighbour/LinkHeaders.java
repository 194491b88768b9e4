package io.millrace.dataplane.neighbour;

import io.millrace.packet.memory.PacketMeta;

/// What a link header of another length means for a packet's metadata.
final class LinkHeaders {

    /// The bytes in front of the IP header have become more, or fewer where `grownBytes` is negative: the packet begins
    /// earlier in its slot, and every offset that counts from its first byte moves.
    static void grow(PacketMeta meta, int packet, int grownBytes) {
        meta.dataAt(packet, meta.dataAt(packet) - grownBytes);
        meta.slotBytes(packet, meta.slotBytes(packet) + grownBytes);
        meta.packetBytes(packet, meta.packetBytes(packet) + grownBytes);
        meta.l3(packet, meta.l3(packet) + grownBytes);
        if (meta.l4(packet) != 0) meta.l4(packet, meta.l4(packet) + grownBytes);
        if (meta.payload(packet) != 0) meta.payload(packet, meta.payload(packet) + grownBytes);
        if (meta.end(packet) != 0) meta.end(packet, meta.end(packet) + grownBytes);
        if (meta.innerFamily(packet) == 0) return;
        meta.innerL3(packet, meta.innerL3(packet) + grownBytes);
        meta.innerL4(packet, meta.innerL4(packet) + grownBytes);
        meta.innerPayload(packet, meta.innerPayload(packet) + grownBytes);
        meta.innerEnd(packet, meta.innerEnd(packet) + grownBytes);
    }

    private LinkHeaders() {}
}
