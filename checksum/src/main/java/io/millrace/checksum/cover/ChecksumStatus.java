package io.millrace.checksum.cover;

/// What can be said of one checksum in a packet, and where nothing can be said, why.
public enum ChecksumStatus {

    /// The bytes have the sum that the field says.
    GOOD("good", ""),
    BAD("bad", ""),
    /// The sender computed none: UDP over IPv4 with 0 in the field.
    ABSENT("absent", ""),
    /// The field holds what no sender may write: 0 in UDP over IPv6 or in UDP-Lite.
    ILLEGAL("illegal", ""),
    FRAGMENT("unverified", "fragment"),
    CUT("unverified", "cut short"),
    LENGTH("unverified", "length beyond the packet");

    private final String word;
    private final String reason;

    ChecksumStatus(String word, String reason) {
        this.word = word;
        this.reason = reason;
    }

    /// One of good, bad, absent, illegal, unverified.
    public String word()   { return word; }
    /// Why it is unverified; empty in any other case.
    public String reason() { return reason; }
}
