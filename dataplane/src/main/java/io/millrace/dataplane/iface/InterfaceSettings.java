package io.millrace.dataplane.iface;

/// What Linux keeps in `net.ipv4.conf.NAME` and `net.ipv6.conf.NAME`, as far as a router has use for it.
///
/// @param forwardsIpv4        `net.ipv4.conf.NAME.forwarding`
/// @param forwardsIpv6        `net.ipv6.conf.NAME.forwarding`
/// @param sendsRedirects      `net.ipv4.conf.NAME.send_redirects` (ICMPv4; ICMPv6 redirects are always sent, as in Linux)
/// @param acceptsSourceRoute  `net.ipv4.conf.NAME.accept_source_route`
/// @param dropsMartians       Millrace's own: refuse the sources and targets that RFC 1812 §5.3.7 calls martian beyond
///                            those that Linux refuses
public record InterfaceSettings(boolean forwardsIpv4, boolean forwardsIpv6, boolean sendsRedirects,
                                boolean acceptsSourceRoute, boolean dropsMartians) {

    /// A Linux router's: forwarding on, redirects on, source routes refused.
    public static final InterfaceSettings ROUTER = new InterfaceSettings(true, true, true, false, false);
}
