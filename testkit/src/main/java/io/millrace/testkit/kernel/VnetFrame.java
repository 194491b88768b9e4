package io.millrace.testkit.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A frame behind the 10 bytes of `struct virtio_net_hdr` (VIRTIO 1.2, 5.1.6): whether a checksum is still to be filled
/// in, and where; whether it is a super-packet, of which type and with how much payload a segment.
///
/// @param checksumStart  where the sum begins, bytes from the frame's first; 0 without a checksum to fill in
/// @param checksumOffset where it goes, bytes from `checksumStart`
/// @param gsoType        `VIRTIO_NET_HDR_GSO_…`: 0 none, 1 TCPv4, 3 UDP (fragments), 4 TCPv6, 5 UDP_L4; 0x80 ECN
/// @param gsoSize        payload bytes of a segment
/// @param headerBytes    a hint: bytes of all headers
public record VnetFrame(boolean needsChecksum, int checksumStart, int checksumOffset, int gsoType, int gsoSize,
                        int headerBytes, byte[] frame) {

    public static final int GSO_NONE = 0;
    public static final int GSO_TCP4 = 1;
    public static final int GSO_UDP = 3;
    public static final int GSO_TCP6 = 4;
    public static final int GSO_UDP_L4 = 5;
    public static final int GSO_ECN = 0x80;

    private static final int VNET_BYTES = 10;
    private static final int NEEDS_CSUM = 1;
    private static final int FLAGS = 0;
    private static final int TYPE = 1;
    private static final int HEADERS_BYTES = 2;
    private static final int SIZE = 4;
    private static final int CHECKSUM_START = 6;
    private static final int CHECKSUM_OFFSET = 8;

    /// A frame of which nothing is left to do.
    public static VnetFrame whole(byte[] frame) {
        return new VnetFrame(false, 0, 0, GSO_NONE, 0, 0, frame);
    }

    /// A frame whose checksum field holds the sum of the pseudo-header.
    public static VnetFrame partial(byte[] frame, int checksumStart, int checksumOffset) {
        return new VnetFrame(true, checksumStart, checksumOffset, GSO_NONE, 0,
            Math.min(frame.length, checksumStart + checksumOffset + 2), frame);
    }

    /// A super-packet whose checksum field holds the sum of the pseudo-header.
    public static VnetFrame segmented(byte[] frame, int checksumStart, int checksumOffset, int gsoType, int gsoSize,
                                      int headerBytes) {
        return new VnetFrame(true, checksumStart, checksumOffset, gsoType, gsoSize, headerBytes, frame);
    }

    public static VnetFrame of(byte[] message) {
        ByteBuffer header = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        return new VnetFrame((header.get(FLAGS) & NEEDS_CSUM) != 0,
            header.getShort(CHECKSUM_START) & 0xffff, header.getShort(CHECKSUM_OFFSET) & 0xffff,
            header.get(TYPE) & 0xff, header.getShort(SIZE) & 0xffff, header.getShort(HEADERS_BYTES) & 0xffff,
            Arrays.copyOfRange(message, VNET_BYTES, message.length));
    }

    byte[] message() {
        ByteBuffer message = ByteBuffer.allocate(VNET_BYTES + frame.length).order(ByteOrder.nativeOrder());
        message.put(FLAGS, (byte) (needsChecksum ? NEEDS_CSUM : 0));
        message.put(TYPE, (byte) gsoType);
        message.putShort(HEADERS_BYTES, (short) headerBytes);
        message.putShort(SIZE, (short) gsoSize);
        message.putShort(CHECKSUM_START, (short) checksumStart);
        message.putShort(CHECKSUM_OFFSET, (short) checksumOffset);
        message.put(VNET_BYTES, frame);
        return message.array();
    }
}
