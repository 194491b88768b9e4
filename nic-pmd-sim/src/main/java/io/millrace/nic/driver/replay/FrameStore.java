package io.millrace.nic.driver.replay;

import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureReader;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.packet.memory.CacheLines;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

import static io.millrace.packet.memory.CacheLines.LINE_BYTES;

/// The packets of a capture, loaded once: the frames one behind the other, each beginning a cache line, and for each
/// a number that says where it is and how long, and its time. Changed by nobody once it is in use; freed when closed.
public final class FrameStore implements AutoCloseable {

    /// Enough for the longest packet that a capture can hold, 128 MiB.
    private static final int BYTES_BITS = 28;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final long[] places;           // line in the memory, then BYTES_BITS of length
    private final long[] timesNs;
    private final int[] linkTypes;
    private final int[] originalBytes;     // 0 where the capture did not cut
    private final CaptureDamage damage;
    private boolean isPlain = true;
    private int frameBytesMax;

    /// Loads what can be read of the capture: twice through the file, to know before what it needs.
    public static FrameStore load(Path file) throws CaptureException {
        long frameCount = 0;
        long lineCount = 0;
        try (CaptureReader reader = CaptureReader.open(file)) {
            while (reader.advance()) {
                frameCount++;
                lineCount += CacheLines.count(reader.capturedBytes());
            }
        }
        try (CaptureReader reader = CaptureReader.open(file)) {
            return new FrameStore(reader, Math.toIntExact(frameCount), lineCount);
        } catch (OutOfMemoryError | ArithmeticException e) {
            throw new CaptureException(file, "packets that fit into memory",
                frameCount + " packets of " + lineCount * LINE_BYTES + " bytes");
        }
    }

    private FrameStore(CaptureReader reader, int frameCount, long lineCount) {
        this.memory = arena.allocate(lineCount * LINE_BYTES, LINE_BYTES);
        this.places = new long[frameCount];
        this.timesNs = new long[frameCount];
        this.linkTypes = new int[frameCount];
        this.originalBytes = new int[frameCount];
        long line = 0;
        for (int i = 0; reader.advance() && i < frameCount; i++) {
            int frameBytes = reader.capturedBytes();
            reader.copyTo(memory, line * LINE_BYTES, 0, frameBytes);
            places[i] = line << BYTES_BITS | frameBytes;
            timesNs[i] = reader.timeNs();
            linkTypes[i] = reader.linkType();
            originalBytes[i] = reader.originalBytes() > frameBytes ? (int) reader.originalBytes() : 0;
            isPlain &= linkTypes[i] == PortCapabilities.LINK_TYPE_ETHERNET && originalBytes[i] == 0;
            frameBytesMax = Math.max(frameBytesMax, frameBytes);
            line += CacheLines.count(frameBytes);
        }
        this.damage = reader.damage();
    }

    public MemorySegment memory() {
        return memory;
    }

    public int frameCount() {
        return places.length;
    }

    public int frameBytesMax() {
        return frameBytesMax;
    }

    /// Where a frame is and how long, for [#at] and [#bytes].
    public long place(int frame) {
        return places[frame];
    }

    /// Offset in the memory; at least as many whole cache lines as the frame touches follow.
    public static long at(long place) {
        return (place >>> BYTES_BITS) * LINE_BYTES;
    }

    public static int bytes(long place) {
        return (int) place & (1 << BYTES_BITS) - 1;
    }

    /// Nanoseconds since 1970, as in the file.
    public long timeNs(int frame) {
        return timesNs[frame];
    }

    public int linkType(int frame) {
        return linkTypes[frame];
    }

    public int originalBytes(int frame) {
        return originalBytes[frame];
    }

    /// True if every frame is Ethernet and whole: what the metadata of a packet says anyway.
    public boolean isPlain() {
        return isPlain;
    }

    /// Why the capture ended before its file did, or null.
    public CaptureDamage damage() {
        return damage;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) arena.close();
    }
}
