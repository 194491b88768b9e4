package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.control.metrics.CounterKind;
import io.millrace.control.metrics.CounterReader;
import io.millrace.packet.memory.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/// Counters of a live router as others see them: in the mapped file, by `millrace top`, scraped by Prometheus.
class CountersTest {

    private static final Pattern METRIC_LINE =
        Pattern.compile("[a-z][a-z0-9_]*(\\{[a-z]+=\"[^\"\\\\\n]*\"})? -?[0-9]+(\\.[0-9]+(E-?[0-9]+)?)?");

    @TempDir
    private Path folder;

    private static void forward(LiveRouter router, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
        for (int i = 0; i < count; i++) assertThat(router.nextSent(router.wan)).isNotNull();
    }

    private static Result top(String... arguments) {
        return LiveRouter.execute(InputStream.nullInputStream(), arguments);
    }

    @Test
    void theFileBesideTheSocketHoldsWhatThePortsAndWorkersCount() throws IOException, InterruptedException {
        Path file = folder.resolve("r.counters");
        try (var router = new LiveRouter(folder)) {
            try (var reader = new CounterReader(file)) {
                forward(router, 70);
                long untilMs = System.currentTimeMillis() + 5_000;
                while (reader.sample().value(CounterKind.VERDICT_PACKETS, "SENT") < 70
                    && System.currentTimeMillis() < untilMs) Thread.sleep(20);
                CounterReader.Sample sample = reader.sample();
                assertThat(sample.value(CounterKind.VERDICT_PACKETS, "SENT")).isEqualTo(70);
                assertThat(sample.value(CounterKind.PORT_RX_PACKETS, "lan")).isEqualTo(70);
                assertThat(sample.value(CounterKind.PORT_TX_BYTES, "wan"))
                    .isEqualTo(70L * LiveRouter.toForward("10.9.0.1").length);
                assertThat(sample.value(CounterKind.WORKER_PACKETS, "worker 0")).isEqualTo(70);
                assertThat(sample.value(CounterKind.WORKER_BURSTS, "worker 0")).isBetween(2L, 70L);
                assertThat(sample.value(CounterKind.WORKER_BUSY_NS, "worker 0"))
                    .isBetween(1L, sample.value(CounterKind.WORKER_ELAPSED_NS, "worker 0"));
                assertThat(reader.process()).isEqualTo(ProcessHandle.current().pid());
                assertThat(reader.isAlive()).isTrue();
            }
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void theHeaviestFlowsStandInTheFileAndOnThePage() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder); var reader = new CounterReader(folder.resolve("r.counters"))) {
            router.fine("ip neigh replace 10.0.0.7 lladdr " + LiveRouter.HOST_MAC + " dev lan");
            router.fine("nft add table ip t");
            router.fine("nft add flowtable ip t f { hook ingress priority 0 ; devices = { lan, wan } ; }");
            router.fine("nft add chain ip t c { type filter hook forward priority 0 ; }");
            router.fine("nft add rule ip t c flow add @f");
            String flow = "udp 10.0.0.7:4000 > 10.9.0.1:53";
            long untilMs = System.currentTimeMillis() + 10_000;
            while (reader.sample().value(CounterKind.FLOW_BYTES, flow) == 0
                && System.currentTimeMillis() < untilMs) forward(router, 5);
            assertThat(reader.sample().value(CounterKind.FLOW_BYTES, flow)).isPositive();
            var page = CompletableFuture.supplyAsync(() ->
                top("top", "--once", "--counters", folder.resolve("r.counters").toString()).out());
            while (!page.isDone()) forward(router, 5);
            assertThat(page.join()).containsPattern("heaviest flows *\\n" + flow + " +[0-9.]+ [kMG]?bit/s");
        }
    }

    @Test
    void topPrintsOnePageOfPlainText() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            forward(router, 3);
            Result result = top("top", "--once", "--counters", folder.resolve("r.counters").toString());
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out()).startsWith("Millrace, process " + ProcessHandle.current().pid() + "\n")
                .contains("packets per burst").contains("SENT").doesNotContain("\u001b");
        }
    }

    @Test
    void topRefusesWhatIsNoCounterFile() throws IOException {
        Result none = top("top", "--once", "--counters", folder.resolve("none").toString());
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("no counters at");
        for (int length : List.of(0, 10, 64, 4_000)) {
            Path file = Files.write(folder.resolve("short"), new byte[length]);
            assertThat(top("top", "--once", "--counters", file.toString()).err()).contains("is no counter file");
        }
        try (var router = new LiveRouter(folder)) {
            byte[] whole = Files.readAllBytes(folder.resolve("r.counters"));
            Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, whole.length / 2));
            assertThat(top("top", "--once", "--counters", cut.toString()).err()).contains("does not fit its length");
            assertThat(router.fine("ip link")).isNotEmpty();
        }
    }

    @Test
    void prometheusScrapesWellFormedMetrics() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder, LiveRouter.CONFIG.replace("THREADING", "shared")
                + "metrics: 127.0.0.1:0\n"); HttpClient http = HttpClient.newHttpClient()) {
            forward(router, 5);
            URI page = URI.create("http://127.0.0.1:" + router.live.metricsPort() + "/metrics");
            while (router.ledger().count(Verdict.SENT) < 5) Thread.sleep(5);
            HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("Content-Type")).hasValue(
                "text/plain; version=0.0.4; charset=utf-8");
            assertThat(answer.body())
                .contains("# TYPE millrace_port_receive_packets_total counter\n"
                    + "millrace_port_receive_packets_total{port=\"lan\"} 5\n")
                .contains("millrace_packets_total{verdict=\"SENT\"} 5\n")
                .contains("# TYPE millrace_worker_held_packets gauge\n");
            answer.body().lines().filter(line -> !line.startsWith("#"))
                .forEach(line -> assertThat(line).matches(METRIC_LINE));
            HttpResponse<String> refused = http.send(HttpRequest.newBuilder(page)
                .POST(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(405);
        }
    }
}
