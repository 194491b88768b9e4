package io.millrace.packet.text;

import io.millrace.packet.header.GeneveView;
import io.millrace.packet.header.GreView;
import io.millrace.packet.header.GtpuView;
import io.millrace.packet.header.VxlanView;
import io.millrace.packet.memory.PacketMemory;

/// Prints tunnel headers. Short and detailed form are the same.
final class TunnelText {

    private final GreView gre;
    private final VxlanView vxlan;
    private final GeneveView geneve;
    private final GtpuView gtpu;

    TunnelText(PacketMemory packets) {
        this.gre = new GreView(packets);
        this.vxlan = new VxlanView(packets);
        this.geneve = new GeneveView(packets);
        this.gtpu = new GtpuView(packets);
    }

    void gre(StringBuilder text, Header header) {
        gre.at(header.at());
        text.append("v").append(gre.version());
        if (gre.hasChecksum()) text.append(", cksum 0x%04x".formatted(gre.checksum()));
        if (gre.hasKey()) text.append(", key 0x%x".formatted(gre.key()));
        if (gre.hasSequence()) text.append(", seq ").append(Integer.toUnsignedString(gre.sequence()));
        if (gre.hasAcknowledgement()) text.append(", ack ").append(Integer.toUnsignedString(gre.acknowledgement()));
        text.append(", proto ").append(ProtocolNames.etherType(gre.type()))
            .append(", length ").append(header.totalBytes());
    }

    void vxlan(StringBuilder text, Header header) {
        text.append("vni ").append(vxlan.at(header.at()).vni());
    }

    void geneve(StringBuilder text, Header header) {
        geneve.at(header.at());
        text.append("vni 0x%x".formatted(geneve.vni()));
        if (geneve.isControl()) text.append(", control");
        if (geneve.isCritical()) text.append(", critical");
        text.append(", proto ").append(ProtocolNames.etherType(geneve.type()));
        int optionsBytes = geneve.headerBytes() - GeneveView.OPTIONS_AT;
        if (optionsBytes > 0) text.append(", options ").append(optionsBytes).append(" bytes");
    }

    void gtpu(StringBuilder text, Header header) {
        gtpu.at(header.at());
        text.append("teid 0x%08x, type ".formatted(gtpu.teid())).append(gtpu.type());
        if (gtpu.hasSequence()) text.append(", seq ").append(gtpu.sequence());
    }
}
