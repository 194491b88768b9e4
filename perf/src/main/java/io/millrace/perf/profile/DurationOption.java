package io.millrace.perf.profile;

import io.millrace.packet.document.Document;

/// Durations given as options of a command, with the grammar of profiles.
public final class DurationOption {

    /// Errors are [io.millrace.packet.document.DocumentException]s that name the option.
    public static long ns(String option, String text) {
        return StreamReader.duration(Document.yaml(option, text));
    }

    private DurationOption() {}
}
