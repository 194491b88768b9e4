package io.millrace.control.nft;

import java.math.BigInteger;

/// Addresses as text.
final class AddressText {

    /// The address, or null when the text is none.
    static BigInteger parseIp4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) return null;
        long address = 0;
        for (String part : parts) {
            if (!part.matches("[0-9]{1,3}") || Integer.parseInt(part) > 255) return null;
            address = address << 8 | Integer.parseInt(part);
        }
        return BigInteger.valueOf(address);
    }

    static BigInteger parseIp6(String text) {
        String hex = text;
        int lastColon = hex.lastIndexOf(':');
        if (hex.contains(".")) {
            BigInteger tail = parseIp4(hex.substring(lastColon + 1));
            if (tail == null) return null;
            hex = hex.substring(0, lastColon + 1) + Long.toHexString(tail.longValue() >>> 16) + ":"
                + Long.toHexString(tail.longValue() & 0xffff);
        }
        int gap = hex.indexOf("::");
        String[] head = groups(gap < 0 ? hex : hex.substring(0, gap));
        String[] tail = gap < 0 ? new String[0] : groups(hex.substring(gap + 2));
        int missing = 8 - head.length - tail.length;
        if (gap < 0 ? missing != 0 : missing < 1) return null;
        BigInteger address = BigInteger.ZERO;
        for (int i = 0; i < 8; i++) {
            String group = i < head.length ? head[i]
                : i < head.length + missing ? "0" : tail[i - head.length - missing];
            if (!group.matches("[0-9a-fA-F]{1,4}")) return null;
            address = address.shiftLeft(16).or(BigInteger.valueOf(Integer.parseInt(group, 16)));
        }
        return address;
    }

    private static String[] groups(String text) {
        return text.isEmpty() ? new String[0] : text.split(":", -1);
    }

    static BigInteger parseEther(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 6) return null;
        BigInteger address = BigInteger.ZERO;
        for (String part : parts) {
            if (!part.matches("[0-9a-fA-F]{1,2}")) return null;
            address = address.shiftLeft(8).or(BigInteger.valueOf(Integer.parseInt(part, 16)));
        }
        return address;
    }

    static String ip4(BigInteger address) {
        long bits = address.longValue();
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }

    /// As RFC 5952 and `inet_ntop` write it: the longest run of two or more zero groups becomes `::`.
    static String ip6(BigInteger address) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) groups[i] = address.shiftRight(112 - 16 * i).intValue() & 0xffff;
        int bestAt = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && groups[i + length] == 0) length++;
            if (length > bestLength) {
                bestAt = i;
                bestLength = length;
            }
        }
        boolean isMapped = bestAt == 0 && (bestLength == 6 || bestLength == 5 && groups[5] == 0xffff);
        var text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestAt) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (isMapped && i == 6) {
                if (!text.toString().endsWith(":")) text.append(':');
                return text + ip4(address.and(BigInteger.valueOf(0xffffffffL)));
            }
            if (i > 0 && !text.toString().endsWith(":")) text.append(':');
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    static String ether(BigInteger address) {
        var text = new StringBuilder();
        for (int shift = 40; shift >= 0; shift -= 8) {
            if (!text.isEmpty()) text.append(':');
            text.append("%02x".formatted(address.shiftRight(shift).intValue() & 255));
        }
        return text.toString();
    }

    private AddressText() {}
}
