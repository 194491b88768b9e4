package io.millrace.control.metrics;

import io.millrace.dataplane.config.ConfigException;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// The counters of this process as a mapped file, brought up to date ten times a second by the control thread. Who
/// reads it costs this process nothing. Removed at the end.
public final class CounterFile implements AutoCloseable {

    private static final long INTERVAL_NS = 100_000_000L;

    private final Path path;
    private final MappedByteBuffer mapped;
    private final List<RunCounters.Counted> counted;
    private final List<AtomicCounter> counters = new ArrayList<>();
    private final TopFlows flows;
    private final CountersManager manager;
    private final List<AtomicCounter> flowCounters = new ArrayList<>();
    private long nextNs = Long.MIN_VALUE;

    /// Makes the file; one that a dead process has left is replaced.
    public CounterFile(Path path, RunCounters run) {
        this.flows = run.topFlows();
        this.path = path.toAbsolutePath();
        this.counted = run.all();
        int capacity = counted.size() + TopFlows.COUNT;
        try {
            Files.createDirectories(this.path.getParent());
            Path made = Files.createTempFile(this.path.getParent(), ".counters", "");
            Files.delete(made);
            this.mapped = IoUtil.mapNewFile(made.toFile(), CounterFormat.fileBytes(capacity));
            var file = new UnsafeBuffer(mapped);
            this.manager = new CountersManager(CounterFormat.metadata(file, capacity),
                CounterFormat.values(file, capacity));
            for (RunCounters.Counted each : counted) {
                counters.add(manager.newCounter(each.of(), each.kind().number()));
            }
            for (int i = 0; i < TopFlows.COUNT; i++) {
                flowCounters.add(manager.newCounter("", CounterKind.FLOW_BYTES.number()));
            }
            write();
            CounterFormat.writeHead(file, capacity, ProcessHandle.current().pid());
            Files.move(made, this.path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ConfigException("counters: " + path + " cannot be made: " + e.getMessage());
        }
    }

    /// Writes the counters if it is time. `nowNs` is of any clock that goes on.
    public void turn(long nowNs) {
        if (nowNs < nextNs) return;
        nextNs = nowNs + INTERVAL_NS;
        flows.turn();
        write();
    }

    private void write() {
        List<TopFlows.Rate> heaviest = flows.found();
        for (int i = 0; i < TopFlows.COUNT; i++) {
            boolean isThere = i < heaviest.size();
            manager.setCounterLabel(flowCounters.get(i).id(), isThere ? heaviest.get(i).flow() : "");
            flowCounters.get(i).setOrdered(isThere ? heaviest.get(i).bytesPerSecond() : 0);
        }
        for (int i = 0; i < counters.size(); i++) counters.get(i).setOrdered(counted.get(i).value().getAsLong());
    }

    @Override
    public void close() {
        BufferUtil.free(mapped);
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // It stays, and says which process it was of.
        }
    }
}
