package io.millrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The packets of a pcap or pcapng file, read whole into memory by the most obvious code.
///
/// An oracle for the product's own reader. `damage` is null if the file is a good container; else it says what is
/// wrong where, and `frames` are the packets before it.
public record CaptureFile(List<CapturedFrame> frames, String damage) {

    public CaptureFile {
        frames = List.copyOf(frames);
    }

    public static CaptureFile read(Path path) {
        try {
            return read(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static CaptureFile read(byte[] file) {
        if (file.length < 4) return new CaptureFile(List.of(), "no capture file: " + file.length + " bytes");
        boolean isPcapng = Octets.u32(file, 0) == PcapngReader.SECTION;
        return isPcapng ? new PcapngReader(file).read() : new PcapReader(file).read();
    }

    public boolean isDamaged() {
        return damage != null;
    }

    /// Writes Ethernet frames, one microsecond apart, as a little-endian pcap file.
    public static void write(Path path, byte[]... packets) {
        PcapWriter writer = new PcapWriter();
        for (int i = 0; i < packets.length; i++) {
            writer.frame(CapturedFrame.of(i * 1_000L, packets[i]));
        }
        write(path, writer.bytes());
    }

    /// Writes frames of one link type as a little-endian pcap file with nanoseconds.
    public static void write(Path path, List<CapturedFrame> frames) {
        int linkType = frames.isEmpty() ? CapturedFrame.ETHERNET : frames.getFirst().linkType();
        PcapWriter writer = new PcapWriter().nanoseconds().linkType(linkType);
        frames.forEach(writer::frame);
        write(path, writer.bytes());
    }

    private static void write(Path path, byte[] file) {
        try {
            Files.write(path, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
