package io.millrace.checksum.cover;

import io.millrace.checksum.PseudoHeader;
import io.millrace.packet.header.AuthenticationView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6FragmentView;
import io.millrace.packet.header.Ipv6OptionsView;
import io.millrace.packet.header.Ipv6RoutingView;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Reads an IPv4 or IPv6 header with what follows it up to the transport, and remembers what a checksum needs to know.
/// [#read] anew for each header; the answers are about the last one. Offsets count from the packet's first byte.
///
/// The addresses are those that count in a pseudo header: behind an IPv6 routing header with segments left, or an IPv4
/// source route with hops left, the final target; with a home address option (RFC 6275) the home address. A final
/// target that only exists inside a compressed segment (RFC 9800) cannot be seen by anybody.
public final class NetworkHeader {

    /// What reading came to.
    public enum Found {
        /// The transport, or a fragment of it, begins at [#l4].
        TRANSPORT,
        /// Not an IP header, or one that contradicts itself.
        MALFORMED,
        /// The headers do not end before the packet does.
        CUT
    }

    private static final int OPTIONS_END = 0;
    private static final int NO_OPERATION = 1;
    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;
    private static final int HOME_ADDRESS = 0xc9;
    private static final int PAD_1 = 0;
    private static final int ADDRESS_BYTES = 16;
    private static final int EXTENSION_BYTES_MIN = 8;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ipv4;
    private final Ipv6View ipv6;
    private final AuthenticationView authentication;
    private final Ipv6OptionsView options;
    private final Ipv6RoutingView routing;
    private final Ipv6FragmentView fragment;

    private int packet;
    private int family;
    private int protocol;
    private int l3;
    private int l4;
    private int end;
    private boolean isFragment;
    private boolean isLaterFragment;
    private boolean hasOptions;
    private boolean hasExtensions;
    private boolean hasRouting;
    private boolean hasHomeAddress;
    private long sourceHigh;
    private long sourceLow;
    private long targetHigh;
    private long targetLow;

    public NetworkHeader(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.ipv4 = new Ipv4View(packets);
        this.ipv6 = new Ipv6View(packets);
        this.authentication = new AuthenticationView(packets);
        this.options = new Ipv6OptionsView(packets);
        this.routing = new Ipv6RoutingView(packets);
        this.fragment = new Ipv6FragmentView(packets);
    }

    /// Reads the outermost header, at `l3`. `limit` is where the frame that carries it ended on the wire, which may be
    /// behind the last byte that is present.
    public Found read(int packet, int l3, int limit) {
        return read(packet, l3, limit, false);
    }

    /// Reads a header whose outer packet ends at `limit` and may be a fragment, of which this one then is a piece.
    public Found read(int packet, int l3, int limit, boolean isInFragment) {
        this.packet = packet;
        this.family = 0;
        this.l3 = l3;
        this.l4 = l3;
        this.end = limit;
        this.isFragment = isInFragment;
        this.isLaterFragment = false;
        this.hasOptions = false;
        this.hasExtensions = false;
        this.hasRouting = false;
        this.hasHomeAddress = false;
        if (!isPresent(l3, 1)) return Found.CUT;
        return switch (Wire.u8(memory, here(l3)) >>> 4) {
            case 4 -> readIpv4();
            case 6 -> readIpv6();
            default -> Found.MALFORMED;
        };
    }

    public int family()    { return family; }
    public int l3()        { return l3; }
    /// Number of the transport, or of the extension header at which reading stopped.
    public int protocol()  { return protocol; }
    public int l4()        { return l4; }
    /// Where the IP payload ends: by its length field, by the limit where that is nearer or the field is 0.
    public int end()       { return end; }
    public int l4Bytes()   { return end - l4; }

    /// True if the payload is not whole; an atomic fragment is.
    public boolean isFragment()      { return isFragment; }
    /// True if the payload does not begin with a transport header.
    public boolean isLaterFragment() { return isLaterFragment; }
    /// True with IPv4 options.
    public boolean hasOptions()      { return hasOptions; }
    /// True with headers between the IP header and the transport.
    public boolean hasExtensions()   { return hasExtensions; }
    /// True with a routing header or a source route, whether anything of it is left or not.
    public boolean hasRouting()      { return hasRouting; }
    public boolean hasHomeAddress()  { return hasHomeAddress; }

