package io.millrace.flow.tuple;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// One direction of a connection: addresses, ports, protocol and zone. An object that is used again; off heap it is 40
/// bytes:
///
/// ```
///   0 i64 source high    8 i64 source low   16 i64 target high   24 i64 target low
///  32 u16 source port   34 u16 target port  36 u16 zone          38 u8 protocol      39 u8 family, 4 or 6
/// ```
///
/// An IPv4 address lies in the low 32 bits of `low`. What stands for ports:
///
/// | protocol | source port | target port |
/// |---|---|---|
/// | TCP, UDP, UDP-Lite, SCTP, DCCP | source port | target port |
/// | ICMP, ICMPv6 | identifier | type × 256 + code |
/// | all others | 0 | 0 |
public final class Tuple {

    public static final int BYTES = 40;

    static final int SOURCE_HIGH = 0;
    static final int SOURCE_LOW = 8;
    static final int TARGET_HIGH = 16;
    static final int TARGET_LOW = 24;
    static final int REST = 32;

    private static final int TARGET_PORT_SHIFT = 16;
    private static final int ZONE_SHIFT = 32;
    private static final int PROTOCOL_SHIFT = 48;
    private static final int FAMILY_SHIFT = 56;
    private static final long PORTS_MASK = 0xffff_ffffL;
    private static final long U16 = 0xffffL;

    private long sourceHigh;
    private long sourceLow;
    private long targetHigh;
    private long targetLow;
    private long rest;

    /// Zone 0.
    public Tuple set(int family, int protocol) {
        rest = (long) family << FAMILY_SHIFT | (long) protocol << PROTOCOL_SHIFT;
        return this;
    }

    public Tuple source(long high, long low) {
        sourceHigh = high;
        sourceLow = low;
        return this;
    }

    public Tuple target(long high, long low) {
        targetHigh = high;
        targetLow = low;
        return this;
    }

    public Tuple ports(int sourcePort, int targetPort) {
        rest = rest & ~PORTS_MASK | (sourcePort & U16) | (targetPort & U16) << TARGET_PORT_SHIFT;
        return this;
    }

    public Tuple sourcePort(int value) { return ports(value, targetPort()); }
    public Tuple targetPort(int value) { return ports(sourcePort(), value); }

    public Tuple zone(int value) {
        rest = rest & ~(U16 << ZONE_SHIFT) | (value & U16) << ZONE_SHIFT;
        return this;
    }

    public long sourceHigh()  { return sourceHigh; }
    public long sourceLow()   { return sourceLow; }
    public long targetHigh()  { return targetHigh; }
    public long targetLow()   { return targetLow; }
    public int sourcePort()   { return (int) (rest & U16); }
    public int targetPort()   { return (int) (rest >>> TARGET_PORT_SHIFT & U16); }
    public int zone()         { return (int) (rest >>> ZONE_SHIFT & U16); }
    public int protocol()     { return (int) (rest >>> PROTOCOL_SHIFT) & 0xff; }
    /// 4 or 6.
    public int family()       { return (int) (rest >>> FAMILY_SHIFT); }

    public void copyFrom(Tuple other) {
        sourceHigh = other.sourceHigh;
        sourceLow = other.sourceLow;
        targetHigh = other.targetHigh;
        targetLow = other.targetLow;
        rest = other.rest;
    }

    /// Makes this what the other direction of `other` looks like. False for an ICMP message that has no answer; this is
    /// then undefined. `other` may be this.
    public boolean invertOf(Tuple other) {
        long high = other.sourceHigh;
        long low = other.sourceLow;
        int sourcePort = other.targetPort();
        int targetPort = other.sourcePort();
        if (IcmpAnswers.isIcmp(other.protocol())) {
            int answer = IcmpAnswers.answerTo(other.protocol(), other.targetPort() >>> 8);
            if (answer == IcmpAnswers.NONE) return false;
            sourcePort = other.sourcePort();
            targetPort = answer << 8 | other.targetPort() & 0xff;
        }
        sourceHigh = other.targetHigh;
        sourceLow = other.targetLow;
        targetHigh = high;
        targetLow = low;
        rest = other.rest;
        ports(sourcePort, targetPort);
        return true;
    }

