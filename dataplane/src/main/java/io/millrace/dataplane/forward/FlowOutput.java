package io.millrace.dataplane.forward;

import io.millrace.dataplane.hook.Hooks;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.output.Transmitter;
import io.millrace.flow.table.FlowLinks;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

/// Sends what the flow table has rewritten.
public final class FlowOutput {

    private final PacketMeta meta;
    private final Interfaces interfaces;
    private final Transmitter transmitter;
    private final LinkOutput output;
    private final Hooks hooks;

    public FlowOutput(PacketMemory packets, Interfaces interfaces, Transmitter transmitter, LinkOutput output,
                      Hooks hooks) {
        this.meta = new PacketMeta(packets);
        this.interfaces = interfaces;
        this.transmitter = transmitter;
        this.output = output;
        this.hooks = hooks;
    }

    /// Whole frames, in order; the burst is empty afterwards.
    public void sendAll(Burst frames, long nowNs) {
        for (int i = 0; i < frames.count(); i++) send(frames.packet(i), nowNs);
        frames.clear();
    }

    /// A whole frame, whose `egress` says by which interface.
    public void send(int packet, long nowNs) {
        int egress = meta.egress(packet);
        if (hooks.hasAnyEgress()) {
            output.transmit(packet, egress, nowNs);
        } else {
            transmitter.add(packet, interfaces.get(egress).portIndex(), nowNs);
        }
    }

    /// An IP packet to the neighbour that its link (`nextHop`) names, which has to be asked for or confirmed. The next
    /// hop of an IPv4 packet may be an IPv6 neighbour.
    public void resolve(int packet, FlowLinks links, long nowNs) {
        int link = meta.nextHop(packet);
        long high = links.nextHopHigh(link);
        int family = meta.family(packet) == 6 || high != 0 ? 6 : 4;
        output.neighbour(packet, family, high, links.nextHopLow(link), meta.egress(packet), nowNs);
    }
}
