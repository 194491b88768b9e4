package io.millrace.simulation.router;

import io.millrace.dataplane.account.Ledger;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/// Every Ethernet capture of public test suites through a router: no exception, every packet accounted for (see
/// [OfflineRouter]), two runs alike, and nothing valid made invalid.
///
/// Nothing is cut on the way out: tshark would sum a first fragment as if it were whole.
///
/// Captures are addressed to hosts of their own, so each is rewritten before: every frame is addressed to the router's
/// MAC address, and one that is not multicast is left as it was otherwise.
class RouterCorpusTest {

    @TempDir
    private Path folder;

    @Test
    void everyEthernetCaptureGoesThroughTheRouter() throws IOException {
        long receivedCount = 0;
        long sentCount = 0;
        for (CorpusFile file : Corpus.required().ofLinkType(1)) {
            try {
                Ledger ledger = route(file, folder.resolve("out"));
                receivedCount += ledger.received();
                sentCount += ledger.count(io.millrace.packet.memory.Verdict.SENT);
            } catch (RuntimeException | AssertionError e) {
                fail(file.name() + ": " + e.getMessage(), e);
            }
        }
        assertThat(receivedCount).isGreaterThan(40_000);
        assertThat(sentCount).as("of " + receivedCount + " received").isGreaterThan(receivedCount / 2);
    }

    @Test
    void twoRunsWriteTheSameBytes() throws IOException {
        long seed = Seeds.next();
        for (CorpusFile file : Corpus.sample(Corpus.required().ofLinkType(1), 40, seed)) {
            route(file, folder.resolve("first"));
            route(file, folder.resolve("second"));
            for (String name : List.of("lan.pcap", "wan.pcap")) {
                assertThat(folder.resolve("second").resolve(name)).as(file.name())
                    .hasSameBinaryContentAs(folder.resolve("first").resolve(name));
            }
        }
    }

    /// What tshark finds wrong in an output frame it found wrong in the input: checksums as good or as bad as they
    /// came.
    @Test
    void forwardingKeepsEveryTransportChecksumAsItWas() throws IOException {
        Tshark.required();
        long seed = Seeds.next();
        int sampleCount = Seeds.isFull() ? Integer.MAX_VALUE : 60;
        int comparedCount = 0;
        for (CorpusFile file : Corpus.sample(Corpus.required().ofLinkType(1), sampleCount, seed)) {
            Path out = folder.resolve("out");
            route(file, out);
            comparedCount += compare(file, folder.resolve("in.pcap"), out.resolve("wan.pcap"));
        }
        assertThat(comparedCount).isGreaterThan(100);
    }

    /// Merged on the way in and cut on the way out, each connection's frames are the same bytes in the same order.
    @Test
    void mergingOnTheWayChangesNoFrame() throws IOException {
        long absorbedCount = 0;
        var changed = new ArrayList<String>();
        for (CorpusFile file : Corpus.required().ofLinkType(1)) {
            route(file, folder.resolve("plain"));
            Map<String, List<String>> plain = CorpusRouter.connections(folder.resolve("plain/wan.pcap"));
            absorbedCount += route(file, folder.resolve("merged"), CorpusRouter.ROUTER.replace("rx:", "gro: on, rx:")).absorbed();
            Map<String, List<String>> merged = CorpusRouter.connections(folder.resolve("merged/wan.pcap"));
            if (CorpusRouter.FROM_TWO_STATIONS.test(file)) Stream.of(plain, merged).forEach(CorpusRouter::sortFrames);
            if (!merged.equals(plain)) changed.add(file.name());
        }
        assertThat(changed).isEmpty();
        assertThat(absorbedCount).as("packets that became part of another").isGreaterThan(100);
    }

    private static int compare(CorpusFile file, Path in, Path out) {
        Map<String, List<String>> statuses = new HashMap<>();
        for (List<String> row : transport(in)) {
            statuses.computeIfAbsent(row.get(0) + row.get(1), key -> new ArrayList<>()).add(row.get(2) + row.get(3));
        }
        int comparedCount = 0;
        for (List<String> row : transport(out)) {
            List<String> before = statuses.get(row.get(0) + row.get(1));
            if (before == null || row.get(0).isEmpty()) continue;
            assertThat(before).as(file.name() + " " + row).contains(row.get(2) + row.get(3));
            comparedCount++;
        }
        return comparedCount;
    }

    private static List<List<String>> transport(Path capture) {
        return Tshark.fields(List.of("-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"), capture,
            "ip.id", "ip.src", "tcp.checksum.status", "udp.checksum.status");
    }

    private Ledger route(CorpusFile file, Path out) throws IOException {
        return route(file, out, CorpusRouter.ROUTER);
    }

    private Ledger route(CorpusFile file, Path out, String router) throws IOException {
        return CorpusRouter.route(file, folder, out, router).ledger();
    }
}
