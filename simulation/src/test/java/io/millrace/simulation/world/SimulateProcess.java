package io.millrace.simulation.world;

import io.millrace.control.Main;
import io.millrace.testkit.Project;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// `millrace simulate --json` in a Java of its own.
record SimulateProcess(int status, JsonNode answer) {

    /// @param first folder that precedes the class path, or null
    static SimulateProcess run(Path first, String... arguments) throws IOException, InterruptedException {
        String classPath = (first == null ? "" : first + System.getProperty("path.separator"))
            + System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + Project.root().resolve("jvm.options"), "@" + Project.root().resolve("simulate.options"),
            "-Xmx256m", "-cp", classPath, Main.class.getName(), "simulate", "--json"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (out.isBlank()) throw new AssertionError("simulate said nothing and ended with " + status);
        return new SimulateProcess(status, new ObjectMapper().readTree(out));
    }
}
