package io.millrace.packet.address;

/// One IPv6 address in text: the forms of RFC 4291 §2.2 are read, the canonical form of RFC 5952 is printed.
///
/// IPv4-mapped and IPv4-compatible addresses (`::ffff:0:0/96`, and `::/96` but for its first 65,536) print with their
/// IPv4 address at the end (RFC 5952 §5), as C's `inet_ntop` and so Linux's tools do.
final class Ipv6Text {

    private static final int GROUPS = 8;
    private static final String ALLOWED = "eight groups of one to four hexadecimal digits with ':' between, "
        + "one \"::\" for a run of zero groups, an IPv4 address in place of the last two groups; no zone";

    private final String text;
    private final int[] groups = new int[GROUPS];
    private int count;
    private int gapAt = -1;   // groups before the "::"
    private int at;

    Ipv6Text(String text) {
        this.text = text;
    }

    IpAddress parse() {
        if (text.startsWith("::")) {
            gapAt = 0;
            at = 2;
        } else {
            group();
        }
        while (at < text.length()) {
            if (at > 2 || gapAt < 0) separator();
            if (at == text.length() && gapAt == count) break;   // "::" ends the text
            group();
        }
        if (gapAt < 0 && count < GROUPS) throw refused(at, "text ends after " + count + " groups");
        if (gapAt >= 0 && count == GROUPS) throw refused(at, "eight groups beside a \"::\"");
        spreadGap();
        return IpAddress.ofIpv6(half(0), half(4));
    }

    private void separator() {
        if (text.charAt(at) != ':') throw refused(at, "no ':'");
        at++;
        if (at < text.length() && text.charAt(at) == ':') {
            if (gapAt >= 0) throw refused(at, "a second \"::\"");
            gapAt = count;
            at++;
        }
    }

    private void group() {
        if (at == text.length()) throw refused(at, "text ends");
        if (count == GROUPS) throw refused(at, "a ninth group");
        int firstAt = at;
        int value = 0;
        while (at < text.length() && at - firstAt < 4 && Addresses.hexDigit(text.charAt(at)) >= 0) {
            value = value << 4 | Addresses.hexDigit(text.charAt(at));
            at++;
        }
        if (at > firstAt && at < text.length() && text.charAt(at) == '.') {
            if (count > GROUPS - 2) throw refused(firstAt, "an IPv4 address behind " + count + " groups");
            int embedded = Ipv4Text.parse(text, firstAt, text);
            groups[count++] = embedded >>> 16;
            groups[count++] = embedded & 0xffff;
            at = text.length();
            return;
        }
        if (at == firstAt) throw refused(at, "no hexadecimal digit");
        groups[count++] = value;
    }

    /// Moves the groups behind the "::" to the end; zeros take their place.
    private void spreadGap() {
        if (gapAt < 0) return;
        int behindCount = count - gapAt;
        System.arraycopy(groups, gapAt, groups, GROUPS - behindCount, behindCount);
        for (int i = gapAt; i < GROUPS - behindCount; i++) {
            groups[i] = 0;
        }
    }

    private long half(int first) {
        return (long) groups[first] << 48 | (long) groups[first + 1] << 32
            | (long) groups[first + 2] << 16 | groups[first + 3];
    }

    static StringBuilder append(StringBuilder text, long high, long low) {
        if (high == 0 && low >>> 32 == 0xffff) return Addresses.appendIpv4(text.append("::ffff:"), (int) low);
        if (high == 0 && low >>> 32 == 0 && low >>> 16 != 0) return Addresses.appendIpv4(text.append("::"), (int) low);
        int gapAt = -1;
        int gapCount = 1;   // a single zero group is written out (RFC 5952 §4.2.2)
        for (int i = 0; i < GROUPS; i++) {
            int zeroCount = 0;
            while (i + zeroCount < GROUPS && group(high, low, i + zeroCount) == 0) zeroCount++;
            if (zeroCount > gapCount) {   // the first of equally long runs (§4.2.3)
                gapAt = i;
                gapCount = zeroCount;
            }
            i += zeroCount;
        }
        for (int i = 0; i < GROUPS; i++) {
            if (i == gapAt) {
                text.append("::");
                i += gapCount - 1;
                continue;
            }
            if (i > 0 && i != gapAt + gapCount) text.append(':');
            text.append(Integer.toHexString(group(high, low, i)));
        }
        return text;
    }

    private static int group(long high, long low, int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> 48 - 16 * (index & 3)) & 0xffff;
    }

    private IllegalArgumentException refused(int characterAt, String what) {
        return Addresses.refused("an IPv6 address", text, characterAt, what, ALLOWED);
    }
}
