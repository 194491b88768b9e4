package io.millrace.perf.bench;

import io.millrace.testkit.CaptureFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/// What `bench flow` measures is what it says: every packet is a hit of its own flow.
class FlowWorldTest {

    private static final int FLOWS = 500;

    @TempDir
    private Path folder;

    @Test
    void everyGeneratedPacketIsAHit() throws IOException {
        assertAllSent(new FlowWorld(BenchTraffic.generate(folder, FLOWS, BenchWorld.LAN_MAC), FLOWS, false));
        assertAllSent(new FlowWorld(BenchTraffic.generate(folder, FLOWS, BenchWorld.LAN_MAC), FLOWS, true));
    }

    @Test
    void everyGeneratedIpv6PacketIsAHit() throws IOException {
        Path capture = FlowTraffic.generateIpv6(folder, FLOWS, BenchWorld.LAN_MAC);
        assertAllSent(new FlowWorld(capture, FLOWS, true));
        assertThat(CaptureFile.read(capture).frames()).hasSize(FLOWS)
            .allSatisfy(frame -> assertThat(frame.bytes()).hasSize(64));
    }

    private static void assertAllSent(FlowWorld world) {
        assertThat(world.flowCount()).isEqualTo(FLOWS);
        for (int i = 0; i < 50; i++) world.turn();
        assertThat(world.shareSent()).isEqualTo(1);
    }

    @Test
    void resultHoldsBothPeers() {
        var result = new FlowResult(new BenchResult("flow", 40, 0, 100, "testpmd 5tswap", 20, 40, 3), 4000, true, 1, 16);
        Map<String, Object> members = result.members();
        assertThat(members).containsEntry("bench", "flow").containsEntry("mpps", 40.0).containsEntry("netNs", 15.0)
            .containsEntry("ratio", 2.0).containsEntry("csumRatio", 2.5).containsEntry("flows", 4000)
            .containsEntry("nat", true);
        assertThat(result.text()).contains("testpmd csum", "4000 flows with NAT");
    }
}
