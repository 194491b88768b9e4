package io.millrace.nic.capture;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A cursor over the packets of a capture file. Allocates nothing per packet; a file may be larger than memory.
///
/// A file that is no capture is refused by [#open]. Damage further in ends the packets: [#advance] gives everything
/// that is readable before it, then false, and [#damage] says what is wrong. No length in the file is believed before
/// it is compared with the bytes that are there.
///
/// Belongs to one thread. The file must not be cut while it is read.
public sealed interface CaptureReader extends AutoCloseable permits PcapReader, PcapngReader {

    /// Opens a pcap or pcapng by what its first bytes say, whatever its name.
    static CaptureReader open(Path file) throws CaptureException {
        var window = new FileWindow(file, FileWindow.CHUNK_BYTES);
        try {
            return PcapngFormat.isPcapng(window) ? new PcapngReader(window) : new PcapReader(window);
        } catch (CaptureException | RuntimeException | Error e) {
            window.close();
            throw e;
        }
    }

    /// Steps to the next packet; false at the end, and at damage.
    boolean advance();

    /// Why the packets ended, if not because the file did; else null.
    CaptureDamage damage();

    /// Time of the packet, nanoseconds since 1970; 0 where the file says none, as of pcapng's simple packets.
    long timeNs();

    int capturedBytes();

    /// Bytes the packet had on the wire, 32 bits unsigned, as the file says; a file may say less than was captured.
    long originalBytes();

    int linkType();

    /// Number of the packet's interface, counted from 0 through all sections of the file.
    int interfaceIndex();

    /// Copies `byteCount` bytes of the packet, beginning with its byte `from`. False if the file can no longer be
    /// read; [#damage] then says why.
    boolean copyTo(MemorySegment target, long at, int from, int byteCount);

    /// How much of the file has been read, 0 to 1.
    double shareRead();

    /// Interfaces declared so far; a pcapng may declare more between two packets.
    int interfaceCount();

    CaptureInterface captureInterface(int index);

    @Override
    void close();
}
