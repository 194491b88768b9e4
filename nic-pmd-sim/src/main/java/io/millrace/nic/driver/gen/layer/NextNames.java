package io.millrace.nic.driver.gen.layer;

/// By which numbers a layer names what follows it.
enum NextNames {
    /// Nothing but payload can follow.
    NONE,
    ETHER_TYPE,
    IP_PROTOCOL,
    PPP_PROTOCOL,
    /// Tunnels by the port they listen on.
    UDP_PORT,
    /// It names nothing: IP, told by its version, or the same kind again.
    MPLS,
    IP_VERSION,
    ETHERNET,
    CHUNK,
    OPTION
}
