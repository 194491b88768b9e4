package io.millrace.nic.capture;

import io.millrace.packet.memory.Check;

/// What a capture says of the interface its packets were taken from. A classic pcap has one, its file header.
///
/// @param linkType    `LINKTYPE_` number
/// @param snapBytes   most bytes that were to be kept of a packet, 0 for all; files lie about it
/// @param name        `if_name`, empty where there is none
/// @param timeScale   unit and offset of the times in the file
/// @param fcsBytes    bytes of frame check sequence at the end of each packet, 0 where none is said
public record CaptureInterface(int linkType, long snapBytes, String name, TimeScale timeScale, int fcsBytes) {

    /// Most bytes a packet may have: what libpcap and Wireshark allow too.
    public static final int PACKET_BYTES_MAX = 262_144;
    private static final int MESSAGE_BYTES_MAX = 128 << 20;

    private static final int LINKTYPE_DBUS = 231;
    private static final int LINKTYPE_USBPCAP = 249;
    private static final int LINKTYPE_EBHSCR = 279;

    public CaptureInterface {
        Check.that(linkType >= 0 && linkType <= 0xffff, "link types have 16 bits", linkType);
        Check.that(snapBytes >= 0 && snapBytes <= 0xffff_ffffL, "snap lengths have 32 bits", snapBytes);
        Check.that(fcsBytes >= 0 && fcsBytes <= 0xff, "FCS lengths have 8 bits", fcsBytes);
    }

    /// An interface to write: everything kept, times since 1970 in the resolution given (a constant of [TimeScale]).
    public static CaptureInterface of(int linkType, String name, int resolution) {
        return new CaptureInterface(linkType, PACKET_BYTES_MAX, name, new TimeScale(resolution, 0), 0);
    }

    /// Three link types carry whole messages; everything else is a frame.
    public int packetBytesMax() {
        return switch (linkType) {
            case LINKTYPE_DBUS, LINKTYPE_USBPCAP, LINKTYPE_EBHSCR -> MESSAGE_BYTES_MAX;
            default -> PACKET_BYTES_MAX;
        };
    }
}
