package io.millrace.control.checksum;

import io.millrace.checksum.cover.ChecksumStatus;
import io.millrace.checksum.walk.ChecksumKind;
import io.millrace.checksum.walk.ChecksumWalk;
import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureReader;
import io.millrace.nic.port.FrameSlots;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import static io.millrace.packet.memory.PacketMemory.FRAME_AT;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// The packets of a capture, one after the other, each with the status of every checksum in it.
public final class CaptureChecksums implements AutoCloseable {

    /// Enough for any frame; what a capture holds beyond is looked at as if it had been cut there.
    private static final int SLOT_COUNT = 256;
    private static final int FRAME_BYTES_MAX = SLOT_COUNT * PacketMemory.FRAME_BYTES_MAX;

    private final Arena arena = Arena.ofConfined();
    private final PacketMemory packets = new PacketMemory(arena, SLOT_COUNT);
    private final PacketMeta meta = new PacketMeta(packets);
    private final PacketPool pool = new PacketPool(arena, packets);
    private final FrameSlots slots = new FrameSlots(packets);
    private final ChecksumWalk walk = new ChecksumWalk(packets);
    private final CaptureReader capture;

    /// One checksum of a packet.
    public record Finding(ChecksumKind kind, ChecksumStatus status) {}

    /// The checksums of one packet, outermost first; packets count from 1.
    public record Packet(long number, List<Finding> findings) {

        public Packet {
            findings = List.copyOf(findings);
        }
    }

    public CaptureChecksums(Path file) throws CaptureException {
        this.capture = CaptureReader.open(file);
    }

    /// Gives every readable packet to the consumer. Returns why they ended before the file did, or null.
    public CaptureDamage forEach(Consumer<Packet> consumer) {
        List<Finding> findings = new ArrayList<>();
        long number = 0;
        while (capture.advance()) {
            int packet = load();
            if (packet == NONE) break;
            findings.clear();
            walk.walk(packet, (kind, status) -> findings.add(new Finding(kind, status)));
            pool.release(packet);
            consumer.accept(new Packet(++number, findings));
        }
        return capture.damage();
    }

    /// The reader's packet in slots; `NONE` if the file could not be read after all.
    private int load() {
        int frameBytes = Math.min(capture.capturedBytes(), FRAME_BYTES_MAX);
        int packet = slots.allocate(pool, frameBytes, 0, 0, capture.timeNs());
        meta.linkType(packet, capture.linkType());
        if (capture.originalBytes() > frameBytes) {
            meta.originalBytes(packet, (int) Math.min(capture.originalBytes(), Integer.MAX_VALUE));
        }
        int done = 0;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            if (!capture.copyTo(packets.segment(), packets.slotAt(slot) + FRAME_AT, done, meta.slotBytes(slot))) {
                pool.release(packet);
                return NONE;
            }
            done += meta.slotBytes(slot);
        }
        return packet;
    }

    @Override
    public void close() {
        capture.close();
        arena.close();
    }
}
