package io.millrace.dataplane.hook;

import io.millrace.flow.path.FlowAdd;
import io.millrace.flow.track.Tracked;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Runs `flow add` for a forwarded packet: finds what the statement asks of its headers.
final class OffloadStatement {

    private static final int TCP_FLAGS_AT = 13;
    private static final int GRE_BYTES = 4;
    private static final int GRE_VERSION = 7;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ipv4;

    OffloadStatement(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.ipv4 = new Ipv4View(packets);
    }

    /// True if the connection was put into the flow table.
    boolean run(FlowAdd flowAdd, int packet, Tracked tracked, long nowNs) {
        int l4 = meta.l4(packet);
        boolean hasOptions = false;
        if (meta.family(packet) == 4) {
            ipv4.at(meta.frameAt(packet) + meta.l3(packet));
            hasOptions = ipv4.headerBytes() > Ipv4View.HEADER_BYTES_MIN;
            l4 = meta.l3(packet) + ipv4.headerBytes();
        }
        long at = meta.frameAt(packet) + l4;
        int presentBytes = meta.slotBytes(packet) - l4;
        int tcpFlags = 0;
        int greVersion = 0;
        if (meta.proto(packet) == IpProtocol.TCP && presentBytes > TCP_FLAGS_AT) {
            tcpFlags = Wire.u8(memory, at + TCP_FLAGS_AT);
        } else if (meta.proto(packet) == IpProtocol.GRE && presentBytes >= GRE_BYTES) {
            greVersion = Wire.u16(memory, at) & GRE_VERSION;
        }
        return 0 == flowAdd.add(tracked, meta.ingress(packet), meta.egress(packet), tcpFlags, greVersion, hasOptions,
            nowNs);
    }
}
