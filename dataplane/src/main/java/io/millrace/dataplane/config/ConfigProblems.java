package io.millrace.dataplane.config;

import java.util.ArrayList;
import java.util.List;

/// Collects what the rules find.
final class ConfigProblems {

    private final List<ConfigProblem> problems = new ArrayList<>();

    void add(String at, String message) {
        add(at, message, "");
    }

    void add(String at, String message, String allowed) {
        problems.add(new ConfigProblem(at, message, allowed));
    }

    void throwIfAny() {
        if (!problems.isEmpty()) throw new ConfigException(problems);
    }
}
