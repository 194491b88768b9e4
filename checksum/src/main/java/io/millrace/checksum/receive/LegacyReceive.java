package io.millrace.checksum.receive;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.cover.Coverage;
import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

/// For drivers of devices that only say "the TCP or UDP checksum is right": turns that into COMPLETE, so that nobody
/// above the driver sees a protocol-specific device.
///
/// The identity behind it: from the network header to the packet's end the sum is that of the headers up to the
/// transport, plus the complement of the transport's pseudo header, plus that of padding. No payload is touched.
public final class LegacyReceive {

    private static final int ALL_ONES = 0xffff;

    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final PacketSum sums;
    private final NetworkHeader ip;
    private final Coverage coverage;

    public LegacyReceive(PacketMemory packets) {
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.sums = new PacketSum(packets);
        this.ip = new NetworkHeader(packets);
        this.coverage = new Coverage(packets);
    }

    /// The device found the transport behind the IP header at `l3` right. COMPLETE and true, or NONE and false where
    /// such a device cannot know what it says: fragments, routing headers, home addresses, IPv4 with anything in front
    /// of the transport, anything but TCP and UDP, and UDP without a checksum, whose payload has any sum.
    public boolean convertUnnecessary(int packet, int l3) {
        record.none(packet);
        int packetBytes = meta.packetBytes(packet);
        if (ip.read(packet, l3, packetBytes) != NetworkHeader.Found.TRANSPORT) return false;
        if (ip.protocol() != IpProtocol.TCP && ip.protocol() != IpProtocol.UDP) return false;
        if (ip.hasRouting() || ip.hasHomeAddress() || ip.family() == 4 && ip.hasExtensions()) return false;
        if (!coverage.isCarried(packet, ip) || !coverage.examine(packet, ip)) return false;
        int behindAt = coverage.from() + coverage.byteCount();
        int headerBytes = coverage.from() - l3;
        long sum = sums.sum(packet, l3, headerBytes);
        sum = InternetChecksum.join(sum, headerBytes, ALL_ONES ^ InternetChecksum.fold(coverage.pseudoSum()));
        sum = InternetChecksum.join(sum, behindAt - l3, sums.sum(packet, behindAt, packetBytes - behindAt));
        record.complete(packet, l3, sum);
        return true;
    }
}
