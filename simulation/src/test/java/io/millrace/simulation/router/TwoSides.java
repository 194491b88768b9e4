package io.millrace.simulation.router;

import io.millrace.testkit.Addresses;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.CorpusFile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A capture as a gateway sees it: whoever speaks first between two addresses is inside, and what the other says comes
/// from outside, over IPv4 to the gateway's address, as it would if the first one had been masqueraded.
///
/// IPv4 packets that no connection has are left out: those whose UDP length or TCP flags cannot be. The slow path would
/// let them pass as INVALID, untranslated; the fast path does not look.
final class TwoSides {

    private static final byte[] LAN_MAC = {2, 0, 0, 0, 0, 1};
    private static final byte[] WAN_MAC = {2, 0, 0, 0, 0, 2};
    private static final byte[] PUBLIC = {(byte) 203, 0, 113, 1};
    private static final int IPV4_TARGET_AT = 30;
    private static final int ROUTES_MAX = 500;
    /// SYN, SYN URG, SYN ACK, RST, RST ACK, FIN ACK, FIN ACK URG, ACK, ACK URG (`tcp_valid_flags`).
    private static final Set<Integer> VALID_FLAGS = Set.of(0x02, 0x22, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30);

    final List<CapturedFrame> inside = new ArrayList<>();
    final List<CapturedFrame> outside = new ArrayList<>();
    /// Routes to who is inside: members of a configuration's list.
    final Set<String> routes = new TreeSet<>();
    private final Set<String> speakers = new HashSet<>();

    TwoSides(CorpusFile file) {
        for (CapturedFrame frame : file.frames()) {
            if (frame.linkType() == 1 && frame.bytes().length <= 65_535) add(frame);
        }
    }

    private void add(CapturedFrame frame) {
        byte[] bytes = frame.bytes().clone();
        boolean isIpv4 = bytes.length >= 34 && u16(bytes, 12) == 0x0800 && bytes[14] >> 4 == 4;
        boolean isIpv6 = bytes.length >= 54 && u16(bytes, 12) == 0x86dd;
        if (!isIpv4 && !isIpv6) {
            addressed(frame, bytes, LAN_MAC, inside);
            return;
        }
        if (isIpv4 && isInvalid(bytes)) return;
        HexFormat hex = HexFormat.of();
        String source = hex.formatHex(bytes, isIpv4 ? 26 : 22, isIpv4 ? 30 : 38);
        String target = hex.formatHex(bytes, isIpv4 ? 30 : 38, isIpv4 ? 34 : 54);
        if (speakers.contains(target + source)) {
            if (isIpv4) toPublic(bytes);
            addressed(frame, bytes, WAN_MAC, outside);
        } else {
            speakers.add(source + target);
            if (routes.size() < ROUTES_MAX) route(bytes, isIpv4);
            addressed(frame, bytes, LAN_MAC, inside);
        }
    }

    private static boolean isInvalid(byte[] bytes) {
        int l4 = 14 + (bytes[14] & 0xf) * 4;
        int l4Bytes = 14 + u16(bytes, 16) - l4;
        if ((u16(bytes, 20) & 0x3fff) != 0 || bytes.length < l4 + 8) return false;
        if (bytes[23] == 17) return u16(bytes, l4 + 4) < 8 || u16(bytes, l4 + 4) > l4Bytes;
        if (bytes[23] != 6 || bytes.length < l4 + 14) return false;
        return !VALID_FLAGS.contains(bytes[l4 + 13] & 0x37);
    }

    private void route(byte[] bytes, boolean isIpv4) {
        int first = bytes[isIpv4 ? 26 : 22] & 0xff;
        byte[] source = Arrays.copyOfRange(bytes, isIpv4 ? 26 : 22, isIpv4 ? 30 : 38);
        boolean isUnicast = isIpv4 ? first > 0 && first < 224 && first != 127 : first >= 0x20 && first < 0xfe;
        if (!isUnicast) return;
        routes.add(isIpv4 ? "  - { to: " + Addresses.ip(source) + "/32, via: 192.0.2.254 }"
            : "  - { to: \"" + Addresses.ip(source) + "/128\", via: \"2001:db8:1::fe\" }");
    }

    private static void addressed(CapturedFrame frame, byte[] bytes, byte[] mac, List<CapturedFrame> frames) {
        if (bytes.length >= 6 && (bytes[0] & 1) == 0) System.arraycopy(mac, 0, bytes, 0, 6);
        frames.add(new CapturedFrame(frame.timeNs(), bytes, frame.originalBytes(), 1));
    }

    /// Another target; checksums stay as right or as wrong as they were.
    private static void toPublic(byte[] bytes) {
        byte[] before = Arrays.copyOfRange(bytes, IPV4_TARGET_AT, IPV4_TARGET_AT + 4);
        System.arraycopy(PUBLIC, 0, bytes, IPV4_TARGET_AT, 4);
        adjust(bytes, 24, before, true);
        int l4 = 14 + (bytes[14] & 0xf) * 4;
        boolean isFirst = (u16(bytes, 20) & 0x1fff) == 0;
        int field = switch (bytes[23]) {
            case 6 -> 16;
            case 17, (byte) 136 -> 6;
            case 33 -> 6;
            default -> -1;
        };
        if (!isFirst || field < 0 || l4 + field + 2 > bytes.length) return;
        boolean isAbsent = bytes[23] == 17 && u16(bytes, l4 + field) == 0;
        if (!isAbsent) adjust(bytes, l4 + field, before, bytes[23] != 17);
    }

    /// RFC 1624, equation 3, over the two halves of the address.
    private static void adjust(byte[] bytes, int at, byte[] before, boolean mayBeZero) {
        int sum = ~u16(bytes, at) & 0xffff;
        for (int i = 0; i < 4; i += 2) sum += (~u16(before, i) & 0xffff) + u16(PUBLIC, i);
        while (sum >>> 16 != 0) sum = (sum & 0xffff) + (sum >>> 16);
        int checksum = ~sum & 0xffff;
        if (checksum == 0 && !mayBeZero) checksum = 0xffff;
        bytes[at] = (byte) (checksum >>> 8);
        bytes[at + 1] = (byte) checksum;
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }
}
