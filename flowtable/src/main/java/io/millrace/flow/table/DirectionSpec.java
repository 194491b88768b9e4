package io.millrace.flow.table;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.InternetChecksum;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// One direction of a flow as it is asked for: which packets, and what becomes of them. An object that is used again.
///
/// An address is two halves; IPv4 lies in the low 32 bits of `low`. Ports are 0 where the protocol has none.
public final class DirectionSpec {

    private static final long TTL_STEP = IncrementalUpdate.delta16(0x0100, 0);

    private final LinkSpec link = new LinkSpec();
    private int family;
    private int protocol;
    private int attachment;
    private int mtuBytes;
    private long sourceHigh;
    private long sourceLow;
    private long targetHigh;
    private long targetLow;
    private int sourcePort;
    private int targetPort;
    private long newSourceHigh;
    private long newSourceLow;
    private long newTargetHigh;
    private long newTargetLow;
    private int newSourcePort;
    private int newTargetPort;

    /// Packets of this family (4 or 6) and protocol that arrive there.
    public DirectionSpec of(int family, int protocol, int attachment) {
        this.family = family;
        this.protocol = protocol;
        this.attachment = attachment;
        return this;
    }

    /// From here; and unchanged, unless [#newSource] says otherwise afterwards.
    public DirectionSpec source(long high, long low, int port) {
        this.sourceHigh = high;
        this.sourceLow = low;
        this.sourcePort = port;
        return newSource(high, low, port);
    }

    public DirectionSpec target(long high, long low, int port) {
        this.targetHigh = high;
        this.targetLow = low;
        this.targetPort = port;
        return newTarget(high, low, port);
    }

    public DirectionSpec newSource(long high, long low, int port) {
        this.newSourceHigh = high;
        this.newSourceLow = low;
        this.newSourcePort = port;
        return this;
    }

    public DirectionSpec newTarget(long high, long low, int port) {
        this.newTargetHigh = high;
        this.newTargetLow = low;
        this.newTargetPort = port;
        return this;
    }

    /// The longest IP packet that its route takes.
    public DirectionSpec mtu(int bytes) {
        this.mtuBytes = Math.min(bytes, 0xffff);
        return this;
    }

    /// The way out, to be filled in.
    public LinkSpec link() { return link; }

    int family()      { return family; }
    int mtuBytes()    { return mtuBytes; }

    boolean isNat() {
        return sourceHigh != newSourceHigh || sourceLow != newSourceLow || targetHigh != newTargetHigh
            || targetLow != newTargetLow || sourcePort != newSourcePort || targetPort != newTargetPort;
    }

    long selector() {
        return FlowLine.selector(sourcePort, targetPort, protocol, family, attachment);
    }

    long hash(FlowHash hash) {
        return family == 4 ? hash.of4(pair(sourceLow, targetLow), selector())
            : hash.of6(sourceHigh, sourceLow, targetHigh, targetLow, selector());
    }

    boolean hasKeyOf(DirectionSpec other) {
        return selector() == other.selector() && sourceHigh == other.sourceHigh && sourceLow == other.sourceLow
            && targetHigh == other.targetHigh && targetLow == other.targetLow;
    }

    /// True if the direction at `lineAt` has this key.
    boolean isAt(MemorySegment table, long lineAt) {
        if (Wire.hostI64(table, lineAt + FlowLine.SELECTOR) != selector()) return false;
        long addresses = Wire.hostI64(table, lineAt + FlowLine.ADDRESSES);
        if (family == 4) return addresses == pair(sourceLow, targetLow);
        return addresses == sourceHigh && Wire.hostI64(table, lineAt + FlowLine.SOURCE_LOW) == sourceLow
            && Wire.hostI64(table, lineAt + FlowLine.TARGET_HIGH) == targetHigh
            && Wire.hostI64(table, lineAt + FlowLine.TARGET_LOW) == targetLow;
    }

    /// Writes key and rewrite; counters, state and link are the table's.
    void write(MemorySegment table, long lineAt) {
        boolean isIpv4 = family == 4;
        Wire.hostI64(table, lineAt + FlowLine.ADDRESSES, isIpv4 ? pair(sourceLow, targetLow) : sourceHigh);
        Wire.hostI64(table, lineAt + FlowLine.SELECTOR, selector());
        Wire.hostI64(table, lineAt + FlowLine.NEW_ADDRESSES, isIpv4 ? pair(newSourceLow, newTargetLow) : newSourceHigh);
        Wire.hostI64(table, lineAt + FlowLine.SOURCE_LOW, sourceLow);
        Wire.hostI64(table, lineAt + FlowLine.TARGET_HIGH, targetHigh);
        Wire.hostI64(table, lineAt + FlowLine.TARGET_LOW, targetLow);
        Wire.hostI64(table, lineAt + FlowLine.NEW_SOURCE_LOW, newSourceLow);
        Wire.hostI64(table, lineAt + FlowLine.NEW_TARGET_HIGH, newTargetHigh);
        Wire.hostI64(table, lineAt + FlowLine.NEW_TARGET_LOW, newTargetLow);
        long address = addressDelta();
        long port = portDelta();
        Wire.hostI64(table, lineAt + FlowLine.NEW_PORTS_AND_DELTAS, FlowLine.portsAndDeltas(
            newSourcePort << 16 | newTargetPort, InternetChecksum.fold(address + port),
            isIpv4 ? InternetChecksum.fold(address + TTL_STEP) : 0));
    }

    /// 0 where nothing changes, so that such a checksum stays as it is to the bit.
    private long addressDelta() {
        long delta = 0;
        if (sourceHigh != newSourceHigh || sourceLow != newSourceLow) {
            delta += delta(sourceHigh, sourceLow, newSourceHigh, newSourceLow);
        }
        if (targetHigh != newTargetHigh || targetLow != newTargetLow) {
            delta += delta(targetHigh, targetLow, newTargetHigh, newTargetLow);
        }
        return delta;
    }

    private long portDelta() {
        long delta = 0;
        if (sourcePort != newSourcePort) delta += IncrementalUpdate.delta16(sourcePort, newSourcePort);
        if (targetPort != newTargetPort) delta += IncrementalUpdate.delta16(targetPort, newTargetPort);
        return delta;
    }

    private long delta(long fromHigh, long fromLow, long toHigh, long toLow) {
        return family == 4 ? IncrementalUpdate.delta32((int) fromLow, (int) toLow)
            : IncrementalUpdate.delta128(fromHigh, fromLow, toHigh, toLow);
    }

    private static long pair(long source, long target) {
        return source << 32 | target & 0xffff_ffffL;
    }
}
