package io.millrace.nic.driver.gen.layer;

import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.GeneveView;
import io.millrace.packet.header.GtpuView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.header.VxlanView;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The protocols that a generated frame can be made of, with the layout of their headers. What lies behind the fixed
/// fields (options, addresses, data of a chunk) is the layer's tail.
public enum LayerKind {

    ETHERNET("ethernet", NextNames.ETHER_TYPE, LayerFields.of().mac("target", 0x0200_0000_0001L)
        .mac("source", 0x0200_0000_0002L).computed("type", 16, FieldRole.NEXT)),
    VLAN("vlan", NextNames.ETHER_TYPE, LayerFields.of().number("priority", 3, 0).number("drop-eligible", 1, 0)
        .number("id", 12, 1).computed("type", 16, FieldRole.NEXT)),
    QINQ("qinq", NextNames.ETHER_TYPE, LayerFields.of().number("priority", 3, 0).number("drop-eligible", 1, 0)
        .number("id", 12, 1).computed("type", 16, FieldRole.NEXT)),
    MPLS("mpls", NextNames.MPLS, LayerFields.of().number("label", 20, 16).number("class", 3, 0)
        .computed("bottom", 1, FieldRole.LAST).number("ttl", 8, 64)),
    PPPOE("pppoe", NextNames.PPP_PROTOCOL, LayerFields.of().number("version", 4, 1).number("type", 4, 1)
        .number("code", 8, 0).number("session", 16, 1).computed("length", 16, FieldRole.LENGTH)
        .computed("protocol", 16, FieldRole.NEXT)),
    ARP("arp", NextNames.NONE, LayerFields.of().number("hardware", 16, 1).number("protocol", 16, EtherType.IPV4)
        .number("hardware-bytes", 8, 6).number("protocol-bytes", 8, 4).number("operation", 16, 1)
        .mac("sender-mac", 0x0200_0000_0002L).ipv4("sender").mac("target-mac", 0).ipv4("target")),
    IPV4("ipv4", NextNames.IP_PROTOCOL, LayerFields.of().number("version", 4, 4)
        .computed("header-length", 4, FieldRole.HEADER_LENGTH).number("dscp", 6, 0).number("ecn", 2, 0)
        .computed("length", 16, FieldRole.LENGTH).number("id", 16, 0).number("reserved", 1, 0)
        .number("dont-fragment", 1, 0).number("more-fragments", 1, 0).number("fragment-offset", 13, 0)
        .number("ttl", 8, 64).computed("protocol", 8, FieldRole.NEXT).computed("checksum", 16, FieldRole.CHECKSUM)
        .ipv4("source").ipv4("target")),
    IPV6("ipv6", NextNames.IP_PROTOCOL, LayerFields.of().number("version", 4, 6).number("dscp", 6, 0)
        .number("ecn", 2, 0).number("flow-label", 20, 0).computed("length", 16, FieldRole.LENGTH)
        .computed("next-header", 8, FieldRole.NEXT).number("hop-limit", 8, 64).ipv6("source").ipv6("target")),
    HOP_BY_HOP("hop-by-hop", NextNames.IP_PROTOCOL, LayerFields.of().computed("next-header", 8, FieldRole.NEXT)
        .computed("header-length", 8, FieldRole.HEADER_LENGTH)),
    DESTINATION_OPTIONS("destination-options", NextNames.IP_PROTOCOL, LayerFields.of()
        .computed("next-header", 8, FieldRole.NEXT).computed("header-length", 8, FieldRole.HEADER_LENGTH)),
    ROUTING("routing", NextNames.IP_PROTOCOL, LayerFields.of().computed("next-header", 8, FieldRole.NEXT)
        .computed("header-length", 8, FieldRole.HEADER_LENGTH).number("type", 8, 4).number("segments-left", 8, 0)),
    FRAGMENT("fragment", NextNames.IP_PROTOCOL, LayerFields.of().computed("next-header", 8, FieldRole.NEXT)
        .number("reserved", 8, 0).number("offset", 13, 0).number("reserved-2", 2, 0).number("more", 1, 0)
        .number("id", 32, 0)),
    AUTHENTICATION("authentication", NextNames.IP_PROTOCOL, LayerFields.of()
        .computed("next-header", 8, FieldRole.NEXT).computed("header-length", 8, FieldRole.HEADER_LENGTH)
        .number("reserved", 16, 0).number("spi", 32, 256).number("sequence", 32, 1)),
    TCP("tcp", NextNames.NONE, LayerFields.of().number("source-port", 16, 1024).number("target-port", 16, 80)
        .number("sequence", 32, 0).number("acknowledgement", 32, 0)
        .computed("header-length", 4, FieldRole.HEADER_LENGTH).number("reserved", 4, 0)
        .tcpFlags("flags", TcpFlags.ACK).number("window", 16, 65_535).computed("checksum", 16, FieldRole.CHECKSUM)
        .number("urgent", 16, 0)),
    UDP("udp", NextNames.UDP_PORT, LayerFields.of().number("source-port", 16, 1024)
        .computed("target-port", 16, FieldRole.NEXT).computed("length", 16, FieldRole.LENGTH)
        .computed("checksum", 16, FieldRole.CHECKSUM)),
    ICMP("icmp", NextNames.NONE, LayerFields.of().number("type", 8, 8).number("code", 8, 0)
        .computed("checksum", 16, FieldRole.CHECKSUM).number("id", 16, 0).number("sequence", 16, 0)),
    ICMPV6("icmpv6", NextNames.NONE, LayerFields.of().number("type", 8, 128).number("code", 8, 0)
        .computed("checksum", 16, FieldRole.CHECKSUM).number("id", 16, 0).number("sequence", 16, 0)),
    NEIGHBOUR("nd", NextNames.OPTION, LayerFields.of().number("type", 8, 135).number("code", 8, 0)
        .computed("checksum", 16, FieldRole.CHECKSUM).number("flags", 32, 0).ipv6("target")),
    NEIGHBOUR_OPTION("nd-option", NextNames.OPTION, LayerFields.of().number("type", 8, 1)
        .computed("header-length", 8, FieldRole.HEADER_LENGTH).mac("mac", 0x0200_0000_0002L)),
    SCTP("sctp", NextNames.CHUNK, LayerFields.of().number("source-port", 16, 1024).number("target-port", 16, 80)
        .number("tag", 32, 0).computed("checksum", 32, FieldRole.CRC)),
    SCTP_CHUNK("sctp-chunk", NextNames.NONE, LayerFields.of().number("type", 8, 0).number("flags", 8, 3)
        .computed("length", 16, FieldRole.LENGTH)),
    GRE("gre", NextNames.ETHER_TYPE, LayerFields.of().number("has-checksum", 1, 0).number("has-routing", 1, 0)
        .number("has-key", 1, 0).number("has-sequence", 1, 0).number("reserved", 9, 0).number("version", 3, 0)
        .computed("protocol", 16, FieldRole.NEXT).optional("key", 32, 2).optional("sequence", 32, 3)),
    VXLAN("vxlan", NextNames.ETHERNET, LayerFields.of().number("flags", 8, 8).number("reserved", 24, 0)
        .number("vni", 24, 1).number("reserved-2", 8, 0)),
    GENEVE("geneve", NextNames.ETHER_TYPE, LayerFields.of().number("version", 2, 0)
        .computed("header-length", 6, FieldRole.HEADER_LENGTH).number("control", 1, 0).number("critical", 1, 0)
        .number("reserved", 6, 0).computed("protocol", 16, FieldRole.NEXT).number("vni", 24, 1)
        .number("reserved-2", 8, 0)),
    GTPU("gtpu", NextNames.IP_VERSION, LayerFields.of().number("flags", 8, 0x30).number("type", 8, 0xff)
        .computed("length", 16, FieldRole.LENGTH).number("teid", 32, 1));

