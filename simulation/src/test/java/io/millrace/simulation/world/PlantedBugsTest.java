package io.millrace.simulation.world;

import io.millrace.testkit.Project;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import static org.assertj.core.api.Assertions.assertThat;

/// Every bug of `simulation/mutants` is found. Each is a patch of the sources, compiled into a folder that precedes the
/// class path of a process of its own.
class PlantedBugsTest {

    private static final int SEEDS = 1_000;

    static Stream<String> patches() throws IOException {
        try (Stream<Path> files = Files.list(Project.root().resolve("simulation/mutants"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".patch")).sorted()
                .toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("patches")
    void isFound(String name, @TempDir Path folder) throws IOException, InterruptedException {
        compile(Patch.read(Project.root().resolve("simulation/mutants").resolve(name)), folder);
        var process = SimulateProcess.run(folder.resolve("classes"), "--seeds", "" + SEEDS);
        var failure = process.answer().get("failure");
        assertThat(failure.isNull()).as(name + " was not found within " + SEEDS + " seeds").isFalse();
        assertThat(process.status()).isNotZero();
        System.out.println(name + ": seed " + failure.get("seed") + ", " + failure.get("invariant").asString());
    }

    private static void compile(Patch patch, Path folder) throws IOException {
        List<String> options = new ArrayList<>(List.of("-proc:none", "-cp", System.getProperty("java.class.path"),
            "-d", Files.createDirectories(folder.resolve("classes")).toString(), "--add-modules",
            "jdk.incubator.vector"));
        for (String file : patch.files()) {
            Path source = folder.resolve(Path.of(file).getFileName());
            Files.writeString(source, patch.applied(file, Files.readString(Project.root().resolve(file))));
            options.add(source.toString());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        boolean isCompiled = compiler.getTask(said, null, null, options.subList(0, options.size() - patch.files().size()),
            null, compiler.getStandardFileManager(null, null, null).getJavaFileObjectsFromStrings(
                options.subList(options.size() - patch.files().size(), options.size()))).call();
        assertThat(isCompiled).as(said.toString()).isTrue();
    }
}
