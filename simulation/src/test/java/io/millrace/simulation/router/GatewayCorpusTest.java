package io.millrace.simulation.router;

import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/// Ethernet captures of public test suites through a stateful gateway that masquerades and offloads: no exception,
/// every packet accounted for, and with the flow table looked up or not each connection's packets are the same bytes in
/// the same order. What the fast path does differently on purpose (`docs/flowtable.md`) is switched off or left out
/// here, and held by `FlowDifferenceTest`.
class GatewayCorpusTest {

    /// Checksums and windows are what only the slow path looks at; and time runs differently for a connection whose
    /// flow is never looked up.
    private static final String SETTINGS = """
        flowtable-lookup: %s
        sysctl:
          net.netfilter.nf_conntrack_max: 8192
          net.netfilter.nf_conntrack_buckets: 8192
          net.netfilter.nf_conntrack_checksum: 0
          net.netfilter.nf_conntrack_tcp_be_liberal: 1
          net.netfilter.nf_conntrack_udp_timeout: 1000000000
          net.netfilter.nf_conntrack_udp_timeout_stream: 1000000000
          net.netfilter.nf_conntrack_gre_timeout: 1000000000
          net.netfilter.nf_conntrack_gre_timeout_stream: 1000000000
          net.netfilter.nf_conntrack_tcp_timeout_established: 1000000000
          net.netfilter.nf_conntrack_tcp_timeout_unacknowledged: 1000000000
          net.netfilter.nf_conntrack_tcp_timeout_max_retrans: 1000000000
          net.netfilter.nf_flowtable_tcp_timeout: 1000000000
          net.netfilter.nf_flowtable_udp_timeout: 1000000000
        """;
    private static final int SAMPLE_COUNT = 120;

    @TempDir
    private Path folder;

    @Test
    void theFlowTableChangesNoPacketAndNoOrder() throws IOException {
        long seed = Seeds.next();
        int sampleCount = Seeds.isFull() ? Integer.MAX_VALUE : SAMPLE_COUNT;
        long hits = 0;
        var changed = new ArrayList<String>();
        for (CorpusFile file : Corpus.sample(Corpus.required().ofLinkType(1), sampleCount, seed)) {
            try {
                route(file, "off");
                hits += route(file, "on").rules().flowHits();
            } catch (RuntimeException | AssertionError e) {
                fail(file.name() + ": " + e.getMessage(), e);
            }
            for (String port : List.of("lan", "wan")) {
                Map<String, List<String>> slow = CorpusRouter.connections(folder.resolve("off/" + port + ".pcap"));
                Map<String, List<String>> fast = CorpusRouter.connections(folder.resolve("on/" + port + ".pcap"));
                dropWrongHeaders(fast);
                if (!fast.equals(slow)) changed.add(file.name() + " at " + port + ": " + difference(slow, fast));
            }
        }
        assertThat(changed).isEmpty();
        assertThat(hits).as("packets that took the fast path").isGreaterThan(500);
    }

    /// With NICs that take connections over (`full`) and such that do not.
    @ParameterizedTest
    @ValueSource(strings = {"full", "classic", "bare"})
    void hardwareChangesNoPacketAndNoOrder(String model) throws IOException {
        long seed = Seeds.next();
        int sampleCount = Seeds.isFull() ? Integer.MAX_VALUE : SAMPLE_COUNT / 3;
        long hits = 0;
        var changed = new ArrayList<String>();
        for (CorpusFile file : hardwareSample(sampleCount, seed)) {
            try {
                route(file, "off", model);
                hits += route(file, "on", model).rules().hardware().hits();
            } catch (RuntimeException | AssertionError e) {
                fail(file.name() + ": " + e.getMessage(), e);
            }
            for (String port : List.of("lan", "wan")) {
                Map<String, List<String>> slow = CorpusRouter.connections(folder.resolve("off/" + port + ".pcap"));
                Map<String, List<String>> fast = CorpusRouter.connections(folder.resolve("on/" + port + ".pcap"));
                dropWrongHeaders(fast);
                if (!fast.equals(slow)) changed.add(file.name() + " at " + port + ": " + difference(slow, fast));
            }
        }
        assertThat(changed).isEmpty();
        if (model.equals("full")) {
            assertThat(hits).as("packets that no worker saw").isGreaterThan(100);
        } else {
            assertThat(hits).isZero();
        }
    }

    /// Some of all, and always those with long connections.
    private static List<CorpusFile> hardwareSample(int sampleCount, long seed) {
        List<CorpusFile> all = Corpus.required().ofLinkType(1);
        var sample = new LinkedHashSet<>(Corpus.sample(all, sampleCount, seed));
        all.stream().filter(file -> file.has("tcp") && file.packetCount() > 200).limit(5).forEach(sample::add);
        return List.copyOf(sample);
    }

    /// The slow path drops a packet whose IPv4 header checksum is wrong; the fast path does not look, as in Linux, and it
    /// leaves as wrong as it came (`FlowChecksumTest`).
    private static void dropWrongHeaders(Map<String, List<String>> connections) {
        connections.values().forEach(frames -> frames.removeIf(frame -> {
            byte[] bytes = HexFormat.of().parseHex(frame);
            boolean isIpv4 = bytes.length >= 34 && bytes[12] == 8 && bytes[13] == 0;
            return isIpv4 && NaiveChecksum.of(bytes, 14, (bytes[14] & 0xf) * 4) != 0;
        }));
        connections.values().removeIf(List::isEmpty);
    }

    private static String difference(Map<String, List<String>> slow, Map<String, List<String>> fast) {
        for (Map.Entry<String, List<String>> each : slow.entrySet()) {
            List<String> other = fast.get(each.getKey());
            if (!each.getValue().equals(other)) return each.getKey() + "\n " + each.getValue() + "\n " + other;
        }
        return "more on the fast path: " + fast.keySet().stream().filter(key -> !slow.containsKey(key)).toList();
    }

    private OfflineRouter.Outcome route(CorpusFile file, String lookup) throws IOException {
        return route(file, lookup, "");
    }

    /// @param nicModel of both ports, asked to take flows with the lookup on; empty: they have no NIC
    private OfflineRouter.Outcome route(CorpusFile file, String lookup, String nicModel) throws IOException {
        boolean hasNic = !nicModel.isEmpty();
        Path out = Files.createDirectories(folder.resolve(lookup));
        boolean isAsked = hasNic && lookup.equals("on");
        Path rules = Files.writeString(folder.resolve("rules.nft"), isAsked
            ? CorpusGateway.RULES.replace("counter; }", "counter; flags offload; }") : CorpusGateway.RULES);
        String config = CorpusGateway.config(file, rules, folder, out) + SETTINGS.formatted(lookup);
        return OfflineRouter.outcome(folder, !hasNic ? config : "nics: { nic0: { model: " + nicModel + " } }\n"
            + CorpusGateway.withNics(config, "nic0, queues: 1", "nic0, queues: 1"));
    }
}
