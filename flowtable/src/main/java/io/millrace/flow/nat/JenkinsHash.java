package io.millrace.flow.nat;

/// Bob Jenkins' lookup3 hash ("hashword", 2006) of four 32-bit words, by which Linux spreads clients over a range of
/// addresses: the same client gets the same address here and there.
final class JenkinsHash {

    private static final int BEGIN = 0xdeadbeef;
    private static final int WORDS = 4;

    static int ofFour(int first, int second, int third, int fourth, int initial) {
        int a = BEGIN + (WORDS << 2) + initial;
        int b = a;
        int c = a;
        a += first;
        b += second;
        c += third;

        a -= c; a ^= Integer.rotateLeft(c, 4);  c += b;
        b -= a; b ^= Integer.rotateLeft(a, 6);  a += c;
        c -= b; c ^= Integer.rotateLeft(b, 8);  b += a;
        a -= c; a ^= Integer.rotateLeft(c, 16); c += b;
        b -= a; b ^= Integer.rotateLeft(a, 19); a += c;
        c -= b; c ^= Integer.rotateLeft(b, 4);  b += a;

        a += fourth;

        c ^= b; c -= Integer.rotateLeft(b, 14);
        a ^= c; a -= Integer.rotateLeft(c, 11);
        b ^= a; b -= Integer.rotateLeft(a, 25);
        c ^= b; c -= Integer.rotateLeft(b, 16);
        a ^= c; a -= Integer.rotateLeft(c, 4);
        b ^= a; b -= Integer.rotateLeft(a, 14);
        c ^= b; c -= Integer.rotateLeft(b, 24);
        return c;
    }

    private JenkinsHash() {}
}
