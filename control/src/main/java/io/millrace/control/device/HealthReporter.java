package io.millrace.control.device;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// One thing about a device that can go wrong, as `devlink health` keeps count of it.
///
/// Control thread alone.
public final class HealthReporter {

    private final String name;
    private final Runnable recovery;
    private final Supplier<Map<String, String>> counts;
    private final Map<String, String> diagnosis = new LinkedHashMap<>();
    private boolean isHealthy = true;
    private long errorCount;
    private long recoverCount;
    private boolean recoversItself;

    /// @param counts   what is known of its work at any time, name by name
    /// @param recovery what makes it whole again
    HealthReporter(String name, Supplier<Map<String, String>> counts, Runnable recovery) {
        this.name = name;
        this.counts = counts;
        this.recovery = recovery;
    }

    public String name()       { return name; }
    public boolean isHealthy() { return isHealthy; }
    public long errorCount()   { return errorCount; }
    public long recoverCount() { return recoverCount; }

    /// What is known of the last error, if there was one, and of the work so far, name by name.
    public Map<String, String> diagnosis() {
        Map<String, String> all = new LinkedHashMap<>(diagnosis);
        all.putAll(counts.get());
        return Collections.unmodifiableMap(all);
    }

    /// Something went wrong.
    public void report(Map<String, String> found) {
        errorCount++;
        isHealthy = false;
        diagnosis.clear();
        diagnosis.putAll(found);
    }

    /// A reporter of what is made good without an operator.
    static HealthReporter ofItself(String name) {
        var reporter = new HealthReporter(name, Map::of, () -> { });
        reporter.recoversItself = true;
        return reporter;
    }

    /// True if errors are made good as they are found.
    public boolean recoversItself() {
        return recoversItself;
    }

    /// So many errors there were by now, and all were made good.
    void recovered(long count, Map<String, String> found) {
        errorCount = count;
        recoverCount = count;
        diagnosis.clear();
        diagnosis.putAll(found);
    }

    /// Makes it whole again; nothing to do if it is.
    public void recover() {
        if (isHealthy) return;
        recovery.run();
        recoverCount++;
        isHealthy = true;
    }
}
