package io.millrace.nic.sim.receive;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.cover.Coverage;
import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.ReceiveChecksum;
import io.millrace.packet.header.EthernetView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

/// Finds out about the checksums of what a port receives, as much as the device can.
///
/// - COMPLETE: the sum of all bytes behind the Ethernet header, whatever they are
/// - UNNECESSARY: that the checksum of TCP or UDP over plain IPv4 or IPv6 is right; of all else nothing, and of a wrong
///   one nothing either
///
/// A frame that was cut by its capture, or came with a checksum still to be filled in, is left as it is.
final class ChecksumUnit {

    private static final int LINK_TYPE_ETHERNET = 1;

    private final ReceiveChecksum kind;
    private final NicFaults faults;
    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final PacketSum sums;
    private final NetworkHeader ip;
    private final Coverage coverage;

    ChecksumUnit(ReceiveChecksum kind, NicFaults faults, PacketMemory packets) {
        this.kind = kind;
        this.faults = faults;
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.sums = new PacketSum(packets);
        this.ip = new NetworkHeader(packets);
        this.coverage = new Coverage(packets);
    }

    /// True if something is known now of a packet that has been parsed.
    boolean examine(int packet) {
        if (record.state(packet) != ChecksumState.NONE || meta.gsoSize(packet) != 0) return false;
        if (meta.linkType(packet) != LINK_TYPE_ETHERNET || meta.originalBytes(packet) != 0) return false;
        return switch (kind) {
            case NONE -> false;
            case COMPLETE -> complete(packet);
            case UNNECESSARY -> confirm(packet);
        };
    }

    private boolean complete(int packet) {
        int from = EthernetView.HEADER_BYTES;
        int summedBytes = meta.packetBytes(packet) - from;
        if (summedBytes <= 0) return false;
        record.complete(packet, from, InternetChecksum.fold(sums.sum(packet, from, summedBytes))
            ^ faults.checksumError());
        return true;
    }

    private boolean confirm(int packet) {
        int l3 = meta.l3(packet);
        if (meta.family(packet) == 0 || l3 < EthernetView.HEADER_BYTES || meta.recordCount(packet) > 1) return false;
        if (ip.read(packet, l3, meta.packetBytes(packet)) != NetworkHeader.Found.TRANSPORT) return false;
        if (ip.protocol() != IpProtocol.TCP && ip.protocol() != IpProtocol.UDP) return false;
        if (ip.isFragment() || ip.hasExtensions() || ip.hasRouting() || ip.hasHomeAddress()) return false;
        if (!coverage.isCarried(packet, ip) || !coverage.examine(packet, ip)) return false;
        long sum = sums.sum(packet, coverage.from(), coverage.byteCount()) + coverage.pseudoSum();
        boolean isWrongUnit = faults.checksumError() != 0;
        if (InternetChecksum.isRight(sum) == isWrongUnit) return false;
        record.unnecessary(packet, 1);
        return true;
    }
}
