package io.millrace.control;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// The control socket beside clients that mean harm, or know no better; forwarding goes on, and others are served.
class HostileClientTest {

    private static final String ASK = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ip\",\"params\":[\"link\"]}\n";

    @TempDir
    private Path folder;

    private static SocketChannel connect(LiveRouter router) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(router.socket));
    }

    private static void send(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) channel.write(buffer);
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        send(channel, text.getBytes(StandardCharsets.UTF_8));
    }

    /// One line, or what came before the end.
    private static String line(SocketChannel channel) throws IOException {
        var text = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (channel.read(one.clear()) == 1) {
            if (one.get(0) == '\n') return text.toString();
            text.append((char) one.get(0));
        }
        return text.toString();
    }

    private static String rest(SocketChannel channel) throws IOException {
        var text = new StringBuilder();
        for (String line = line(channel); !line.isEmpty(); line = line(channel)) text.append(line).append('\n');
        return text.toString();
    }

    private static void isServed(LiveRouter router) throws IOException, InterruptedException {
        assertThat(router.fine("ip link")).contains("lan");
        router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
        assertThat(router.nextSent(router.wan)).as("a packet to forward").isNotNull();
    }

    @Test
    void theSocketIsItsOwnersAlone() throws IOException {
        try (var router = new LiveRouter(folder)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(router.socket)))
                .isEqualTo("rw-------");
            assertThat(folder.toFile().list()).doesNotContain(".ctl");
        }
    }

    @Test
    void servesSeveralRequestsOfOneClientInOrder() throws IOException {
        try (var router = new LiveRouter(folder); SocketChannel client = connect(router)) {
            send(client, ASK + ASK.replace("7", "\"a\"") + "\n" + ASK.replace("\"id\":7,", ""));
            send(client, ASK.substring(0, 20));
            send(client, ASK.substring(20).replace("7", "8"));
            assertThat(line(client)).startsWith("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"status\":0,\"out\":\"1: lan:");
            assertThat(line(client)).startsWith("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\"");
            assertThat(line(client)).as("a notification is not answered").contains("\"id\":8,\"result\"");
        }
    }

    @Test
    void answersWhatIsNoRequest() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder); SocketChannel client = connect(router)) {
            send(client, "hello\n");
            assertThat(line(client)).contains("-32700").contains("no JSON");
            send(client, "[" + ASK.strip() + "]\n");
            assertThat(line(client)).contains("-32600").contains("batches are not served");
            send(client, "{\"id\":1,\"method\":\"ip\"}\n");
            assertThat(line(client)).contains("-32600").contains("\\\"jsonrpc\\\" must be");
            send(client, ASK.replace("[\"link\"]", "[1]"));
            assertThat(line(client)).contains("-32602").contains("\"id\":7");
            send(client, ASK.replace("\"ip\"", "\"nope\""));
            assertThat(line(client)).contains("-32601").contains("unknown verb");
            send(client, "[".repeat(100_000) + "\n");
            assertThat(line(client)).contains("-32700");
            send(client, ASK);
            assertThat(line(client)).contains("\"result\"");
            isServed(router);
        }
    }

    @Test
    void cutsOffInvalidUtf8() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder); SocketChannel client = connect(router)) {
            send(client, new byte[] {'"', (byte) 0xff, (byte) 0xfe, '"', '\n'});
            assertThat(rest(client)).contains("-32001").contains("not UTF-8").hasLineCount(1);
            isServed(router);
        }
    }

    @Test
    void cutsOffATenMegabyteLine() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder); SocketChannel client = connect(router)) {
            byte[] part = "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> {
                for (int i = 0; i < 160; i++) send(client, part);
            }).isInstanceOf(IOException.class);
            assertThat(rest(client)).contains("a message longer than 1048576 bytes");
            isServed(router);
        }
    }

    @Test
    void answersHalfAMessageWhenItsClientHasEnded() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder); SocketChannel client = connect(router)) {
            send(client, ASK.substring(0, 30));
            client.shutdownOutput();
            assertThat(rest(client)).contains("the last message has no line end");
            isServed(router);
        }
    }

    @Test
    void cutsOffHalfAMessageThatDoesNotGoOn() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder); SocketChannel client = connect(router)) {
            send(client, ASK.substring(0, 30));
            isServed(router);
            assertThat(rest(client)).contains("half a message for more than 10000 ms");
        }
    }

    @Test
    void turnsAwayAThousandConnectionsButThose64() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            List<SocketChannel> clients = new ArrayList<>();
            int refusedCount = 0;
            for (int i = 0; i < 1_000; i++) {
                SocketChannel client = connect(router);
                if (i >= 64 && rest(client).contains("too many clients: at most 64")) {
                    refusedCount++;
                    client.close();
                } else {
                    clients.add(client);
                }
            }
            assertThat(refusedCount).isEqualTo(936);
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            assertThat(router.nextSent(router.wan)).isNotNull();
            for (SocketChannel client : clients) client.close();
            for (int i = 0; i < 50 && router.ctl("ip", "link").status() != 0; i++) Thread.sleep(20);
            isServed(router);
        }
    }

    @Test
    void cutsOffAClientThatAsksAndNeverReads() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder); SocketChannel client = connect(router)) {
            client.configureBlocking(false);
            byte[] asks = ASK.repeat(1_000).getBytes(StandardCharsets.UTF_8);
            long sentBytes = 0;
            for (int i = 0; i < 2_000; i++) {
                try {
                    sentBytes += client.write(ByteBuffer.wrap(asks));
                } catch (IOException e) {
                    break;
                }
                if (i % 100 == 0) Thread.sleep(1);
            }
            assertThat(sentBytes).isLessThan(200_000_000);
            isServed(router);
        }
    }

    @Test
    void aStaleSocketIsReplacedAndALivingOneRefused() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(folder.resolve("r.sock")));
        }
        assertThat(folder.resolve("r.sock")).exists();
        try (var router = new LiveRouter(folder)) {
            assertThat(router.fine("ip link")).contains("lan");
            assertThatThrownBy(() -> new LiveRouter(folder)).hasMessageContaining("socket of a process that lives");
            assertThat(router.fine("ip link")).contains("lan");
        }
        Files.writeString(folder.resolve("r.sock"), "precious");
        assertThatThrownBy(() -> new LiveRouter(folder)).hasMessageContaining("is there and no socket");
        assertThat(folder.resolve("r.sock")).hasContent("precious");
    }

    /// Words of all verbs in any order: each is answered, none by a bug, and a refusal says why.
    @Test
    void anyWordsAreAnsweredInWords() throws IOException, InterruptedException {
        long seed = Seeds.next();
        var random = new SplittableRandom(seed);
        String[] verbs = {"nft", "conntrack", "show", "sysctl", "trace", "config"};
        String[] words = {"-L", "-D", "-F", "-G", "-E", "-S", "-C", "-p", "tcp", "udp", "-s", "-d", "10.0.0.1",
            "10.0.0.0/33", "::/0", "--sport", "70000", "-1", "0", "-m", "0xffffffff/", "/", "-o", "extended,,id", "-e",
            "-u", "ASSURED,", "-f", "-", "--from", "", " ", "\u0000", "list", "ruleset", "add", "rule", "table", "chain",
            "inet", "t", "c", "{", "}", ";", "\"", "'", "counter", "accept", "99999999999999999999", "delete", "handle",
            "flush", "reset", "set", "element", "@s", "$x", "flows", "slow", "10001", "-j", "-a", "-ajf", "--zone",
            "net.netfilter.nf_conntrack_max=-5", "net.netfilter.nf_conntrack_count", "=", "diff", "/nonexistent",
            "filter", "and", "(", "lan", "\uD83D\uDE00", "include", "\"/etc/passwd\"", "define", "include \"/dev/null\""};
        try (var router = new LiveRouter(folder); SocketChannel channel = connect(router)) {
            for (int i = 0; i < 600; i++) {
                var request = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").put("id", i)
                    .put("method", verbs[random.nextInt(verbs.length)]);
                var params = request.putArray("params");
                for (int n = random.nextInt(9); n > 0; n--) params.add(words[random.nextInt(words.length)]);
                send(channel, request + "\n");
                String answer = line(channel);
                while (!answer.contains("\"id\":" + i)) answer = line(channel);   // events of a subscription
                assertThat(answer).as("seed %d: %s", seed, request).doesNotContain("a bug in Millrace");
                if (answer.contains("\"error\"")) {
                    assertThat(answer).as("seed %d: %s", seed, request).containsPattern("\"message\":\"[^\"]");
                }
            }
            router.fine("nft flush ruleset");
            isServed(router);
        }
    }
}
