package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.testkit.Frame;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// `devlink dev eswitch` on a running router with a virtual function, and what follows from its mode.
class EswitchVerbTest {

    private static final String VM_MAC = "02:00:00:00:0a:00";
    private static final String CONFIG = """
        control: DIR/r.sock
        threading: THREADING
        nics: { nic0: { mode: switchdev, vfs: 2 } }
        ports:
          lan: { wire: replay, rx: DIR/none.pcap, nic: nic0, addresses: [10.0.0.1/24] }
          vm0: { wire: replay, rx: DIR/none.pcap, nic: nic0, vf: 0, mac: "02:00:00:00:0a:00" }
          nic0vf0: { addresses: [10.1.0.1/24], mac: "02:4d:52:00:00:02" }
        neighbours:
          - { address: 10.0.0.7, mac: "02:00:00:00:00:0a" }
          - { address: 10.1.0.7, mac: "02:00:00:00:0a:00" }
        """;

    @TempDir
    private Path folder;

    private LiveRouter router(String threading) throws IOException {
        return new LiveRouter(folder, CONFIG.replace("THREADING", threading));
    }

    private static void refused(LiveRouter router, String message, String command) {
        Result result = router.ctl(command.split(" "));
        assertThat(result.err()).as(command).isEqualTo(message + "\n");
        assertThat(result.status()).as(command).isEqualTo(1);
    }

