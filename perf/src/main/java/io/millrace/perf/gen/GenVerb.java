package io.millrace.perf.gen;

import io.millrace.control.config.ConfigFile;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.InterfaceRules;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.replay.CaptureSpec;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.nic.driver.tap.TapException;
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
            + "the same bytes. Into nothing (null), a TAP device or a port of a configuration in the same process it "
            + "is sent in real time. Sessions talk through what they are sent into, else with themselves."},
    footer = {"", "Examples:", "  millrace gen examples/load/imix.yaml --to out/imix.pcap --count 1000",
        "  millrace gen examples/load/nat-flows.yaml --to null --duration 10s",
        "  millrace gen examples/load/connections.yaml --to port:lan --config examples/load/gateway.yaml --count 1000"})
public final class GenVerb implements Verb {

    private static final String ALLOWED = "FILE.pcap, FILE.pcapng, null, tap:DEVICE, port:NAME";
    private static final String TAP = "tap:";
    private static final String PORT = "port:";
    private static final int ETHERNET_BYTES = 14;
    private static final int MTU_BYTES_MIN = 1500;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PROFILE", description = "A traffic profile.")
    private Path file;

    @Option(names = "--to", paramLabel = "TARGET", required = true, description = "Where packets go: " + ALLOWED + ".")
    private String target;

    @Option(names = "--config", paramLabel = "FILE", description = "With --to port:NAME, the configuration it is of.")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--count", paramLabel = "N",
        description = "At most this many packets of each stream, or sessions of each kind.")
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
            result = run(profile);
        } catch (CaptureException | TapException e) {
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

    private GenResult run(TrafficProfile profile) throws CaptureException, TapException {
        if (config.isPresent() != target.startsWith(PORT)) {
            throw new ConfigException("--config FILE and --to port:NAME go together");
        }
        if (target.equals("null")) return GenRun.intoNothing(profile);
        if (target.startsWith(TAP)) return GenRun.intoTap(profile, device(), mtuBytes(profile));
        if (target.startsWith(PORT)) {
            ConfigFile file = ConfigFile.read(config.get());
            try {
                return PortRun.run(profile, file.config(), target.substring(PORT.length()));
            } catch (ConfigException e) {
                throw e.problems().isEmpty() ? e : file.located(e);
            }
        }
        return GenRun.intoCapture(profile, capture(profile));
    }

    private String device() {
        String device = target.substring(TAP.length());
        if (InterfaceRules.isName(device)) return device;
        throw new ConfigException("--to " + target + ": no name for a device\n  allowed: " + InterfaceRules.NAME_RULE);
    }

    private static int mtuBytes(TrafficProfile profile) {
        return Math.max(MTU_BYTES_MIN, profile.streams().stream().mapToInt(each -> each.sizes().bytesMax()).max()
            .orElse(0) - ETHERNET_BYTES);
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
        if (!target.endsWith(".pcap") && !target.endsWith(".pcapng")) {
            throw new ConfigException("--to " + target + ": cannot tell what that is\n  allowed: " + ALLOWED);
        }
        for (StreamSpec each : profile.streams()) checkTimes("stream " + each.name(), each.isPaced(), each.isBounded());
        for (SessionSpec each : profile.sessions()) {
            checkTimes("sessions " + each.name(), each.isPaced(), each.isBounded());
        }
        for (CaptureSpec each : profile.captures()) {
            checkTimes("capture " + each.name(), each.isPaced(), each.isBounded());
        }
        return Path.of(target);
    }

    private static void checkTimes(String what, boolean isPaced, boolean isBounded) {
        if (!isPaced) {
            throw new ConfigException(what + " has rate: max, so its packets have no times\n"
                + "  allowed: a rate in the profile, or --to null");
        }
        if (!isBounded) {
            throw new ConfigException(what + " has no end\n"
                + "  allowed: count or duration in the profile, --count, or --duration");
        }
    }
}