    /// True if all of the payload is present.
    public boolean isWhole() {
        return end <= meta.packetBytes(packet);
    }

    /// The sum of the pseudo header for a transport of `l4Bytes` bytes.
    public long pseudoSum(int protocol, int l4Bytes) {
        if (family == 4) return PseudoHeader.ipv4((int) sourceLow, (int) targetLow, protocol, l4Bytes);
        return PseudoHeader.ipv6(sourceHigh, sourceLow, targetHigh, targetLow, protocol, l4Bytes);
    }

    private Found readIpv4() {
        if (!isPresent(l3, Ipv4View.HEADER_BYTES_MIN)) return Found.CUT;
        ipv4.at(here(l3));
        int headerBytes = ipv4.headerBytes();
        int totalBytes = ipv4.totalBytes();
        if (headerBytes < Ipv4View.HEADER_BYTES_MIN) return Found.MALFORMED;
        if (!isPresent(l3, headerBytes)) return Found.CUT;
        family = 4;
        protocol = ipv4.protocol();
        l4 = l3 + headerBytes;
        hasOptions = headerBytes > Ipv4View.HEADER_BYTES_MIN;
        isFragment |= ipv4.isFragment();
        isLaterFragment = ipv4.fragmentOffsetBytes() != 0;
        sourceLow = ipv4.source();
        targetLow = ipv4.target();
        if (hasOptions) readSourceRoute(here(l3 + Ipv4View.HEADER_BYTES_MIN), here(l4));
        if (totalBytes != 0) {   // 0: longer than the field can say
            if (totalBytes < headerBytes) return Found.MALFORMED;
            end = Math.min(end, l3 + totalBytes);
        }
        // An authentication header that is not all there is the last thing that can be read.
        if (protocol == IpProtocol.AUTHENTICATION && !isLaterFragment) readExtension(here(l4));
        return Found.TRANSPORT;
    }

    /// RFC 791 section 3.1: while hops of a source route are left, the last of them is the final target.
    private void readSourceRoute(long from, long to) {
        long at = from;
        while (at < to) {
            int type = Wire.u8(memory, at);
            if (type == OPTIONS_END) return;
            int optionBytes = type == NO_OPERATION ? 1 : at + 1 < to ? Wire.u8(memory, at + 1) : 0;
            if (optionBytes == 0 || at + optionBytes > to || type != NO_OPERATION && optionBytes < 2) return;
            if ((type == LOOSE_SOURCE_ROUTE || type == STRICT_SOURCE_ROUTE) && optionBytes >= 7) {
                int pointer = Wire.u8(memory, at + 2);
                hasRouting = true;
                if (pointer <= optionBytes) targetLow = Wire.i32(memory, at + optionBytes - Integer.BYTES);
            }
            at += optionBytes;
        }
    }

    private Found readIpv6() {
        if (!isPresent(l3, Ipv6View.HEADER_BYTES)) return Found.CUT;
        ipv6.at(here(l3));
        family = 6;
        protocol = ipv6.nextHeader();
        l4 = l3 + Ipv6View.HEADER_BYTES;
        sourceHigh = ipv6.sourceHigh();
        sourceLow = ipv6.sourceLow();
        targetHigh = ipv6.targetHigh();
        targetLow = ipv6.targetLow();
        if (ipv6.payloadBytes() != 0) end = Math.min(end, l3 + ipv6.totalBytes());   // 0: a jumbogram
        while (isExtension(protocol) && !isLaterFragment) {
            Found found = readExtension(here(l4));
            if (found != Found.TRANSPORT) return found;
        }
        return Found.TRANSPORT;
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case IpProtocol.HOP_BY_HOP, IpProtocol.ROUTING, IpProtocol.FRAGMENT, IpProtocol.AUTHENTICATION,
                 IpProtocol.DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }

