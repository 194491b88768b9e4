package io.millrace.checksum.walk;

import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.GeneveView;
import io.millrace.packet.header.GtpuView;
import io.millrace.packet.header.VxlanView;

/// What a walk can meet next.
enum Layer {

    ETHERNET, SLL, SLL2, LOOPBACK, VLAN, MPLS, PPPOE, PPP, IP, GRE, ERSPAN, VXLAN, VXLAN_GPE, GENEVE, GTP_U, TEREDO,
    ETHER_IP,
    /// Nothing that is known here.
    END;

    static Layer ofLinkType(int linkType) {
        return switch (linkType) {
            case 1 -> ETHERNET;
            case 0, 108 -> LOOPBACK;
            case 12, 14, 101, 228, 229 -> IP;
            case 113 -> SLL;
            case 276 -> SLL2;
            default -> END;
        };
    }

    static Layer ofEtherType(int type) {
        return switch (type) {
            case EtherType.IPV4, EtherType.IPV6 -> IP;
            case EtherType.VLAN, EtherType.VLAN_SERVICE, EtherType.VLAN_9100 -> VLAN;
            case EtherType.MPLS, EtherType.MPLS_UPSTREAM -> MPLS;
            case EtherType.PPPOE_SESSION -> PPPOE;
            case EtherType.ETHERNET -> ETHERNET;
            case EtherType.PPP -> PPP;
            default -> END;
        };
    }

    /// VXLAN-GPE's next protocol.
    static Layer ofGpeProtocol(int protocol) {
        return switch (protocol) {
            case 1, 2 -> IP;
            case 3 -> ETHERNET;
            default -> END;
        };
    }

    static Layer ofUdpPort(int port) {
        return switch (port) {
            case VxlanView.PORT -> VXLAN;
            case 4790 -> VXLAN_GPE;
            case GeneveView.PORT -> GENEVE;
            case GtpuView.PORT -> GTP_U;
            case 3544 -> TEREDO;
            case 6635 -> MPLS;
            default -> END;
        };
    }

    /// For tunnels whose ends answer from the port they listen on.
    static Layer ofUdpSource(int port) {
        return switch (port) {
            case GtpuView.PORT -> GTP_U;
            case 3544 -> TEREDO;
            default -> END;
        };
    }
}
