package io.millrace.nic.capture;

import io.millrace.packet.memory.Wire;
import net.openhft.chronicle.bytes.MappedBytesStore;
import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.core.io.ReferenceOwner;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file seen through one window of mapped memory that slides over it, so that no file is too large.
///
/// ```
///  file    |------- chunk 0 -------|------- chunk 1 -------|--- chunk 2 ---|
///  window                          [------- chunk 1 -------+ overlap ]
/// ```
///
/// The overlap makes anything short that begins in a chunk lie in the chunk's window as a whole; what is longer is
/// copied window by window. The segment ends where the file does, so nothing behind the file is ever touched.
/// Chronicle maps and unmaps; the arena makes a segment that outlives its window useless.
final class FileWindow implements AutoCloseable {

    static final long CHUNK_BYTES = 64L << 20;
    private static final long OVERLAP_BYTES = 64L << 10;   // Chronicle doubles the chunk instead for anything less

    private static final String WANTED = "a pcap or pcapng file";

    private final Path file;
    private final long fileBytes;
    private final MappedFile mapped;
    private final ReferenceOwner owner = ReferenceOwner.temporary("capture");
    private MappedBytesStore store;
    private Arena arena;
    private MemorySegment segment = MemorySegment.NULL;
    private long start;
    private long furthest;   // position behind the last byte asked for
    private String failure;
    private boolean isClosed;

    FileWindow(Path file, long chunkBytes) throws CaptureException {
        this.file = file;
        try {
            checkReadable(file);
            this.fileBytes = Files.size(file);
            this.mapped = MappedFile.of(file.toFile(), chunkBytes, OVERLAP_BYTES, true);
        } catch (CaptureException e) {
            throw e;
        } catch (IOException e) {
            throw new CaptureException(file, WANTED, e);
        }
    }

    private static void checkReadable(Path file) throws CaptureException {
        if (!Files.exists(file)) throw new CaptureException(file, WANTED, "no such file");
        if (Files.isDirectory(file)) throw new CaptureException(file, WANTED, "a directory");
        if (!Files.isRegularFile(file)) throw new CaptureException(file, WANTED, "something that is no regular file");
        if (!Files.isReadable(file)) throw new CaptureException(file, WANTED, "a file that may not be read");
    }

    Path file() {
        return file;
    }

    long fileBytes() {
        return fileBytes;
    }

    /// How much of the file has been read, 0 to 1.
    double shareRead() {
        return fileBytes == 0 ? 1 : Math.min(1, (double) furthest / fileBytes);
    }

    /// The mapped part of the file; valid until the next [#reaches] or [#copy].
    MemorySegment segment() {
        return segment;
    }

    /// Offset of a file position in [#segment()].
    long at(long position) {
        return position - start;
    }

    /// Moves the window, if it must, so that it holds `byteCount` bytes from `position` on. False if they are not in
    /// the file, or cannot be mapped. `byteCount` is a few bytes at most: what the overlap holds.
    boolean reaches(long position, int byteCount) {
        assert position >= 0;
        assert byteCount <= mapped.overlapSize() : byteCount;
        furthest = Math.max(furthest, position + byteCount);
        if (position >= start && position + byteCount <= start + segment.byteSize()) return true;
        return position + byteCount <= fileBytes && slide(position);
    }

    /// What is wrong at `offset`: what the caller found, or that the file cannot be read any more.
    CaptureDamage damage(long offset, String expected, String found) {
        return new CaptureDamage(file, offset, expected, failure == null ? found : failure);
    }

    /// Copies out of the file. False as [#reaches].
    boolean copy(long position, MemorySegment target, long at, int byteCount) {
        int copiedBytes = 0;
        while (copiedBytes < byteCount) {
            long from = position + copiedBytes;
            if (!reaches(from, 1)) return false;
            int countBytes = (int) Math.min(byteCount - copiedBytes, start + segment.byteSize() - from);
            Wire.copy(segment, at(from), target, at + copiedBytes, countBytes);
            copiedBytes += countBytes;
        }
        return true;
    }

    private boolean slide(long position) {
        release();
        try {
            if (mapped.actualSize() < fileBytes) {
                failure = "a file of " + mapped.actualSize() + " bytes: it was cut while being read";
                return false;
            }
            start = position - position % mapped.chunkSize();
            store = mapped.acquireByteStore(owner, start);
            arena = Arena.ofShared();   // opened by one thread, read by another
            long windowBytes = Math.min(fileBytes - start, mapped.chunkSize() + mapped.overlapSize());
            segment = bounded(store.addressForRead(start), windowBytes);
            return true;
        } catch (IOException | RuntimeException e) {
            failure = "bytes that cannot be mapped: " + e.getMessage();
            return false;
        }
    }

    @SuppressWarnings("restricted")   // the mapping is Chronicle's, the bounds are ours
    private MemorySegment bounded(long address, long byteCount) {
        return MemorySegment.ofAddress(address).reinterpret(byteCount, arena, null).asReadOnly();
    }

    private void release() {
        segment = MemorySegment.NULL;
        if (arena != null) arena.close();
        arena = null;
        if (store != null) store.release(owner);
        store = null;
    }

    @Override
    public void close() {
        if (isClosed) return;
        isClosed = true;
        release();
        mapped.releaseLast();
    }
}
