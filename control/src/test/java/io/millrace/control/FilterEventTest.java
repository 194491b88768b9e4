package io.millrace.control;

import io.millrace.nic.sim.SimNic;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Who had which filter put into a NIC, and what became of it.
class FilterEventTest {

    private static final String ADD = "tc filter add dev lan ingress protocol ip pref 1 flower ";

    @TempDir
    private Path folder;

    @Test
    void eachAddRemovalAndRefusalIsAnEvent() throws IOException {
        Path file = folder.resolve("events.jfr");
        try (var router = new LiveRouter(folder, LiveRouter.withNic("full")); var recording = new Recording()) {
            recording.enable("millrace.HardwareFilter");
            recording.start();
            router.fine("tc qdisc add dev lan clsact");
            router.fine(ADD + "dst_ip 10.9.0.1 action drop");
            router.ctl((ADD + "skip_sw ct_state +trk+est action drop").split(" "));
            router.fine("nft add table netdev t { chain c { type filter hook ingress device lan priority 1 ; "
                + "flags offload ; } ; }");
            router.fine("nft add rule netdev t c ip daddr 10.9.0.2 drop");
            router.fine("tc filter del dev lan ingress");
            recording.stop();
            recording.dump(file);
            assertThat(router.fine("devlink health diagnose sim/nic0 reporter filters").lines().map(String::strip))
                .contains("filters added: 2", "filters removed: 1", "filters refused: 1",
                    "last: remove tc chain 0 pref 1 handle 0x1 at lan",
                    "asked by: " + System.getProperty("user.name") + ", thread worker 0");
        }
        List<String> lines = RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("millrace.HardwareFilter"))
            .map(FilterEventTest::line).toList();
        assertThat(lines).containsExactly("add lan tc chain 0 pref 1 handle 0x1 switchdev 0 ",
            "refuse lan tc chain 0 pref 1 handle 0x2 switchdev 0 key ct_state: the device does not track connections",
            "add lan nft netdev t c rule 2 switchdev 0 ", "remove lan tc chain 0 pref 1 handle 0x1 switchdev 0 ");
    }

    private static String line(RecordedEvent event) {
        assertThat(event.getString("nic")).isEqualTo("sim/nic0");
        assertThat(event.getString("by")).isEqualTo(System.getProperty("user.name"));
        assertThat(event.getString("thread")).isEqualTo("worker 0");
        return event.getString("action") + " " + event.getString("port") + " " + event.getString("filter") + " "
            + event.getString("mode") + " " + event.getLong("generation") + " " + event.getString("reason");
    }

    @Test
    void aChangeOfModesTakesFiltersAlongAndPutsThemBack() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder, LiveRouter.withNic("full"))) {
            var nic = (SimNic) router.dataplane.devices().getFirst();
            router.fine("tc qdisc add dev lan clsact");
            router.fine(ADD + "dst_ip 10.9.0.1 action drop");
            router.fine("nft add table netdev t { chain c { type filter hook ingress device lan priority 1 ; "
                + "flags offload ; ip daddr 10.9.0.2 drop ; } ; }");
            assertThat(nic.filters().filterCount()).isEqualTo(2);
            router.ctl("devlink", "dev", "eswitch", "set", "sim/nic0", "mode", "legacy");
            assertThat(nic.filters().filterCount()).isZero();
            assertThat(router.fine("tc filter show dev lan ingress")).contains("  not_in_hw\n");
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.2"));
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.3"));
            assertThat(router.nextSent(router.wan)[33]).as("software works on").isEqualTo((byte) 3);
            assertThat(router.ctl((ADD + "skip_sw dst_ip 10.9.0.7 action drop").split(" ")).err())
                .startsWith("Error: the device holds no filters in mode legacy.");
            router.ctl("devlink", "dev", "eswitch", "set", "sim/nic0", "mode", "switchdev");
            assertThat(nic.filters().filterCount()).isEqualTo(2);
            assertThat(router.fine("tc filter show dev lan ingress")).contains("  in_hw in_hw_count 1\n");
            assertThat(router.fine("devlink health diagnose sim/nic0 reporter filters"))
                .contains("filters lost with a mode: 2").contains("filters added: 4");
        }
    }
}
