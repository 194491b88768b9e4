package io.millrace.simulation.router;

import io.millrace.control.config.RulesetException;
import io.millrace.control.report.RulesReport;
import io.millrace.packet.document.DocumentException;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Project;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/// Whatever a configuration does with packets it does alike with NICs of every model at its ports and without any:
/// every example, and captures of public test suites through rulesets of public projects.
class NicRulesetTest {

    private static final List<String> MODELS = List.of("full", "classic", "bare");
    private static final int SAMPLE_COUNT = 40;
    private static final int PACKETS_MAX = 3_000;

    @TempDir
    private Path folder;
    /// Those that there are at the end of a run, without their timeouts.
    private List<String> connections;

    @ParameterizedTest
    @ValueSource(strings = {"01-patch", "02-router", "03-vlans", "04-merging", "07-gateway", "08-firewall", "09-ipv6",
        "10-flowtable", "12-nic", "14-pppoe"})
    void everyExampleSendsTheSameThroughEveryModel(String name) throws IOException {
        Path examples = Project.root().resolve("examples");
        String yaml = Files.readString(examples.resolve(name + ".yaml"))
            .replaceAll("(?m)^nics:\\R.*\\R", "").replaceAll("(?m)^    (nic|queues|rx-gro-hw): .*\\R", "")
            .replace("examples/", examples + "/").replace("out/", folder + "/OUT/");
        List<Map<String, List<String>>> plain = sent("plain", yaml);
        assertThat(plain).anySatisfy(port -> assertThat(port).isNotEmpty());
        for (String model : MODELS) {
            int queues = model.equals("bare") ? 1 : 4;
            String behind = "nics: { nic0: { model: " + model + " } }\n"
                + yaml.replace("wire: pcap\n", "wire: pcap\n    nic: nic0\n    queues: " + queues + "\n");
            assertThat(differences(plain, sent(model, behind))).as(model).isEmpty();
        }
    }

    /// Where the connections of both are not the same frames in the same order, by port and key.
    private static List<String> differences(List<Map<String, List<String>>> plain,
                                            List<Map<String, List<String>>> behind) {
        assertThat(behind).hasSameSizeAs(plain);
        var differences = new ArrayList<String>();
        for (int port = 0; port < plain.size(); port++) {
            Map<String, List<String>> one = plain.get(port);
            Map<String, List<String>> other = behind.get(port);
            var keys = new TreeSet<>(one.keySet());
            keys.addAll(other.keySet());
            for (String key : keys) {
                List<String> without = one.getOrDefault(key, List.of());
                List<String> with = other.getOrDefault(key, List.of());
                if (without.equals(with)) continue;
                differences.add("port %d, %s: %d frames without, %d with".formatted(port, key, without.size(),
                    with.size()));
            }
        }
        return differences;
    }

    /// The frames that each port sent, by connection.
    private List<Map<String, List<String>>> sent(String out, String yaml) throws IOException {
        Path target = Files.createDirectories(folder.resolve(out));
        connections = new ArrayList<>();
        var outcome = OfflineRouter.outcome(folder, yaml.replace("/OUT/", "/" + out + "/"));
        outcome.rules().connections().stream().map(RulesReport.ConnectionLine::line)
            .map(line -> line.replaceFirst("^(\\S+ +\\d+) \\d+", "$1")).sorted().forEach(connections::add);
        var sent = new ArrayList<Map<String, List<String>>>();
        try (Stream<Path> files = Files.list(target)) {
            for (Path file : files.sorted().toList()) {
                sent.add(CorpusRouter.connections(file));
            }
        }
        return sent;
    }

    @Test
    void rulesetsDecideAlikeThroughEveryModel() throws IOException {
        Path accepted = Project.rulesets().resolve("accept");
        Assumptions.assumeTrue(Files.isDirectory(accepted), () -> "no rulesets at " + accepted);
        long seed = Seeds.next();
        var random = new Random(seed);
        List<Path> rulesets;
        try (Stream<Path> files = Files.list(accepted)) {
            rulesets = new ArrayList<>(files.filter(file -> file.toString().endsWith(".nft")).sorted().toList());
        }
        Collections.shuffle(rulesets, random);
        List<CorpusFile> captures = Corpus.required().ofLinkType(1).stream()
            .filter(file -> file.packetCount() <= PACKETS_MAX).toList();
        int pairCount = 0;
        int forwardingCount = 0;
        for (Path ruleset : rulesets) {
            if (!Seeds.isFull() && pairCount == SAMPLE_COUNT) break;
            CorpusFile file = captures.get(random.nextInt(captures.size()));
            String pair = ruleset.getFileName() + " with " + file.name() + ", seed=" + seed;
            String yaml = config(ruleset, file);
            List<Map<String, List<String>>> plain;
            try {
                plain = sent("plain", yaml);
            } catch (DocumentException | RulesetException e) {
                continue;   // asks for something that is not there
            }
            pairCount++;
            if (plain.stream().anyMatch(port -> !port.isEmpty())) forwardingCount++;
            for (String model : MODELS) {
                assertThat(differences(plain, sent(model, behind(model, yaml)))).as(pair + ", " + model).isEmpty();
            }
        }
        assertThat(forwardingCount).as("of %d forward, seed=%d", pairCount, seed).isGreaterThan(pairCount / 4);
    }

    /// A gateway that masquerades: what it chooses for one connection depends on all that came before.
    @Test
    void connectionsAreTheSameThroughEveryModel() throws IOException {
        Path ruleset = Files.writeString(folder.resolve("gateway.nft"), CorpusGateway.RULES);
        List<CorpusFile> captures = Corpus.required().ofLinkType(1);
        var sample = new LinkedHashSet<>(Corpus.sample(captures, SAMPLE_COUNT, Seeds.next()));
        captures.stream().filter(file -> file.name().contains("bittorrent")).forEach(sample::add);
        var differing = new ArrayList<String>();
        for (CorpusFile file : sample) {
            String yaml = config(ruleset, file);
            List<Map<String, List<String>>> plain = sent("plain", yaml);
            List<String> tracked = connections;
            for (String model : MODELS) {
                differences(plain, sent(model, behind(model, yaml)))
                    .forEach(each -> differing.add(file.name() + ", " + model + ", " + each));
                if (!connections.equals(tracked)) {
                    var more = new ArrayList<>(connections);
                    more.removeAll(tracked);
                    var less = new ArrayList<>(tracked);
                    less.removeAll(connections);
                    differing.add(file.name() + ", " + model + ": more " + more + ", less " + less);
                }
            }
        }
        assertThat(differing).isEmpty();
    }

    /// Both ports at one NIC; those of `bare`, which share nothing, at one each.
    private static String behind(String model, String yaml) {
        boolean isBare = model.equals("bare");
        String nics = "nics: { nic0: { model: " + model + " }" + (isBare ? ", nic1: { model: bare } }\n" : " }\n");
        return nics + CorpusGateway.withNics(yaml, "nic0", isBare ? "nic1" : "nic0");
    }

    private String config(Path ruleset, CorpusFile file) {
        return CorpusGateway.config(file, ruleset, folder, folder.resolve("OUT"));
    }
}
