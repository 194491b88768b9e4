package io.millrace.packet.text;

import io.millrace.packet.header.ArpView;
import io.millrace.packet.header.AuthenticationView;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.EthernetView;
import io.millrace.packet.header.GeneveView;
import io.millrace.packet.header.GreView;
import io.millrace.packet.header.GtpuView;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.IcmpView;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.Icmpv6View;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6FragmentView;
import io.millrace.packet.header.Ipv6OptionsView;
import io.millrace.packet.header.Ipv6RoutingView;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.header.MplsView;
import io.millrace.packet.header.PppoeView;
import io.millrace.packet.header.SctpView;
import io.millrace.packet.header.TcpView;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.header.VlanView;
import io.millrace.packet.header.VxlanView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

import static io.millrace.packet.text.HeaderKind.*;

/// Goes through one packet header by header, tunnels and quoted packets included, and says why it stopped.
///
/// Ends for every content: each header is at least one byte long, and there is a limit to their number. Reads nothing
/// but bytes of the packet's first slot.
final class HeaderWalk {

    private static final int HEADERS_MAX = 32;

    /// `LINKTYPE_` numbers (tcpdump.org).
    private static final int LINK_ETHERNET = 1;
    private static final int LINK_RAW = 101;
    private static final int LINK_IPV4 = 228;
    private static final int LINK_IPV6 = 229;

    /// Longest IP packet: what a quoted one may claim beyond the bytes quoted.
    private static final int QUOTED_BYTES_MAX = Ipv6View.HEADER_BYTES + 0xffff;

    /// What an ICMP error quotes of TCP at least: ports and sequence number (RFC 792).
    private static final int QUOTED_TCP_BYTES = 8;

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final List<Header> headers = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    private long base;
    private int offset;       // of the header in turn, from the packet's first byte
    private int presentEnd;   // bytes of the first slot
    private int end;          // the packet's end, by its length on the wire and what its headers say
    private boolean isQuoted;

    HeaderWalk(PacketMemory packets) {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
    }

    /// Goes through the packet; the answers below are about it from then on.
    HeaderWalk over(int packet) {
        headers.clear();
        remarks.clear();
        base = meta.frameAt(packet);
        offset = 0;
        presentEnd = meta.slotBytes(packet);
        end = Math.max(meta.packetBytes(packet), meta.originalBytes(packet));
        isQuoted = false;
        HeaderKind next = first(meta.linkType(packet));
        while (next != null && headers.size() < HEADERS_MAX) {
            next = read(next);
        }
        if (next != null) remarks.add("stopped after " + HEADERS_MAX + " headers");
        return this;
    }

    List<Header> headers() { return headers; }

    /// What is wrong with the packet; among it, why the walk did not reach a payload.
    List<String> remarks() { return remarks; }

    /// True if the walk ended in the packet that an ICMP error quotes.
    boolean isInQuote()    { return isQuoted; }

    /// First byte behind the last header, in the packet memory.
    long payloadAt()       { return base + offset; }

    /// Bytes behind the last header that may be read.
    int payloadPresent()   { return Math.max(0, Math.min(presentEnd, end) - offset); }

    private HeaderKind first(int linkType) {
        return switch (linkType) {
            case LINK_ETHERNET -> ETHERNET;
            case LINK_RAW -> {
                HeaderKind ip = byVersion();
                if (ip == null) remarks.add("neither IPv4 nor IPv6 at byte 0");
                yield ip;
            }
            case LINK_IPV4 -> IPV4;
            case LINK_IPV6 -> IPV6;
            default -> {
                remarks.add("link type " + linkType + " is not read");
                yield null;
            }
        };
    }

