package io.millrace.dataplane.hook;

import io.millrace.dataplane.icmp.Icmpv4Errors;
import io.millrace.dataplane.icmp.Icmpv6Errors;
import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.dataplane.reassembly.ExpiredFragment;
import io.millrace.dataplane.reassembly.Ipv4Reassembly;
import io.millrace.dataplane.reassembly.Ipv6Reassembly;
import io.millrace.dataplane.reassembly.ReassemblySettings;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.parse.CompiledParser;

/// Puts fragments together where somebody has to see whole packets: before connections are tracked, and before a packet
/// is delivered here.
public final class Defragmenter implements ExpiredFragment {

    /// Who waits for the fragments; those of one do not mix with those of another.
    static final int FOR_TRACKING = 0;
    static final int FOR_DELIVERY = 1;

    private final PacketMeta meta;
    private final Ipv4View ipv4;
    private final Ipv4Reassembly reassembly4;
    private final Ipv6Reassembly reassembly6;
    private final OwnAddresses own;
    private final Icmpv4Errors errors4;
    private final Icmpv6Errors errors6;
    private final CompiledParser parser;
    private final Burst one = new Burst();

    public Defragmenter(PacketMemory packets, Ipv4Reassembly reassembly4, Ipv6Reassembly reassembly6, OwnAddresses own,
                        Icmpv4Errors errors4, Icmpv6Errors errors6, CompiledParser parser) {
        this.meta = new PacketMeta(packets);
        this.ipv4 = new Ipv4View(packets);
        this.reassembly4 = reassembly4;
        this.reassembly6 = reassembly6;
        this.own = own;
        this.errors4 = errors4;
        this.errors6 = errors6;
        this.parser = parser;
    }

    /// The packet itself if it is whole, or left as it is; the whole one if this was the last fragment missing; else
    /// `PacketMemory.NONE`: it waits, or was dropped.
    int add(int packet, int user, long nowNs) {
        int whole;
        if (meta.family(packet) == 4) {
            if (!ipv4.at(meta.frameAt(packet) + meta.l3(packet)).isFragment()) return packet;
            whole = reassembly4.add(packet, user, nowNs);
        } else {
            if ((meta.flags(packet) & ParseFlags.FRAGMENT) == 0) return packet;
            whole = reassembly6.add(packet, user, nowNs);
        }
        if (whole == PacketMemory.NONE) return PacketMemory.NONE;
        parseAgain(whole);
        return whole;
    }

    /// What the parser found was found of a fragment. The records of the burst at hand have been read by now.
    private void parseAgain(int packet) {
        one.clear();
        one.add(packet);
        one.port(Burst.MIXED);
        parser.parse(one);
    }

    /// Gives up datagrams whose time is over; returns how many.
    int expire(long nowNs, int budget) {
        return reassembly4.expire(nowNs, budget, this) + reassembly6.expire(nowNs, budget, this);
    }

    /// Before tracking Linux tells of IPv4 only who sent to this host itself.
    @Override
    public void expired(int packet, long nowNs) {
        if (meta.family(packet) == 4) {
            int target = ipv4.at(meta.frameAt(packet) + meta.l3(packet)).target();
            if (own.owns4(target)) errors4.reassemblyTimeExceeded(packet, meta.ingress(packet), nowNs);
        } else {
            errors6.reassemblyTimeExceeded(packet, meta.ingress(packet), nowNs);
        }
    }

    /// For the worker's thread, between two bursts.
    public void apply(ReassemblySettings ipv4, ReassemblySettings ipv6) {
        reassembly4.settings(ipv4);
        reassembly6.settings(ipv6);
    }

    void releaseHeld() {
        reassembly4.releaseHeld();
        reassembly6.releaseHeld();
    }
}
