package io.millrace.control.verb.firmware;

import io.millrace.control.config.TargetFile;
import io.millrace.control.parser.GraphFile;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;
import io.millrace.control.verb.VersionVerb;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.nic.program.ClassFiles;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.program.Programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `millrace firmware build --graph GRAPH -o FILE`.
@Command(name = "build", description = {"Build a firmware image from a parse graph and the engines of this Millrace.",
        "", "The same graph and the same classes give the same bytes."},
    footer = {"", "Example:", "  millrace firmware build --graph default -o nic.fw"})
public final class FirmwareBuildVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Option(names = "--graph", paramLabel = "GRAPH", required = true,
        description = "A graph, a parse image, or the name of a shipped graph.")
    private Path graph;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", required = true,
        description = "Where to write the image.")
    private Path output;

    @Option(names = "--classes", paramLabel = "FOLDER",
        description = "Class files to take before those of this Millrace, to build an image of another version.")
    private Path classes;

    @Option(names = "--label", paramLabel = "TEXT",
        description = "What the device calls its firmware; the version of Millrace if not given.")
    private String label;

    @Override
    public Integer call() {
        GraphFile source = GraphFile.read(graph);
        String objection = new TargetFile(output).objection();
        if (objection.isEmpty() && new TargetFile(output).isSameAs(graph)) objection = "it is the graph";
        if (!objection.isEmpty()) throw new ConfigException(output + " cannot be written: " + objection);
        FirmwareImage image = image(source);
        try {
            Files.createDirectories(output.toAbsolutePath().getParent());
            Files.write(output, image.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + output, e);
        }
        spec.commandLine().getOut().println(output + ": " + image.bytes().length + " bytes, "
            + image.engines().size() + " engines, " + image.matchTables().size() + " match tables, parser "
            + image.parser().program().hashText());
        return ExitStatus.FINE;
    }

    private FirmwareImage image(GraphFile source) {
        try {
            return FirmwareImage.of(label == null ? VersionVerb.version() : label, source.program(),
                Programs.of(source.program(), files()));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ConfigException(e.getMessage());
        }
    }

    private ClassFiles files() {
        if (classes == null) return ClassFiles.ofClassPath();
        if (!Files.isDirectory(classes.resolve("io/millrace"))) {
            throw new ConfigException(classes + ": holds no classes of Millrace: there is no folder io/millrace in it");
        }
        return ClassFiles.ofFolder(classes, ClassFiles.ofClassPath());
    }
}