    /// Steps over the IPv6 extension header, or the authentication header of either family, at `at`. Each is at least
    /// eight bytes long, so the packet's end ends the walk.
    private Found readExtension(long at) {
        if (!isPresent(l4, EXTENSION_BYTES_MIN)) return Found.CUT;
        int headerBytes = switch (protocol) {
            case IpProtocol.FRAGMENT -> Ipv6FragmentView.HEADER_BYTES;
            case IpProtocol.AUTHENTICATION -> authentication.at(at).headerBytes();
            default -> options.at(at).headerBytes();
        };
        if (!isPresent(l4, headerBytes)) return Found.CUT;
        int next = options.at(at).nextHeader();
        switch (protocol) {
            case IpProtocol.FRAGMENT -> readFragment(at);
            case IpProtocol.ROUTING -> readRouting(at);
            case IpProtocol.DESTINATION_OPTIONS -> readOptions(at + Ipv6OptionsView.OPTIONS_AT, at + headerBytes);
            default -> { }
        }
        hasExtensions = true;
        protocol = next;
        l4 += headerBytes;
        return Found.TRANSPORT;
    }

    private void readFragment(long at) {
        fragment.at(at);
        isFragment |= !fragment.isAtomic();
        isLaterFragment |= fragment.fragmentOffsetBytes() != 0;
    }

    private void readRouting(long at) {
        routing.at(at);
        hasRouting = true;
        int addressBytes = routing.headerBytes() - Ipv6RoutingView.SEGMENTS_AT;
        if (routing.segmentsLeft() == 0) return;
        switch (routing.type()) {
            case Ipv6RoutingView.SOURCE_ROUTE, Ipv6RoutingView.HOME_ADDRESS, Ipv6RoutingView.SEGMENT_ROUTING -> {
                if (addressBytes >= ADDRESS_BYTES) target(at + routing.segmentAt(routing.finalSegment()));
            }
            case Ipv6RoutingView.RPL -> {
                if (addressBytes >= routing.padBytes() + routing.lastSegmentBytes()) compressedTarget(at);
            }
            default -> { }
        }
    }

    private void target(long addressAt) {
        targetHigh = Wire.i64(memory, addressAt);
        targetLow = Wire.i64(memory, addressAt + Long.BYTES);
    }

    /// RFC 6554: the last address lacks leading bytes; they are those of the target on the way.
    private void compressedTarget(long at) {
        int elidedBytes = ADDRESS_BYTES - routing.lastSegmentBytes();
        long lastAt = at + routing.headerBytes() - routing.padBytes() - ADDRESS_BYTES;   // as if nothing were elided
        long high = targetHigh;
        long low = targetLow;
        for (int i = elidedBytes; i < ADDRESS_BYTES; i++) {
            int shift = 56 - 8 * (i & 7);
            long cleared = ~(0xffL << shift);
            long value = (long) Wire.u8(memory, lastAt + i) << shift;
            if (i < Long.BYTES) {
                high = high & cleared | value;
            } else {
                low = low & cleared | value;
            }
        }
        targetHigh = high;
        targetLow = low;
    }

    private void readOptions(long from, long to) {
        long at = from;
        while (at + 2 <= to) {
            int type = Wire.u8(memory, at);
            if (type == PAD_1) {
                at++;
                continue;
            }
            int dataBytes = Wire.u8(memory, at + 1);
            if (type == HOME_ADDRESS && dataBytes == ADDRESS_BYTES && at + 2 + ADDRESS_BYTES <= to) {
                hasHomeAddress = true;
                sourceHigh = Wire.i64(memory, at + 2);
                sourceLow = Wire.i64(memory, at + 2 + Long.BYTES);
            }
            at += 2 + dataBytes;
        }
    }

    private long here(int offset) {
        return meta.frameAt(packet) + offset;
    }

    private boolean isPresent(int at, int byteCount) {
        return at + byteCount <= Math.min(end, meta.slotBytes(packet));
    }
}
