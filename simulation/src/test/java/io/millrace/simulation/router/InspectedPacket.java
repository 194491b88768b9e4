package io.millrace.simulation.router;

import io.millrace.packet.address.IpAddress;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Octets;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// A frame of a capture as the inspector sees it that wrote `ndpi/flows.tsv`: the innermost IP packet of VLANs, labels,
/// PPP and tunnels (IP in IP, GTP-U), counted with all bytes that the capture holds of the frame, padding and outer
/// headers included. Later fragments are nothing to it, first ones a packet; IPv4 whose length is more than there is,
/// neither. It knows neither time nor state: one pair of endpoints is one flow.
///
/// - `transport`: what follows the IP header and the extension headers, as far as it was kept; of a first fragment made
///   whole, so that its UDP length says what is there
/// - `source`, `target`: `address:port`, IPv6 in brackets; port 0 but for TCP and UDP
/// - `vlan`: the innermost id; empty without a tag or with id 0
record InspectedPacket(long timeNs, int frameBytes, int protocol, boolean isIpv6, String source, String target,
                       String vlan, byte[] transport) {

    private static final int ETHERNET = 1;
    private static final int TUNNELS_MAX = 8;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int GTP_U = 2152;
    private static final Map<Integer, String> NAMES = Map.of(1, "ICMP", 2, "IGMP", 6, "TCP", 17, "UDP", 50, "ESP",
        51, "AH", 58, "ICMPV6", 103, "PIM", 112, "VRRP");

    static Optional<InspectedPacket> of(CapturedFrame frame) {
        try {
            return Optional.ofNullable(new Reading(frame).read());
        } catch (ArrayIndexOutOfBoundsException e) {
            return Optional.empty();   // cut within a header
        }
    }

    String protocolName() {
        return NAMES.getOrDefault(protocol, String.valueOf(protocol));
    }

    boolean isForward() {
        return source.compareTo(target) <= 0;
    }

    /// The flow's name: protocol, the endpoint that sorts first, the other, VLAN.
    String flow() {
        return flow(protocolName(), source, target, vlan);
    }

    static String flow(String protocol, String source, String target, String vlan) {
        boolean isForward = source.compareTo(target) <= 0;
        return protocol + " " + (isForward ? source + " " + target : target + " " + source) + " " + vlan;
    }

    /// A walk from the link layer inwards.
    private static final class Reading {
        private final CapturedFrame frame;
        private final byte[] bytes;
        private int at;
        private int type;
        private int vlan;

        private int protocol;
        private int transportAt;
        private int transportBytes;
        private boolean isFirstFragment;

        private Reading(CapturedFrame frame) {
            this.frame = frame;
            this.bytes = frame.bytes();
        }

        private InspectedPacket read() {
            if (!enterLink()) return null;
            enterTags();
            if (type != IPV4 && type != IPV6 || bytes[at] >> 4 != (type == IPV4 ? 4 : 6)) return null;
            for (int tunnel = 0; tunnel < TUNNELS_MAX; tunnel++) {
                boolean isIpv6 = (bytes[at] >> 4 & 0xf) == 6;
                boolean isIp = isIpv6 ? enterIpv6() : (bytes[at] >> 4 & 0xf) == 4 && enterIpv4();
                if (!isIp) return null;
                int inner = tunnelled();
                if (inner < 0) return packet(isIpv6);
                at = inner;
            }
            return null;
        }

        private boolean enterLink() {
            switch (frame.linkType()) {
                case ETHERNET -> {
                    type = Octets.u16(bytes, 12);
                    at = 14;
                }
                case 0 -> {
                    type = bytes[0] == 2 || bytes[3] == 2 ? IPV4 : IPV6;
                    at = 4;
                }
                case 9 -> {
                    type = ofPpp(Octets.u16(bytes, 0));
                    at = 2;
                }
                case 113 -> {
                    type = Octets.u16(bytes, 14);
                    at = 16;
                }
                case 101, 228, 229 -> type = bytes[0] >> 4 == 4 ? IPV4 : IPV6;
                default -> {
                    return false;
                }
            }
            return true;
        }

        private static int ofPpp(int protocol) {
            return protocol == 0x21 ? IPV4 : protocol == 0x57 ? IPV6 : 0;
        }

        private void enterTags() {
            while (type == 0x8100 || type == 0x88a8 || type == 0x9100) {
                vlan = Octets.u16(bytes, at) & 0xfff;
                type = Octets.u16(bytes, at + 2);
                at += 4;
            }
            if (type == 0x8864) {
                type = ofPpp(Octets.u16(bytes, at + 6));
                at += 8;
            } else if (type == 0x8847) {
                while ((bytes[at + 2] & 1) == 0) at += 4;
                at += 4;
                type = IPV4;
            }
        }

        private boolean enterIpv4() {
            int headerBytes = (bytes[at] & 0xf) * 4;
            int totalBytes = Octets.u16(bytes, at + 2);
            int there = bytes.length - at;
            int fragment = Octets.u16(bytes, at + 6);
            if (headerBytes > there || totalBytes > there || (fragment & 0x1fff) != 0) return false;
            isFirstFragment = (fragment & 0x2000) != 0;
            protocol = Octets.u8(bytes, at + 9);
            transportAt = at + headerBytes;
            transportBytes = totalBytes - headerBytes;
            return true;
        }

        private boolean enterIpv6() {
            protocol = Octets.u8(bytes, at + 6);
            transportAt = at + 40;
            transportBytes = Octets.u16(bytes, at + 4);
            Octets.u8(bytes, transportAt - 1);
            isFirstFragment = false;
            while (isExtension(protocol) && bytes.length >= transportAt + 8) {
                boolean isFragment = protocol == 44;
                if (isFragment && (Octets.u16(bytes, transportAt + 2) & 0xfff8) != 0) return false;
                isFirstFragment |= isFragment && (bytes[transportAt + 3] & 1) != 0;
                int extensionBytes = isFragment ? 8 : 8 * (Octets.u8(bytes, transportAt + 1) + 1);
                protocol = Octets.u8(bytes, transportAt);
                transportAt += extensionBytes;
                transportBytes -= extensionBytes;
            }
            return true;
        }

        private static boolean isExtension(int protocol) {
            return protocol == 0 || protocol == 43 || protocol == 44 || protocol == 60 || protocol == 135;
        }

        /// Where the IP header within a tunnel is; -1 if this is none.
        private int tunnelled() {
            if (protocol == 4 || protocol == 41) return transportAt;
            boolean hasPorts = protocol == 17 && bytes.length > transportAt + 16;
            if (!hasPorts || Octets.u16(bytes, transportAt) != GTP_U && Octets.u16(bytes, transportAt + 2) != GTP_U) {
                return -1;
            }
            int flags = Octets.u8(bytes, transportAt + 8);
            if (flags >> 5 != 1 || bytes[transportAt + 9] != (byte) 0xff) return -1;
            int inner = transportAt + 16 + ((flags & 7) != 0 ? 4 : 0);
            int next = (flags & 4) != 0 ? bytes[inner - 1] : 0;
            while (next != 0 && bytes[inner] != 0) {
                inner += Octets.u8(bytes, inner) * 4;
                next = bytes[inner - 1];
            }
            int version = bytes[inner] >> 4 & 0xf;
            return version == 4 || version == 6 ? inner : -1;
        }

        private InspectedPacket packet(boolean isIpv6) {
            boolean hasPorts = protocol == 6 && transportBytes >= 20 || protocol == 17 && transportBytes >= 8;
            int sourcePort = hasPorts ? Octets.u16(bytes, transportAt) : 0;
            int targetPort = hasPorts ? Octets.u16(bytes, transportAt + 2) : 0;
            int end = Math.min(bytes.length, transportAt + Math.max(transportBytes, 0));
            byte[] transport = end <= transportAt ? new byte[0] : Arrays.copyOfRange(bytes, transportAt, end);
            if (isFirstFragment && protocol == 17) Octets.u16(transport, 4, transport.length);
            return new InspectedPacket(frame.timeNs(), bytes.length, protocol, isIpv6,
                address(isIpv6, at + (isIpv6 ? 8 : 12)) + ":" + sourcePort,
                address(isIpv6, at + (isIpv6 ? 24 : 16)) + ":" + targetPort, vlan == 0 ? "" : "" + vlan, transport);
        }

        /// The inspector writes `:0:` as `::`, even where there is a `::` already.
        private String address(boolean isIpv6, int from) {
            if (!isIpv6) return IpAddress.ofIpv4((int) Octets.u32(bytes, from)).toString();
            return "[" + IpAddress.ofIpv6(word(from), word(from + 8)).toString().replace(":0:", "::") + "]";
        }

        private long word(int from) {
            return Octets.u32(bytes, from) << 32 | Octets.u32(bytes, from + 4);
        }
    }
}
