package io.millrace.control.offload;

import io.millrace.control.config.TargetFile;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureInterface;
import io.millrace.nic.capture.CaptureTraits;
import io.millrace.nic.capture.CaptureWriter;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// A capture that packets are written to, whole chains, with the times they were received at. The ending of the name
/// chooses the format; a classic pcap takes one link type.
public final class PacketFile implements AutoCloseable {

    private static final String INTERFACE_NAME = "millrace";

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final Path file;
    private final int resolution;
    private final Map<Integer, Integer> interfaceByLinkType = new HashMap<>();
    private final CaptureWriter writer;

    /// Refuses, before anything is written, a file that cannot be, and the one that is read.
    public PacketFile(PacketMemory packets, Path file, Path source) throws CaptureException {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.file = file;
        var target = new TargetFile(file);
        if (!target.objection().isEmpty()) throw refused(target.objection());
        if (target.isSameAs(source)) throw refused("it is the capture that is read");
        CaptureTraits traits = CaptureTraits.of(source);
        this.resolution = traits.resolution();
        int linkType = traits.linkTypes().isEmpty() ? 1 : traits.linkTypes().first();
        this.writer = CaptureWriter.create(file, CaptureInterface.of(linkType, INTERFACE_NAME, resolution));
        interfaceByLinkType.put(linkType, 0);
    }

    public void write(int packet) {
        int bytes = meta.packetBytes(packet);
        long originalBytes = meta.originalBytes(packet) == 0 ? bytes : meta.originalBytes(packet);
        int number = interfaceByLinkType.computeIfAbsent(meta.linkType(packet),
            linkType -> writer.addInterface(CaptureInterface.of(linkType, INTERFACE_NAME, resolution)));
        if (number < 0) throw refused("a classic pcap has one link type (use .pcapng)");
        if (!writer.begin(number, meta.receiveNs(packet), bytes, originalBytes)) {
            checkWritten();
            throw refused("a packet has a time that the format cannot express (use .pcapng)");
        }
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            writer.append(packets.segment(), meta.frameAt(slot), meta.slotBytes(slot));
        }
        writer.end();
    }

    private void checkWritten() {
        IOException failure = writer.failure();
        if (failure != null) throw refused(failure.getMessage());
    }

    private ConfigException refused(String why) {
        return new ConfigException(file + " cannot be written: " + why);
    }

    @Override
    public void close() {
        writer.close();
        checkWritten();
    }
}
