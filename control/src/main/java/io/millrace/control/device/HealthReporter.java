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
    private final Supplier<Map<String, String>> findings;
    private final Map<String, String> diagnosis = new LinkedHashMap<>();
    private boolean isHealthy = true;
    private long errorCount;
    private long recoverCount;

    /// @param recovery what makes it whole again
    HealthReporter(String name, Runnable recovery) {
        this(name, recovery, Map::of);
    }

    /// @param findings what there is to say at any time
    HealthReporter(String name, Runnable recovery, Supplier<Map<String, String>> findings) {
        this.name = name;
        this.recovery = recovery;
        this.findings = findings;
    }

    public String name()       { return name; }
    public boolean isHealthy() { return isHealthy; }
    public long errorCount()   { return errorCount; }
    public long recoverCount() { return recoverCount; }

    /// What there is to say now and what is known of the last error, name by name.
    public Map<String, String> diagnosis() {
        Map<String, String> all = new LinkedHashMap<>(findings.get());
        all.putAll(diagnosis);
        return Collections.unmodifiableMap(all);
    }

    /// Something went wrong.
    public void report(Map<String, String> found) {
        errorCount++;
        isHealthy = false;
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
