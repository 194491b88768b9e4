package io.millrace.gso;

import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.checksum.transmit.DeviceChecksums;
import io.millrace.checksum.transmit.LegacyTransmit;
import io.millrace.gso.DeviceSegmentation.Grade;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// For drivers: the one place where a driver whose device cannot cut a super-packet gets its segments.
///
/// A packet is left as it is if it is no super-packet, or if the device does all of it: cuts what the packet is, within
/// its limits, and fills in the checksum of each segment. Otherwise it is cut here, and the checksums of the segments
/// are completed here too, unless the device fills them in. In between lies the device that cuts the innermost headers
/// only: a tunnelled packet becomes a super-packet of whole segments, and a rest.
///
/// Allocates nothing. Belongs to one thread.
public final class GsoHelp {

    private static final int DONT_FRAGMENT = 0x4000;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final LegacyTransmit checksums;
    private final Segmentation segmentation;
    private int count;

    /// Both as [Segmentation] takes them.
    public GsoHelp(PacketPool pool, long fragmentIdSeed) {
        PacketMemory packets = pool.packets();
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.checksums = new LegacyTransmit(packets);
        this.segmentation = new Segmentation(pool, fragmentIdSeed);
    }

    /// `FORWARD`: what is to be given to the device lies in `target` from 0 to [#count], in order; it may be the packet
    /// itself. Any other verdict: the packet is still the caller's, to be dropped (see [Segmentation#segment]).
    ///
    /// Checksums of packets that are no super-packets are not looked at.
    public Verdict gsoHelp(int packet, DeviceSegmentation device, int[] target) {
        count = 0;
        if (meta.gsoSize(packet) == 0) return leave(packet, target);
        if (isLeftUnread(packet, device)) return leave(packet, target);
        Verdict verdict = segmentation.check(packet);
        if (verdict != Verdict.FORWARD) return verdict;
        boolean isSumLeft = fillsIn(packet, device.checksums());
        boolean isCut = isSumLeft && isWithinLimits(packet, device);
        if (isCut && device.grade() == Grade.EVERYTHING) return leave(packet, target);
        if (isCut && device.grade() == Grade.INNERMOST && isCutByInnermost(packet)) {
            if (isPlain(packet)) return leave(packet, target);
            return cut(packet, true, true, target);
        }
        return cut(packet, isSumLeft, false, target);
    }

    /// How many packets came of the last one.
    public int count() {
        return count;
    }

    private Verdict leave(int packet, int[] target) {
        if (target.length == 0) return Verdict.GSO_SEGMENTS_MAX;
        target[0] = packet;
        count = 1;
        return Verdict.FORWARD;
    }

    private Verdict cut(int packet, boolean isSumLeft, boolean isPartial, int[] target) {
        Verdict verdict = segmentation.cut(packet, isSumLeft, isPartial, target);
        count = segmentation.count();
        return verdict;
    }

    /// True where nothing needs to be read to see that the device does it all: what this host made, or merged, for a
    /// device that does everything.
    private boolean isLeftUnread(int packet, DeviceSegmentation device) {
        return device.grade() == Grade.EVERYTHING && device.checksums().anyAtOffset()
            && record.state(packet) == ChecksumState.PARTIAL && !record.isCrc32c(packet)
            && (meta.gsoType(packet) & GsoType.DODGY) == 0 && meta.gsoSegments(packet) != 0
            && isWithinLimits(packet, device);
    }

    private boolean isWithinLimits(int packet, DeviceSegmentation device) {
        int bytesMax = meta.family(packet) == 6 ? device.bytesMax() : device.ipv4BytesMax();
        int types = meta.gsoType(packet) & DeviceSegmentation.ALL_TYPES;
        return meta.packetBytes(packet) < bytesMax && meta.gsoSegments(packet) <= device.segmentsMax()
            && (types & ~device.types()) == 0;
    }

    /// True if the device fills in the innermost checksum of every segment; of fragments, which have none, always.
    private boolean fillsIn(int packet, DeviceChecksums device) {
        HeaderStack stack = segmentation.stack();
        if (stack.isFragmented()) return true;
        if (stack.cutProtocol() == IpProtocol.SCTP) return device.sctpCrc();
        return checksums.canChecksum(packet, device);
    }

    /// True if a device that knows only the innermost headers sends what [Segmentation] would: TCP and UDP datagrams
    /// whose ids may be repeated, because nobody fragments them.
    private boolean isCutByInnermost(int packet) {
        HeaderStack stack = segmentation.stack();
        if (stack.cutProtocol() == IpProtocol.SCTP || stack.isFragmented()) return false;
        int fixed = GsoType.TCP_FIXEDID | GsoType.TCP_FIXEDID_INNER;
        for (int layer = 0; layer < stack.layerCount(); layer++) {
            if (stack.kind(layer) != HeaderStack.IPV4) continue;
            boolean isRepeated = stack.at(layer) != stack.network() || (meta.gsoType(packet) & fixed) != 0;
            int fragmentation = Wire.u16(memory, meta.frameAt(packet) + stack.at(layer) + 6);
            if (isRepeated && (fragmentation & DONT_FRAGMENT) == 0) return false;
        }
        return true;
    }

    /// True if there is nothing around the innermost headers that differs from segment to segment, or no longer.
    private boolean isPlain(int packet) {
        int type = meta.gsoType(packet);
        return (type & GsoType.ANY_TUNNEL) == 0 || (type & GsoType.PARTIAL) != 0;
    }
}
