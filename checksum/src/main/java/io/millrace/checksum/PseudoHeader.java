package io.millrace.checksum;

import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Sums of the pseudo headers that TCP, UDP and ICMPv6 checksums include.
///
/// ```
///  IPv4, RFC 9293 3.1                    IPv6, RFC 8200 8.1
///  +--------------------------------+    +--------------------------------+
///  |             source             |    |        source, 16 bytes        |
///  |             target             |    |        target, 16 bytes        |
///  |  zero  | protocol |  L4 bytes  |    |            L4 bytes            |
///  +--------------------------------+    |       zero       | next header |
///                                        +--------------------------------+
/// ```
///
/// `l4Bytes` is the length of the transport header and its payload: IPv6 extension headers do not count, and the
/// protocol is the one behind them.
public final class PseudoHeader {

    private static final int IPV4_SOURCE = 12;
    private static final int IPV4_TARGET = 16;
    private static final int IPV6_SOURCE = 8;
    private static final int IPV6_TARGET = 24;

    public static long ipv4(int source, int target, int protocol, int l4Bytes) {
        return IncrementalUpdate.sum32(source) + IncrementalUpdate.sum32(target) + protocol
            + IncrementalUpdate.sum32(l4Bytes);
    }

    public static long ipv4(Ipv4View ip, int protocol, int l4Bytes) {
        return ipv4(ip.source(), ip.target(), protocol, l4Bytes);
    }

    /// Each address as its two halves. The target is not the header's where a routing header has segments left.
    public static long ipv6(long sourceHigh, long sourceLow, long targetHigh, long targetLow, int protocol,
                            int l4Bytes) {
        return IncrementalUpdate.sum64(sourceHigh) + IncrementalUpdate.sum64(sourceLow)
            + IncrementalUpdate.sum64(targetHigh) + IncrementalUpdate.sum64(targetLow)
            + protocol + IncrementalUpdate.sum32(l4Bytes);
    }

    /// With the two addresses of the IP header at `headerAt`, whose version says which kind it is.
    public static long ofHeader(MemorySegment memory, long headerAt, int protocol, int l4Bytes) {
        if (Wire.u8(memory, headerAt) >>> 4 != 6) {
            return ipv4(Wire.i32(memory, headerAt + IPV4_SOURCE), Wire.i32(memory, headerAt + IPV4_TARGET), protocol,
                l4Bytes);
        }
        return ipv6(Wire.i64(memory, headerAt + IPV6_SOURCE), Wire.i64(memory, headerAt + IPV6_SOURCE + Long.BYTES),
            Wire.i64(memory, headerAt + IPV6_TARGET), Wire.i64(memory, headerAt + IPV6_TARGET + Long.BYTES), protocol,
            l4Bytes);
    }

    private PseudoHeader() {}
}
