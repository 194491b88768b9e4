package io.millrace.checksum.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A frame behind the 10 bytes of `struct virtio_net_hdr`: whether a checksum is still to be filled in, and where.
record VnetFrame(boolean needsChecksum, int checksumStart, int checksumOffset, byte[] frame) {

    private static final int HEADER_BYTES = 10;
    private static final int NEEDS_CSUM = 1;
    private static final int FLAGS = 0;
    private static final int HEADERS_BYTES = 2;
    private static final int CHECKSUM_START = 6;
    private static final int CHECKSUM_OFFSET = 8;

    static VnetFrame partial(byte[] frame, int checksumStart, int checksumOffset) {
        return new VnetFrame(true, checksumStart, checksumOffset, frame);
    }

    static VnetFrame of(byte[] message) {
        ByteBuffer header = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        return new VnetFrame((header.get(FLAGS) & NEEDS_CSUM) != 0, header.getShort(CHECKSUM_START),
            header.getShort(CHECKSUM_OFFSET), Arrays.copyOfRange(message, HEADER_BYTES, message.length));
    }

    byte[] message() {
        ByteBuffer message = ByteBuffer.allocate(HEADER_BYTES + frame.length).order(ByteOrder.nativeOrder());
        if (needsChecksum) {
            message.put(FLAGS, (byte) NEEDS_CSUM);
            message.putShort(HEADERS_BYTES, (short) Math.min(frame.length, checksumStart + checksumOffset + 2));
            message.putShort(CHECKSUM_START, (short) checksumStart);
            message.putShort(CHECKSUM_OFFSET, (short) checksumOffset);
        }
        message.put(HEADER_BYTES, frame);
        return message.array();
    }
}
