package io.millrace.packet.text;

import io.millrace.packet.address.Addresses;
import io.millrace.packet.header.AuthenticationView;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6FragmentView;
import io.millrace.packet.header.Ipv6OptionsView;
import io.millrace.packet.header.Ipv6RoutingView;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.PacketMemory;

/// Prints IP headers and IPv6's extension headers.
final class NetworkText {

    private final PacketMemory packets;
    private final Ipv4View ipv4;
    private final Ipv6View ipv6;
    private final Ipv6OptionsView options;
    private final Ipv6RoutingView routing;
    private final Ipv6FragmentView fragment;
    private final AuthenticationView authentication;

    NetworkText(PacketMemory packets) {
        this.packets = packets;
        this.ipv4 = new Ipv4View(packets);
        this.ipv6 = new Ipv6View(packets);
        this.options = new Ipv6OptionsView(packets);
        this.routing = new Ipv6RoutingView(packets);
        this.fragment = new Ipv6FragmentView(packets);
        this.authentication = new AuthenticationView(packets);
    }

    /// `10.0.0.1.50000 > 10.0.0.2.80`; without the ports where they are -1.
    void ends(StringBuilder text, Header header, int sourcePort, int targetPort) {
        if (isIpv4(header)) {
            ipv4.at(header.at());
            port(Addresses.appendIpv4(text, ipv4.source()), sourcePort).append(" > ");
            port(Addresses.appendIpv4(text, ipv4.target()), targetPort);
        } else {
            ipv6.at(header.at());
            port(Addresses.appendIpv6(text, ipv6.sourceHigh(), ipv6.sourceLow()), sourcePort).append(" > ");
            port(Addresses.appendIpv6(text, ipv6.targetHigh(), ipv6.targetLow()), targetPort);
        }
    }

    private static boolean isIpv4(Header header) {
        return header.kind() == HeaderKind.IPV4;
    }

    private static StringBuilder port(StringBuilder text, int port) {
        return port < 0 ? text : text.append('.').append(port);
    }

    /// What a reader must know even where space is short: that this is a piece, or what follows if it is not printed.
    void remark(StringBuilder text, Header header, boolean isLast) {
        boolean isIpv4 = isIpv4(header);
        if (isIpv4 && ipv4.at(header.at()).isFragment()) {
            text.append(" frag (id ").append(ipv4.identification()).append(", offset ")
                .append(ipv4.fragmentOffsetBytes()).append(", flags [").append(flags()).append("])");
        }
        if (!isLast) return;
        int protocol = isIpv4 ? ipv4.at(header.at()).protocol() : ipv6.at(header.at()).nextHeader();
        text.append(": ").append(ProtocolNames.ipProtocol(protocol));
    }

    /// Addresses and every other field.
    void details(StringBuilder text, Header header) {
        ends(text, header, -1, -1);
        if (isIpv4(header)) {
            ipv4Details(text, header);
        } else {
            ipv6Details(text, header);
        }
    }

    private void ipv4Details(StringBuilder text, Header header) {
        ipv4.at(header.at());
        text.append(", tos 0x%x, ttl ".formatted(ipv4.tos())).append(ipv4.ttl())
            .append(", id ").append(ipv4.identification())
            .append(", offset ").append(ipv4.fragmentOffsetBytes())
            .append(", flags [").append(flags())
            .append("], proto ").append(ProtocolNames.ipProtocol(ipv4.protocol()))
            .append(", length ").append(ipv4.totalBytes())
            .append(", cksum 0x%04x".formatted(ipv4.checksum()));
        int optionsBytes = ipv4.headerBytes() - Ipv4View.HEADER_BYTES_MIN;
        if (optionsBytes > 0) {
            text.append(", options 0x")
                .append(HexText.bytes(packets, header.at() + Ipv4View.HEADER_BYTES_MIN, optionsBytes));
        }
    }

    private String flags() {
        String flags = (ipv4.moreFragments() ? "+" : "") + (ipv4.dontFragment() ? "DF" : "");
        return flags.isEmpty() ? "none" : flags;
    }

    private void ipv6Details(StringBuilder text, Header header) {
        ipv6.at(header.at());
        text.append(", class 0x%x, flowlabel 0x%05x, hlim ".formatted(ipv6.trafficClass(), ipv6.flowLabel()))
            .append(ipv6.hopLimit())
            .append(", next-header ").append(ProtocolNames.ipProtocol(ipv6.nextHeader()))
            .append(", payload length ").append(ipv6.payloadBytes());
    }

    /// `(5:0000)(pad 6)`: type and data of each option.
    void options(StringBuilder text, Header header) {
        options.at(header.at());
        for (int at = Ipv6OptionsView.OPTIONS_AT; at < options.headerBytes(); at += options.optionBytes(at)) {
            if (!options.isOptionValid(at)) {
                text.append("(malformed)");
                return;
            }
            int type = options.optionType(at);
            int optionBytes = options.optionBytes(at);
            if (type <= Ipv6OptionsView.PAD_N) {
                text.append("(pad ").append(optionBytes).append(')');
            } else {
                long dataAt = header.at() + options.optionDataAt(at);
                text.append('(').append(type).append(':')
                    .append(HexText.bytes(packets, dataAt, optionBytes - 2)).append(')');
            }
        }
    }

    /// `(type 4, segleft 1, [0]2001:db8::a, [1]2001:db8::b)`.
    void routing(StringBuilder text, Header header) {
        routing.at(header.at());
        text.append("(type ").append(routing.type()).append(", segleft ").append(routing.segmentsLeft());
        for (int i = 0; i < routing.segmentCount(); i++) {
            text.append(", [").append(i).append(']');
            if (routing.type() == Ipv6RoutingView.RPL) {
                text.append('~').append(
                    HexText.bytes(packets, header.at() + routing.segmentAt(i), routing.segmentBytes(i)));
            } else {
                Addresses.appendIpv6(text, routing.segmentHigh(i), routing.segmentLow(i));
            }
        }
        text.append(')');
    }

    void fragment(StringBuilder text, Header header) {
        fragment.at(header.at());
        text.append("(id 0x%08x, offset ".formatted(fragment.identification()))
            .append(fragment.fragmentOffsetBytes()).append(", flags [")
            .append(fragment.moreFragments() ? "+" : "none").append("])");
    }

    void authentication(StringBuilder text, Header header) {
        authentication.at(header.at());
        text.append("(spi=0x%08x,seq=0x%x)".formatted(authentication.spi(), authentication.sequence()));
    }
}
