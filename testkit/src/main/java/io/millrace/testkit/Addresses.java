package io.millrace.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/// MAC and IP addresses between text and bytes.
public final class Addresses {

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    /// Six bytes of `02:00:00:00:00:01`.
    public static byte[] mac(String text) {
        byte[] bytes;
        try {
            bytes = COLONS.parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("MAC address must look like 02:00:00:00:00:01, got " + text, e);
        }
        if (bytes.length != 6) throw new IllegalArgumentException("MAC address must have six bytes, got " + text);
        return bytes;
    }

    public static String mac(byte[] bytes, int at) {
        return COLONS.formatHex(bytes, at, at + 6);
    }

    public static byte[] ipv4(String text) {
        byte[] bytes = ip(text);
        if (bytes.length != 4) throw new IllegalArgumentException("not an IPv4 address: " + text);
        return bytes;
    }

    public static byte[] ipv6(String text) {
        byte[] bytes = ip(text);
        if (bytes.length != 16) throw new IllegalArgumentException("not an IPv6 address: " + text);
        return bytes;
    }

    /// Four or 16 bytes of a literal address; names are never looked up.
    public static byte[] ip(String text) {
        byte[] bytes = InetAddress.ofLiteral(text).getAddress();
        boolean isMapped = bytes.length == 4 && text.indexOf(':') >= 0;
        return isMapped ? new Octets().zeros(10).u16(0xffff).bytes(bytes).toBytes() : bytes;
    }

    /// Text of 4 or 16 address bytes, IPv6 as RFC 5952 wants it.
    public static String ip(byte[] bytes) {
        if (bytes.length == 16) return ipv6Text(bytes);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes, got " + bytes.length, e);
        }
    }

    public static String ip(byte[] bytes, int at, int addressBytes) {
        return ip(Octets.range(bytes, at, addressBytes));
    }

    /// RFC 5952 §4: the longest run of two or more zero groups becomes `::`, the first one if there are several.
    private static String ipv6Text(byte[] bytes) {
        int runAt = -1;
        int runGroups = 1;
        for (int group = 0; group < 8; group++) {
            int zeroGroups = 0;
            while (group + zeroGroups < 8 && Octets.u16(bytes, (group + zeroGroups) * 2) == 0) {
                zeroGroups++;
            }
            if (zeroGroups > runGroups) {
                runAt = group;
                runGroups = zeroGroups;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int group = 0; group < 8; group++) {
            if (group == runAt) {
                text.append("::");
                group += runGroups - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') text.append(':');
            text.append(Integer.toHexString(Octets.u16(bytes, group * 2)));
        }
        return text.toString();
    }

    private Addresses() {}
}
