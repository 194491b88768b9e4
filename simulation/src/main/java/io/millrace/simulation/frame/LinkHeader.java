package io.millrace.simulation.frame;

/// An Ethernet header: who to whom, and a VLAN.
///
/// @param vlan VLAN id of an 802.1Q tag; 0 is none
public record LinkHeader(long target, long source, int vlan) {

    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final int UNTAGGED_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int TPID = 0x8100;

    public int byteCount() {
        return vlan == 0 ? UNTAGGED_BYTES : UNTAGGED_BYTES + TAG_BYTES;
    }

    /// The frame that carries a packet.
    public byte[] frame(int etherType, byte[] packet) {
        byte[] frame = new byte[byteCount() + packet.length];
        Octets.u48(frame, 0, target);
        Octets.u48(frame, 6, source);
        if (vlan != 0) {
            Octets.u16(frame, 12, TPID);
            Octets.u16(frame, 14, vlan);
        }
        Octets.u16(frame, byteCount() - 2, etherType);
        System.arraycopy(packet, 0, frame, byteCount(), packet.length);
        return frame;
    }
}