    /// Where UDP goes if nothing says so: the discard service.
    static final int UDP_PORT_USUAL = 9;

    private static final int NO_NUMBER = -1;
    /// What IP and Ethernet name a payload of no protocol: numbers for experiments (RFC 3692, IEEE 802).
    private static final int IP_PROTOCOL_EXPERIMENT = 253;
    private static final int ETHER_TYPE_EXPERIMENT = 0x88b5;

    private final String label;
    private final NextNames next;
    private final LayerFields fields;

    LayerKind(String label, NextNames next, LayerFields fields) {
        this.label = label;
        this.next = next;
        this.fields = fields;
    }

    public static Optional<LayerKind> named(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }

    public String label()             { return label; }
    public List<LayerField> fields()  { return fields.all(); }
    NextNames next()                  { return next; }

    public Optional<LayerField> field(String name) {
        return fields.named(name);
    }

    Optional<LayerField> field(FieldRole role) {
        return fields.of(role);
    }

    /// Bytes of the fixed fields.
    int fixedBytes() {
        return fields.headerBytes();
    }

    /// What a tail is filled up to: TCP and IPv4 count words of 4 bytes, IPv6 extension headers of 8.
    int unitBytes() {
        return switch (this) {
            case HOP_BY_HOP, DESTINATION_OPTIONS, ROUTING, NEIGHBOUR_OPTION -> 8;
            case IPV4, TCP, GENEVE, AUTHENTICATION, SCTP_CHUNK -> 4;
            default -> 2;
        };
    }

