package io.millrace.control.verb;

import io.millrace.control.nft.JsonListing;
import io.millrace.control.nft.Listing;
import io.millrace.control.nft.NftLoader;
import io.millrace.control.nft.Source;
import io.millrace.control.nft.TextListing;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.flow.ruleset.Ruleset;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `millrace nft -f FILE`.
@Command(name = "nft",
    description = {"Read a file of nftables commands and print the ruleset that loading it gives.", "",
        "Nothing is loaded anywhere: this needs no process, no device and no privilege. Errors are those of nft, with "
            + "file, line and columns; with any of them nothing is printed."},
    footer = {"", "Examples:", "  millrace nft -c -f firewall.nft", "  millrace nft -f firewall.nft -j | jq .",
        "  echo 'add table inet t' | millrace nft -f - -a"})
public final class NftVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Option(names = {"-f", "--file"}, paramLabel = "FILE", required = true,
        description = "File of commands; - is standard input.")
    private String file;

    @Option(names = {"-c", "--check"}, description = "Only check: print nothing when all is well.")
    private boolean isCheck;

    @Option(names = {"-j", "--json"}, description = "Print JSON.")
    private boolean isJson;

    @Option(names = {"-a", "--handle"}, description = "Print handles.")
    private boolean hasHandles;

    @Option(names = {"-s", "--stateless"}, description = "Leave out what was counted.")
    private boolean isStateless;

    @Option(names = {"-n", "--numeric"}, description = "Print protocols and flags as numbers.")
    private boolean isNumeric;

    @Override
    public Integer call() {
        NftLoader.Outcome outcome = NftLoader.load(source(), Ruleset.EMPTY);
        if (!outcome.isFine()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(outcome.errorText());
            err.flush();
            return ExitStatus.WARNING;
        }
        if (isCheck) return ExitStatus.FINE;
        var style = new TextListing.Style(hasHandles, isStateless, isNumeric);
        List<Listing> listings = outcome.listings().isEmpty() ? List.of(Listing.ALL) : outcome.listings();
        PrintWriter out = spec.commandLine().getOut();
        for (Listing listing : listings) {
            out.print(isJson ? JsonListing.of(outcome.ruleset(), listing, style) + "\n"
                : TextListing.of(outcome.ruleset(), listing, style));
        }
        out.flush();
        return ExitStatus.FINE;
    }

    private Source source() {
        try {
            if (file.equals("-")) {
                return Source.of("/dev/stdin", new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
            }
            return new Source(file, Files.readString(Path.of(file)), Path.of(file).toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage());
        }
    }
}
