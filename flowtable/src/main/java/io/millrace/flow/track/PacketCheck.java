package io.millrace.flow.track;

import io.millrace.checksum.cover.ChecksumStatus;
import io.millrace.checksum.receive.ReceiveChecksum;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.flow.tuple.TupleReader;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Reads a packet's transport header for its connection and says whether it can be one: lengths, flags, and the
/// checksum of a packet that was received (`nf_conntrack_checksum`).
final class PacketCheck {

    private static final int UDP_LENGTH = 4;
    private static final int UDP_CHECKSUM = 6;

    private final MemorySegment memory;
    private final TrackSettings settings;
    private final ReceiveChecksum checksums;
    private final TcpReader tcp;
    private final SctpReader sctp;
    private final DccpReader dccp;

    PacketCheck(PacketMemory packets, TrackSettings settings) {
        this.memory = packets.segment();
        this.settings = settings;
        this.checksums = new ReceiveChecksum(packets);
        this.tcp = new TcpReader(packets);
        this.sctp = new SctpReader(packets);
        this.dccp = new DccpReader(packets);
    }

    ReceiveChecksum checksums() { return checksums; }
    TcpReader tcp()   { return tcp; }
    SctpReader sctp() { return sctp; }
    DccpReader dccp() { return dccp; }

    boolean isValid(int packet, TupleReader read, boolean isReceived) {
        return switch (read.protocol()) {
            case IpProtocol.TCP -> tcp.read(read) && isIntact(packet, read, isReceived);
            case IpProtocol.UDP -> isUdpValid(read) && isIntact(packet, read, isReceived);
            case IpProtocol.UDP_LITE -> isUdpLiteValid(read) && isIntact(packet, read, isReceived);
            case IpProtocol.SCTP -> sctp.read(read) && isIntact(packet, read, isReceived);
            case IpProtocol.DCCP -> dccp.read(read) && isIntact(packet, read, isReceived);
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> isIntact(packet, read, isReceived);
            default -> true;
        };
    }

    private boolean isUdpValid(TupleReader read) {
        if (!read.isPresent(UdpView.HEADER_BYTES)) return false;
        int lengthBytes = Wire.u16(memory, read.l4At() + UDP_LENGTH);
        return lengthBytes >= UdpView.HEADER_BYTES && lengthBytes <= read.l4Bytes();
    }

    private boolean isUdpLiteValid(TupleReader read) {
        if (!read.isPresent(UdpView.HEADER_BYTES)) return false;
        int coveredBytes = Wire.u16(memory, read.l4At() + UDP_LENGTH);
        boolean isCovered = coveredBytes == 0
            || coveredBytes >= UdpView.HEADER_BYTES && coveredBytes <= read.l4Bytes();
        return isCovered && Wire.u16(memory, read.l4At() + UDP_CHECKSUM) != 0;
    }

    /// Of a fragment, which comes here only where nobody reassembles, the checksum cannot be known.
    private boolean isIntact(int packet, TupleReader read, boolean isReceived) {
        if (!isReceived || !settings.isOn(TrackSysctl.CHECKSUM)) return true;
        ChecksumStatus status = checksums.track(packet, read.header());
        return status == ChecksumStatus.GOOD || status == ChecksumStatus.ABSENT || status == ChecksumStatus.FRAGMENT;
    }
}
