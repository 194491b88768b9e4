package io.millrace.control;

import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.Frame;
import io.millrace.testkit.FrameAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// `audit:` of a NIC, from the packet to the health reporter.
class AuditTest {

    @TempDir
    private Path folder;

    private LiveRouter router(NicFaults faults) throws IOException {
        return new LiveRouter(folder, LiveRouter.withNic("full, audit: 1/1"), faults);
    }

    private static byte[] frame(int port) {
        return Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC).ipv4("10.0.0.7", "10.9.0.1")
            .udp(port, 53).payloadOf(20).bytes();
    }

    @Test
    void findsNothingWhereTheDeviceDoesWhatSoftwareDoes() throws IOException, InterruptedException {
        try (LiveRouter router = router(NicFaults.NONE)) {
            router.fine("ethtool -L lan combined 4");
            for (int i = 0; i < 100; i++) {
                router.lan.toReceive.add(frame(4000 + i));
                assertThat(router.nextSent(router.wan)).isNotNull();
            }
            assertThat(router.fine("devlink health show sim/nic0 reporter audit"))
                .contains("state healthy error 0 recover 0");
            assertThat(router.fine("devlink health diagnose sim/nic0 reporter audit")).contains(" compared: 100\n",
                " skipped: audit ring full: 0\n").doesNotContain("engine");
        }
    }

    @Test
    void aWrongChecksumUnitIsReportedKeptAndSwitchedOff() throws IOException, InterruptedException {
        var faults = new NicFaults() {
            private volatile boolean isWrong = true;

            @Override
            public int checksumError() {
                return isWrong ? 0x10 : 0;
            }
        };
        try (LiveRouter router = router(faults)) {
            assertThat(router.fine("ethtool -k lan")).contains("rx-checksumming: on\n");
            byte[] frame = frame(4000);
            router.lan.toReceive.add(frame);
            assertThat(router.nextSent(router.wan)).isNotNull();
            awaitError(router);
            assertThat(router.fine("devlink health diagnose sim/nic0 reporter audit"))
                .contains(" engine: checksum\n", " device: sum 0x", " software: sum 0x");
            String features = router.fine("ethtool -k lan");
            assertThat(features).contains("rx-checksumming: off [requested on]\n"
                + "\tcapable: no: an audit of checksum failed\n", "receive-hashing: on\n");
            assertThat(router.fine("ethtool -k wan")).as("the whole NIC").contains("rx-checksumming: off [requested");
            Path capture = folder.resolve("nic0-audit.pcapng");
            assertThat(CaptureFile.read(capture).frames().getFirst().bytes()).isEqualTo(frame);

            router.lan.toReceive.add(frame);
            assertThat(router.nextSent(router.wan)).isNotNull();
            assertThat(router.fine("devlink health show sim/nic0 reporter audit"))
                .contains("state error error 1 recover 0");

            faults.isWrong = false;
            router.fine("devlink health recover sim/nic0 reporter audit");
            assertThat(router.fine("ethtool -k lan")).contains("rx-checksumming: on\n");
            router.lan.toReceive.add(frame);
            assertThat(router.nextSent(router.wan)).isNotNull();
            assertThat(router.fine("devlink health show sim/nic0 reporter audit"))
                .contains("state healthy error 1 recover 1");
        }
    }

    /// Software drops what the device should have dropped, and goes on alone.
    @Test
    void wrongFiltersAreReportedKeptAndTakenOut() throws IOException, InterruptedException {
        var faults = new NicFaults() {
            private volatile boolean isWrong = true;

            @Override
            public boolean overlooksPacket() {
                return isWrong;
            }
        };
        try (LiveRouter router = router(faults)) {
            router.fine("tc qdisc add dev lan clsact");
            router.fine("tc filter add dev lan ingress protocol ip pref 1 flower ip_proto udp dst_port 53 action drop");
            assertThat(router.fine("tc filter show dev lan ingress")).contains("  in_hw in_hw_count 1\n");
            byte[] frame = frame(4000);
            router.lan.toReceive.add(frame);
            awaitError(router);
            assertThat(router.fine("devlink health diagnose sim/nic0 reporter audit"))
                .contains(" engine: flower\n", " device: passed, nothing matched\n", " software: dropped\n");
            assertThat(router.fine("ethtool -k lan")).contains("hw-tc-offload: off [requested on]\n"
                + "\tcapable: no: an audit of flower failed\n");
            assertThat(router.fine("tc filter show dev lan ingress")).contains("  not_in_hw\n");
            assertThat(CaptureFile.read(folder.resolve("nic0-audit.pcapng")).frames().getFirst().bytes())
                .isEqualTo(frame);
            assertThat(router.fine("tc -s filter show dev lan ingress")).as("dropped by software")
                .contains("(dropped 1, overlimits 0 requeues 0)");
            faults.isWrong = false;
            router.fine("devlink health recover sim/nic0 reporter audit");
            assertThat(router.fine("tc filter show dev lan ingress")).contains("  in_hw in_hw_count 1\n");
        }
    }

    /// A device whose merging or cutting is wrong: software takes over, the capture holds both results.
    @ParameterizedTest
    @CsvSource({"gro, rx-gro-hw", "gso, segmentation-offload"})
    void aWrongEngineIsKeptWithBothResultsAndSoftwareTakesOver(String engine, String offload)
            throws IOException, InterruptedException {
        boolean isMerging = engine.equals("gro");
        var faults = new NicFaults() {
            @Override
            public int mergeError() {
                return isMerging ? 0x20 : 0;
            }

            @Override
            public int cutError() {
                return isMerging ? 0 : 0x20;
            }
        };
        try (LiveRouter router = router(faults)) {
            router.fine("ethtool -K lan rx-gro-hw on");
            List<byte[]> segments = segments();
            boolean isFound = false;
            for (int i = 0; i < 50 && !isFound; i++) {
                router.lan.toReceive.addAll(segments);
                for (int j = 0; j < segments.size(); j++) assertThat(router.nextSent(router.wan)).isNotNull();
                isFound = !router.fine("devlink health show sim/nic0 reporter audit").contains("error 0 ");
            }
            assertThat(isFound).as("a poll brought two segments").isTrue();
            assertThat(router.fine("devlink health diagnose sim/nic0 reporter audit"))
                .contains(" engine: " + engine + "\n", " skipped: packets too long: 0\n");
            assertThat(router.fine("ethtool -k lan")).contains(offload + ": off [requested on]\n"
                + "\tcapable: no: an audit of " + engine + " failed\n");
            List<byte[]> kept = new ArrayList<>();
            CaptureFile.read(folder.resolve("nic0-audit.pcapng")).frames().forEach(each -> kept.add(each.bytes()));
            assertThat(kept).hasSizeGreaterThanOrEqualTo(3);
            while (router.wan.sent.poll(100, TimeUnit.MILLISECONDS) != null) {}
            router.lan.toReceive.addAll(segments);
            for (int i = 0; i < segments.size(); i++) {
                FrameAssert.assertThatFrame(router.nextSent(router.wan)).withSequence(1_000 + 100 * i)
                    .hasValidChecksums();
            }
        }
    }

    private static List<byte[]> segments() {
        var segments = new ArrayList<byte[]>();
        for (int i = 0; i < 10; i++) {
            segments.add(Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC).ipv4("10.0.0.7", "10.9.0.1")
                .dontFragment().tcp(4000, 80).sequence(1_000L + 100 * i).ack().payloadOf(100).bytes());
        }
        return segments;
    }

    private static void awaitError(LiveRouter router) throws InterruptedException {
        String command = "devlink health show sim/nic0 reporter audit";
        for (int i = 0; i < 200 && !router.fine(command).contains("error 1 "); i++) Thread.sleep(10);
    }
}
