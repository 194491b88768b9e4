package io.millrace.control.trace;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Copies of packets on their way from one thread, a worker's or a NIC's, to the control thread. When it is full,
/// packets are counted as missed: nobody waits.
final class CaptureRing {

    static final int TIME_AT = 0;
    static final int PORT_AT = 8;
    static final int LINK_TYPE_AT = 12;
    static final int DIRECTION_AT = 16;
    static final int VERDICT_AT = 20;
    static final int STAGE_AT = 24;
    static final int ORIGINAL_BYTES_AT = 28;
    static final int FRAME_AT = 32;

    static final int INBOUND = 1;   // as pcapng's epb_flags says it
    static final int OUTBOUND = 2;

    private static final int RING_BYTES = 4 << 20;
    private static final int PACKET_BYTES_MAX = 1 << 17;
    private static final int MESSAGE_TYPE = 1;

    private final FrameFilter filter;
    private final PacketMeta meta;
    private final MemorySegment memory;
    private final FrameFields fields;
    private final byte[] scratch = new byte[FRAME_AT + PACKET_BYTES_MAX];
    private final MemorySegment scratchSegment = MemorySegment.ofArray(scratch);
    private final UnsafeBuffer scratchBuffer = new UnsafeBuffer(scratch);
    private final OneToOneRingBuffer messages =
        new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private volatile long missedCount;   // written by the producer alone

    CaptureRing(FrameFilter filter, PacketMemory packets) {
        this.filter = filter;
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.fields = new FrameFields(packets);
    }

    /// For the control thread.
    OneToOneRingBuffer messages() {
        return messages;
    }

    /// Any thread: packets that found no room.
    long missed() {
        return missedCount;
    }

    /// Copies the packet if the filter lets it pass.
    ///
    /// @param stage number of the stage that has it, or any number that the reader knows
    void take(int packet, int port, int direction, Verdict verdict, int stage, long nowNs) {
        fields.read(packet);
        if (!filter.matches(fields)) return;
        int frameBytes = copyFrame(packet);
        scratchBuffer.putLong(TIME_AT, nowNs);
        scratchBuffer.putInt(PORT_AT, port);
        scratchBuffer.putInt(LINK_TYPE_AT, meta.linkType(packet));
        scratchBuffer.putInt(DIRECTION_AT, direction);
        scratchBuffer.putInt(VERDICT_AT, verdict.ordinal());
        scratchBuffer.putInt(STAGE_AT, stage);
        scratchBuffer.putInt(ORIGINAL_BYTES_AT, Math.max(meta.packetBytes(packet), meta.originalBytes(packet)));
        if (!messages.write(MESSAGE_TYPE, scratchBuffer, 0, FRAME_AT + frameBytes)) missedCount = missedCount + 1;
    }

    /// Gathers a chain; returns the bytes copied.
    private int copyFrame(int packet) {
        int copiedBytes = 0;
        for (int slot = packet; slot != PacketMemory.NONE; slot = meta.next(slot)) {
            int slotBytes = Math.min(meta.slotBytes(slot), PACKET_BYTES_MAX - copiedBytes);
            Wire.copy(memory, meta.frameAt(slot), scratchSegment, FRAME_AT + copiedBytes, slotBytes);
            copiedBytes += slotBytes;
        }
        return copiedBytes;
    }
}
