package io.millrace.control.command.show;

import io.millrace.packet.address.Addresses;
import io.millrace.packet.header.IpProtocol;

/// Ends of flows and connections as text.
public final class FlowLines {

    public static String protocol(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> "tcp";
            case IpProtocol.UDP -> "udp";
            case IpProtocol.GRE -> "gre";
            case IpProtocol.ICMP -> "icmp";
            case IpProtocol.ICMPV6 -> "icmpv6";
            default -> Integer.toString(protocol);
        };
    }

    /// `10.0.0.1:80`, `[fd00::1]:80`.
    public static String end(int family, long high, long low, int port) {
        String address = family == 4 ? Addresses.ipv4((int) low) : "[" + Addresses.ipv6(high, low) + "]";
        return address + ":" + port;
    }

    private FlowLines() {}
}