    private HeaderKind read(HeaderKind kind) {
        long at = base + offset;
        return switch (kind) {
            case ETHERNET -> ethernet(new EthernetView(packets).at(at));
            case VLAN -> vlan(new VlanView(packets).at(at));
            case MPLS -> mpls(new MplsView(packets).at(at));
            case PPPOE -> pppoe(new PppoeView(packets).at(at));
            case ARP -> leaf(ARP, ArpView.HEADER_BYTES, new ArpView(packets).at(at)::isValid);
            case IPV4 -> ipv4(new Ipv4View(packets).at(at));
            case IPV6 -> ipv6(new Ipv6View(packets).at(at));
            case HOP_BY_HOP, DESTINATION_OPTIONS -> options(kind, new Ipv6OptionsView(packets).at(at));
            case ROUTING -> routing(new Ipv6RoutingView(packets).at(at));
            case FRAGMENT -> fragment(new Ipv6FragmentView(packets).at(at));
            case AUTHENTICATION -> authentication(new AuthenticationView(packets).at(at));
            case TCP, QUOTED_TCP -> tcp(new TcpView(packets).at(at));
            case UDP -> udp(new UdpView(packets).at(at));
            case SCTP -> leaf(SCTP, SctpView.HEADER_BYTES, new SctpView(packets).at(at)::isValid);
            case ICMP -> icmp(new IcmpView(packets).at(at));
            case ICMPV6 -> icmpv6(new Icmpv6View(packets).at(at));
            case GRE -> gre(new GreView(packets).at(at));
            case VXLAN -> take(VXLAN, VxlanView.HEADER_BYTES) ? ETHERNET : null;
            case GENEVE -> geneve(new GeneveView(packets).at(at));
            case GTPU -> gtpu(new GtpuView(packets).at(at));
        };
    }

    private HeaderKind leaf(HeaderKind kind, int headerBytes, IntPredicate isValid) {
        if (isSound(kind, headerBytes, isValid)) take(kind, headerBytes);
        return null;
    }

    private HeaderKind ethernet(EthernetView view) {
        if (!isSound(ETHERNET, EthernetView.HEADER_BYTES, view::isValid)) return null;
        return take(ETHERNET, EthernetView.HEADER_BYTES) ? byEtherType(view.type()) : null;
    }

    private HeaderKind vlan(VlanView view) {
        if (!isSound(VLAN, VlanView.HEADER_BYTES, view::isValid)) return null;
        return take(VLAN, VlanView.HEADER_BYTES) ? byEtherType(view.type()) : null;
    }

    private HeaderKind mpls(MplsView view) {
        if (!isSound(MPLS, MplsView.ENTRY_BYTES, view::isValid)) return null;
        if (!take(MPLS, MplsView.ENTRY_BYTES)) return null;
        return view.isBottom() ? byVersion() : MPLS;
    }

    private HeaderKind pppoe(PppoeView view) {
        if (!isSound(PPPOE, PppoeView.HEADER_BYTES, available -> view.isValid(view.totalBytes()))) return null;
        endsBehind(PPPOE, view.totalBytes());
        if (view.code() != PppoeView.SESSION) {
            take(PPPOE, PppoeView.HEADER_BYTES);
            return null;
        }
        if (!isSound(PPPOE, PppoeView.SESSION_HEADER_BYTES, available -> true)) return null;
        if (!take(PPPOE, PppoeView.HEADER_BYTES + (view.isProtocolCompressed() ? 1 : 2))) return null;
        return switch (view.protocol()) {
            case PppoeView.PPP_IPV4 -> IPV4;
            case PppoeView.PPP_IPV6 -> IPV6;
            default -> null;
        };
    }

    private HeaderKind ipv4(Ipv4View view) {
        if (!isSound(IPV4, Ipv4View.HEADER_BYTES_MIN, available -> view.isValid(view.totalBytes()))) return null;
        endsBehind(IPV4, view.totalBytes());
        if (!take(IPV4, view.headerBytes())) return null;
        return view.fragmentOffsetBytes() > 0 ? null : byProtocol(view.protocol());
    }

    private HeaderKind ipv6(Ipv6View view) {
        if (!isSound(IPV6, Ipv6View.HEADER_BYTES, available -> view.isValid(view.totalBytes()))) return null;
        if (view.payloadBytes() > 0) endsBehind(IPV6, view.totalBytes());   // else a jumbogram, or nothing follows
        return take(IPV6, Ipv6View.HEADER_BYTES) ? byProtocol(view.nextHeader()) : null;
    }

    private HeaderKind options(HeaderKind kind, Ipv6OptionsView view) {
        if (!isSound(kind, Ipv6OptionsView.HEADER_BYTES_MIN, view::isValid)) return null;
        return take(kind, view.headerBytes()) ? byProtocol(view.nextHeader()) : null;
    }

