package io.millrace.perf.bench;

import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.ObjectMapper;

import java.io.PrintWriter;

/// Prints what a benchmark found.
final class BenchOutput {

    static int print(CommandSpec spec, BenchOptions options, BenchResult result) {
        PrintWriter out = spec.commandLine().getOut();
        if (options.isJson) {
            out.println(new ObjectMapper().writeValueAsString(result.members()));
        } else {
            out.print(result.text());
        }
        out.flush();
        return 0;
    }

    private BenchOutput() {}
}
