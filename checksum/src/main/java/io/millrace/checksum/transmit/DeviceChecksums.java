package io.millrace.checksum.transmit;

import io.millrace.packet.memory.Check;

/// Which checksums a device fills in on transmit.
///
/// A device is either protocol-agnostic (`anyAtOffset`: it sums from a start and stores at an offset, whatever lies
/// there) or protocol-specific: TCP and UDP over plain IPv4 or IPv6, and whatever else of the list its headers walk
/// copes with.
///
/// - `anyAtOffset`: Linux's `NETIF_F_HW_CSUM`
/// - `ipv4`, `ipv6`: `NETIF_F_IP_CSUM`, `NETIF_F_IPV6_CSUM`
/// - `ipv4Options`, `ipv6Extensions`: finds the transport behind them; never behind a routing header
/// - `encapsulated`: finds the transport of the inner packet of a tunnel
/// - `vlan`: finds the IP header behind tags
/// - `sctpCrc`: CRC32c, of either kind of device
public record DeviceChecksums(boolean anyAtOffset, boolean ipv4, boolean ipv6, boolean ipv4Options,
                              boolean ipv6Extensions, boolean encapsulated, boolean vlan, boolean sctpCrc) {

    /// Fills in nothing.
    public static final DeviceChecksums NOTHING =
        new DeviceChecksums(false, false, false, false, false, false, false, false);

    /// Fills in anything at any offset.
    public static final DeviceChecksums ANYTHING =
        new DeviceChecksums(true, false, false, false, false, false, false, true);

    /// TCP and UDP over IPv4 and IPv6, and nothing unusual: what most devices of the last decades do.
    public static final DeviceChecksums CLASSIC =
        new DeviceChecksums(false, true, true, true, false, false, true, false);

    public DeviceChecksums {
        Check.that(!anyAtOffset || !ipv4 && !ipv6,
            "a device that sums at any offset (anyAtOffset) knows no protocols: ipv4 and ipv6 must be false");
    }
}
