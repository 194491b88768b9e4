package io.millrace.flow;

/// An address that [Routes] answers with, in an object that is used again: two halves, IPv4 in the low 32 bits of
/// `low`.
public final class RouteAddress {

    private long high;
    private long low;

    public RouteAddress set(long high, long low) {
        this.high = high;
        this.low = low;
        return this;
    }

    public long high() { return high; }
    public long low()  { return low; }
}
