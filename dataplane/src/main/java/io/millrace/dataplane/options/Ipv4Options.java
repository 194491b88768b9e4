package io.millrace.dataplane.options;

import io.millrace.checksum.Ipv4Checksum;
import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// IPv4 options of a packet on its way through (RFC 791 §3.1, RFC 1812 §5.2.4 and §5.3.13), as Linux's
/// `ip_options_compile`, `ip_options_rcv_srr` and `ip_forward_options` treat them.
///
/// Unlike Linux, which writes into the options on arrival, nothing changes until the packet is known to leave: an error
/// about it then quotes the options as they came (RFC 1122 §3.2.2).
///
/// The packet's metadata says where the IPv4 header lies (`l3`); the header is valid. What a method says "after"
/// another holds until the next packet is checked. A tool of one worker.
public final class Ipv4Options {

    private static final int TARGET = 16;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ip;
    private final OwnAddresses own;
    private final OptionScan scan = new OptionScan();
    private final OptionStamp stamp;
    private int problemAt;
    private int sourceRouteHop;

    public Ipv4Options(PacketMemory packets, OwnAddresses own) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.ip = new Ipv4View(packets);
        this.own = own;
        this.stamp = new OptionStamp(own);
    }

    /// True if the header has options; the other methods need not be called where it has none.
    public boolean isPresent(int packet) {
        return ip.at(headerAt(packet)).headerBytes() > Ipv4View.HEADER_BYTES_MIN;
    }

    /// Checks the options of a packet that arrived, after its route is known and before anything else is decided.
    /// Changes nothing. `FORWARD` if all is well; otherwise the packet is to be dropped with the verdict, and a
    /// parameter problem that points to [#problemAt] is due.
    public Verdict check(int packet) {
        sourceRouteHop = 0;
        boolean isSound = scan.scan(memory, headerAt(packet));
        problemAt = scan.faultAt();
        return isSound ? Verdict.FORWARD : Verdict.IPV4_OPTIONS_MALFORMED;
    }

    /// After a failed [#check] or [#followSourceRoute]: the offset in the header that a parameter problem names, or -1
    /// where nothing is said.
    public int problemAt()           { return problemAt; }

    /// After a [#check] that passed: true if there is a source route, loose or strict.
    public boolean hasSourceRoute()  { return scan.sourceRouteAt() != 0; }

    /// After a [#check] that passed: true if there is a source route and it is strict. Then a next hop that is not the
    /// target itself means "source route failed".
    public boolean isStrict()        { return scan.isStrict(); }

    /// For a packet with a source route, right after [#check]: `FORWARD` if it goes on, to [#sourceRouteHop] if that is
    /// not 0, otherwise to its target, which may have become another of this host's addresses. Any other verdict drops
    /// it.
    public Verdict followSourceRoute(int packet, boolean acceptsSourceRoute) {
        problemAt = OptionScan.NO_FAULT;
        if (!acceptsSourceRoute) return Verdict.IPV4_OPTIONS_MALFORMED;
        long headerAt = headerAt(packet);
        if (!own.owns4(ip.at(headerAt).target())) {
            if (!scan.isStrict()) return Verdict.FORWARD;
            problemAt = TARGET;   // a strict route names every hop, and this one is not in it
            return Verdict.IPV4_OPTIONS_MALFORMED;
        }
        return takeHops(headerAt);
    }

    /// Takes hops off the source route for as long as they are this host's own; each becomes the target.
    private Verdict takeHops(long headerAt) {
        long optionAt = headerAt + scan.sourceRouteAt();
        int optionBytes = Wire.u8(memory, optionAt + OptionKind.BYTES);
        int pointer = Wire.u8(memory, optionAt + OptionKind.POINTER);
        for (; pointer <= optionBytes; pointer += OptionKind.ADDRESS_BYTES) {
            if (pointer + 3 > optionBytes) {
                problemAt = scan.sourceRouteAt() + OptionKind.POINTER;
                return Verdict.IPV4_OPTIONS_MALFORMED;
            }
            int hop = Wire.i32(memory, optionAt + pointer - 1);
            if (!own.owns4(hop)) {
                sourceRouteHop = hop;
                break;
            }
            ip.target(hop);
            Ipv4Checksum.fill(memory, headerAt);
        }
        return Verdict.FORWARD;
    }

    /// After [#followSourceRoute]: the address that the packet is to be routed to in place of its target; 0 if none.
    public int sourceRouteHop()      { return sourceRouteHop; }

    /// Completes the options of a packet that is about to leave, and its header checksum: `egressAddress` goes into
    /// record route, `arrivalAddress` (the one from which this host speaks to the packet's source) and the time into
    /// timestamps. `hop` is what [#sourceRouteHop] said of this packet, 0 if nothing.
    public void forward(int packet, int arrivalAddress, int egressAddress, int hop, long nowNs) {
        long headerAt = headerAt(packet);
        scan.scan(memory, headerAt);
        clearBehindEnd(headerAt);
        if (scan.recordRouteAt() != 0) {
            OptionStamp.recordRoute(memory, headerAt + scan.recordRouteAt(), egressAddress);
        }
        if (scan.timestampAt() != 0) {
            int address = hop != 0 ? egressAddress : arrivalAddress;
            stamp.timestamp(memory, headerAt + scan.timestampAt(), address, nowNs);
        }
        if (hop != 0) passHop(headerAt, egressAddress, hop);
        Ipv4Checksum.fill(memory, headerAt);
    }

    /// Makes `hop` the target, and records in its place the address that the packet leaves from.
    private void passHop(long headerAt, int egressAddress, int hop) {
        long optionAt = headerAt + scan.sourceRouteAt();
        int optionBytes = Wire.u8(memory, optionAt + OptionKind.BYTES);
        int pointer = Wire.u8(memory, optionAt + OptionKind.POINTER);
        for (; pointer + 3 <= optionBytes; pointer += OptionKind.ADDRESS_BYTES) {
            if (Wire.i32(memory, optionAt + pointer - 1) != hop) continue;
            ip.at(headerAt).target(hop);
            Wire.i32(memory, optionAt + pointer - 1, egressAddress);
            Wire.u8(memory, optionAt + OptionKind.POINTER, pointer + OptionKind.ADDRESS_BYTES);
            return;
        }
    }

    /// What lies behind an end-of-options byte means nothing and is zeroed, as Linux does.
    private void clearBehindEnd(long headerAt) {
        int headerBytes = ip.at(headerAt).headerBytes();
        for (int at = scan.endAt(); at < headerBytes; at++) {
            Wire.u8(memory, headerAt + at, OptionKind.END);
        }
    }

    private long headerAt(int packet) {
        return meta.frameAt(packet) + meta.l3(packet);
    }
}
