package io.millrace.testkit;

import java.util.ArrayList;
import java.util.List;

/// Reads a classic pcap file: both byte orders, microseconds and nanoseconds.
final class PcapReader {

    static final long MAGIC_MICROSECONDS = 0xa1b2c3d4L;
    static final long MAGIC_NANOSECONDS = 0xa1b23c4dL;

    private static final int FILE_HEADER_BYTES = 24;
    private static final int RECORD_HEADER_BYTES = 16;

    /// As Wireshark: a larger record is damage, not a packet.
    private static final int CAPTURED_BYTES_MAX = 262_144;

    private final byte[] file;

    PcapReader(byte[] file) {
        this.file = file;
    }

    CaptureFile read() {
        List<CapturedFrame> frames = new ArrayList<>();
        if (file.length < FILE_HEADER_BYTES) return new CaptureFile(frames, "file header cut at byte " + file.length);
        OrderedBytes fields = new OrderedBytes(file, Octets.u8(file, 0) == 0xa1);
        long magic = fields.u32(0);
        if (magic != MAGIC_MICROSECONDS && magic != MAGIC_NANOSECONDS) {
            return new CaptureFile(frames, "no capture file: begins with 0x%08x".formatted(Octets.u32(file, 0)));
        }
        long fractionNs = magic == MAGIC_NANOSECONDS ? 1 : 1_000;
        int linkType = (int) fields.u32(20) & 0xffff;
        int at = FILE_HEADER_BYTES;
        while (at < file.length) {
            if (file.length - at < RECORD_HEADER_BYTES) {
                return new CaptureFile(frames, "record header cut at byte " + at);
            }
            long capturedBytes = fields.u32(at + 8);
            if (capturedBytes > CAPTURED_BYTES_MAX) {
                return new CaptureFile(frames, "record at byte " + at + " claims " + capturedBytes + " bytes");
            }
            if (file.length - at - RECORD_HEADER_BYTES < capturedBytes) {
                return new CaptureFile(frames, "record at byte " + at + " of " + capturedBytes + " bytes is cut");
            }
            long timeNs = fields.u32(at) * 1_000_000_000L + fields.u32(at + 4) * fractionNs;
            byte[] bytes = Octets.range(file, at + RECORD_HEADER_BYTES, (int) capturedBytes);
            frames.add(new CapturedFrame(timeNs, bytes, fields.saturated32(at + 12), linkType));
            at += RECORD_HEADER_BYTES + (int) capturedBytes;
        }
        return new CaptureFile(frames, null);
    }
}
