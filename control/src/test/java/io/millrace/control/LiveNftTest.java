package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/// `nft` against a live router.
class LiveNftTest {

    @TempDir
    private Path folder;

    private LiveRouter router;

    @BeforeEach
    void start() throws IOException {
        router = new LiveRouter(folder);
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private void forward(String target) throws InterruptedException {
        router.lan.toReceive.add(LiveRouter.toForward(target));
        assertThat(router.nextSent(router.wan)).isNotNull();
    }

    private void receive(String target) throws InterruptedException {
        long before = router.ledger().received();
        router.lan.toReceive.add(LiveRouter.toForward(target));
        for (int i = 0; i < 500 && router.ledger().received() == before; i++) Thread.sleep(5);
        assertThat(router.ledger().received()).isEqualTo(before + 1);
    }

    private void load(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("rules.nft"), text);
        router.fine("nft -f " + file);
    }

    @Test
    void singleCommandsBuildARulesetThatCounts() throws InterruptedException {
        router.fine("nft add table inet t");
        router.fine("nft add chain inet t fwd1 { type filter hook forward priority 0 ; }");
        router.fine("nft add rule inet t fwd1 udp dport 53 counter accept");
        forward("10.9.0.1");
        assertThat(router.fine("nft list ruleset")).isEqualTo("""
            table inet t {
            \tchain fwd1 {
            \t\ttype filter hook forward priority filter; policy accept;
            \t\tudp dport 53 counter packets 1 bytes 48 accept
            \t}
            }
            """);
        router.fine("nft insert rule inet t fwd1 ip daddr 10.9.0.2 counter drop");
        receive("10.9.0.2");
        forward("10.9.0.1");
        assertThat(router.fine("nft -a list chain inet t fwd1"))
            .contains("ip daddr 10.9.0.2 counter packets 1 bytes 48 drop # handle 3\n")
            .contains("udp dport 53 counter packets 2 bytes 96 accept # handle 2\n");
        router.fine("nft delete rule inet t fwd1 handle 3");
        forward("10.9.0.2");
        assertThat(router.fine("nft -j list ruleset")).contains("{\"counter\":{\"packets\":3,\"bytes\":144}}");
        assertThat(router.fine("nft list tables")).isEqualTo("table inet t\n");
        router.fine("nft flush ruleset");
        assertThat(router.fine("nft list ruleset")).isEmpty();
    }

