package io.millrace.control.offload;

import io.millrace.packet.memory.PacketMeta;

import java.util.List;

/// A packet that came out of merging or segmenting.
///
/// @param bytes        of the whole frame
/// @param payloadBytes behind the innermost header that the parser found, padding not counted
/// @param gsoSize      payload of each segment; 0 where the packet is one segment
/// @param segments     how many it is; 1 where it is one segment
/// @param gsoType      bits of [io.millrace.packet.memory.GsoType]
/// @param frames       numbers of the frames of the capture that it was made of, from 1, in order
public record OffloadedPacket(int bytes, int payloadBytes, int gsoSize, int segments, int gsoType, List<Long> frames) {

    /// Longer packets end where they end: the header cannot say it.
    private static final int SAID_BYTES_MAX = 0xffff;

    public OffloadedPacket {
        frames = List.copyOf(frames);
    }

    /// What the metadata of a parsed packet says.
    public static OffloadedPacket of(PacketMeta meta, int packet, List<Long> frames) {
        boolean isEncapsulated = meta.recordCount(packet) > 1;
        int payload = isEncapsulated ? meta.innerPayload(packet) : meta.payload(packet);
        int saidEnd = isEncapsulated ? meta.innerEnd(packet) : meta.end(packet);
        int bytes = meta.packetBytes(packet);
        int end = bytes > SAID_BYTES_MAX ? bytes : Math.min(saidEnd, bytes);
        return new OffloadedPacket(bytes, Math.max(0, end - payload), meta.gsoSize(packet),
            Math.max(1, meta.gsoSegments(packet)), meta.gsoType(packet), frames);
    }
}
