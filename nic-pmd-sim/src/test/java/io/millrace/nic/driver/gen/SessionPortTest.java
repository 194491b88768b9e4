package io.millrace.nic.driver.gen;

import io.millrace.nic.driver.gen.session.SessionFaults;
import io.millrace.nic.driver.gen.session.SessionLoad;
import io.millrace.nic.driver.gen.session.SessionProtocol;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.session.SessionTalk;
import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.nic.driver.link.LinkFaults;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Clients and servers over a link, in virtual time.
class SessionPortTest {

    private final long seed = Seeds.next();

    @TempDir
    private Path folder;

    private SessionSpec spec(double perSecond, int concurrency, long count, long holdNs, boolean resets, double loss) {
        return Generated.sessions(SessionProtocol.TCP,
            new SessionLoad(perSecond, concurrency, count, 0, SessionLoad.ENDLESS, holdNs),
            new SessionTalk(new FieldValues.Uniform(8, 3000), new FieldValues.Uniform(0, 100_000), List.of(), resets,
                SessionTalk.SEGMENT_BYTES_USUAL), new SessionFaults(loss, 0, 20_000_000), seed);
    }

    @Test
    void everyConnectionGetsItsAnswerAndEnds() {
        for (boolean resets : new boolean[] {false, true}) {
            try (var world = new SessionWorld(spec(50_000, 1000, 2000, 0, resets, 0), LinkFaults.NONE)) {
                world.run();
                assertThat(world.clients.counts().completed()).isEqualTo(2000);
                assertThat(world.clients.counts().repeated()).isZero();
                assertThat(world.servers.counts().opened()).isEqualTo(2000);
                assertThat(world.servers.counts().completed()).isEqualTo(resets ? 0 : 2000);
                assertThat(world.servers.counts().reset()).isEqualTo(resets ? 2000 : 0);
                assertThat(world.clients.counts().unknown() + world.servers.counts().unknown()).isZero();
                assertThat(world.clients.counts().transaction().getTotalCount()).isEqualTo(2000);
            }
        }
    }

    @Test
    void lossDuplicatesAndReorderingAreRepaired() {
        var faults = new LinkFaults(0.02, 0.02, 0.05, 0, 50_000, 0, 30_000, 0, 1 << 13, seed);
        try (var clean = new SessionWorld(spec(20_000, 500, 500, 0, false, 0), LinkFaults.NONE);
             var world = new SessionWorld(spec(20_000, 500, 500, 0, false, 0.01), faults)) {
            clean.run();
            world.run();
            assertThat(world.link[0].outgoing().lostCount()).isPositive();
            assertThat(world.clients.counts().plantedLosses()).isPositive();
            assertThat(world.clients.counts().completed()).isEqualTo(500);
            assertThat(world.clients.counts().transaction().getTotalCount()).isEqualTo(500);
            assertThat(world.servers.counts().failed()).isZero();
        }
    }

    @Test
    void concurrencyAndRateAreKept() {
        try (var world = new SessionWorld(spec(10_000, 300, 3000, 50_000_000, false, 0), LinkFaults.NONE)) {
            world.run();
            assertThat(world.activeMax).isEqualTo(300);
            assertThat(world.clients.counts().completed()).isEqualTo(3000);
            // 300 at once, each held for 50 ms: 6,000 a second.
            assertThat(world.nowNs).isBetween(500_000_000L, 560_000_000L);
        }
        try (var world = new SessionWorld(spec(10_000, 1000, 5000, 0, true, 0), LinkFaults.NONE)) {
            world.run();
            assertThat(world.nowNs).isBetween(499_000_000L, 505_000_000L);
        }
    }

    @Test
    void tsharkSeesOrdinaryConnections() throws Exception {
        Tshark.required();
        try (var world = new SessionWorld(spec(10_000, 100, 100, 0, false, 0), LinkFaults.NONE)) {
            world.isRecording = true;
            world.run();
            // Every packet is seen twice, before the link and behind it.
            Path file = new Generated(world.frames, world.timesNs, world.nowNs).writtenTo(folder.resolve("s.pcap"));
            List<List<String>> rows = Tshark.fields(file, "ip.checksum.status", "tcp.checksum.status", "_ws.malformed");
            assertThat(rows).hasSizeGreaterThan(800 * 2);
            assertThat(rows).allSatisfy(row -> assertThat(row).containsExactly("1", "1", ""));
        }
    }

    @Test
    void gapsAndSilenceEndInFailureNotInWaiting() {
        var dead = new LinkFaults(1, 0, 0, 0, 0, 0, 0, 0, 64, seed);
        try (var world = new SessionWorld(spec(1000, 10, 20, 0, false, 0), dead)) {
            world.run();
            assertThat(world.clients.counts().failed()).isEqualTo(20);
            assertThat(world.clients.counts().completed()).isZero();
        }
    }
}
