package io.millrace.perf.load;

import io.millrace.control.config.ConfigFile;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.perf.profile.ProfileFile;
import io.millrace.testkit.Project;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

/// Every profile of the examples through a whole load test with the gateway that it names, in virtual time, in which
/// this router is fast enough for all of them. Their rates are cut down, as tests check each packet.
class ReadyProfilesTest {

    private static final Path FOLDER = Project.root().resolve("examples/load");
    private static final long TRIAL_NS = 20_000_000;
    private static final long STEP_NS = 10_000;

    /// Names of files are relative to the project's root.
    private static String read(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name)).replace("examples/", Project.root() + "/examples/");
    }

    /// A hundredth of each rate of packets, a tenth of each rate of sessions.
    private static String slowly(String profile) {
        return profile.replaceAll("(\\d+)kpps", "$10pps").replaceAll("(\\d+)Mpps", "$10kpps")
            .replaceAll("(\\d+)Gbit/s", "$10Mbit/s").replaceAll("(\\d+)k/s", "$100/s");
    }

    private static LoadReport load(String gateway, String profileName, List<String> progress) throws IOException {
        ConfigFile config = ConfigFile.parse(gateway, read(gateway + ".yaml"));
        TrafficProfile profile = ProfileFile.parse(profileName, slowly(read(profileName + ".yaml")));
        var options = new LoadOptions(TRIAL_NS, 0.2, 0.005, TRIAL_NS, RateSearch.Method.MLR, 4096, Optional.empty(), 0.5);
        long[] nowNs = {1_000_000_000L};
        try (Arena arena = Arena.ofConfined();
             var world = new LoadWorld(arena, config.config(), profile, 4096, () -> nowNs[0] += STEP_NS)) {
            return new LoadRun(gateway, profileName, options, progress::add).run(world, config);
        }
    }

    @ParameterizedTest
    @CsvSource({"gateway, rfc2544", "gateway, imix", "gateway, replay", "gateway, connections",
        "gateway-stateful, nat-flows", "gateway-stateful, new-connections", "gateway-rules, ruleset-scaling",
        "gateway-offload, flow-offload-zipf", "gateway-gro, bulk-tcp", "gateway-stateful, syn-flood",
        "gateway-stateful, attack-churn", "gateway-stateful, attack-fragments", "gateway-stateful, attack-mixed"})
    void findsARateForEachProfile(String gateway, String profile) throws IOException {
        List<String> progress = new ArrayList<>();
        LoadReport report = load(gateway, profile, progress);
        assertThat(report.ndrShare()).as(progress.toString()).isPositive();
        assertThat(report.pdrShare()).isGreaterThanOrEqualTo(report.ndrShare());
        assertThat(report.latency()).hasSize(4);
        assertThat(report.soak().sent() + report.soak().sessions()).isPositive();
        assertThat(JsonText.of(report)).contains("\"profile\"");
        assertThat(HtmlText.of(report)).contains("<svg");
        assertThat(PlainText.of(report)).contains(report.unit());
    }

    @Test
    void noProfileIsLeftOut() throws Exception {
        var inTest = new TreeSet<String>();
        var source = ReadyProfilesTest.class.getDeclaredMethod("findsARateForEachProfile", String.class, String.class)
            .getAnnotation(CsvSource.class);
        for (String each : source.value()) inTest.add(each.split(", ")[1]);
        try (var files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".yaml") && !name.startsWith("gateway"))
                .map(name -> name.replace(".yaml", ""))).containsExactlyInAnyOrderElementsOf(inTest);
        }
    }
}
