package io.millrace.packet.address;

/// Text of addresses that are held as numbers: IPv4 as an `int`, IPv6 as two `long`s, a MAC as 48 bits of a `long`.
///
/// Reading is strict: one address, nothing around it, no names, no zone, no octal. Anything else is an
/// [IllegalArgumentException] that says what was read, which character is wrong, and what is allowed.
/// Printing gives the one canonical form (RFC 5952 for IPv6).
public final class Addresses {

    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int MAC_BYTES = 6;

    /// Reads `192.0.2.1`.
    public static int parseIpv4(String text) {
        return Ipv4Text.parse(text, 0, text);
    }

    public static IpAddress parseIpv6(String text) {
        return new Ipv6Text(text).parse();
    }

    /// Reads `02:00:00:00:00:fe`; `-` is as good as `:`, but not both in one address.
    public static long parseMac(String text) {
        int characterCount = MAC_BYTES * 3 - 1;
        long mac = 0;
        for (int at = 0; at < text.length(); at++) {
            if (at == characterCount) throw refusedMac(text, at, "text goes on");
            char character = text.charAt(at);
            if (at % 3 == 2) {
                if (character != ':' && character != '-') throw refusedMac(text, at, "no separator");
                if (character != text.charAt(2)) throw refusedMac(text, at, "another separator");
            } else {
                int digit = hexDigit(character);
                if (digit < 0) throw refusedMac(text, at, "no hexadecimal digit");
                mac = mac << 4 | digit;
            }
        }
        if (text.length() < characterCount) throw refusedMac(text, text.length(), "text ends");
        return mac;
    }

    public static String ipv4(int address) {
        return appendIpv4(new StringBuilder(15), address).toString();
    }

    public static String ipv6(long high, long low) {
        return appendIpv6(new StringBuilder(39), high, low).toString();
    }

    public static String mac(long mac) {
        return appendMac(new StringBuilder(17), mac).toString();
    }

    public static StringBuilder appendIpv4(StringBuilder text, int address) {
        return text.append(address >>> 24)
            .append('.').append(address >>> 16 & 0xff)
            .append('.').append(address >>> 8 & 0xff)
            .append('.').append(address & 0xff);
    }

    public static StringBuilder appendIpv6(StringBuilder text, long high, long low) {
        return Ipv6Text.append(text, high, low);
    }

    public static StringBuilder appendMac(StringBuilder text, long mac) {
        for (int shift = 44; shift >= 0; shift -= 4) {
            text.append(HEX[(int) (mac >>> shift) & 0xf]);
            if (shift % 8 == 0 && shift > 0) text.append(':');
        }
        return text;
    }

    static int hexDigit(char character) {
        if (character > 'f') return -1;   // Character.digit would take digits of other scripts
        return Character.digit(character, 16);
    }

    private static IllegalArgumentException refusedMac(String text, int at, String what) {
        return refused("a MAC address", text, at, what, "six bytes of two hexadecimal digits, with ':' or '-' between");
    }

    static IllegalArgumentException refused(String kind, String text, int at, String what, String allowed) {
        return new IllegalArgumentException(
            "\"" + text + "\" is not " + kind + ": " + what + " at character " + (at + 1) + "; allowed: " + allowed);
    }

    private Addresses() {}
}
