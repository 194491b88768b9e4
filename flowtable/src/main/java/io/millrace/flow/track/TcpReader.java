package io.millrace.flow.track;

import io.millrace.flow.track.machine.TcpKind;
import io.millrace.flow.track.machine.TcpSegment;
import io.millrace.flow.tuple.TupleReader;
import io.millrace.packet.header.TcpOption;
import io.millrace.packet.header.TcpView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Reads of a TCP header what its connection needs to know.
final class TcpReader {

    private static final int SCALE_BYTES = 3;
    private static final int SACK_PERMITTED_BYTES = 2;
    private static final int EDGE_BYTES = 4;
    private static final int BLOCK_BYTES = 8;

    private final MemorySegment memory;
    private final TcpView tcp;
    private final TcpSegment segment = new TcpSegment();

    TcpReader(PacketMemory packets) {
        this.memory = packets.segment();
        this.tcp = new TcpView(packets);
    }

    TcpSegment segment() {
        return segment;
    }

    /// False if the header is not all there, contradicts itself, or its flags cannot be together.
    boolean read(TupleReader packet) {
        if (!packet.isPresent(TcpView.HEADER_BYTES_MIN)) return false;
        tcp.at(packet.l4At());
        int headerBytes = tcp.headerBytes();
        if (headerBytes < TcpView.HEADER_BYTES_MIN || !packet.isPresent(headerBytes)) return false;
        if (!TcpKind.areFlagsValid(tcp.flags())) return false;
        segment.header(tcp.flags(), tcp.sequence(), tcp.acknowledgement(), tcp.window(),
            packet.l4Bytes() - headerBytes);
        readOptions(packet.l4At());
        return true;
    }

    private void readOptions(long headerAt) {
        boolean isSackRead = false;
        int headerBytes = tcp.headerBytes();
        for (int at = TcpView.OPTIONS_AT; at < headerBytes; at += tcp.optionBytes(at)) {
            if (!tcp.isOptionValid(at) || tcp.optionKind(at) == TcpOption.END) return;
            int optionBytes = tcp.optionBytes(at);
            switch (tcp.optionKind(at)) {
                case TcpOption.WINDOW_SCALE -> {
                    if (optionBytes == SCALE_BYTES) segment.scale(Wire.u8(memory, headerAt + at + 2));
                }
                case TcpOption.SACK_PERMITTED -> {
                    if (optionBytes == SACK_PERMITTED_BYTES) segment.sackPermitted();
                }
                case TcpOption.SACK -> {
                    if (!isSackRead) isSackRead = readSack(headerAt + at + 2, optionBytes - 2);
                }
                default -> { }
            }
        }
    }

    /// True if these were blocks; another option of the kind is then not looked at.
    private boolean readSack(long blocksAt, int blocksBytes) {
        if (blocksBytes < BLOCK_BYTES || blocksBytes % BLOCK_BYTES != 0) return false;
        for (int at = 0; at < blocksBytes; at += BLOCK_BYTES) {
            segment.sacked(Wire.i32(memory, blocksAt + at + EDGE_BYTES));
        }
        return true;
    }
}
