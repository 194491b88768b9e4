package io.millrace.control;

import io.millrace.testkit.Frame;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// An operator has a device err while packets pass, and reads how it is noticed.
class FaultVerbTest {

    private static final String FIREWALL = """
        table inet t {
          flowtable f { hook ingress priority 0; devices = { lan, wan }; flags offload; }
          chain onward { type filter hook forward priority 0; policy accept; udp dport 53 flow add @f; }
        }
        """;

    @TempDir
    private Path folder;

    private LiveRouter router() throws IOException {
        var router = new LiveRouter(folder, LiveRouter.withNic("full"));
        router.fine("ip neigh add 10.0.0.7 lladdr " + LiveRouter.HOST_MAC + " dev lan nud permanent");
        return router;
    }

    private static byte[] query() {
        return Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC).ipv4("10.0.0.7", "10.9.0.1").udp(4000, 53)
            .payloadOf(20).bytes();
    }

    private void nft(LiveRouter router) throws IOException {
        router.fine("nft -f " + Files.writeString(folder.resolve("rules.nft"), FIREWALL));
    }

    private static void pass(LiveRouter router) throws InterruptedException {
        router.lan.toReceive.add(query());
        assertThat(router.nextSent(router.wan)).as("a packet passes").isNotNull();
    }

    private static void await(LiveRouter router, String command, String part) throws InterruptedException {
        String out = "";
        for (int i = 0; i < 500; i++) {
            out = router.fine(command);
            if (out.contains(part)) return;
            Thread.sleep(10);
        }
        assertThat(out).as(command).contains(part);
    }

    @Test
    void setsShowsAndClears() throws IOException {
        try (LiveRouter router = router()) {
            assertThat(router.fine("fault show")).isEqualTo("nic0: none\n");
            router.fine("fault nic0 set lost-completions 0.01 stuck-every 1s stuck-for 20ms seed 7");
            router.fine("fault nic0 set lies 0.5");
            assertThat(router.fine("fault")).startsWith("nic0:\n").contains("  lost-completions     0.01 ",
                "  lies                 0.5 ", "  stuck-every          1000000000 ns");
            assertThat(router.fine("--json fault nic0 show")).contains("\"lost-completions\":0.01")
                .contains("\"stuck-for\":20000000");
            router.fine("fault nic0 set lost-completions 0");
            assertThat(router.fine("fault nic0 show")).doesNotContain("lost-completions");
            router.fine("fault nic0 clear");
            assertThat(router.fine("fault show")).isEqualTo("nic0: none\n");
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        try (LiveRouter router = router()) {
            refused(router, "fault nic1 clear", "no NIC is named \"nic1\", did you mean \"nic0\"?");
            refused(router, "fault nic0", "fault nic0 what? allowed: show, set");
            refused(router, "fault nic0 sett", "did you mean \"set\"?");
            refused(router, "fault nic0 set", "set what? allowed: late-completions");
            refused(router, "fault nic0 set lie 1", "no fault is named \"lie\", did you mean \"lies\"?");
            refused(router, "fault nic0 set lies 1.5", "\"1.5\" is no value of lies; allowed: 0 to 1");
            refused(router, "fault nic0 set late 5", "\"5\" is no value of late; allowed: a whole number and a unit");
            refused(router, "fault nic0 set lies", "lies: which value?");
            refused(router, "fault nic0 set stuck-for 5ms", "stuck-for must be shorter than stuck-every");
            refused(router, "fault nic0 set seed x", "\"x\" is no seed");
            refused(router, "fault nic0 link-down dmz 5ms", "nic0 has no port \"dmz\"; allowed: lan, wan");
            refused(router, "fault nic0 link-down lan", "for how long?");
            refused(router, "fault nic0 stuck-queue lan 99 1s", "\"99\" is no queue of lan; allowed: 0 to 15");
            refused(router, "fault nic0 stuck-queue lan 1 1x", "\"1x\" is no duration");
            refused(router, "fault nic0 firmware-reset now", "\"now\" is too much");
        }
    }

    private static void refused(LiveRouter router, String line, String part) {
        LiveRouter.Result result = router.ctl(line.split(" "));
        assertThat(result.status()).as(line).isEqualTo(1);
        assertThat(result.err()).as(line).contains(part);
    }

    @Test
    void aStuckQueueIsNamedAndResetWhilePacketsGoOn() throws IOException, InterruptedException {
        try (LiveRouter router = router()) {
            pass(router);
            router.fine("fault nic0 stuck-queue lan 0 1h");
            pass(router);
            await(router, "devlink health diagnose sim/nic0 reporter driver", "STUCK_QUEUE: 1 ");
            assertThat(router.fine("devlink health show sim/nic0 reporter driver"))
                .contains("reporter driver\n    state healthy error 1 recover 1 auto_recover true");
            assertThat(router.fine("show hardware")).contains("STUCK_QUEUE");
        }
    }

    @Test
    void aLinkThatFlapsIsNamed() throws IOException, InterruptedException {
        try (LiveRouter router = router()) {
            nft(router);
            for (int i = 0; i < 3; i++) pass(router);
            await(router, "show hardware", "connections in NICs  1");
            router.fine("fault nic0 link-down wan 100ms");
            await(router, "devlink health diagnose sim/nic0 reporter driver", "LINK_DOWN: 1 ");
            assertThat(router.fine("show hardware")).contains("LINK_DOWN");
            router.fine("fault nic0 link-down wan 1h");
            await(router, "show flows", "no: LINK_DOWN\n");
            assertThat(router.fine("--json show flows"))
                .contains("\"inHardware\":false,\"hardwareObstacles\":[\"LINK_DOWN\"]");
            router.fine("fault nic0 clear");
            await(router, "show hardware", "connections in NICs  1");
            pass(router);
        }
    }

    @Test
    void aFirmwareResetIsNoticedAndTheConnectionComesBack() throws IOException, InterruptedException {
        try (LiveRouter router = router()) {
            nft(router);
            for (int i = 0; i < 3; i++) pass(router);
            await(router, "show hardware", "connections in NICs  1");
            router.fine("fault nic0 firmware-reset");
            await(router, "devlink health diagnose sim/nic0 reporter driver", "ENTRY_LOST: 1 ");
            pass(router);
            await(router, "show hardware", "connections in NICs  1");
            assertThat(router.fine("--json show hardware")).contains("\"installs\":2");
            await(router, "show flows", " yes\n");
            assertThat(router.fine("--json show flows")).contains("\"inHardware\":true,\"hardwareObstacles\":[]");
        }
    }

    @Test
    void configuredFaultsAreThereFromTheStart() throws IOException, InterruptedException {
        String yaml = LiveRouter.withNic("full, faults: { wrong-sums: 1, seed: 3 }");
        try (LiveRouter router = new LiveRouter(folder, yaml)) {
            nft(router);
            for (int i = 0; i < 3; i++) pass(router);
            await(router, "devlink health diagnose sim/nic0 reporter driver", "WRONG_SUM: ");
            assertThat(router.fine("fault nic0 show")).contains("wrong-sums           1 ");
        }
    }

    /// Adds, confirmations, removals and faults: what, who asked, on which thread.
    @Test
    void whatHappensToFlowsAreControlEvents() throws Exception {
        try (LiveRouter router = router(); SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            nft(router);
            client.connect(UnixDomainSocketAddress.of(router.socket));
            client.write(ByteBuffer.wrap("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\"}\n".getBytes(UTF_8)));
            client.read(ByteBuffer.allocate(1024));
            for (int i = 0; i < 3; i++) pass(router);
            await(router, "show hardware", "connections in NICs  1");
            router.fine("fault nic0 link-down wan 1h");
            await(router, "show hardware", "connections in NICs  0");
            String flow = "\"flow\":\"udp 10.0.0.7:4000 > 10.9.0.1:53\",\"nic\":\"nic0\"";
            String seen = "";
            for (int i = 0; i < 100 && !seen.contains("\"remove\""); i++) {
                ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
                client.read(buffer);
                seen += new String(buffer.array(), 0, buffer.position(), UTF_8);
            }
            assertThat(seen).containsSubsequence(
                "{\"action\":\"add\"," + flow + ",\"why\":\"\",\"by\":\"worker\",\"thread\":\"",
                "{\"action\":\"confirm\"," + flow + ",\"why\":\"\",\"by\":\"device\"",
                "{\"action\":\"fault\",\"flow\":\"\",\"nic\":\"nic0\",\"why\":\"LINK_DOWN\",\"by\":\"device\"",
                "{\"action\":\"remove\"," + flow + ",\"why\":\"LINK_DOWN\",\"by\":\"control\"");
        }
    }

    @Test
    void theyAreFlightRecorderEventsToo() throws Exception {
        try (LiveRouter router = router(); var recording = new Recording()) {
            recording.enable("millrace.FlowOffload");
            recording.start();
            nft(router);
            for (int i = 0; i < 3; i++) pass(router);
            await(router, "show hardware", "connections in NICs  1");
            Thread.sleep(200);   // the control thread's turns take them over
            Path file = folder.resolve("events.jfr");
            recording.dump(file);
            assertThat(RecordingFile.readAllEvents(file)).anySatisfy(event -> {
                assertThat(event.getEventType().getName()).isEqualTo("millrace.FlowOffload");
                assertThat(event.getString("action")).isEqualTo("confirm");
                assertThat(event.getString("flow")).isEqualTo("udp 10.0.0.7:4000 > 10.9.0.1:53");
            });
        }
    }
}
