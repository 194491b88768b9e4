package io.millrace.testkit.kernel;

/// A packet that a [PacketReceiver] saw.
///
/// @param isVerified whether the kernel found its transport checksum right (`VIRTIO_NET_HDR_F_DATA_VALID`)
public record ReceivedPacket(boolean isVerified, VnetFrame vnet) {

    private static final int DATA_VALID = 2;

    static ReceivedPacket of(byte[] message) {
        return new ReceivedPacket((message[0] & DATA_VALID) != 0, VnetFrame.of(message));
    }
}
