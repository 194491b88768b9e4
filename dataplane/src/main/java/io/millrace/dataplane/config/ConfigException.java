package io.millrace.dataplane.config;

import java.util.List;
import java.util.stream.Collectors;

/// The operator asked for what cannot be: at least one [ConfigProblem].
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    public ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /// About the configuration as a whole, or what it names.
    public ConfigException(String message) {
        this(List.of(new ConfigProblem("", message)));
    }

    public List<ConfigProblem> problems() {
        return problems;
    }
}
