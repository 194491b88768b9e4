package io.millrace.packet.address;

/// Reads the four decimal numbers of an IPv4 address, alone or at the end of an IPv6 address.
final class Ipv4Text {

    private static final String ALLOWED = "four numbers 0..255 without leading zeros, with '.' between";

    /// Reads `text` from `from` to its end; `whole` is what an error quotes.
    static int parse(String text, int from, String whole) {
        int address = 0;
        int at = from;
        for (int number = 0; number < 4; number++) {
            if (number > 0) {
                if (at == text.length()) throw refused(whole, at, "text ends");
                if (text.charAt(at) != '.') throw refused(whole, at, "no '.'");
                at++;
            }
            int firstAt = at;
            int value = 0;
            while (at < text.length() && isDigit(text.charAt(at))) {
                value = value * 10 + text.charAt(at) - '0';
                at++;
                if (value > 255) throw refused(whole, firstAt, "number over 255");
                if (value < 10 && at - firstAt > 1) throw refused(whole, firstAt, "leading zero");
            }
            if (at == firstAt) throw refused(whole, at, at == text.length() ? "text ends" : "no digit");
            address = address << 8 | value;
        }
        if (at < text.length()) throw refused(whole, at, "text goes on");
        return address;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static IllegalArgumentException refused(String text, int at, String what) {
        return Addresses.refused("an IPv4 address", text, at, what, ALLOWED);
    }

    private Ipv4Text() {}
}
