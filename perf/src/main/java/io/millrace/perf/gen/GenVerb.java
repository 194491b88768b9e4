package io.millrace.perf.gen;

import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.perf.profile.DurationOption;
import io.millrace.perf.profile.ProfileFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/// `millrace gen PROFILE --to TARGET`.
@Command(name = "gen",
    description = {"Generate the traffic of a profile.", "",
        "Into a capture it is written in virtual time, as fast as the disk takes it: the same profile and seed give "
            + "the same bytes. Into nothing (null) it is sent in real time."},
    footer = {"", "Examples:", "  millrace gen examples/load/imix.yaml --to out/imix.pcap --count 1000",
        "  millrace gen examples/load/nat-flows.yaml --to null --duration 10s"})
public final class GenVerb implements Verb {

    private static final String ALLOWED = "FILE.pcap, FILE.pcapng, null";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PROFILE", description = "A traffic profile.")
    private Path file;

    @Option(names = "--to", paramLabel = "TARGET", required = true, description = "Where packets go: " + ALLOWED + ".")
    private String target;

    @Option(names = "--count", paramLabel = "N", description = "At most this many packets of each stream.")
    private Optional<Long> count = Optional.empty();

    @Option(names = "--duration", paramLabel = "T", description = "At most this long, as in 10s.")
    private Optional<String> duration = Optional.empty();

    @Option(names = "--seed", paramLabel = "S", description = "Instead of the seeds in the profile.")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    @Override
    public Integer call() throws IOException {
        TrafficProfile profile = profile();
        GenResult result;
        try {
            result = target.equals("null") ? GenRun.intoNothing(profile)
                : GenRun.intoCapture(profile, capture(profile));
        } catch (CaptureException e) {
            throw new ConfigException(e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (isJson) {
            out.println(new ObjectMapper().writeValueAsString(result.members()));
        } else {
            out.print(result.text());
        }
        out.flush();
        return ExitStatus.FINE;
    }

    private TrafficProfile profile() {
        if (count.isPresent() && count.get() < 1) {
            throw new ConfigException("--count must be 1 or more, got " + count.get());
        }
        TrafficProfile profile = ProfileFile.read(file);
        if (seed.isPresent()) profile = profile.seeded(seed.get());
        return profile.limited(duration.map(text -> DurationOption.ns("--duration", text)).orElse(StreamSpec.ENDLESS),
            count.orElse(StreamSpec.ENDLESS));
    }

    private Path capture(TrafficProfile profile) {
        if (target.startsWith("tap:")) {
            throw new ConfigException("--to " + target + ": sending to a TAP device is not available yet in this "
                + "version\n"
                + "  allowed: " + ALLOWED);
        }
        if (!target.endsWith(".pcap") && !target.endsWith(".pcapng")) {
            throw new ConfigException("--to " + target + ": cannot tell what that is\n  allowed: " + ALLOWED);
        }
        for (StreamSpec stream : profile.streams()) {
            if (!stream.isPaced()) {
                throw new ConfigException("stream " + stream.name() + " has rate: max, so its packets have no times\n"
                    + "  allowed: a rate in the profile, or --to null");
            }
            if (!stream.isBounded()) {
                throw new ConfigException("stream " + stream.name() + " has no end\n"
                    + "  allowed: count or duration in the profile, --count, or --duration");
            }
        }
        return Path.of(target);
    }
}
