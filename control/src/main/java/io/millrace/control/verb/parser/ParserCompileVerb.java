package io.millrace.control.verb.parser;

import io.millrace.control.config.TargetFile;
import io.millrace.control.parser.GraphFile;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.packet.parse.device.ParseImage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace parser compile FILE -o IMAGE`.
@Command(name = "compile", description = "Compile a graph into the table image that a device runs.",
    footer = {"", "Example:", "  millrace parser compile default -o default.image"})
public final class ParserCompileVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A graph, or the name of a shipped graph.")
    private Path file;

    @Option(names = {"-o", "--output"}, paramLabel = "IMAGE", required = true,
        description = "Where to write the image.")
    private Path output;

    @Override
    public Integer call() {
        ParseImage image = ParseImage.of(GraphFile.read(file).program());
        var target = new TargetFile(output);
        String objection = target.objection();
        if (objection.isEmpty() && target.isSameAs(file)) objection = "it is the graph";
        if (!objection.isEmpty()) throw new ConfigException(output + " cannot be written: " + objection);
        try {
            Files.createDirectories(output.toAbsolutePath().getParent());
            Files.write(output, image.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + output, e);
        }
        spec.commandLine().getOut().println(output + ": " + image.bytes().length + " bytes, " + image.nodeCount()
            + " nodes, " + image.matchCount() + " table entries, hash " + image.program().hashText());
        return ExitStatus.FINE;
    }
}
