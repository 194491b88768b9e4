package io.millrace.nic.port;

/// What a port can do.
///
/// @param rxQueues       number of receive queues
/// @param txQueues       number of transmit queues
/// @param frameBytesMax  longest frame it sends, Ethernet header included, checksum trailer not
/// @param linkType       `LINKTYPE_` number of the frames it sends and gives; [#ANY_LINK_TYPE] where it varies
/// @param isOffline      its input ends and its packets carry their own times, or it needs none: usable in virtual time
public record PortCapabilities(int rxQueues, int txQueues, int frameBytesMax, int linkType, boolean isOffline) {

    public static final int ANY_LINK_TYPE = -1;
    public static final int LINK_TYPE_ETHERNET = 1;
}
