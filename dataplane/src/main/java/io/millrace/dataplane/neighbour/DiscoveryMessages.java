package io.millrace.dataplane.neighbour;

import io.millrace.checksum.TransportChecksum;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.header.NdOptionView;
import io.millrace.packet.header.NdView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

/// Writes Neighbour Discovery messages into fresh packets: IPv6 from `l3`, ICMPv6 with its checksum from `l4`. The
/// packet belongs to the caller, who sends it.
///
/// [#begin], then [#from], [#to] and what the message says, then [#end].
final class DiscoveryMessages {

    private static final int HOP_LIMIT = 255;   // RFC 4861 §4.3: proves that it was sent on the link
    private static final int MESSAGE_AT = Ipv6View.HEADER_BYTES;

    private final PacketPool pool;
    private final PacketMeta meta;
    private final Ipv6View ip;
    private final NdView message;
    private final NdOptionView option;
    private final TransportChecksum checksum;
    private int packet;
    private int messageBytes;

    DiscoveryMessages(PacketPool pool) {
        PacketMemory packets = pool.packets();
        this.pool = pool;
        this.meta = new PacketMeta(packets);
        this.ip = new Ipv6View(packets);
        this.message = new NdView(packets);
        this.option = new NdOptionView(packets);
        this.checksum = new TransportChecksum(packets);
    }

    /// Begins a solicitation for, or an advertisement of, the target. False if packet memory is exhausted.
    boolean begin(int type, long targetHigh, long targetLow, boolean hasLinkAddress, long causeNs) {
        packet = pool.allocate();
        if (packet == PacketMemory.NONE) return false;
        messageBytes = NdView.NEIGHBOUR_BYTES + (hasLinkAddress ? NdOptionView.LINK_ADDRESS_BYTES : 0);
        meta.begin(packet, MESSAGE_AT + messageBytes, 0, 0, causeNs);
        long at = meta.frameAt(packet);
        ip.at(at);
        ip.classAndLabel(0, 0);
        ip.payloadBytes(messageBytes);
        ip.nextHeader(IpProtocol.ICMPV6);
        ip.hopLimit(HOP_LIMIT);
        message.at(at + MESSAGE_AT);
        message.type(type);
        message.flags(false, false, false);
        message.targetHigh(targetHigh);
        message.targetLow(targetLow);
        return true;
    }

    void from(long high, long low) {
        ip.sourceHigh(high);
        ip.sourceLow(low);
    }

    void to(long high, long low) {
        ip.targetHigh(high);
        ip.targetLow(low);
    }

    /// What an advertisement says of the sender.
    void flags(boolean isRouter, boolean isSolicited, boolean isOverride) {
        message.flags(isRouter, isSolicited, isOverride);
    }

    /// Fills the link-layer address in that [#begin] made room for.
    void linkAddress(long mac) {
        option.at(meta.frameAt(packet) + MESSAGE_AT + NdView.NEIGHBOUR_BYTES);
        option.type(message.type() == Icmpv6Type.NEIGHBOUR_SOLICITATION ? NdOptionView.SOURCE_LINK_ADDRESS
            : NdOptionView.TARGET_LINK_ADDRESS);
        option.optionBytes(NdOptionView.LINK_ADDRESS_BYTES);
        option.mac(mac);
    }

    /// The packet, complete.
    int end() {
        meta.family(packet, 6);
        meta.proto(packet, IpProtocol.ICMPV6);
        meta.l3(packet, 0);
        meta.l4(packet, MESSAGE_AT);
        meta.end(packet, MESSAGE_AT + messageBytes);
        checksum.fill(packet, 0, MESSAGE_AT, messageBytes, IpProtocol.ICMPV6);
        return packet;
    }
}
