package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// `capture` against a live router, its file read by the test's own reader and by tshark.
class CaptureTest {

    @TempDir
    private Path folder;

    private CompletableFuture<Result> begin(LiveRouter router, String line) throws InterruptedException {
        var result = CompletableFuture.supplyAsync(() -> router.ctl(line.split(" ")));
        // It has begun once its file is there.
        for (int i = 0; i < 500 && !folder.resolve("c.pcapng").toFile().exists(); i++) Thread.sleep(10);
        return result;
    }

    @Test
    void holdsWhatAPortReceivesAndSends() throws Exception {
        Path file = folder.resolve("c.pcapng");
        try (var router = new LiveRouter(folder)) {
            CompletableFuture<Result> capture = begin(router, "capture wan -w " + file + " -c 2 filter udp");
            byte[] frame = LiveRouter.toForward("10.9.0.1");
            router.lan.toReceive.add(frame);
            byte[] sent = router.nextSent(router.wan);
            byte[] answer = Frame.ethernet(LiveRouter.GATEWAY_MAC, "02:4d:52:00:00:02")
                .ipv4("10.9.0.1", "10.0.0.7").udp(53, 4000).payloadOf(9).bytes();
            router.wan.toReceive.add(answer);
            Result result = capture.get(20, TimeUnit.SECONDS);
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.err()).isEqualTo("2 packets captured\n");
            assertThat(CaptureFile.read(file).frames()).extracting(CapturedFrame::bytes).containsExactly(sent, answer);
            Tshark.required();
            assertThat(Tshark.fields(file, "frame.interface_name", "frame.packet_flags_direction", "frame.comment",
                "ip.dst")).containsExactly(List.of("wan", "0x00000002", "sent", "10.9.0.1"),
                List.of("wan", "0x00000001", "received", "10.0.0.7"));
        }
    }

    @Test
    void ofDropsNamesStageAndVerdict() throws Exception {
        Path file = folder.resolve("c.pcapng");
        try (var router = new LiveRouter(folder)) {
            router.fine("ip route add blackhole 10.66.0.0/16");
            CompletableFuture<Result> capture = begin(router, "capture drop -c 1 -w " + file);
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            router.lan.toReceive.add(LiveRouter.toForward("10.66.0.1"));
            assertThat(capture.get(20, TimeUnit.SECONDS).status()).isZero();
            Tshark.required();
            assertThat(Tshark.fields(file, "frame.interface_name", "frame.comment", "ip.dst")).containsExactly(
                List.of("lan", "dropped in stage route: ROUTE_BLACKHOLE, route of type blackhole", "10.66.0.1"));
        }
    }

    private static final String OFFLOADING = """
        table inet t {
            flowtable f { hook ingress priority 0; devices = { lan, wan }; flags offload; }
            chain onward { type filter hook forward priority 0; ct state established flow add @f }
        }
        """;

    private LiveRouter offloading() throws IOException {
        Files.writeString(folder.resolve("r.nft"), OFFLOADING);
        String here = "neighbours:\n  - { address: 10.0.0.7, mac: \"" + LiveRouter.HOST_MAC + "\" }\n";
        return new LiveRouter(folder,
            LiveRouter.withNic("full").replace("neighbours:\n", here) + "ruleset: DIR/r.nft\n");
    }

    /// A datagram of the host and one of its peer, there and back.
    private static void talk(LiveRouter router) throws InterruptedException {
        router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
        assertThat(router.nextSent(router.wan)).isNotNull();
        router.wan.toReceive.add(Frame.ethernet(LiveRouter.GATEWAY_MAC, "02:4d:52:00:00:02")
            .ipv4("10.9.0.1", "10.0.0.7").udp(53, 4000).payloadOf(9).bytes());
        assertThat(router.nextSent(router.lan)).isNotNull();
    }

    @Test
    void ofOffloadHoldsWhatNoWorkerSees() throws Exception {
        Path file = folder.resolve("c.pcapng");
        try (LiveRouter router = offloading()) {
            CompletableFuture<Result> capture = begin(router, "capture offload -c 2 -w " + file
                + " filter host 10.9.0.1");
            talk(router);
            assertThat(CaptureFile.read(file).frames()).as("while workers forward").isEmpty();
            for (int i = 0; i < 500 && !capture.isDone(); i++) talk(router);
            assertThat(capture.get(20, TimeUnit.SECONDS).err()).isEqualTo("2 packets captured\n");
            assertThat(router.ctl("conntrack", "-L").out()).contains("[HW_OFFLOAD]");
            Tshark.required();
            assertThat(Tshark.fields(file, "frame.interface_name", "frame.packet_flags_direction", "frame.comment",
                "ip.dst", "ip.ttl", "eth.dst")).hasSize(2).allSatisfy(fields -> assertThat(fields).isIn(
                List.of("wan", "0x00000002", "forwarded by the flow table of sim/nic0, received by lan", "10.9.0.1",
                    "63", LiveRouter.GATEWAY_MAC),
                List.of("lan", "0x00000002", "forwarded by the flow table of sim/nic0, received by wan", "10.0.0.7",
                    "63", LiveRouter.HOST_MAC)));
        }
    }

    @Test
    void ofOffloadIsRefusedWhereThereIsNone() throws IOException {
        try (var router = new LiveRouter(folder)) {
            Result result = router.ctl("capture", "offload", "-w", folder.resolve("c.pcapng").toString());
            assertThat(result.err())
                .isEqualTo("capture offload: no port has a NIC, so workers forward every packet\n");
            assertThat(result.status()).isOne();
        }
    }

    private static SocketChannel capturing(LiveRouter router) throws IOException {
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(router.socket));
        client.write(ByteBuffer.wrap(("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"capture\","
            + "\"params\":{\"words\":[\"lan\"],\"json\":true}}\n").getBytes(StandardCharsets.UTF_8)));
        ByteBuffer answer = ByteBuffer.allocate(1_000);
        client.read(answer);
        assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8))
            .contains("\"capturing\":\"lan\"");
        return client;
    }

    @Test
    void aCallerThatGoesEndsItsCapture() throws Exception {
        try (var router = new LiveRouter(folder)) {
            // Eight may go on at a time: were those before still there, the ninth would be refused.
            for (int i = 0; i < 12; i++) {
                capturing(router).close();
                router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
                assertThat(router.nextSent(router.wan)).isNotNull();
                Thread.sleep(20);
            }
        }
    }

    @Test
    void needsToKnowWhereTo() throws IOException {
        try (var router = new LiveRouter(folder)) {
            assertThat(router.ctl("capture", "lan").err()).contains("where to?");
            assertThat(router.ctl("capture", "nope", "-w", "x").err()).contains("no port is named \"nope\"");
            assertThat(router.ctl("capture", "lan", "-w", folder.toString()).status()).isEqualTo(2);
        }
    }
}
