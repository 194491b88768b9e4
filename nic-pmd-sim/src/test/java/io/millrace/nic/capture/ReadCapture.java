package io.millrace.nic.capture;

import io.millrace.testkit.CapturedFrame;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the reader under test gives for a file: every packet up to the end or the damage (null if there is none), in
/// the testkit's form, which counts an original length below the captured one as that.
record ReadCapture(List<CapturedFrame> frames, List<CaptureInterface> interfaces, CaptureDamage damage) {

    static ReadCapture of(Path file) throws CaptureException {
        try (CaptureReader reader = CaptureReader.open(file)) {
            return of(reader);
        }
    }

    /// Through a window of `chunkBytes` and its overlap.
    static ReadCapture of(Path file, long chunkBytes) throws CaptureException {
        try (CaptureReader reader = open(file, chunkBytes)) {
            return of(reader);
        }
    }

    static CaptureReader open(Path file, long chunkBytes) throws CaptureException {
        var window = new FileWindow(file, chunkBytes);
        try {
            return PcapngFormat.isPcapng(window) ? new PcapngReader(window) : new PcapReader(window);
        } catch (CaptureException e) {
            window.close();
            throw e;
        }
    }

    static ReadCapture of(CaptureReader reader) {
        List<CapturedFrame> frames = new ArrayList<>();
        while (reader.advance()) {
            frames.add(frame(reader));
        }
        List<CaptureInterface> interfaces = new ArrayList<>();
        for (int i = 0; i < reader.interfaceCount(); i++) {
            interfaces.add(reader.captureInterface(i));
        }
        return new ReadCapture(frames, interfaces, reader.damage());
    }

    static CapturedFrame frame(CaptureReader reader) {
        var bytes = new byte[reader.capturedBytes()];
        reader.copyTo(MemorySegment.ofArray(bytes), 0, 0, bytes.length);
        int originalBytes = (int) Math.min(Integer.MAX_VALUE, reader.originalBytes());
        return new CapturedFrame(reader.timeNs(), bytes, originalBytes, reader.linkType());
    }
}
