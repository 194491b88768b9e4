package io.millrace.control.metrics;

import io.millrace.dataplane.config.ConfigException;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Looks at the counter file of another process.
public final class CounterReader implements AutoCloseable {

    /// All counters at one moment, by kind, then by what they are of, in the file's order.
    public record Sample(Map<CounterKind, Map<String, Long>> values) {

        public Map<String, Long> of(CounterKind kind) {
            return values.getOrDefault(kind, Map.of());
        }

        public long value(CounterKind kind, String of) {
            return of(kind).getOrDefault(of, 0L);
        }

        public long sampledNs() {
            return value(CounterKind.SAMPLED_NS, "");
        }
    }

    private final MappedByteBuffer mapped;
    private final CountersReader reader;
    private final long process;

    /// Throws a [ConfigException] where there is no such file, or it is none.
    public CounterReader(Path path) {
        if (!Files.exists(path)) {
            throw new ConfigException("no counters at " + path + "; a live run has them if its config says control: FILE "
                + "or counters: FILE; --counters names another");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            this.mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        } catch (IOException e) {
            throw new ConfigException("the counters at " + path + " cannot be read: " + e.getMessage());
        }
        var file = new UnsafeBuffer(mapped);
        if (!CounterFormat.hasMagic(file)) throw new ConfigException(path + " is no counter file");
        int version = CounterFormat.version(file);
        int capacity = CounterFormat.capacity(file);
        boolean isWhole = version == CounterFormat.VERSION && capacity > 0 && capacity <= CounterFormat.COUNTERS_MAX
            && file.capacity() >= CounterFormat.fileBytes(capacity);
        if (!isWhole) {
            throw new ConfigException(path + " is a counter file of version " + version + " with " + capacity
                + " counters, which does not fit its length; this is Millrace's version " + CounterFormat.VERSION);
        }
        this.process = CounterFormat.process(file);
        this.reader = new CountersReader(CounterFormat.metadata(file, capacity),
            CounterFormat.values(file, capacity));
    }

    public long process() {
        return process;
    }

    public boolean isAlive() {
        return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }

    public Sample sample() {
        var values = new EnumMap<CounterKind, Map<String, Long>>(CounterKind.class);
        reader.forEach((counterId, typeId, _, label) -> {
            CounterKind kind = CounterKind.of(typeId);
            if (kind == null) return;
            values.computeIfAbsent(kind, _ -> new LinkedHashMap<>()).put(label, reader.getCounterValue(counterId));
        });
        return new Sample(values);
    }

    @Override
    public void close() {
        BufferUtil.free(mapped);
    }
}
