package io.millrace.packet.text;

import io.millrace.packet.address.Addresses;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.IcmpView;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.Icmpv6View;
import io.millrace.packet.header.NdOptionView;
import io.millrace.packet.header.NdView;
import io.millrace.packet.memory.PacketMemory;

/// Prints ICMP, ICMPv6 and neighbour discovery.
final class IcmpText {

    private final IcmpView icmp;
    private final Icmpv6View icmpv6;
    private final NdView nd;
    private final NdOptionView option;

    IcmpText(PacketMemory packets) {
        this.icmp = new IcmpView(packets);
        this.icmpv6 = new Icmpv6View(packets);
        this.nd = new NdView(packets);
        this.option = new NdOptionView(packets);
    }

    void icmp(StringBuilder text, Header header, boolean isDetailed) {
        icmp.at(header.at());
        int type = icmp.type();
        text.append(ProtocolNames.icmp(type, icmp.code()));
        if (type == IcmpType.ECHO_REQUEST || type == IcmpType.ECHO_REPLY) {
            text.append(", id ").append(icmp.identifier()).append(", seq ").append(icmp.sequence());
        } else if (type == IcmpType.DESTINATION_UNREACHABLE && icmp.code() == IcmpType.FRAGMENTATION_NEEDED) {
            text.append(" (mtu ").append(icmp.mtu()).append(')');
        } else if (type == IcmpType.REDIRECT) {
            Addresses.appendIpv4(text.append(" to "), icmp.rest());
        } else if (type == IcmpType.PARAMETER_PROBLEM) {
            text.append(" at byte ").append(icmp.pointer());
        }
        if (isDetailed) text.append(", cksum 0x%04x".formatted(icmp.checksum()));
        text.append(", length ").append(header.totalBytes());
    }

    void icmpv6(StringBuilder text, Header header, boolean isDetailed) {
        icmpv6.at(header.at());
        int type = icmpv6.type();
        text.append(ProtocolNames.icmpv6(type, icmpv6.code()));
        if (type == Icmpv6Type.ECHO_REQUEST || type == Icmpv6Type.ECHO_REPLY) {
            text.append(", id ").append(icmpv6.identifier()).append(", seq ").append(icmpv6.sequence());
        } else if (type == Icmpv6Type.PACKET_TOO_BIG) {
            text.append(" (mtu ").append(icmpv6.mtu()).append(')');
        } else if (type == Icmpv6Type.PARAMETER_PROBLEM) {
            text.append(" at byte ").append(icmpv6.pointer());
        } else if (Icmpv6Type.isNeighbourDiscovery(type)) {
            neighbourDiscovery(text, header);
        }
        if (isDetailed) text.append(", cksum 0x%04x".formatted(icmpv6.checksum()));
        text.append(", length ").append(header.totalBytes());
    }

    private void neighbourDiscovery(StringBuilder text, Header header) {
        nd.at(header.at());
        long end = header.presentEnd();
        if (!nd.isValid((int) (end - header.at()))) {
            text.append(" [cut or malformed]");
            return;
        }
        switch (nd.type()) {
            case Icmpv6Type.NEIGHBOUR_SOLICITATION ->
                Addresses.appendIpv6(text.append(", who has "), nd.targetHigh(), nd.targetLow());
            case Icmpv6Type.NEIGHBOUR_ADVERTISEMENT -> {
                Addresses.appendIpv6(text.append(", tgt is "), nd.targetHigh(), nd.targetLow());
                text.append(", Flags [").append(nd.isRouter() ? "R" : "").append(nd.isSolicited() ? "S" : "")
                    .append(nd.isOverride() ? "O" : "").append(']');
            }
            case Icmpv6Type.REDIRECT -> Addresses.appendIpv6(text.append(", to "), nd.targetHigh(), nd.targetLow());
            default -> {}
        }
        for (long at = header.at() + nd.optionsAt(); at < end; at += option.optionBytes()) {
            if (!option.at(at).isValid((int) (end - at))) {
                text.append(" [cut or malformed]");
                return;
            }
            option(text);
        }
    }

    private void option(StringBuilder text) {
        int type = option.type();
        boolean isAddress = type == NdOptionView.SOURCE_LINK_ADDRESS || type == NdOptionView.TARGET_LINK_ADDRESS;
        if (isAddress && option.optionBytes() == NdOptionView.LINK_ADDRESS_BYTES) {
            text.append(type == NdOptionView.SOURCE_LINK_ADDRESS ? ", source " : ", target ");
            Addresses.appendMac(text, option.mac());
        } else if (type == NdOptionView.MTU) {
            text.append(", mtu ").append(option.mtu());
        } else {
            text.append(", option ").append(type);
        }
    }
}
