package io.millrace.flow.path;

import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowTable;

/// Packets and bytes that a flow has counted, in an object that is used again. Bytes are those of IP packets; a
/// super-packet is one packet.
public final class FlowTally {

    private long originalPackets;
    private long originalBytes;
    private long replyPackets;
    private long replyBytes;

    /// Reads the counters of a flow; zeros if its packets do not count for its connection.
    public FlowTally read(FlowTable flows, int slot) {
        boolean isCounted = (flows.state(slot) & FlowLine.COUNTED) != 0;
        long originalAt = flows.lineAt(2 * slot);
        long replyAt = flows.lineAt(2 * slot + 1);
        originalPackets = isCounted ? FlowLine.packets(flows.segment(), originalAt) : 0;
        originalBytes = isCounted ? FlowLine.bytes(flows.segment(), originalAt) : 0;
        replyPackets = isCounted ? FlowLine.packets(flows.segment(), replyAt) : 0;
        replyBytes = isCounted ? FlowLine.bytes(flows.segment(), replyAt) : 0;
        return this;
    }

    /// As [#read], and the flow counts from 0 again.
    public FlowTally take(FlowTable flows, int slot) {
        read(flows, slot);
        FlowLine.forgetCounts(flows.segment(), flows.lineAt(2 * slot));
        FlowLine.forgetCounts(flows.segment(), flows.lineAt(2 * slot + 1));
        return this;
    }

    public long originalPackets() { return originalPackets; }
    public long originalBytes()   { return originalBytes; }
    public long replyPackets()    { return replyPackets; }
    public long replyBytes()      { return replyBytes; }
}
