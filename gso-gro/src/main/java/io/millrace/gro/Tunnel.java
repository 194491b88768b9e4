package io.millrace.gro;

/// What lies between the two IP headers of a packet. Numbers, because they are kept in arrays.
final class Tunnel {

    static final int NONE = 0;
    /// VXLAN or Geneve.
    static final int UDP = 1;
    static final int GRE = 2;
    /// Nothing: one IP header behind the other.
    static final int IP = 3;

    private Tunnel() {}
}
