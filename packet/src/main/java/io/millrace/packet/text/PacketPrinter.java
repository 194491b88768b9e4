package io.millrace.packet.text;

import io.millrace.packet.memory.PacketMemory;

import java.util.List;

/// A packet in memory as text, in tcpdump's manner: addresses, ports and fields as `tcpdump -nne -S` names them.
///
/// ```
/// 02:00:00:00:00:01 > 02:00:00:00:00:fe, ethertype IPv4 (0x0800), length 74: 10.0.0.1.50000 > 10.0.0.2.80: Flags […
/// ```
///
/// Total: it prints something for any bytes and never throws. Where a header is cut short, makes no sense or claims
/// more bytes than there are, the text ends with `[…]`, which says which header, at which byte, and what was there.
/// Checksums are printed, not verified.
/// Only the first slot of a chain is read; lengths count the whole packet, and of a cut capture the original.
///
/// Control plane: allocates. One printer belongs to one thread.
public final class PacketPrinter {

    /// Bytes behind the last header that [#lines] shows.
    private static final int PAYLOAD_SHOWN_MAX = 256;

    private final PacketMemory packets;
    private final HeaderWalk walk;
    private final LinkText link;
    private final NetworkText network;
    private final TransportText transport;
    private final IcmpText icmp;
    private final TunnelText tunnel;

    public PacketPrinter(PacketMemory packets) {
        this.packets = packets;
        this.walk = new HeaderWalk(packets);
        this.link = new LinkText(packets);
        this.network = new NetworkText(packets);
        this.transport = new TransportText(packets);
        this.icmp = new IcmpText(packets);
        this.tunnel = new TunnelText(packets);
    }

    /// The packet on one line, without what an ICMP error quotes.
    public String line(int packet) {
        StringBuilder text = new StringBuilder(160);
        List<Header> headers = walk.over(packet).headers();
        for (int i = 0; i < headers.size() && !headers.get(i).isQuoted(); i++) {
            Header header = headers.get(i);
            Header before = i > 0 ? headers.get(i - 1) : null;
            Header next = i + 1 < headers.size() ? headers.get(i + 1) : null;
            if (before != null) text.append(": ");
            if (header.kind().isIp()) {
                endpoints(text, header, next);
            } else {
                if (before == null || !before.kind().isIp()) ports(text, header, ": ");
                fields(text.append(header.kind().prefix()), header, false);
            }
        }
        appendRemarks(text, " ");
        return text.toString();
    }

    /// The packet with all its fields: one line a header, then the first bytes of the payload in hexadecimal. Lines
    /// about a quoted packet begin with `|`.
    public String lines(int packet) {
        StringBuilder text = new StringBuilder(640);
        for (Header header : walk.over(packet).headers()) {
            if (!text.isEmpty()) text.append("\n  ");
            text.append(header.isQuoted() ? "| " : "").append(header.kind().title()).append(' ');
            ports(text, header, ", ");
            fields(text, header, true);
        }
        appendRemarks(text, "\n  ");
        int shownBytes = Math.min(PAYLOAD_SHOWN_MAX, walk.payloadPresent());
        HexText.appendLines(text, packets, walk.payloadAt(), shownBytes);
        int hiddenBytes = walk.payloadPresent() - shownBytes;
        if (hiddenBytes > 0) text.append("\n    … ").append(hiddenBytes).append(" more bytes");
        return text.toString();
    }

    private void appendRemarks(StringBuilder text, String separator) {
        for (String remark : walk.remarks()) {
            if (!text.isEmpty()) text.append(separator);
            text.append('[').append(remark).append(']');
        }
    }

    /// Addresses, with the ports where a transport follows at once.
    private void endpoints(StringBuilder text, Header header, Header next) {
        boolean hasPorts = next != null && next.kind().hasPorts();
        network.ends(text, header,
            hasPorts ? transport.sourcePort(next) : -1, hasPorts ? transport.targetPort(next) : -1);
        network.remark(text, header, next == null);
    }

    private void ports(StringBuilder text, Header header, String separator) {
        if (!header.kind().hasPorts()) return;
        text.append(transport.sourcePort(header)).append(" > ").append(transport.targetPort(header)).append(separator);
    }

    private void fields(StringBuilder text, Header header, boolean isDetailed) {
        switch (header.kind()) {
            case ETHERNET -> link.ethernet(text, header);
            case VLAN -> link.vlan(text, header);
            case MPLS -> link.mpls(text, header);
            case PPPOE -> link.pppoe(text, header);
            case ARP -> link.arp(text, header);
            case IPV4, IPV6 -> network.details(text, header);
            case HOP_BY_HOP, DESTINATION_OPTIONS -> network.options(text, header);
            case ROUTING -> network.routing(text, header);
            case FRAGMENT -> network.fragment(text, header);
            case AUTHENTICATION -> network.authentication(text, header);
            case TCP -> transport.tcp(text, header, isDetailed);
            case QUOTED_TCP -> transport.quotedTcp(text, header);
            case UDP -> transport.udp(text, header, isDetailed);
            case SCTP -> transport.sctp(text, header, isDetailed);
            case ICMP -> icmp.icmp(text, header, isDetailed);
            case ICMPV6 -> icmp.icmpv6(text, header, isDetailed);
            case GRE -> tunnel.gre(text, header);
            case VXLAN -> tunnel.vxlan(text, header);
            case GENEVE -> tunnel.geneve(text, header);
            case GTPU -> tunnel.gtpu(text, header);
        }
    }
}