    public boolean isSame(Tuple other) {
        return sourceHigh == other.sourceHigh && sourceLow == other.sourceLow && targetHigh == other.targetHigh
            && targetLow == other.targetLow && rest == other.rest;
    }

    public boolean isSameSource(Tuple other) {
        return sourceHigh == other.sourceHigh && sourceLow == other.sourceLow && sourcePort() == other.sourcePort()
            && protocol() == other.protocol() && family() == other.family();
    }

    public boolean isSameTargetAddress(Tuple other) {
        return targetHigh == other.targetHigh && targetLow == other.targetLow;
    }

    public void store(MemorySegment memory, long at) {
        Wire.hostI64(memory, at + SOURCE_HIGH, sourceHigh);
        Wire.hostI64(memory, at + SOURCE_LOW, sourceLow);
        Wire.hostI64(memory, at + TARGET_HIGH, targetHigh);
        Wire.hostI64(memory, at + TARGET_LOW, targetLow);
        Wire.hostI64(memory, at + REST, rest);
    }

    public Tuple load(MemorySegment memory, long at) {
        sourceHigh = Wire.hostI64(memory, at + SOURCE_HIGH);
        sourceLow = Wire.hostI64(memory, at + SOURCE_LOW);
        targetHigh = Wire.hostI64(memory, at + TARGET_HIGH);
        targetLow = Wire.hostI64(memory, at + TARGET_LOW);
        rest = Wire.hostI64(memory, at + REST);
        return this;
    }

    /// The protocol alone, of a tuple off heap.
    public static int protocolAt(MemorySegment memory, long at) {
        return (int) (Wire.hostI64(memory, at + REST) >>> PROTOCOL_SHIFT) & 0xff;
    }

    public boolean isAt(MemorySegment memory, long at) {
        return rest == Wire.hostI64(memory, at + REST)
            && sourceLow == Wire.hostI64(memory, at + SOURCE_LOW)
            && targetLow == Wire.hostI64(memory, at + TARGET_LOW)
            && sourceHigh == Wire.hostI64(memory, at + SOURCE_HIGH)
            && targetHigh == Wire.hostI64(memory, at + TARGET_HIGH);
    }

    /// A number that depends on every bit of the tuple, but for the type of an ICMP message, and on a secret, so that
    /// nobody outside can fill one bucket. That of the other direction ([#invertOf]) is the same.
    public int hash(long secret) {
        int sourcePort = sourcePort();
        int targetPort = IcmpAnswers.isIcmp(protocol()) ? sourcePort : targetPort();
        long source = TupleHash.mix(secret, sourceHigh, sourceLow, sourcePort);
        long target = TupleHash.mix(secret, targetHigh, targetLow, targetPort);
        return (int) (TupleHash.mix(source + target, rest & ~PORTS_MASK) >>> 32);
    }

    /// The same of source address, source port and protocol alone.
    public int sourceHash(long secret) {
        long portAndProtocol = rest & ~(U16 << TARGET_PORT_SHIFT | U16 << ZONE_SHIFT);
        return (int) (TupleHash.mix(TupleHash.mix(secret, sourceHigh, sourceLow), portAndProtocol, secret) >>> 32);
    }

    /// For messages of tests and for people, not for listings.
    @Override
    public String toString() {
        return "family " + family() + " protocol " + protocol() + " zone " + zone()
            + " " + Long.toHexString(sourceHigh) + ":" + Long.toHexString(sourceLow) + "/" + sourcePort()
            + " > " + Long.toHexString(targetHigh) + ":" + Long.toHexString(targetLow) + "/" + targetPort();
    }
}
