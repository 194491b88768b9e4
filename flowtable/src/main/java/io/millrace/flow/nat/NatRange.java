package io.millrace.flow.nat;

import io.millrace.packet.memory.Check;

/// What a rule allows a connection to be translated to (`struct nf_nat_range2`): addresses, ports, and how to choose. A
/// rule makes it once; where the address comes with the packet (a map, masquerading) it is filled in again.
public final class NatRange {

    /// Flags, with Linux's bits (`NF_NAT_RANGE_…`).
    public static final int ADDRESSES = 1;
    public static final int PORTS = 2;
    /// nft's `random`.
    public static final int RANDOM = 4;
    /// nft's `persistent`: a client gets the same address whoever it speaks to.
    public static final int PERSISTENT = 8;
    /// nft's `fully-random`.
    public static final int FULLY_RANDOM = 16;
    /// The port is as far from `portMin` as the packet's was from `portBase`.
    public static final int PORT_OFFSET = 32;
    /// nft's `prefix to`: the network part is replaced, the host part stays.
    public static final int PREFIX = 64;

    private static final int PORT_MAX = 0xffff;
    private static final int RANDOM_ALL = RANDOM | FULLY_RANDOM;

    private int flags;
    private long minHigh;
    private long minLow;
    private long maxHigh;
    private long maxLow;
    private int portMin;
    private int portMax;
    private int portBase;

    /// Flags beside `ADDRESSES` and `PORTS`, which follow from what is set.
    public NatRange set(int flags) {
        this.flags = flags & ~(ADDRESSES | PORTS);
        return this;
    }

    /// Halves of addresses, IPv4 in the low 32 bits; the second is not before the first.
    public NatRange addresses(long minHigh, long minLow, long maxHigh, long maxLow) {
        this.minHigh = minHigh;
        this.minLow = minLow;
        this.maxHigh = maxHigh;
        this.maxLow = maxLow;
        this.flags |= ADDRESSES;
        return this;
    }

    public NatRange address(long high, long low) {
        return addresses(high, low, high, low);
    }

    /// Ports, or identifiers of ICMP questions.
    public NatRange ports(int min, int max) {
        Check.that(min >= 0 && min <= PORT_MAX, "a port must be 0 to 65535", min);
        Check.that(max >= 0 && max <= PORT_MAX, "a port must be 0 to 65535", max);
        this.portMin = Math.min(min, max);
        this.portMax = Math.max(min, max);
        this.flags |= PORTS;
        return this;
    }

    public NatRange portBase(int value) {
        this.portBase = value;
        this.flags |= PORT_OFFSET;
        return this;
    }

    public NatRange copyFrom(NatRange other) {
        flags = other.flags;
        minHigh = other.minHigh;
        minLow = other.minLow;
        maxHigh = other.maxHigh;
        maxLow = other.maxLow;
        portMin = other.portMin;
        portMax = other.portMax;
        portBase = other.portBase;
        return this;
    }

    public boolean has(int flag)  { return (flags & flag) != 0; }
    boolean isRandom()            { return has(RANDOM_ALL); }
    public long minHigh()         { return minHigh; }
    public long minLow()          { return minLow; }
    public long maxHigh()         { return maxHigh; }
    public long maxLow()          { return maxLow; }
    public int portMin()          { return portMin; }
    public int portMax()          { return portMax; }
    int portBase()                { return portBase; }
    int portCount()               { return portMax - portMin + 1; }

    boolean isOneAddress() {
        return minHigh == maxHigh && minLow == maxLow;
    }

    boolean holdsAddress(long high, long low) {
        return isNotAfter(minHigh, minLow, high, low) && isNotAfter(high, low, maxHigh, maxLow);
    }

    boolean holdsPort(int port) {
        return port >= portMin && port <= portMax;
    }

    private static boolean isNotAfter(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order < 0 || order == 0 && Long.compareUnsigned(low, otherLow) <= 0;
    }
}
