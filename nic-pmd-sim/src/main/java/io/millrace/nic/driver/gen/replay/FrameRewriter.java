package io.millrace.nic.driver.gen.replay;

import io.millrace.checksum.InternetChecksum;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Does what a [Rewriting] says to Ethernet frames: MAC addresses, and addresses in ARP, IPv4 and IPv6 up to two tags
/// deep. Checksums that cover an address follow it (RFC 1624), so right ones stay right and wrong ones wrong; what
/// tunnels and ICMP errors carry inside stays as it is. Not for the data path.
final class FrameRewriter {

    private static final int MAC_BYTES = 6;
    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int TAGS_MAX = 2;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int ARP_BYTES = 28;
    private static final int ALL_ONES = 0xffff;
    private static final int NOWHERE = -1;

    private final MemorySegment memory;
    private final Rewriting rewriting;

    FrameRewriter(MemorySegment memory, Rewriting rewriting) {
        this.memory = memory;
        this.rewriting = rewriting;
    }

    void rewrite(long at, int frameBytes) {
        if (frameBytes < ETHERNET_BYTES) return;
        if (rewriting.targetMac() != Rewriting.AS_IT_IS) Wire.u48(memory, at, rewriting.targetMac());
        if (rewriting.sourceMac() != Rewriting.AS_IT_IS) Wire.u48(memory, at + MAC_BYTES, rewriting.sourceMac());
        int l3 = ETHERNET_BYTES;
        int type = Wire.u16(memory, at + l3 - 2);
        for (int tag = 0; tag < TAGS_MAX && EtherType.isVlan(type) && l3 + TAG_BYTES <= frameBytes; tag++) {
            l3 += TAG_BYTES;
            type = Wire.u16(memory, at + l3 - 2);
        }
        int leftBytes = frameBytes - l3;
        if (type == EtherType.ARP && leftBytes >= ARP_BYTES && Wire.u16(memory, at + l3 + 2) == EtherType.IPV4) {
            change4(at + l3 + 14);
            change4(at + l3 + 24);
        } else if (type == EtherType.IPV4 && leftBytes >= IPV4_BYTES) {
            rewrite4(at + l3, leftBytes);
        } else if (type == EtherType.IPV6 && leftBytes >= IPV6_BYTES) {
            rewrite6(at + l3, leftBytes);
        }
    }

    private void rewrite4(long at, int leftBytes) {
        long before = sum(at + 12, 2 * Integer.BYTES);
        change4(at + 12);
        change4(at + 16);
        long after = sum(at + 12, 2 * Integer.BYTES);
        patch(at + 10, before, after, false);
        int headerBytes = (Wire.u8(memory, at) & 0x0f) * 4;
        boolean isLaterFragment = (Wire.u16(memory, at + 6) & 0x1fff) != 0;
        if (!isLaterFragment) patchTransport(at, headerBytes, leftBytes, Wire.u8(memory, at + 9), before, after);
    }

    private void rewrite6(long at, int leftBytes) {
        long before = sum(at + 8, 4 * Long.BYTES);
        change6(at + 8);
        change6(at + 24);
        long after = sum(at + 8, 4 * Long.BYTES);
        int next = Wire.u8(memory, at + 6);
        int l4 = IPV6_BYTES;
        while (l4 + Long.BYTES <= leftBytes && (next == IpProtocol.HOP_BY_HOP || next == IpProtocol.ROUTING
            || next == IpProtocol.DESTINATION_OPTIONS || next == IpProtocol.FRAGMENT)) {
            boolean isFragment = next == IpProtocol.FRAGMENT;
            if (isFragment && (Wire.u16(memory, at + l4 + 2) & ~7) != 0) return;
            next = Wire.u8(memory, at + l4);
            l4 += isFragment ? Long.BYTES : (Wire.u8(memory, at + l4 + 1) + 1) * Long.BYTES;
        }
        patchTransport(at, l4, leftBytes, next, before, after);
    }

    private void patchTransport(long at, int l4, int leftBytes, int protocol, long before, long after) {
        int fieldAt = switch (protocol) {
            case IpProtocol.TCP -> 16;
            case IpProtocol.UDP -> 6;
            case IpProtocol.ICMPV6 -> 2;
            default -> NOWHERE;
        };
        if (fieldAt == NOWHERE || l4 + fieldAt + 2 > leftBytes) return;
        boolean isUdp = protocol == IpProtocol.UDP;
        if (isUdp && Wire.u16(memory, at + l4 + fieldAt) == 0) return;   // none was sent
        patch(at + l4 + fieldAt, before, after, isUdp);
    }

    private void patch(long fieldAt, long before, long after, boolean isNeverZero) {
        long sum = InternetChecksum.without(ALL_ONES ^ Wire.u16(memory, fieldAt), before) + after;
        Wire.u16(memory, fieldAt, isNeverZero ? InternetChecksum.finishNotZero(sum) : InternetChecksum.finish(sum));
    }

    private long sum(long at, int bytes) {
        return InternetChecksum.sum(memory, at, bytes);
    }

    private void change4(long at) {
        IpAddress changed = changed(IpAddress.ofIpv4(Wire.i32(memory, at)));
        Wire.i32(memory, at, changed.ipv4());
    }

    private void change6(long at) {
        IpAddress changed = changed(IpAddress.ofIpv6(Wire.i64(memory, at), Wire.i64(memory, at + Long.BYTES)));
        Wire.i64(memory, at, changed.high());
        Wire.i64(memory, at + Long.BYTES, changed.low());
    }

    private IpAddress changed(IpAddress address) {
        for (Rewriting.Change change : rewriting.prefixes()) {
            if (!change.holds(address)) continue;
            long maskHigh = change.from().maskHigh();
            long maskLow = change.from().maskLow();
            IpAddress to = change.to().address();
            return new IpAddress(address.family(), to.high() & maskHigh | address.high() & ~maskHigh,
                to.low() & maskLow | address.low() & ~maskLow);
        }
        return address;
    }
}
