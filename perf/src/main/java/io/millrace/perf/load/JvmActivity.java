package io.millrace.perf.load;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the virtual machine does besides running the program, from its own flight recorder: collections, safepoints,
/// deoptimisations, compilations. Begins when made, ends when it is asked for its [#events].
final class JvmActivity implements AutoCloseable {

    enum Kind {
        COLLECTION, SAFEPOINT, DEOPTIMISATION, COMPILATION;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        String plural() {
            return label() + "s";
        }
    }

    private static final Map<String, Kind> EVENTS = Map.of("jdk.GarbageCollection", Kind.COLLECTION,
        "jdk.ExecuteVMOperation", Kind.SAFEPOINT, "jdk.Deoptimization", Kind.DEOPTIMISATION, "jdk.Compilation",
        Kind.COMPILATION);

    private final Recording recording = new Recording();
    private final long startNs;
    private final Instant startedAt;

    /// @param timeNs of the time line, `System.nanoTime`; for COLLECTION and the like its begin
    record Event(Kind kind, long timeNs, long durationNs, String what) {}

    JvmActivity() {
        EVENTS.keySet().forEach(name -> recording.enable(name).withoutThreshold());
        recording.start();
        startNs = System.nanoTime();
        startedAt = Instant.now();
    }

    /// Everything so far in the order of time; nothing is recorded any more. Operations that need no safepoint are left
    /// out.
    List<Event> events() {
        Path file = null;
        try {
            recording.stop();
            file = Files.createTempFile("millrace-load", ".jfr");
            recording.dump(file);
            List<Event> events = new ArrayList<>();
            for (RecordedEvent each : RecordingFile.readAllEvents(file)) {
                Kind kind = EVENTS.get(each.getEventType().getName());
                if (kind == Kind.SAFEPOINT && !each.getBoolean("safepoint")) continue;
                if (kind != null) events.add(event(kind, each));
            }
            events.sort((first, second) -> Long.compare(first.timeNs, second.timeNs));
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException("the flight recording cannot be read", e);
        } finally {
            delete(file);
        }
    }

    private Event event(Kind kind, RecordedEvent event) {
        long timeNs = startNs + Duration.between(startedAt, event.getStartTime()).toNanos();
        String what = switch (kind) {
            case COLLECTION -> event.getString("name");
            case SAFEPOINT -> event.getString("operation");
            case DEOPTIMISATION -> event.getString("reason");
            case COMPILATION -> "level " + event.getShort("compileLevel");
        };
        return new Event(kind, timeNs, event.getDuration().toNanos(), what);
    }

    private static void delete(Path file) {
        if (file == null) return;
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}
