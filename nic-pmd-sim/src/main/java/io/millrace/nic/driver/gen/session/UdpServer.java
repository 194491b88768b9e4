package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The servers of UDP exchanges. They keep nothing: a request says what it wants.
final class UdpServer extends Endpoint {

    private static final int UDP_HEADER_BYTES = 8;

    private final MemorySegment memory;
    private final DatagramWriter writer;

    UdpServer(Arena arena, PacketMemory packets, SessionSpec spec, DialogueStore dialogues, DatagramWriter writer,
              OutQueue out) {
        super(arena, spec, dialogues, 1, out, ~spec.seed());
        this.memory = packets.segment();
        this.writer = writer;
    }

    @Override
    void receive(long addresses, long l4At, int l4Bytes) {
        int bytes = l4Bytes - UDP_HEADER_BYTES;
        long own = Long.rotateLeft(addresses, 32);
        int ports = bytes < 0 ? 0 : Integer.rotateLeft(Wire.i32(memory, l4At), 16);
        long at = l4At + UDP_HEADER_BYTES;
        if (!dialogues.isEmpty() && bytes >= 0) speak(own, ports, dialogues.asked(memory, at, bytes));
        else if (bytes >= SessionTalk.UDP_REQUEST_BYTES_MIN) answer(own, ports, at, bytes);
        else counts.unknown++;
    }

    private void answer(long addresses, int ports, long at, int bytes) {
        int responseBytes = Wire.i32(memory, at + 4);
        int from = Wire.i32(memory, at + 8);
        boolean isRequest = Wire.i32(memory, at) == bytes && from >= 0 && from < responseBytes
            && responseBytes <= SessionTalk.UDP_RESPONSE_BYTES_MAX;
        if (!isRequest) {
            counts.unknown++;
            return;
        }
        counts.opened++;
        counts.receivedBytes += bytes;
        while (from < responseBytes) {
            int piece = piece(responseBytes - from);
            send(addresses, ports, from, piece, 1, FrameWriter.ZEROS);
            from += piece;
        }
    }

    /// Every datagram has room for its place in the answer, the last too.
    private int piece(int leftBytes) {
        int piece = Math.min(leftBytes, spec.talk().segmentBytes());
        int behind = leftBytes - piece;
        return behind > 0 && behind < SessionTalk.UDP_RESPONSE_BYTES_MIN
            ? piece - SessionTalk.UDP_RESPONSE_BYTES_MIN : piece;
    }

    private void speak(long addresses, int ports, int dialogue) {
        if (dialogue < 0) {
            counts.unknown++;
            return;
        }
        counts.opened++;
        counts.receivedBytes += dialogues.clientBytes(dialogue);
        for (int i = 0; i < dialogues.datagramCount(dialogue); i++) {
            int from = dialogues.serverEnd(dialogue, i - 1);
            send(addresses, ports, from, dialogues.serverEnd(dialogue, i) - from, 0,
                dialogues.serverAt(dialogue) + from);
        }
    }

    private void send(long addresses, int ports, int from, int bytes, int wordCount, long storeAt) {
        if (isLost()) return;
        emit(!hasRoom() ? PacketMemory.NONE
            : writer.write(pool(), addresses, ports, from, bytes, wordCount, from, 0, 0, storeAt, nowNs()));
    }

    @Override
    void repeat(int entry) {}

    @Override
    void onHeld(int entry) {}
}
