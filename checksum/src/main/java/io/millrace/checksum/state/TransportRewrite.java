package io.millrace.checksum.state;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.InternetChecksum;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Updates the checksum of a TCP, UDP, UDP-Lite, DCCP or ICMPv6 header after an address or a port changed, in whatever
/// state the packet is, as Linux's `inet_proto_csum_replace` does. Call it after the change; for an IPv4 address also
/// update the header's own checksum ([IncrementalUpdate]).
///
/// - PARTIAL: the field holds the sum of the pseudo header, an address adds its delta; a port changes nothing, it lies
///   in the range still to be summed
/// - in any other state: RFC 1624
/// - COMPLETE besides: a port and the transport checksum cancel out, so do an IPv6 address and the transport checksum;
///   an IPv4 address cancels out with the header's own checksum, so the change of the transport checksum remains
///
/// `delta` comes from [IncrementalUpdate]: computed once for a flow, it serves all its packets. `fieldAt`, where the
/// checksum lies, counts from the packet's first byte. In a UDP header 0 means "no checksum" and stays; COMPLETE then
/// misses what would have cancelled out and is made up for.
public final class TransportRewrite {

    private final MemorySegment memory;
    private final PacketMeta meta;

    public TransportRewrite(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
    }

    public void addressIpv4(int packet, int fieldAt, long delta, boolean isUdp) {
        // The header's own checksum evened the address out; what the transport checksum took up remains.
        if (address(packet, fieldAt, delta, isUdp)) correct(packet, InternetChecksum.without(0, delta));
    }

    public void addressIpv6(int packet, int fieldAt, long delta, boolean isUdp) {
        if (!address(packet, fieldAt, delta, isUdp)) correct(packet, delta);
    }

    public void port(int packet, int fieldAt, long delta, boolean isUdp) {
        if (meta.checksumState(packet) == ChecksumState.PARTIAL) return;
        if (!updateField(packet, fieldAt, delta, isUdp)) correct(packet, delta);
    }

    /// True if the field now carries the change.
    private boolean address(int packet, int fieldAt, long delta, boolean isUdp) {
        if (meta.checksumState(packet) != ChecksumState.PARTIAL) return updateField(packet, fieldAt, delta, isUdp);
        long at = meta.frameAt(packet) + fieldAt;
        Wire.u16(memory, at, InternetChecksum.fold(Wire.u16(memory, at) + delta));
        return true;
    }

    private boolean updateField(int packet, int fieldAt, long delta, boolean isUdp) {
        long at = meta.frameAt(packet) + fieldAt;
        int checksum = Wire.u16(memory, at);
        if (isUdp && checksum == 0) return false;
        Wire.u16(memory, at, isUdp
            ? IncrementalUpdate.applyUdp(checksum, delta)
            : IncrementalUpdate.apply(checksum, delta));
        return true;
    }

    private void correct(int packet, long delta) {
        if (meta.checksumState(packet) != ChecksumState.COMPLETE) return;
        meta.checksumSum(packet, InternetChecksum.fold(meta.checksumSum(packet) + delta));
    }
}
