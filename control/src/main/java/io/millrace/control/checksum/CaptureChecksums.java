package io.millrace.control.checksum;

import io.millrace.checksum.cover.ChecksumStatus;
import io.millrace.checksum.walk.ChecksumKind;
import io.millrace.checksum.walk.ChecksumWalk;
import io.millrace.control.capture.CapturePackets;
import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// The packets of a capture, one after the other, each with the status of every checksum in it.
public final class CaptureChecksums implements AutoCloseable {

    private final CapturePackets capture;
    private final ChecksumWalk walk;

    /// One checksum of a packet.
    public record Finding(ChecksumKind kind, ChecksumStatus status) {}

    /// The checksums of one packet, outermost first; packets count from 1.
    public record Packet(long number, List<Finding> findings) {

        public Packet {
            findings = List.copyOf(findings);
        }
    }

    public CaptureChecksums(Path file) throws CaptureException {
        this.capture = new CapturePackets(file);
        this.walk = new ChecksumWalk(capture.memory());
    }

    /// Gives every readable packet to the consumer. Returns why they ended before the file did, or null.
    public CaptureDamage forEach(Consumer<Packet> consumer) {
        List<Finding> findings = new ArrayList<>();
        for (int packet = capture.next(); packet != NONE; packet = capture.next()) {
            findings.clear();
            walk.walk(packet, (kind, status) -> findings.add(new Finding(kind, status)));
            consumer.accept(new Packet(capture.number(), findings));
        }
        return capture.damage();
    }

    @Override
    public void close() {
        capture.close();
    }
}
