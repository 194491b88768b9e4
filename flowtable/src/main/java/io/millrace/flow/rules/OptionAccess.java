package io.millrace.flow.rules;

import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Finds TCP options (RFC 9293 section 3.1) and IPv6 extension headers (RFC 8200 section 4) in the packet's first slot,
/// the first of its kind each. Places count from the packet's first byte.
final class OptionAccess {

    static final int NONE = -1;

    /// There can be no options: it is not TCP, or cut.
    static final int NO_HEADER = -2;

    private static final int TCP_BYTES = 20;
    private static final int TCP_BYTES_AT = 12;
    private static final int OPTIONS_END = 0;
    private static final int NO_OPERATION = 1;
    private static final int IPV6_BYTES = 40;
    private static final int NEXT_HEADER_AT = 6;
    private static final int FRAGMENT_BYTES = 8;

    private final MemorySegment memory;

    OptionAccess(MemorySegment memory) {
        this.memory = memory;
    }

    /// Where a TCP option of that kind and at least `byteCount` bytes begins; [#NONE], or [#NO_HEADER].
    int option(RulePacket packet, int kind, int byteCount) {
        int l4 = packet.l4();
        boolean isTcp = packet.hasTransport() && packet.protocol() == IpProtocol.TCP;
        if (!isTcp || l4 + TCP_BYTES > packet.end()) return NO_HEADER;
        long frameAt = packet.frameAt();
        int headerBytes = (Wire.u8(memory, frameAt + l4 + TCP_BYTES_AT) >>> 4) * 4;
        int end = l4 + headerBytes;
        if (headerBytes < TCP_BYTES || end > packet.end()) return NO_HEADER;
        int at = l4 + TCP_BYTES;
        while (at + 1 < end) {
            int found = Wire.u8(memory, frameAt + at);
            if (found == OPTIONS_END) return NONE;
            int optionBytes = found == NO_OPERATION ? 1 : Wire.u8(memory, frameAt + at + 1);
            if (optionBytes == 0 || found != NO_OPERATION && optionBytes < 2) return NONE;
            if (found == kind) return at + optionBytes <= end && byteCount <= optionBytes ? at : NONE;
            at += optionBytes;
        }
        return NONE;
    }

    /// Where the extension header of that number begins, `byteCount` bytes of which are present; or [#NONE].
    int extension(RulePacket packet, int number, int byteCount) {
        if (packet.family() != 6) return NONE;
        long frameAt = packet.frameAt();
        int at = packet.l3() + IPV6_BYTES;
        int next = Wire.u8(memory, frameAt + packet.l3() + NEXT_HEADER_AT);
        while (at + 2 <= packet.end()) {
            if (next == number) return at + byteCount <= packet.end() ? at : NONE;
            int lengthField = Wire.u8(memory, frameAt + at + 1);
            int headerBytes = switch (next) {
                case IpProtocol.HOP_BY_HOP, IpProtocol.ROUTING, IpProtocol.DESTINATION_OPTIONS -> (lengthField + 1) * 8;
                case IpProtocol.AUTHENTICATION -> (lengthField + 2) * 4;
                case IpProtocol.FRAGMENT -> FRAGMENT_BYTES;
                default -> 0;
            };
            if (headerBytes == 0) return NONE;
            boolean isLater = next == IpProtocol.FRAGMENT && at + FRAGMENT_BYTES <= packet.end()
                && Wire.u16(memory, frameAt + at + 2) >>> 3 != 0;
            if (isLater) return NONE;
            next = Wire.u8(memory, frameAt + at);
            at += headerBytes;
        }
        return NONE;
    }
}
