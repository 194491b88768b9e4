package io.millrace.dataplane.stage;

import io.millrace.dataplane.iface.Interfaces;
import io.millrace.packet.header.PppoeView;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Takes the PPPoE header off a session's frame (RFC 2516 §4): the packet then came by the session's interface. What
/// lies behind the header's length is link padding. Sessions are told apart by their number, their interface and their
/// peer, as Linux does.
final class PppoeIngress {

    private static final int MAC_BYTES = 6;
    private static final int COMPRESSED_PROTOCOL_BYTES = 1;

    private final PacketPool pool;
    private final PacketMeta meta;
    private final MemorySegment memory;
    private final PppoeView view;
    private final Interfaces interfaces;

    PppoeIngress(PacketPool pool, Interfaces interfaces) {
        this.pool = pool;
        this.meta = new PacketMeta(pool.packets());
        this.memory = pool.packets().segment();
        this.view = new PppoeView(pool.packets());
        this.interfaces = interfaces;
    }

    /// `FORWARD` with `ingress`, `family` and `l3` set, or why the frame ends. Its `l3` is where the PPPoE header begins,
    /// its `ingress` the interface below.
    Verdict open(int packet) {
        int headerAt = meta.l3(packet);
        if (meta.slotBytes(packet) < headerAt + PppoeView.SESSION_HEADER_BYTES) return Verdict.PPPOE_MALFORMED;
        view.at(meta.frameAt(packet) + headerAt);
        if (!view.isValid(meta.packetBytes(packet) - headerAt)) return Verdict.PPPOE_MALFORMED;
        if (view.code() != PppoeView.SESSION) return Verdict.PPPOE_MALFORMED;
        long peerMac = Wire.u48(memory, meta.frameAt(packet) + MAC_BYTES);
        int ingress = interfaces.ofSession(meta.ingress(packet), view.session(), peerMac);
        if (ingress == Interfaces.NONE) return Verdict.PPPOE_SESSION_UNKNOWN;
        int family = switch (view.protocol()) {
            case PppoeView.PPP_IPV4 -> 4;
            case PppoeView.PPP_IPV6 -> 6;
            default -> 0;
        };
        if (family == 0) return Verdict.PPP_PROTOCOL_UNKNOWN;
        boolean isCompressed = view.isProtocolCompressed();
        int endAt = headerAt + view.totalBytes();
        if (endAt < meta.packetBytes(packet)) pool.trim(packet, endAt);
        meta.ingress(packet, ingress);
        meta.family(packet, family);
        meta.l3(packet, headerAt + (isCompressed ? PppoeView.HEADER_BYTES + COMPRESSED_PROTOCOL_BYTES
            : PppoeView.SESSION_HEADER_BYTES));
        return Verdict.FORWARD;
    }
}