    private static Result set(LiveRouter router, String mode) {
        Result result = router.ctl("devlink", "dev", "eswitch", "set", "sim/nic0", "mode", mode);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).isEmpty();
        return result;
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "dedicated"})
    void theModeIsShownAndChangedAndTheTrafficFollowsIt(String threading) throws Exception {
        byte[] toRouter = Frame.ethernet(VM_MAC, "02:4d:52:00:00:02").ipv4("10.1.0.7", "10.0.0.7").udp(1, 2).bytes();
        byte[] toPeer = Frame.ethernet(VM_MAC, LiveRouter.HOST_MAC).ipv4("10.1.0.7", "10.0.0.7").udp(1, 2).bytes();
        try (LiveRouter router = router(threading)) {
            QueuePort vm = router.wan;
            assertThat(router.fine("devlink dev eswitch show sim/nic0")).isEqualTo("sim/nic0: mode switchdev\n");
            vm.toReceive.add(toRouter);
            assertThat(router.nextSent(router.lan)).as("routed").isNotNull().isNotEqualTo(toRouter);
            Result result = set(router, "legacy");
            assertThat(result.err()).matches("sim/nic0: switchdev to legacy in [0-9.]+ us; traffic blocked for 0\\.0 us "
                + "\\(0 of [0-9,]+ packets lost\\)");
            assertThat(router.fine("devlink dev eswitch show sim/nic0")).isEqualTo("sim/nic0: mode legacy\n");
            assertThat(new ObjectMapper().readTree(router.fine("devlink -j dev eswitch show sim/nic0"))
                .at("/dev/sim~1nic0/mode").asString()).isEqualTo("legacy");
            vm.toReceive.add(toPeer);
            assertThat(router.nextSent(router.lan)).as("switched").isEqualTo(toPeer);
            set(router, "switchdev");
            vm.toReceive.add(toRouter);
            assertThat(router.nextSent(router.lan)).as("routed again").isNotNull().isNotEqualTo(toRouter);
        }
    }

    @Test
    void theModeThatThereIsAlreadyIsSetInSilence() throws IOException {
        try (LiveRouter router = router("shared")) {
            assertThat(set(router, "switchdev").err()).isEmpty();
        }
    }

    @Test
    void whatDevlinkRefusesIsRefusedInItsWords() throws IOException {
        try (LiveRouter router = router("shared")) {
            refused(router, "Unknown eswitch mode \"swichdev\"", "devlink dev eswitch set sim/nic0 mode swichdev");
            refused(router, "Need to set at least one option", "devlink dev eswitch set sim/nic0");
            refused(router, "kernel answers: Operation not supported",
                "devlink dev eswitch set sim/nic0 inline-mode link");
            refused(router, "Unknown eswitch inline mode \"deep\"",
                "devlink dev eswitch set sim/nic0 inline-mode deep");
            refused(router, "kernel answers: No such device\nthe devices are sim/nic0",
                "devlink dev eswitch show sim/nic1");
            refused(router, "Command \"flip\" not found", "devlink dev eswitch flip sim/nic0");
            refused(router, "kernel answers: Operation not supported",
                "devlink dev eswitch set sim/nic0 mode legacy encap-mode basic");
            assertThat(router.fine("devlink dev eswitch show sim/nic0")).as("what came before is done")
                .isEqualTo("sim/nic0: mode legacy\n");
        }
    }

    @Test
    void representorsAreListedInSwitchdevAndWithoutACarrierInLegacy() throws IOException {
        try (LiveRouter router = router("shared")) {
            String lan = "sim/nic0/0: type eth netdev lan flavour physical port 0 splittable false\n";
            String vf = "sim/nic0/1: type eth netdev nic0vf0 flavour pcivf controller 0 pfnum 0 vfnum 0 external false "
                + "splittable false\n  function:\n    hw_addr 02:00:00:00:0a:00\n";
            assertThat(router.fine("devlink port show")).isEqualTo(lan + vf);
            assertThat(router.fine("devlink port show sim/nic0/1")).isEqualTo(vf);
            assertThat(router.fine("ip -d link show nic0vf0")).isEqualTo("""
                2: nic0vf0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default
                    link/ether 02:4d:52:00:00:02 brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 68 maxmtu 65535 \
                numtxqueues 16 numrxqueues 16 portname pf0vf0 switchid 6e696330\s
                """);
            assertThat(router.fine("ip -d link show lan")).contains(" portname p0 switchid 6e696330 ");
            set(router, "legacy");
            assertThat(router.fine("devlink port show")).isEqualTo(lan);
            refused(router, "kernel answers: No such device", "devlink port show sim/nic0/1");
            assertThat(router.fine("ip -d link show nic0vf0"))
                .contains("<NO-CARRIER,BROADCAST,MULTICAST,UP>", "state DOWN").doesNotContain("switchid", "portname");
            assertThat(router.fine("ip link show lan")).contains("LOWER_UP").doesNotContain("NO-CARRIER", "numtxqueues");
        }
    }

    @Test
    void aChangeIsAnEventAndCountedAsHealth() throws Exception {
        Path file = folder.resolve("events.jfr");
        try (LiveRouter router = router("dedicated"); var recording = new Recording()) {
            recording.enable("millrace.EswitchMode");
            recording.start();
            set(router, "legacy");
            recording.stop();
            recording.dump(file);
            assertThat(router.fine("devlink health")).contains("reporter eswitch\n    state healthy error 0 ");
            assertThat(router.fine("devlink health diagnose sim/nic0 reporter eswitch").lines()).contains(
                " mode: legacy", " generation: 1", " changes: 1", " adds refused while draining: 0",
                " last change: switchdev to legacy: done", " traffic blocked for us: 0");
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
            .filter(each -> each.getEventType().getName().equals("millrace.EswitchMode")).toList();
        assertThat(events).hasSize(1);
        RecordedEvent event = events.getFirst();
        assertThat(event.getString("nic")).isEqualTo("sim/nic0");
        assertThat(event.getString("by")).isEqualTo(System.getProperty("user.name"));
        assertThat(event.getString("thread")).isEqualTo("control");
        assertThat(event.getString("from")).isEqualTo("switchdev");
        assertThat(event.getString("to")).isEqualTo("legacy");
        assertThat(event.getString("ending")).isEqualTo("done");
        assertThat(event.getLong("generation")).isOne();
    }

    @Test
    void aDeviceThatDoesNotAnswerIsNamedAndKeepsItsMode() throws IOException {
        boolean[] isMute = {false};
        var faults = new NicFaults() {
            @Override
            public boolean losesCompletion() {
                return isMute[0];
            }
        };
        try (var router = new LiveRouter(folder, CONFIG.replace("THREADING", "shared"), faults)) {
            router.fine("devlink dev");   // the device is set up
            isMute[0] = true;
            refused(router, "Error: the device does not answer, its mode is switchdev.\n"
                + "kernel answers: Connection timed out", "devlink dev eswitch set sim/nic0 mode legacy");
            assertThat(router.fine("devlink health show sim/nic0 reporter eswitch")).contains("state error error 1 ");
            assertThat(router.fine("devlink health diagnose sim/nic0 reporter eswitch"))
                .contains("error: the device did not answer");
            isMute[0] = false;
            set(router, "legacy");
            router.fine("devlink health recover sim/nic0 reporter eswitch");
        }
    }
}
