package io.millrace.nic.driver.pcap;

import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureFormat;
import io.millrace.nic.capture.CaptureInterface;
import io.millrace.nic.capture.CaptureTraits;
import io.millrace.nic.capture.CaptureWriter;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// The file that a port's packets are written to. Nothing is written before [#start]: a run that is refused after
/// this port was opened leaves the file of the last run alone.
///
/// A classic pcap has the one link type it was told. A pcapng gets an interface, named after the port, for each link
/// type that comes.
final class CaptureOutput implements AutoCloseable {

    private static final int LINK_TYPES_MAX = 64;   // of one output; no capture known mixes more than a few

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final Path file;
    private final boolean isClassic;
    private final String portName;
    private final int resolution;
    private final int[] linkTypes = new int[LINK_TYPES_MAX];   // by number of the interface in the file
    private int linkTypeCount = 1;
    private CaptureWriter writer;
    private IOException failure;

    /// @param sent  what the packets that will come can be
    CaptureOutput(PacketMemory packets, Path file, String portName, CaptureTraits sent) throws CaptureException {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.file = file;
        this.portName = portName;
        this.isClassic = CaptureFormat.ofName(file) == CaptureFormat.PCAP;
        this.resolution = sent.resolution();
        this.linkTypes[0] = isClassic
            ? sent.onlyLinkType(file, PortCapabilities.LINK_TYPE_ETHERNET)
            : sent.linkTypes().isEmpty() ? PortCapabilities.LINK_TYPE_ETHERNET : sent.linkTypes().first();
        checkWritable();
    }

    private void checkWritable() throws CaptureException {
        if (Files.isDirectory(file)) throw new CaptureException(file, "a file to write", "a directory");
        Path place = file.toAbsolutePath();
        while (!Files.exists(place) && place.getParent() != null) {
            place = place.getParent();
        }
        boolean isWritable = Files.isWritable(place) && (Files.exists(file) || Files.isDirectory(place));
        if (!isWritable) throw new CaptureException(file, "a file that can be written", place + ", which cannot");
    }

    /// The link type of everything written, or that it varies.
    int linkType() {
        return isClassic ? linkTypes[0] : PortCapabilities.ANY_LINK_TYPE;
    }

    /// Makes the file. Whatever cannot be made is in [#failure()], and no packet can be written.
    void start() {
        try {
            writer = CaptureWriter.create(file, CaptureInterface.of(linkTypes[0], portName, resolution));
        } catch (CaptureException e) {
            failure = e;
        }
    }

    boolean isStarted() {
        return writer != null || failure != null;
    }

    /// Writes the packet with its chain; false if it cannot be. The packet stays the caller's.
    boolean write(int packet) {
        int interfaceIndex = interfaceOf(meta.linkType(packet));
        if (interfaceIndex < 0) return false;
        int capturedBytes = meta.packetBytes(packet);
        int cutFromBytes = meta.originalBytes(packet);
        long originalBytes = cutFromBytes == 0 ? capturedBytes : Integer.toUnsignedLong(cutFromBytes);
        if (!writer.begin(interfaceIndex, meta.receiveNs(packet), capturedBytes, originalBytes)) return false;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            writer.append(packets.segment(), meta.frameAt(slot), meta.slotBytes(slot));
        }
        writer.end();
        return true;
    }

    private int interfaceOf(int linkType) {
        if (writer == null) return -1;
        for (int i = 0; i < linkTypeCount; i++) {
            if (linkTypes[i] == linkType) return i;
        }
        if (isClassic || linkTypeCount == LINK_TYPES_MAX) return -1;
        linkTypes[linkTypeCount] = linkType;
        linkTypeCount++;
        return writer.addInterface(CaptureInterface.of(linkType, portName, resolution));
    }

    /// Why nothing is written any more, or null. Look again after [#close].
    IOException failure() {
        return failure != null || writer == null ? failure : writer.failure();
    }

    @Override
    public void close() {
        if (writer != null) writer.close();
    }
}
