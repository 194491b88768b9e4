package io.millrace.dataplane.stage;

import io.millrace.dataplane.forward.Ipv4Path;
import io.millrace.dataplane.forward.Ipv6Path;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;

/// Where a packet goes that needs more than a route: [Ingress], then [Ipv4Path] or [Ipv6Path].
public final class WholeWay {

    private final PacketMeta meta;
    private final Ingress ingress;
    private final Ipv4Path ipv4Path;
    private final Ipv6Path ipv6Path;

    public WholeWay(PacketMemory packets, Ingress ingress, Ipv4Path ipv4Path, Ipv6Path ipv6Path) {
        this.meta = new PacketMeta(packets);
        this.ingress = ingress;
        this.ipv4Path = ipv4Path;
        this.ipv6Path = ipv6Path;
    }

    /// The packet is no longer the caller's.
    void take(int packet, long nowNs) {
        if (ingress.admit(packet, nowNs) != Verdict.FORWARD) return;
        if (meta.family(packet) == 4) {
            ipv4Path.accept(packet, nowNs);
        } else {
            ipv6Path.accept(packet, nowNs);
        }
    }
}
