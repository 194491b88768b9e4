package io.millrace.nic.sim.flow;

import io.millrace.flow.table.DirectionSpec;
import io.millrace.packet.memory.Check;
import io.millrace.packet.parse.ParseRecords;

/// One direction of a connection as the device is asked for it: which packets, and what becomes of them.
///
/// An address is two halves; IPv4 lies in the low 32 bits of the low one.
///
/// @param port      that its packets arrive by; frames carry this port's MAC address
/// @param portMac   that address
/// @param family    4 or 6
/// @param protocol  TCP or UDP
/// @param match     addresses and ports of the packets
/// @param rewritten the same when they leave
/// @param egress    port of the same NIC that they leave by
/// @param sourceMac and `targetMac`: their new Ethernet header
/// @param mtuBytes  longest IP packet that leaves
public record FlowEntry(int port, long portMac, int family, int protocol, Tuple match, Tuple rewritten, int egress,
                        long sourceMac, long targetMac, int mtuBytes) {

    /// Both ends.
    public record Tuple(long sourceHigh, long sourceLow, int sourcePort, long targetHigh, long targetLow,
                        int targetPort) {}

    private static final int TCP = 6;
    private static final int UDP = 17;

    public FlowEntry {
        Check.that(family == 4 || family == 6, "family must be 4 or 6", family);
        Check.that(protocol == TCP || protocol == UDP, "the device rewrites TCP and UDP", protocol);
        Check.that(mtuBytes > 0, "mtuBytes must be positive", mtuBytes);
    }

    /// The key as a parser's record has it.
    long[] key() {
        long[] key = new long[ParseRecords.KEY_WORDS];
        key[0] = match.sourceHigh;
        key[1] = match.sourceLow;
        key[2] = match.targetHigh;
        key[3] = match.targetLow;
        key[ParseRecords.PORTS_WORD] = match.sourcePort | (long) match.targetPort << 16 | (long) protocol << 32
            | (long) family << 40;
        return key;
    }

    /// Writes what the software's table asks for.
    public void into(DirectionSpec spec, int attachment) {
        spec.of(family, protocol, attachment)
            .source(match.sourceHigh, match.sourceLow, match.sourcePort)
            .target(match.targetHigh, match.targetLow, match.targetPort)
            .newSource(rewritten.sourceHigh, rewritten.sourceLow, rewritten.sourcePort)
            .newTarget(rewritten.targetHigh, rewritten.targetLow, rewritten.targetPort)
            .mtu(mtuBytes);
        spec.link().through(egress, egress, family, sourceMac).direct(targetMac);
    }
}
