package io.millrace.dataplane.options;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The hop-by-hop options header of an IPv6 packet, which every router on the way must heed (RFC 8200 §4.2 and §4.3).
/// An option that is not known says by the two highest bits of its type what becomes of the packet.
public final class Ipv6HopByHop {

    private static final int IPV6_HEADER_BYTES = 40;

    private static final int PAD_1 = 0;
    private static final int PAD_N = 1;
    private static final int PAD_BYTES_MAX = 7;            // more is a covert channel, as Linux has it
    private static final int ROUTER_ALERT = 0x05;          // RFC 2711
    private static final int ROUTER_ALERT_BYTES = 2;
    private static final int CALIPSO = 0x07;               // RFC 5570
    private static final int IOAM = 0x31;                  // RFC 9486
    private static final int JUMBO = 0xc2;                 // RFC 2675; a jumbogram is too long for any link here

    private static final int CODE_ERRONEOUS_FIELD = 0;
    private static final int CODE_UNKNOWN_OPTION = 2;

    private final MemorySegment memory;
    private int problemAt;
    private int problemCode;

    public Ipv6HopByHop(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Reads the options of the packet whose IPv6 header lies at `headerAt`, with `availableBytes` from there on.
    /// `FORWARD`, or `IPV6_MALFORMED`: the packet is to be dropped, and if [#problemAt] is not negative, a parameter
    /// problem is due.
    public Verdict check(long headerAt, int availableBytes, boolean isToGroup) {
        problemAt = -1;
        int at = IPV6_HEADER_BYTES;
        if (availableBytes < at + 8) return Verdict.IPV6_MALFORMED;
        int end = at + (Wire.u8(memory, headerAt + at + 1) + 1) * 8;
        if (end > availableBytes) return Verdict.IPV6_MALFORMED;
        at += 2;
        int padBytes = 0;
        while (at < end) {
            int type = Wire.u8(memory, headerAt + at);
            if (type == PAD_1) {
                if (++padBytes > PAD_BYTES_MAX) return Verdict.IPV6_MALFORMED;
                at++;
                continue;
            }
            if (at + 2 > end) return Verdict.IPV6_MALFORMED;
            int dataBytes = Wire.u8(memory, headerAt + at + 1);
            if (at + 2 + dataBytes > end) return Verdict.IPV6_MALFORMED;
            if (type == PAD_N) {
                padBytes += 2 + dataBytes;
                if (padBytes > PAD_BYTES_MAX || !isZero(headerAt + at + 2, dataBytes)) return Verdict.IPV6_MALFORMED;
            } else {
                padBytes = 0;
                if (!passes(type, dataBytes, at, isToGroup)) return Verdict.IPV6_MALFORMED;
            }
            at += 2 + dataBytes;
        }
        return Verdict.FORWARD;
    }

    /// After a failed check: the offset from the IPv6 header that a parameter problem names; negative if none is due.
    public int problemAt()   { return problemAt; }
    public int problemCode() { return problemCode; }

    private boolean passes(int type, int dataBytes, int at, boolean isToGroup) {
        switch (type) {
            case ROUTER_ALERT:
                return dataBytes == ROUTER_ALERT_BYTES;
            case CALIPSO, IOAM:
                return true;
            case JUMBO:
                problem(CODE_ERRONEOUS_FIELD, at);   // with a payload length that is not 0 (RFC 2675 §3)
                return false;
            default:
        }
        int action = type >>> 6;
        if (action == 0) return true;
        if (action == 2 || action == 3 && !isToGroup) problem(CODE_UNKNOWN_OPTION, at);
        return false;
    }

    private void problem(int code, int at) {
        problemCode = code;
        problemAt = at;
    }

    private boolean isZero(long at, int byteCount) {
        for (int i = 0; i < byteCount; i++) {
            if (Wire.u8(memory, at + i) != 0) return false;
        }
        return true;
    }
}
