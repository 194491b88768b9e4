package io.millrace.nic.port;

import io.millrace.gso.DeviceSegmentation;

/// What a port can do.
///
/// @param rxQueues       number of receive queues
/// @param txQueues       number of transmit queues
/// @param frameBytesMax  longest frame it sends, Ethernet header included, checksum trailer not
/// @param linkType       `LINKTYPE_` number of the frames it sends and gives; [#ANY_LINK_TYPE] where it varies
/// @param isOffline      its input ends and its packets carry their own times, or it needs none: usable in virtual time
/// @param givesUndone    packets received may lack a checksum that the sender left to its device, or be super-packets
/// @param plain          the super-packets it takes, and the checksums that may be left to it
/// @param tunnelled      the same of super-packets that are cut inside a tunnel
public record PortCapabilities(int rxQueues, int txQueues, int frameBytesMax, int linkType, boolean isOffline,
                               boolean givesUndone, DeviceSegmentation plain, DeviceSegmentation tunnelled) {

    public static final int ANY_LINK_TYPE = -1;
    public static final int LINK_TYPE_ETHERNET = 1;

    /// Of a port that gives and takes finished frames only.
    public PortCapabilities(int rxQueues, int txQueues, int frameBytesMax, int linkType, boolean isOffline) {
        this(rxQueues, txQueues, frameBytesMax, linkType, isOffline, false, DeviceSegmentation.NOTHING,
            DeviceSegmentation.NOTHING);
    }

    /// The same, but every super-packet is cut before it is given to the port.
    public PortCapabilities withoutSegmentation() {
        return new PortCapabilities(rxQueues, txQueues, frameBytesMax, linkType, isOffline, givesUndone,
            DeviceSegmentation.cutsNothing(plain.checksums()), DeviceSegmentation.cutsNothing(tunnelled.checksums()));
    }
}
