package io.millrace.dataplane.forward;

import io.millrace.dataplane.hook.Hooks;
import io.millrace.dataplane.icmp.Icmpv4Errors;
import io.millrace.dataplane.icmp.Icmpv6Errors;
import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.dataplane.neighbour.Unresolved;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Tells senders that the neighbour their packet needed did not answer: host unreachable, address unreachable. This
/// host itself is not told, unless the packet may be that of another whose source was translated.
public final class UnresolvedErrors implements Unresolved {

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ipv4;
    private final Ipv6View ipv6;
    private final OwnAddresses own;
    private final Icmpv4Errors errors4;
    private final Icmpv6Errors errors6;
    private final Hooks hooks;

    public UnresolvedErrors(PacketMemory packets, OwnAddresses own, Icmpv4Errors errors4, Icmpv6Errors errors6,
                            Hooks hooks) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.ipv4 = new Ipv4View(packets);
        this.ipv6 = new Ipv6View(packets);
        this.own = own;
        this.errors4 = errors4;
        this.errors6 = errors6;
        this.hooks = hooks;
    }

    @Override
    public void unresolved(int packet, long nowNs) {
        int ingress = meta.ingress(packet);
        long at = meta.frameAt(packet) + meta.l3(packet);
        if (Wire.u8(memory, at) >>> 4 == 4) {
            if (own.owns4(ipv4.at(at).source()) && !hooks.isOn()) return;
            errors4.unreachable(packet, IcmpType.HOST_UNREACHABLE, ingress, nowNs);
        } else {
            ipv6.at(at);
            boolean isOwn = own.owns6(ipv6.sourceHigh(), ipv6.sourceLow(), meta.egress(packet));
            if (isOwn && !hooks.isOn()) return;
            errors6.unreachable(packet, Icmpv6Type.ADDRESS_UNREACHABLE, ingress, nowNs);
        }
    }
}
