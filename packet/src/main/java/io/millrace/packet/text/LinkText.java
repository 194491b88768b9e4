package io.millrace.packet.text;

import io.millrace.packet.address.Addresses;
import io.millrace.packet.header.ArpView;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.EthernetView;
import io.millrace.packet.header.MplsView;
import io.millrace.packet.header.PppoeView;
import io.millrace.packet.header.VlanView;
import io.millrace.packet.memory.PacketMemory;

/// Prints what lies in front of IP, and ARP. Short and detailed form are the same.
final class LinkText {

    private final EthernetView ethernet;
    private final VlanView vlan;
    private final MplsView mpls;
    private final PppoeView pppoe;
    private final ArpView arp;

    LinkText(PacketMemory packets) {
        this.ethernet = new EthernetView(packets);
        this.vlan = new VlanView(packets);
        this.mpls = new MplsView(packets);
        this.pppoe = new PppoeView(packets);
        this.arp = new ArpView(packets);
    }

    void ethernet(StringBuilder text, Header header) {
        ethernet.at(header.at());
        Addresses.appendMac(text, ethernet.source()).append(" > ");
        Addresses.appendMac(text, ethernet.target()).append(", ");
        type(text, ethernet.type());
        text.append(", length ").append(header.totalBytes());
    }

    void vlan(StringBuilder text, Header header) {
        vlan.at(header.at());
        text.append(vlan.vid()).append(", p ").append(vlan.pcp());
        if (vlan.dei()) text.append(", DEI");
        type(text.append(", "), vlan.type());
    }

    private static void type(StringBuilder text, int type) {
        if (type <= EtherType.LENGTH_MAX) {
            text.append("802.3 length ").append(type);
        } else {
            text.append("ethertype ").append(ProtocolNames.etherType(type));
        }
    }

    void mpls(StringBuilder text, Header header) {
        mpls.at(header.at());
        text.append("(label ").append(mpls.label()).append(", tc ").append(mpls.trafficClass());
        if (mpls.isBottom()) text.append(", [S]");
        text.append(", ttl ").append(mpls.ttl()).append(')');
    }

    void pppoe(StringBuilder text, Header header) {
        pppoe.at(header.at());
        text.append("[ses 0x%x]".formatted(pppoe.session()));
        if (pppoe.code() == PppoeView.SESSION) {
            text.append(" PPP 0x%04x".formatted(pppoe.protocol()));
        } else {
            text.append(" code 0x%02x".formatted(pppoe.code()));
        }
        text.append(", length ").append(pppoe.payloadBytes());
    }

    void arp(StringBuilder text, Header header) {
        arp.at(header.at());
        switch (arp.operation()) {
            case ArpView.REQUEST -> {
                Addresses.appendIpv4(text.append("Request who-has "), arp.target());
                Addresses.appendIpv4(text.append(" tell "), arp.sender());
            }
            case ArpView.REPLY -> {
                Addresses.appendIpv4(text.append("Reply "), arp.sender());
                Addresses.appendMac(text.append(" is-at "), arp.senderMac());
            }
            default -> text.append("operation ").append(arp.operation());
        }
        text.append(", length ").append(header.totalBytes());
    }
}