    private HeaderKind routing(Ipv6RoutingView view) {
        if (!isSound(ROUTING, Ipv6RoutingView.HEADER_BYTES_MIN, view::isValid)) return null;
        return take(ROUTING, view.headerBytes()) ? byProtocol(view.nextHeader()) : null;
    }

    private HeaderKind fragment(Ipv6FragmentView view) {
        if (!isSound(FRAGMENT, Ipv6FragmentView.HEADER_BYTES, view::isValid)) return null;
        if (!take(FRAGMENT, Ipv6FragmentView.HEADER_BYTES)) return null;
        return view.fragmentOffsetBytes() > 0 ? null : byProtocol(view.nextHeader());
    }

    private HeaderKind authentication(AuthenticationView view) {
        if (!isSound(AUTHENTICATION, AuthenticationView.HEADER_BYTES_MIN, view::isValid)) return null;
        return take(AUTHENTICATION, view.headerBytes()) ? byProtocol(view.nextHeader()) : null;
    }

    private HeaderKind tcp(TcpView view) {
        boolean isHead = isQuoted && payloadPresent() < TcpView.HEADER_BYTES_MIN;
        if (isHead && payloadPresent() >= QUOTED_TCP_BYTES) {
            take(QUOTED_TCP, QUOTED_TCP_BYTES);
            return null;
        }
        if (isSound(TCP, TcpView.HEADER_BYTES_MIN, view::isValid)) take(TCP, view.headerBytes());
        return null;
    }

    private HeaderKind udp(UdpView view) {
        if (!isSound(UDP, UdpView.HEADER_BYTES, available -> view.isValid(view.datagramBytes()))) return null;
        end = Math.min(end, offset + view.datagramBytes());   // a first fragment's datagram goes on beyond it
        if (!take(UDP, UdpView.HEADER_BYTES)) return null;
        return byPort(view.targetPort());
    }

    private HeaderKind icmp(IcmpView view) {
        if (!isSound(ICMP, IcmpView.HEADER_BYTES, view::isValid)) return null;
        return take(ICMP, IcmpView.HEADER_BYTES) && IcmpType.isError(view.type()) ? quote(IPV4) : null;
    }

    private HeaderKind icmpv6(Icmpv6View view) {
        if (!isSound(ICMPV6, Icmpv6View.HEADER_BYTES, view::isValid)) return null;
        return take(ICMPV6, Icmpv6View.HEADER_BYTES) && Icmpv6Type.isError(view.type()) ? quote(IPV6) : null;
    }

    /// What is quoted has its own lengths, which reach beyond the quote.
    private HeaderKind quote(HeaderKind kind) {
        if (isQuoted || offset >= end) return null;
        isQuoted = true;
        presentEnd = Math.min(presentEnd, end);
        end = offset + QUOTED_BYTES_MAX;
        return kind;
    }

    private HeaderKind gre(GreView view) {
        if (!isSound(GRE, GreView.HEADER_BYTES_MIN, view::isValid)) return null;
        return take(GRE, view.headerBytes()) ? byEtherType(view.type()) : null;
    }

    private HeaderKind geneve(GeneveView view) {
        return take(GENEVE, view.headerBytes()) ? byEtherType(view.type()) : null;
    }

    private HeaderKind gtpu(GtpuView view) {
        end = Math.min(end, offset + view.totalBytes());
        int headerBytes = view.headerBytes();
        int type = view.hasExtension() && headerBytes <= presentEnd - offset ? view.extensionType() : 0;
        while (type != 0) {
            boolean isPresent = offset + headerBytes < presentEnd
                && offset + headerBytes + view.extensionBytes(headerBytes) <= presentEnd;
            if (!isPresent || !view.isExtensionValid(headerBytes)) {
                remarks.add("GTP-U extension header malformed at byte " + (offset + headerBytes));
                return null;
            }
            type = view.nextExtensionType(headerBytes);
            headerBytes += view.extensionBytes(headerBytes);
        }
        if (!take(GTPU, headerBytes) || view.type() != GtpuView.USER_PACKET) return null;
        return byVersion();
    }

