package io.millrace.nic.capture;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Writes packets to a capture file, one after another, through a buffer. Allocates nothing per packet.
///
/// A packet is `begin`, as many `append` as it has pieces (together `capturedBytes`), `end`. An error of the disk is
/// kept in [#failure]: from then on packets are refused. Belongs to one thread at a time.
public sealed interface CaptureWriter extends AutoCloseable permits PcapWriter, PcapngWriter {

    /// Creates the file, its folders too, and writes what stands before the first packet. The ending of the name
    /// chooses the format, see [CaptureFormat#ofName]. `first` gets interface number 0.
    static CaptureWriter create(Path file, CaptureInterface first) throws CaptureException {
        return switch (CaptureFormat.ofName(file)) {
            case PCAP -> new PcapWriter(file, first);
            case PCAPNG -> new PcapngWriter(file, first);
        };
    }

    /// Declares one more interface and returns its number; -1 if the format has only one, or no room for its times.
    int addInterface(CaptureInterface added);

    /// Begins a packet. False, and nothing is written, if the format cannot express its time or the disk failed.
    /// `originalBytes` are 32 bits unsigned.
    boolean begin(int interfaceIndex, long timeNs, int capturedBytes, long originalBytes);

    void append(MemorySegment source, long at, int byteCount);

    void end();

    /// Hands everything written so far to the operating system.
    void flush();

    /// Why nothing is written any more, or null. Look again after [#close].
    IOException failure();

    @Override
    void close();
}
