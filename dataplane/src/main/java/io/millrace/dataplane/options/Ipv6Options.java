package io.millrace.dataplane.options;

import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.Ipv6OptionsView;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The options of an IPv6 packet (RFC 8200 §4.2): those of the hop-by-hop header, which every router on the way must
/// heed, and those for the target. An option that is not known says by the two highest bits of its type what becomes of
/// the packet. As strict as Linux's `ip6_parse_tlv`.
///
/// Every step goes at least one byte ahead. A tool of one worker.
public final class Ipv6Options {

    private static final int PAD_1 = 0;
    private static final int PAD_N = 1;
    private static final int ROUTER_ALERT = 0x05;          // RFC 2711
    private static final int CALIPSO = 0x07;               // RFC 5570
    private static final int IOAM = 0x31;                  // RFC 9486
    private static final int JUMBO = 0xc2;                 // RFC 2675

    private static final int OPTION_HEADER_BYTES = 2;
    private static final int ROUTER_ALERT_BYTES = 2;
    private static final int JUMBO_BYTES = 4;
    private static final long PAYLOAD_BYTES_MAX = 0xffff;

    /// More padding in a row is a covert channel (RFC 4942 §2.1.9.5).
    private static final int PAD_BYTES_MAX = 7;

    /// `net.ipv6.max_hbh_opts_number` and `max_dst_opts_number`, paddings not counted.
    private static final int OPTIONS_MAX = 8;

    private final MemorySegment memory;
    private final Ipv6View ip;
    private final Ipv6OptionsView header;
    private int problemAt;
    private int problemCode;

    public Ipv6Options(PacketMemory packets) {
        this.memory = packets.segment();
        this.ip = new Ipv6View(packets);
        this.header = new Ipv6OptionsView(packets);
    }

    /// Reads the hop-by-hop header, which lies right behind the IPv6 header at `headerAt`; `availableBytes` are
    /// present from there on. `FORWARD`, or `IPV6_MALFORMED`: the packet is to be dropped, and if [#problemAt] is not
    /// negative, a parameter problem is due.
    public Verdict checkHopByHop(long headerAt, int availableBytes, boolean isToGroup) {
        return check(headerAt, Ipv6View.HEADER_BYTES, availableBytes, true, isToGroup);
    }

    /// Reads a destination options header that lies `optionsAt` bytes behind `headerAt`; likewise.
    public Verdict checkDestination(long headerAt, int optionsAt, int availableBytes, boolean isToGroup) {
        return check(headerAt, optionsAt, availableBytes, false, isToGroup);
    }

    /// After a failed check: the offset from the IPv6 header that a parameter problem names; negative if none is due.
    public int problemAt()   { return problemAt; }
    public int problemCode() { return problemCode; }

    private Verdict check(long headerAt, int optionsAt, int availableBytes, boolean isHopByHop, boolean isToGroup) {
        problemAt = -1;
        header.at(headerAt + optionsAt);
        if (!header.isValid(availableBytes - optionsAt)) return Verdict.IPV6_MALFORMED;
        int end = optionsAt + header.headerBytes();
        int at = optionsAt + Ipv6OptionsView.OPTIONS_AT;
        int optionCount = 0;
        int padBytes = 0;
        while (at < end) {
            int type = Wire.u8(memory, headerAt + at);
            int optionBytes = type == PAD_1 ? 1 : optionBytes(headerAt, at, end);
            if (optionBytes == 0) return Verdict.IPV6_MALFORMED;
            if (type == PAD_1 || type == PAD_N) {
                padBytes += optionBytes;
                if (padBytes > PAD_BYTES_MAX) return Verdict.IPV6_MALFORMED;
                if (!isZero(headerAt + at + 2, optionBytes - 2)) return Verdict.IPV6_MALFORMED;
            } else {
                padBytes = 0;
                if (++optionCount > OPTIONS_MAX) return Verdict.IPV6_MALFORMED;
                if (!passes(headerAt, at, type, isHopByHop, isToGroup)) return Verdict.IPV6_MALFORMED;
            }
            at += optionBytes;
        }
        return Verdict.FORWARD;
    }

    /// Length of the option at `at` with its own two bytes; 0 if it reaches beyond the header.
    private int optionBytes(long headerAt, int at, int end) {
        if (at + OPTION_HEADER_BYTES > end) return 0;
        int optionBytes = OPTION_HEADER_BYTES + Wire.u8(memory, headerAt + at + 1);
        return at + optionBytes <= end ? optionBytes : 0;
    }

    private boolean passes(long headerAt, int at, int type, boolean isHopByHop, boolean isToGroup) {
        if (isHopByHop) {
            switch (type) {
                case ROUTER_ALERT:
                    return Wire.u8(memory, headerAt + at + 1) == ROUTER_ALERT_BYTES;
                case CALIPSO, IOAM:
                    return true;
                case JUMBO:
                    refuseJumbo(headerAt, at);
                    return false;
                default:
            }
        }
        int action = type >>> 6;
        if (action == 0) return true;
        if (action == 2 || action == 3 && !isToGroup) problem(Icmpv6Type.UNKNOWN_OPTION, at);
        return false;
    }

    /// A jumbogram is too long for any link here; a packet that says it is one, and is not, is told what is wrong.
    private void refuseJumbo(long headerAt, int at) {
        if (Wire.u8(memory, headerAt + at + 1) != JUMBO_BYTES || (at & 3) != 2) return;
        if (Wire.u32(memory, headerAt + at + OPTION_HEADER_BYTES) <= PAYLOAD_BYTES_MAX) {
            problem(Icmpv6Type.ERRONEOUS_FIELD, at + OPTION_HEADER_BYTES);
        } else if (ip.at(headerAt).payloadBytes() != 0) {
            problem(Icmpv6Type.ERRONEOUS_FIELD, at);
        }
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
