package io.millrace.dataplane.stage;

import io.millrace.dataplane.forward.Ipv4Path;
import io.millrace.dataplane.forward.Ipv6Path;
import io.millrace.dataplane.hook.Hooks;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;

/// Where a packet goes that needs more than a route: rules at ingress, [Ingress], then [Ipv4Path] or [Ipv6Path].
public final class WholeWay {

    private final PacketMeta meta;
    private final Ingress ingress;
    private final Ipv4Path ipv4Path;
    private final Ipv6Path ipv6Path;
    private final Hooks hooks;
    private final IngressRules ingressRules;

    public WholeWay(PacketMemory packets, Ingress ingress, Ipv4Path ipv4Path, Ipv6Path ipv6Path, Hooks hooks,
                    IngressRules ingressRules) {
        this.meta = new PacketMeta(packets);
        this.ingress = ingress;
        this.ipv4Path = ipv4Path;
        this.ipv6Path = ipv6Path;
        this.hooks = hooks;
        this.ingressRules = ingressRules;
    }

    /// The packet is no longer the caller's.
    void take(int packet, long nowNs) {
        take(packet, Integer.MIN_VALUE, nowNs);
    }

    /// As above, of a packet that has met the rules at ingress with a priority below this.
    void take(int packet, int priorityFrom, long nowNs) {
        if (!hooks.isOn()) {
            admit(packet, nowNs);
            return;
        }
        hooks.begin();
        boolean passes = !hooks.hasIngress() || ingressRules.pass(packet, priorityFrom, Integer.MAX_VALUE, nowNs);
        if (passes) admit(packet, nowNs);
        hooks.end();
    }

    private void admit(int packet, long nowNs) {
        if (ingress.admit(packet, nowNs) != Verdict.FORWARD) return;
        if (meta.family(packet) == 4) {
            ipv4Path.accept(packet, nowNs);
        } else {
            ipv6Path.accept(packet, nowNs);
        }
    }
}
