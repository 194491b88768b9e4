package io.millrace.nic.capture;

import io.millrace.packet.memory.Wire;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

/// A file written from front to back through one off-heap buffer. Written in place, so that what was flushed is
/// readable whatever happens next. An error (a full disk) is kept, not thrown: from then on nothing is written.
final class OutputFile implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 20;

    private final FileChannel channel;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
    private final ByteBuffer bytes = buffer.asByteBuffer();
    private int filledBytes;
    private IOException failure;

    /// Creates the file, and the folders it lies in; a file that exists is replaced.
    OutputFile(Path file) throws CaptureException {
        try {
            if (file.toAbsolutePath().getParent() != null) Files.createDirectories(file.toAbsolutePath().getParent());
            this.channel = FileChannel.open(file, CREATE, WRITE, TRUNCATE_EXISTING);
        } catch (IOException e) {
            arena.close();
            throw new CaptureException(file, "a file that can be written", e);
        }
    }

    /// Why writing stopped, or null.
    IOException failure() {
        return failure;
    }

    MemorySegment buffer() {
        return buffer;
    }

    /// Room for `byteCount` bytes of header in the buffer, which the caller fills: their offset in it.
    long reserve(int byteCount) {
        assert byteCount <= BUFFER_BYTES : byteCount;
        if (BUFFER_BYTES - filledBytes < byteCount) flush();
        long at = filledBytes;
        filledBytes += byteCount;
        return at;
    }

    void append(MemorySegment source, long at, int byteCount) {
        int appendedBytes = 0;
        while (appendedBytes < byteCount) {
            if (filledBytes == BUFFER_BYTES) flush();
            int countBytes = Math.min(byteCount - appendedBytes, BUFFER_BYTES - filledBytes);
            Wire.copy(source, at + appendedBytes, buffer, filledBytes, countBytes);
            filledBytes += countBytes;
            appendedBytes += countBytes;
        }
    }

    void flush() {
        bytes.position(0).limit(filledBytes);
        filledBytes = 0;
        if (failure != null) return;
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    /// Writes out what is buffered.
    @Override
    public void close() {
        if (!channel.isOpen()) return;
        flush();
        try {
            channel.close();
        } catch (IOException e) {
            if (failure == null) failure = e;
        }
        arena.close();
    }
}
