package io.millrace.flow.ruleset;

import java.util.List;

/// A table of established flows, looked up at ingress of its devices in ascending order of `priority`.
public record Flowtable(String name, long handle, int priority, List<String> devices, boolean isCounting,
                        boolean isOffloaded) {
    public Flowtable {
        devices = List.copyOf(devices);
    }
}
