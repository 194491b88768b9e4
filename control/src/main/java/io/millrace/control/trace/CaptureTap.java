package io.millrace.control.trace;

import io.millrace.dataplane.account.PacketWatch;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Copies packets of one worker, those of a port or those that are dropped, into a ring that the control thread
/// empties. When the ring is full, packets are counted as missed: the worker never waits.
final class CaptureTap implements PacketWatch {

    /// The "port" of a capture of drops.
    static final int DROPS = -1;

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
    /// Between two bursts.
    static final int NO_STAGE = -1;

    private static final int RING_BYTES = 4 << 20;
    private static final int PACKET_BYTES_MAX = 1 << 17;
    private static final int MESSAGE_TYPE = 1;

    private final int wantedPort;
    private final FrameFilter filter;
    private final PacketMeta meta;
    private final MemorySegment memory;
    private final FrameFields fields;
    private final byte[] scratch = new byte[FRAME_AT + PACKET_BYTES_MAX];
    private final MemorySegment scratchSegment = MemorySegment.ofArray(scratch);
    private final UnsafeBuffer scratchBuffer = new UnsafeBuffer(scratch);
    private final OneToOneRingBuffer ring =
        new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private int stage = NO_STAGE;
    private long nowNs;
    private volatile long missedCount;   // written by the worker alone

    CaptureTap(int wantedPort, FrameFilter filter, PacketMemory packets) {
        this.wantedPort = wantedPort;
        this.filter = filter;
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.fields = new FrameFields(packets);
    }

    OneToOneRingBuffer ring() {
        return ring;
    }

    long missed() {
        return missedCount;
    }

    @Override
    public void received(Burst burst, long nowNs) {
        this.nowNs = nowNs;
        if (wantedPort == DROPS) return;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (meta.port(packet) != wantedPort) continue;
            take(packet, wantedPort, INBOUND, Verdict.FORWARD);
        }
    }

    @Override
    public void entered(int stage, Burst burst, long nowNs) {
        this.stage = stage;
    }

    @Override
    public void left() {
        stage = NO_STAGE;
    }

    @Override
    public void ended(int packet, Verdict verdict) {
        boolean isDrop = verdict.ending() == Verdict.Ending.DROPPED;
        if (wantedPort == DROPS && isDrop) take(packet, meta.port(packet), INBOUND, verdict);
    }

    @Override
    public void transmitting(int port, Burst burst, long nowNs) {
        this.nowNs = nowNs;
        if (port != wantedPort) return;
        for (int i = 0; i < burst.count(); i++) take(burst.packet(i), port, OUTBOUND, Verdict.SENT);
    }

    private void take(int packet, int port, int direction, Verdict verdict) {
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
        if (!ring.write(MESSAGE_TYPE, scratchBuffer, 0, FRAME_AT + frameBytes)) missedCount = missedCount + 1;
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
