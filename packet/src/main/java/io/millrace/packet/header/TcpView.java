package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a TCP header in packet memory (RFC 9293 §3.1). Flags are those of [TcpFlags].
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------------------------------+-------------------------------+
///  |          source port          |          target port          |
///  +-------------------------------+-------------------------------+
///  |                        sequence number                        |
///  |                     acknowledgement number                    |
///  +-------+-------+---------------+-------------------------------+
///  | offset| rsvd  |     flags     |            window             |
///  +-------+-------+---------------+-------------------------------+
///  |           checksum            |        urgent pointer         |
///  +-------------------------------+-------------------------------+
///  |                            options                            |
///  +---------------------------------------------------------------+
/// ```
public final class TcpView {

    public static final int HEADER_BYTES_MIN = 20;
    public static final int HEADER_BYTES_MAX = 60;

    private static final int SOURCE_PORT = 0;
    private static final int TARGET_PORT = 2;
    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGEMENT = 8;
    private static final int OFFSET = 12;
    private static final int FLAGS = 13;
    private static final int WINDOW = 14;
    private static final int CHECKSUM = 16;
    private static final int URGENT = 18;

    private final MemorySegment memory;
    private long base;

    public TcpView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public TcpView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header with its options lies within `bytesAvailable`.
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < HEADER_BYTES_MIN) return false;
        return headerBytes() >= HEADER_BYTES_MIN && headerBytes() <= bytesAvailable;
    }

    public int headerBytes()   { return (Wire.u8(memory, base + OFFSET) >>> 4) * 4; }
    public int optionBytes()   { return headerBytes() - HEADER_BYTES_MIN; }

    public int sourcePort() { return Wire.u16(memory, base + SOURCE_PORT); }
    public int targetPort() { return Wire.u16(memory, base + TARGET_PORT); }
    public int sequence() { return Wire.i32(memory, base + SEQUENCE); }
    public int acknowledgement() { return Wire.i32(memory, base + ACKNOWLEDGEMENT); }
    public int flags() { return Wire.u8(memory, base + FLAGS); }
    public int window() { return Wire.u16(memory, base + WINDOW); }
    public int checksum() { return Wire.u16(memory, base + CHECKSUM); }
    public int urgentPointer() { return Wire.u16(memory, base + URGENT); }

    public void sourcePort(int value) { Wire.u16(memory, base + SOURCE_PORT, value); }
    public void targetPort(int value) { Wire.u16(memory, base + TARGET_PORT, value); }
    public void sequence(int value) { Wire.i32(memory, base + SEQUENCE, value); }
    public void acknowledgement(int value) { Wire.i32(memory, base + ACKNOWLEDGEMENT, value); }
    public void flags(int value) { Wire.u8(memory, base + FLAGS, value); }
    public void window(int value) { Wire.u16(memory, base + WINDOW, value); }
    public void checksum(int value) { Wire.u16(memory, base + CHECKSUM, value); }
    public void urgentPointer(int value) { Wire.u16(memory, base + URGENT, value); }

    /// Clears the four reserved bits beside it.
    public void headerBytes(int value) {
        assert value >= HEADER_BYTES_MIN && value <= HEADER_BYTES_MAX : value;
        assert value % 4 == 0 : value;
        Wire.u8(memory, base + OFFSET, value / 4 << 4);
    }
}