    @Test
    void aFileIsLoadedWholeOrNotAtAll() throws IOException, InterruptedException {
        load("table ip a { chain c { type filter hook forward priority 0; policy drop; } }\n");
        receive("10.9.0.1");
        assertThat(router.fine("show verdicts")).contains("RULE_POLICY");
        Path wrong = Files.writeString(folder.resolve("wrong.nft"),
            "flush ruleset\ntable ip b {\n\tchain c {\n\t\ttcp dport 99999 accept\n\t}\n}\n");
        Result refused = router.ctl("nft", "-f", wrong.toString());
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).isEqualTo(wrong + ":4:13-17: Error: Service out of range\n"
            + "\t\ttcp dport 99999 accept\n\t\t          ^^^^^\n".stripTrailing() + "\n");
        assertThat(router.fine("nft list tables")).isEqualTo("table ip a\n");
        assertThat(router.ctl("nft", "add", "rule", "ip", "nope", "c", "accept").err())
            .startsWith("Error: No such file or directory; did you mean table ‘a’ in family ip?\nadd rule ip nope c");
        assertThat(router.ctl("nft", "-f", "none.nft").err()).contains("none.nft: No such file or directory");
        router.fine("nft -c -f " + Files.writeString(folder.resolve("ok.nft"), "flush ruleset\n"));
        assertThat(router.fine("nft list tables")).isEqualTo("table ip a\n");
    }

    @Test
    void standardInputIsReadByTheClient() {
        Result result = LiveRouter.execute(new java.io.ByteArrayInputStream("add table ip6 six\n".getBytes()),
            "ctl", "--socket", router.socket.toString(), "nft", "-f", "-");
        assertThat(result.err()).isEmpty();
        assertThat(router.fine("nft list tables")).isEqualTo("table ip6 six\n");
    }

    @Test
    void whatPacketsAddedIsListedAndCanBeDeleted() throws IOException, InterruptedException {
        load("""
            table ip a {
                set seen { type ipv4_addr . inet_service; flags dynamic,timeout; timeout 1h; }
                chain c {
                    type filter hook forward priority 0;
                    add @seen { ip daddr . udp dport counter }
                }
            }
            """);
        forward("10.9.0.1");
        forward("10.9.0.2");
        forward("10.9.0.2");
        assertThat(router.fine("nft list set ip a seen")).containsPattern(
            "elements = \\{ 10.9.0.1 . 53 (timeout 1h )?expires 59m5[0-9]s[0-9]*m?s? counter packets 1 bytes 48,")
            .containsPattern("10.9.0.2 . 53 (timeout 1h )?expires 59m5[0-9]s[0-9]*m?s? counter packets 2 bytes 96 }");
        router.fine("nft delete element ip a seen { 10.9.0.1 . 53 }");
        assertThat(router.fine("nft list set ip a seen")).doesNotContain("10.9.0.1").contains("packets 2");
        router.fine("nft add rule ip a c counter");
        forward("10.9.0.2");
        assertThat(router.fine("nft list ruleset")).doesNotContain("10.9.0.1").contains("counter packets 3 bytes 144 }")
            .contains("counter packets 1 bytes 48\n");
        router.fine("nft flush set ip a seen");
        assertThat(router.fine("nft list set ip a seen")).doesNotContain("elements");
    }

    @Test
    void resetShowsWhatItFoundAndBeginsAnew() throws IOException, InterruptedException {
        load("""
            table ip a {
                counter here { }
                quota most { over 1 mbytes }
                chain c { type filter hook forward priority 0; counter name "here" quota name "most" drop; }
            }
            """);
        forward("10.9.0.1");
        assertThat(router.fine("nft list counters")).contains("packets 1 bytes 48");
        assertThat(router.fine("nft list quotas")).contains("over 1 mbytes used 48 bytes");
        assertThat(router.fine("nft reset counter ip a here")).contains("packets 1 bytes 48");
        assertThat(router.fine("nft list counters")).contains("packets 0 bytes 0");
        assertThat(router.fine("nft list quotas")).contains("used 48 bytes");
        forward("10.9.0.1");
        assertThat(router.fine("nft list counters")).contains("packets 1 bytes 48");
    }

    @Test
    void whatCannotRunHereIsRefusedByName() {
        assertThat(router.ctl("nft", "-x", "list", "ruleset").err()).contains("invalid option \"-x\"; allowed: -a, -c");
        assertThat(router.ctl("nft").err()).contains("nft: no command specified");
        Result result = router.ctl("nft", "add", "table", "netdev", "n", "{", "chain", "c", "{", "type", "filter",
            "hook", "ingress", "device", "\"eth9\"", "priority", "0;", "}", "}");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("no interface \"eth9\"").contains("lan, wan");
        assertThat(router.fine("nft list ruleset")).isEmpty();
    }

    @Test
    void everyChangeIsAnEvent() throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(router.socket));
             var lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel)))) {
            channel.write(ByteBuffer.wrap(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\"}\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(lines.readLine()).contains("\"id\":1");
            router.fine("nft add table inet t");
            assertThat(lines.readLine()).contains("\"name\":\"RulesetCommit\"").contains("{\"command\":"
                + "\"add table inet t\",\"generation\":2,\"tables\":1,\"chains\":0,\"rules\":0}");
        }
    }

    private SocketChannel monitoring(String words) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(router.socket));
        channel.write(ByteBuffer.wrap(("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nft\",\"params\":[\""
            + words.replace(" ", "\",\"") + "\"]}\n").getBytes(StandardCharsets.UTF_8)));
        return channel;
    }

    @Test
    void commitsAreMonitored() throws IOException {
        try (SocketChannel channel = monitoring("monitor");
             SocketChannel other = monitoring("-j monitor destroy elements");
             var lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel)));
             var elements = new BufferedReader(new InputStreamReader(Channels.newInputStream(other)))) {
            assertThat(lines.readLine()).contains("\"status\":0");
            assertThat(elements.readLine()).contains("\"status\":0");
            load("table ip t {\n set s { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 }\n }\n}\n");
            router.fine("nft delete element ip t s { 10.0.0.2 }");
            assertThat(lines.readLine()).contains("\"method\":\"output\"").contains("{\"text\":\"add table ip t\\n"
                + "add set ip t s { type ipv4_addr; } \\nadd element ip t s { 10.0.0.1 }\\n"
                + "add element ip t s { 10.0.0.2 }\\n# new generation 2 by process " + ProcessHandle.current().pid()
                + " (millrace)\\n\"}");
            assertThat(lines.readLine()).contains("{\"text\":\"delete element ip t s { 10.0.0.2 }\\n# new gen");
            assertThat(elements.readLine()).contains("{\"text\":\"{\\\"delete\\\": {\\\"element\\\": {"
                + "\\\"family\\\": \\\"ip\\\", \\\"table\\\": \\\"t\\\", \\\"name\\\": \\\"s\\\", "
                + "\\\"elem\\\": {\\\"set\\\": [\\\"10.0.0.2\\\"]}}}}\\n\"}");
        }
        assertThat(router.ctl("nft", "monitor", "frob").err()).contains("\"frob\" is not known there; allowed: monitor "
            + "[new|destroy] [tables|chains|sets|rules|elements|ruleset]");
        assertThat(router.ctl("nft", "monitor", "trace").err()).contains("trace add PORT N");
    }

    @Test
    void aPolicyChangesAloneAndStaysOtherwise() throws InterruptedException {
        router.fine("nft add table ip t");
        router.fine("nft add chain ip t c { type filter hook forward priority 0 ; policy drop ; }");
        receive("10.9.0.1");
        router.fine("nft add chain ip t c { type filter hook forward priority 0 ; }");
        assertThat(router.fine("nft list chain ip t c")).contains("policy drop;");
        router.fine("nft add chain ip t c { policy accept ; }");
        forward("10.9.0.1");
        router.fine("nft add chain ip t plain");
        assertThat(router.ctl("nft", "add chain ip t plain { policy drop ; }").err())
            .contains("Operation not supported");
        router.fine("nft add chain ip t c { policy drop ; }");
        router.fine("nft add table ip t { flags dormant ; }");
        forward("10.9.0.1");
        router.fine("nft add table ip t");
        receive("10.9.0.1");
    }
}
