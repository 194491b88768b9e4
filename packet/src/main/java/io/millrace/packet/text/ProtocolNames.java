package io.millrace.packet.text;

import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.SctpChunkView;
import io.millrace.packet.header.TcpFlags;

/// What people call the numbers in headers. A number without a name is printed as a number.
final class ProtocolNames {

    static String etherType(int type) {
        String name = switch (type) {
            case EtherType.IPV4 -> "IPv4";
            case EtherType.IPV6 -> "IPv6";
            case EtherType.ARP -> "ARP";
            case EtherType.ETHERNET -> "TEB";
            case EtherType.VLAN -> "802.1Q";
            case EtherType.VLAN_SERVICE -> "802.1Q-QinQ";
            case EtherType.VLAN_9100 -> "802.1Q-9100";
            case EtherType.MPLS -> "MPLS unicast";
            case EtherType.MPLS_UPSTREAM -> "MPLS multicast";
            case EtherType.PPP -> "PPP";
            case EtherType.PPPOE_DISCOVERY -> "PPPoE D";
            case EtherType.PPPOE_SESSION -> "PPPoE S";
            case EtherType.EAPOL -> "EAPOL";
            case EtherType.ERSPAN_2 -> "ERSPAN II";
            case EtherType.LLDP -> "LLDP";
            default -> "unknown";
        };
        return name + " (0x%04x)".formatted(type);
    }

    static String ipProtocol(int protocol) {
        String name = switch (protocol) {
            case IpProtocol.HOP_BY_HOP -> "hop-by-hop options";
            case IpProtocol.ICMP -> "ICMP";
            case IpProtocol.IGMP -> "IGMP";
            case IpProtocol.IPV4 -> "IPv4";
            case IpProtocol.TCP -> "TCP";
            case IpProtocol.UDP -> "UDP";
            case IpProtocol.DCCP -> "DCCP";
            case IpProtocol.IPV6 -> "IPv6";
            case IpProtocol.ROUTING -> "routing header";
            case IpProtocol.FRAGMENT -> "fragment header";
            case IpProtocol.GRE -> "GRE";
            case IpProtocol.ESP -> "ESP";
            case IpProtocol.AUTHENTICATION -> "AH";
            case IpProtocol.ICMPV6 -> "ICMPv6";
            case IpProtocol.NO_NEXT_HEADER -> "no next header";
            case IpProtocol.DESTINATION_OPTIONS -> "destination options";
            case IpProtocol.PIM -> "PIM";
            case IpProtocol.VRRP -> "VRRP";
            case IpProtocol.L2TP -> "L2TP";
            case IpProtocol.SCTP -> "SCTP";
            case IpProtocol.MOBILITY -> "mobility";
            case IpProtocol.UDP_LITE -> "UDP-Lite";
            case IpProtocol.MPLS -> "MPLS";
            case IpProtocol.HIP -> "HIP";
            case IpProtocol.SHIM6 -> "SHIM6";
            case IpProtocol.ETHERNET -> "Ethernet";
            default -> "unknown";
        };
        return name + " (" + protocol + ")";
    }

    static String icmp(int type, int code) {
        return switch (type) {
            case IcmpType.ECHO_REPLY -> "echo reply";
            case IcmpType.ECHO_REQUEST -> "echo request";
            case IcmpType.DESTINATION_UNREACHABLE -> unreachable(code);
            case IcmpType.SOURCE_QUENCH -> "source quench";
            case IcmpType.REDIRECT -> code == IcmpType.REDIRECT_HOST ? "redirect host" : "redirect, code " + code;
            case IcmpType.ROUTER_ADVERTISEMENT -> "router advertisement";
            case IcmpType.ROUTER_SOLICITATION -> "router solicitation";
            case IcmpType.TIME_EXCEEDED -> timeExceeded(code);
            case IcmpType.PARAMETER_PROBLEM -> "parameter problem, code " + code;
            case IcmpType.TIMESTAMP_REQUEST -> "timestamp request";
            case IcmpType.TIMESTAMP_REPLY -> "timestamp reply";
            default -> "type " + type + ", code " + code;
        };
    }

    /// The codes are those of ICMPv6 too.
    private static String timeExceeded(int code) {
        return switch (code) {
            case IcmpType.TTL_EXCEEDED -> "time exceeded in transit";
            case IcmpType.REASSEMBLY_TIME_EXCEEDED -> "reassembly time exceeded";
            default -> "time exceeded, code " + code;
        };
    }