    private static HeaderKind byEtherType(int type) {
        return switch (type) {
            case EtherType.IPV4 -> IPV4;
            case EtherType.IPV6 -> IPV6;
            case EtherType.ARP -> ARP;
            case EtherType.ETHERNET -> ETHERNET;
            case EtherType.VLAN, EtherType.VLAN_SERVICE, EtherType.VLAN_9100 -> VLAN;
            case EtherType.MPLS, EtherType.MPLS_UPSTREAM -> MPLS;
            case EtherType.PPPOE_SESSION, EtherType.PPPOE_DISCOVERY -> PPPOE;
            default -> null;
        };
    }

    private static HeaderKind byProtocol(int protocol) {
        return switch (protocol) {
            case IpProtocol.HOP_BY_HOP -> HOP_BY_HOP;
            case IpProtocol.DESTINATION_OPTIONS -> DESTINATION_OPTIONS;
            case IpProtocol.ROUTING -> ROUTING;
            case IpProtocol.FRAGMENT -> FRAGMENT;
            case IpProtocol.AUTHENTICATION -> AUTHENTICATION;
            case IpProtocol.TCP -> TCP;
            case IpProtocol.UDP -> UDP;
            case IpProtocol.SCTP -> SCTP;
            case IpProtocol.ICMP -> ICMP;
            case IpProtocol.ICMPV6 -> ICMPV6;
            case IpProtocol.IPV4 -> IPV4;
            case IpProtocol.IPV6 -> IPV6;
            case IpProtocol.GRE -> GRE;
            case IpProtocol.MPLS -> MPLS;
            case IpProtocol.ETHERNET -> ETHERNET;
            default -> null;
        };
    }

    /// A port only hints at a tunnel: where its header is not there or not sound, this is ordinary payload.
    private HeaderKind byPort(int port) {
        long at = base + offset;
        int present = payloadPresent();
        return switch (port) {
            case VxlanView.PORT -> new VxlanView(packets).at(at).isValid(present) ? VXLAN : null;
            case GeneveView.PORT -> new GeneveView(packets).at(at).isValid(present) ? GENEVE : null;
            case GtpuView.PORT -> present >= GtpuView.HEADER_BYTES_MIN
                && new GtpuView(packets).at(at).isValid(end - offset) ? GTPU : null;
            default -> null;
        };
    }

    private HeaderKind byVersion() {
        if (payloadPresent() < 1) return null;
        return switch (Wire.u8(packets.segment(), base + offset) >>> 4) {
            case 4 -> IPV4;
            case 6 -> IPV6;
            default -> null;
        };
    }

    /// The header in turn says where the packet ends; a packet of which bytes are missing is printed all the same.
    private void endsBehind(HeaderKind kind, int totalBytes) {
        int missingBytes = offset + totalBytes - end;
        if (missingBytes > 0) {
            remarks.add(kind.title() + " at byte " + offset + " says " + totalBytes + " bytes, "
                + missingBytes + " are missing");
        } else {
            end = offset + totalBytes;
        }
    }

    /// True if `bytesMin` bytes are there and the view takes them for its header; else says what is wrong.
    private boolean isSound(HeaderKind kind, int bytesMin, IntPredicate isValid) {
        if (payloadPresent() < bytesMin) {
            cut(kind, bytesMin);
            return false;
        }
        if (!isValid.test(end - offset)) {
            remarks.add(kind.title() + " malformed at byte " + offset + ": "
                + HexText.bytes(packets, payloadAt(), bytesMin));
            return false;
        }
        return true;
    }

    /// Notes a header and goes behind it, if all of it is there.
    private boolean take(HeaderKind kind, int headerBytes) {
        if (payloadPresent() < headerBytes) {
            cut(kind, headerBytes);
            return false;
        }
        headers.add(new Header(kind, base + offset, headerBytes, presentEnd - offset, end - offset, isQuoted));
        offset += headerBytes;
        return true;
    }

    private void cut(HeaderKind kind, int wantedBytes) {
        remarks.add(kind.title() + " cut short at byte " + offset + ": "
            + payloadPresent() + " of " + wantedBytes + " bytes");
    }
}
