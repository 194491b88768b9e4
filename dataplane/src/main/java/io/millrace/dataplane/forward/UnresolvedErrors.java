package io.millrace.dataplane.forward;

import io.millrace.dataplane.icmp.IcmpCodes;
import io.millrace.dataplane.icmp.Icmpv4Errors;
import io.millrace.dataplane.icmp.Icmpv6Errors;
import io.millrace.dataplane.neighbour.Unresolved;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Tells senders that the neighbour their packet needed did not answer: host unreachable, address unreachable.
public final class UnresolvedErrors implements Unresolved {

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Icmpv4Errors errors4;
    private final Icmpv6Errors errors6;

    public UnresolvedErrors(PacketMemory packets, Icmpv4Errors errors4, Icmpv6Errors errors6) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.errors4 = errors4;
        this.errors6 = errors6;
    }

    @Override
    public void unresolved(int packet, long nowNs) {
        int ingress = meta.ingress(packet);
        if (Wire.u8(memory, meta.frameAt(packet) + meta.l3(packet)) >>> 4 == 4) {
            errors4.unreachable(packet, IcmpCodes.HOST_UNREACHABLE, ingress, nowNs);
        } else {
            errors6.unreachable(packet, IcmpCodes.V6_ADDRESS_UNREACHABLE, ingress, nowNs);
        }
    }
}