    /// What may stand in the tail, for messages; empty where none is possible.
    public String tailName() {
        return switch (this) {
            case IPV4, TCP, GENEVE, HOP_BY_HOP, DESTINATION_OPTIONS -> "options";
            case ROUTING, AUTHENTICATION, SCTP_CHUNK, NEIGHBOUR_OPTION -> "data";
            default -> "";
        };
    }

    /// Value of the header length field where fixed fields and tail have `headerBytes`.
    int headerUnits(int headerBytes) {
        return switch (this) {
            case IPV4, TCP -> headerBytes / 4;
            case GENEVE -> (headerBytes - fixedBytes()) / 4;
            case AUTHENTICATION -> headerBytes / 4 - 2;
            case NEIGHBOUR_OPTION -> headerBytes / 8;
            default -> headerBytes / 8 - 1;
        };
    }

    /// Bytes of the header that its length field does not count.
    int uncountedBytes() {
        return switch (this) {
            case IPV6 -> 40;
            case PPPOE -> 6;
            case GTPU -> 8;
            default -> 0;
        };
    }

    boolean isIp()              { return this == IPV4 || this == IPV6; }

    /// True where the checksum also covers the addresses of the IP header before it.
    boolean hasPseudoHeader() {
        return this == TCP || this == UDP || this == ICMPV6 || this == NEIGHBOUR;
    }

    /// True if `lower` can lie directly on this layer.
    boolean carries(LayerKind lower) {
        return switch (next) {
            case NONE -> false;
            case ETHER_TYPE -> lower.etherType() != NO_NUMBER;
            case IP_PROTOCOL -> lower.ipProtocol() != NO_NUMBER;
            case PPP_PROTOCOL, IP_VERSION -> lower.isIp();
            case UDP_PORT -> lower == VXLAN || lower == GENEVE || lower == GTPU;
            case MPLS -> lower == MPLS || lower.isIp();
            case ETHERNET -> lower == ETHERNET;
            case CHUNK -> lower == SCTP_CHUNK;
            case OPTION -> lower == NEIGHBOUR_OPTION;
        };
    }

    /// What this layer writes to name what follows: `lower`, or payload where that is null.
    int nextNumber(LayerKind lower) {
        return switch (next) {
            case ETHER_TYPE -> lower == null ? ETHER_TYPE_EXPERIMENT : lower.etherType();
            case IP_PROTOCOL -> lower == null ? IP_PROTOCOL_EXPERIMENT : lower.ipProtocol();
            case PPP_PROTOCOL -> lower == IPV6 ? 0x57 : 0x21;
            case UDP_PORT -> lower == null ? UDP_PORT_USUAL : lower.udpPort();
            default -> 0;
        };
    }

    private int etherType() {
        return switch (this) {
            case ETHERNET -> EtherType.ETHERNET;
            case VLAN -> EtherType.VLAN;
            case QINQ -> EtherType.VLAN_SERVICE;
            case MPLS -> EtherType.MPLS;
            case PPPOE -> EtherType.PPPOE_SESSION;
            case ARP -> EtherType.ARP;
            case IPV4 -> EtherType.IPV4;
            case IPV6 -> EtherType.IPV6;
            default -> NO_NUMBER;
        };
    }

    int ipProtocol() {
        return switch (this) {
            case ETHERNET -> IpProtocol.ETHERNET;
            case MPLS -> IpProtocol.MPLS;
            case IPV4 -> IpProtocol.IPV4;
            case IPV6 -> IpProtocol.IPV6;
            case HOP_BY_HOP -> IpProtocol.HOP_BY_HOP;
            case DESTINATION_OPTIONS -> IpProtocol.DESTINATION_OPTIONS;
            case ROUTING -> IpProtocol.ROUTING;
            case FRAGMENT -> IpProtocol.FRAGMENT;
            case AUTHENTICATION -> IpProtocol.AUTHENTICATION;
            case TCP -> IpProtocol.TCP;
            case UDP -> IpProtocol.UDP;
            case ICMP -> IpProtocol.ICMP;
            case ICMPV6, NEIGHBOUR -> IpProtocol.ICMPV6;
            case SCTP -> IpProtocol.SCTP;
            case GRE -> IpProtocol.GRE;
            default -> NO_NUMBER;
        };
    }

    private int udpPort() {
        return switch (this) {
            case VXLAN -> VxlanView.PORT;
            case GENEVE -> GeneveView.PORT;
            case GTPU -> GtpuView.PORT;
            default -> UDP_PORT_USUAL;
        };
    }
}