    private static String unreachable(int code) {
        return switch (code) {
            case IcmpType.NET_UNREACHABLE -> "net unreachable";
            case IcmpType.HOST_UNREACHABLE -> "host unreachable";
            case IcmpType.PROTOCOL_UNREACHABLE -> "protocol unreachable";
            case IcmpType.PORT_UNREACHABLE -> "port unreachable";
            case IcmpType.FRAGMENTATION_NEEDED -> "need to frag";
            case IcmpType.SOURCE_ROUTE_FAILED -> "source route failed";
            case IcmpType.NET_PROHIBITED -> "net prohibited";
            case IcmpType.HOST_PROHIBITED -> "host prohibited";
            case IcmpType.ADMINISTRATIVELY_PROHIBITED -> "admin prohibited";
            default -> "unreachable, code " + code;
        };
    }

    static String icmpv6(int type, int code) {
        return switch (type) {
            case Icmpv6Type.DESTINATION_UNREACHABLE -> unreachable6(code);
            case Icmpv6Type.PACKET_TOO_BIG -> "packet too big";
            case Icmpv6Type.TIME_EXCEEDED -> timeExceeded(code);
            case Icmpv6Type.PARAMETER_PROBLEM -> "parameter problem, code " + code;
            case Icmpv6Type.ECHO_REQUEST -> "echo request";
            case Icmpv6Type.ECHO_REPLY -> "echo reply";
            case Icmpv6Type.LISTENER_QUERY -> "listener query";
            case Icmpv6Type.LISTENER_REPORT -> "listener report";
            case Icmpv6Type.LISTENER_DONE -> "listener done";
            case Icmpv6Type.ROUTER_SOLICITATION -> "router solicitation";
            case Icmpv6Type.ROUTER_ADVERTISEMENT -> "router advertisement";
            case Icmpv6Type.NEIGHBOUR_SOLICITATION -> "neighbor solicitation";
            case Icmpv6Type.NEIGHBOUR_ADVERTISEMENT -> "neighbor advertisement";
            case Icmpv6Type.REDIRECT -> "redirect";
            case Icmpv6Type.LISTENER_REPORT_2 -> "listener report v2";
            default -> "type " + type + ", code " + code;
        };
    }

    private static String unreachable6(int code) {
        return switch (code) {
            case Icmpv6Type.NO_ROUTE -> "no route";
            case Icmpv6Type.ADMINISTRATIVELY_PROHIBITED -> "admin prohibited";
            case Icmpv6Type.BEYOND_SCOPE -> "beyond scope";
            case Icmpv6Type.ADDRESS_UNREACHABLE -> "address unreachable";
            case Icmpv6Type.PORT_UNREACHABLE -> "port unreachable";
            case Icmpv6Type.POLICY_FAILED -> "policy failed";
            case Icmpv6Type.REJECT_ROUTE -> "reject route";
            default -> "unreachable, code " + code;
        };
    }

    static String sctpChunk(int type) {
        return switch (type) {
            case SctpChunkView.DATA -> "DATA";
            case SctpChunkView.INIT -> "INIT";
            case SctpChunkView.INIT_ACK -> "INIT ACK";
            case SctpChunkView.SACK -> "SACK";
            case SctpChunkView.HEARTBEAT -> "HB REQ";
            case SctpChunkView.HEARTBEAT_ACK -> "HB ACK";
            case SctpChunkView.ABORT -> "ABORT";
            case SctpChunkView.SHUTDOWN -> "SHUTDOWN";
            case SctpChunkView.SHUTDOWN_ACK -> "SHUTDOWN ACK";
            case SctpChunkView.ERROR -> "OP ERR";
            case SctpChunkView.COOKIE_ECHO -> "COOKIE ECHO";
            case SctpChunkView.COOKIE_ACK -> "COOKIE ACK";
            case SctpChunkView.SHUTDOWN_COMPLETE -> "SHUTDOWN COMPLETE";
            default -> "chunk " + type;
        };
    }

    /// tcpdump's letters and their order; the dot is ACK.
    static String tcpFlags(int flags) {
        if (flags == 0) return "none";
        StringBuilder letters = new StringBuilder(8);
        if ((flags & TcpFlags.FIN) != 0) letters.append('F');
        if ((flags & TcpFlags.SYN) != 0) letters.append('S');
        if ((flags & TcpFlags.RST) != 0) letters.append('R');
        if ((flags & TcpFlags.PSH) != 0) letters.append('P');
        if ((flags & TcpFlags.ACK) != 0) letters.append('.');
        if ((flags & TcpFlags.URG) != 0) letters.append('U');
        if ((flags & TcpFlags.ECE) != 0) letters.append('E');
        if ((flags & TcpFlags.CWR) != 0) letters.append('W');
        return letters.toString();
    }

    private ProtocolNames() {}
}
