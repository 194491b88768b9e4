package io.millrace.simulation.router;

import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Captures of public test suites through routers with a simulated NIC of every model at their ports: what leaves is
/// what leaves without one.
class NicCorpusTest {

    /// A run takes some tenths of a second.
    private static final int SAMPLE_COUNT = 60;

    @TempDir
    private Path folder;

    /// Packets are taken from all queues in the order of their arrival, so even the order between connections stays.
    @ParameterizedTest
    @ValueSource(strings = {"full", "classic", "bare"})
    void everyModelSendsTheSameFramesAtTheSameTimes(String model) throws IOException {
        int queues = model.equals("bare") ? 1 : 4;
        for (CorpusFile file : sample()) {
            CorpusRouter.route(file, folder, folder.resolve("plain"), CorpusRouter.ROUTER);
            CorpusRouter.route(file, folder, folder.resolve(model), CorpusRouter.withNic(model, queues, ""));
            for (String name : List.of("lan.pcap", "wan.pcap")) {
                assertThat(folder.resolve(model).resolve(name)).as(file.name() + " " + name)
                    .hasSameBinaryContentAs(folder.resolve("plain").resolve(name));
            }
        }
    }

    /// Merged by the device and cut by it, each connection's frames are the same bytes in the same order.
    @Test
    void mergingInTheDeviceChangesNoFrame() throws IOException {
        long absorbedCount = 0;
        var changed = new ArrayList<String>();
        for (CorpusFile file : sample()) {
            CorpusRouter.route(file, folder, folder.resolve("plain"), CorpusRouter.ROUTER);
            absorbedCount += CorpusRouter.route(file, folder, folder.resolve("merged"),
                CorpusRouter.withNic("full", 4, "rx-gro-hw: on, ")).nicAbsorbed();
            var plain = CorpusRouter.connections(folder.resolve("plain/wan.pcap"));
            var merged = CorpusRouter.connections(folder.resolve("merged/wan.pcap"));
            if (CorpusRouter.FROM_TWO_STATIONS.test(file)) {
                CorpusRouter.sortFrames(plain);
                CorpusRouter.sortFrames(merged);
            }
            if (!merged.equals(plain)) changed.add(file.name());
        }
        assertThat(changed).isEmpty();
        assertThat(absorbedCount).as("packets that became part of another").isPositive();
    }

    /// Some of all, and always those with much to merge.
    private static List<CorpusFile> sample() {
        List<CorpusFile> all = Corpus.required().ofLinkType(1);
        if (Seeds.isFull()) return all;
        var sample = new HashSet<>(Corpus.sample(all, SAMPLE_COUNT, Seeds.next()));
        all.stream().filter(file -> file.has("tcp") && file.packetCount() > 200).limit(5).forEach(sample::add);
        return List.copyOf(sample);
    }
}
