package io.millrace.perf.gen;

import io.millrace.perf.host.Host;
import io.millrace.perf.host.MillraceProcess;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// `millrace gen --to tap:` against a kernel that routes what it gets back out of the device that it came in by.
@Tag("netns")
class GenIntoTapTest {

    private static final long PACKETS = 20_000;
    private static final long SESSIONS = 500;
    private static final String KERNEL_MAC = "02:00:00:00:00:01";
    private static final String GENERATOR_MAC = "02:00:00:00:00:99";

    /// The kernel is made ready between the making of the device and the first packet.
    private static final String STREAM = """
        streams:
          flows:
            layers:
              - ethernet: { target: 02:00:00:00:00:01, source: 02:00:00:00:00:99 }
              - ipv4: { source: { from: 10.7.0.1, to: 10.7.0.200 }, target: 198.51.100.2 }
              - udp: { source-port: 4000, target-port: 53 }
            sizes: [60, 1000]
            rate: 20kpps
            count: 20000
            start: 3s
            stamp: true
        """;
    private static final String SESSION = """
        sessions:
          web:
            clients: { mac: 02:00:00:00:00:99, gateway: 02:00:00:00:00:01, addresses: 10.7.0.0/24 }
            servers: { mac: 02:00:00:00:00:99, gateway: 02:00:00:00:00:01, addresses: 198.51.100.2, service: 80 }
            rate: 500/s
            concurrency: 1000
            request: 100
            response: 5000
            count: 500
            start: 3s
        """;

    @TempDir
    private Path folder;

    private static Host host() {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "needs /dev/net/tun");
        try {
            return Host.make("kernel");
        } catch (IOException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    private JsonNode run(String profile) throws Exception {
        Path file = Files.writeString(folder.resolve("profile.yaml"), profile);
        Path output = folder.resolve("gen.json");
        try (Host host = host()) {
            for (String each : new String[] {"ip_forward=1", "conf.all.send_redirects=0", "conf.default.send_redirects=0",
                "conf.all.rp_filter=0", "conf.default.rp_filter=0"}) host.run("sysctl", "-q", "-w", "net.ipv4." + each);
            Process gen = host.start(output, MillraceProcess.command("gen", file.toString(), "--to", "tap:mr-gen",
                "--json"));
            host.awaitUp("mr-gen");
            host.run("ip", "link", "set", "mr-gen", "address", KERNEL_MAC);
            host.run("ip", "addr", "add", "192.0.2.1/24", "dev", "mr-gen");
            host.run("ip", "neigh", "add", "192.0.2.9", "lladdr", GENERATOR_MAC, "dev", "mr-gen");
            host.run("ip", "route", "add", "default", "via", "192.0.2.9");
            assertThat(gen.waitFor(60, TimeUnit.SECONDS)).isTrue();
            String text = Files.readString(output);
            assertThat(gen.exitValue()).as(text).isZero();
            return new ObjectMapper().readTree(text.substring(text.indexOf('{')));
        }
    }

    @Test
    void streamsComeBackThroughTheKernelsRouter() throws Exception {
        JsonNode report = run(STREAM);
        assertThat(report.get("streams").get(0).get("packets").asLong()).isEqualTo(PACKETS);
        assertThat(report.get("streams").get(0).get("bytes").asLong()).isEqualTo(PACKETS / 2 * (60 + 1000));
        // The device's queue holds 500 packets: only a machine that stands still for 25 ms loses any.
        assertThat(report.get("streams").get(0).get("received").asLong()).isBetween(PACKETS * 9 / 10, PACKETS);
    }

    @Test
    void sessionsTalkThroughTheKernelsRouter() throws Exception {
        JsonNode report = run(SESSION);
        assertThat(report.get("sessions").get(0).get("opened").asLong()).isEqualTo(SESSIONS);
        assertThat(report.get("sessions").get(0).get("completed").asLong()).isEqualTo(SESSIONS);
    }
}
