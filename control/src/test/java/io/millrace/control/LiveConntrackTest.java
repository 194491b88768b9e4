package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;

import static org.assertj.core.api.Assertions.assertThat;

/// `conntrack` against a live router. The lines are those that conntrack-tools print for the same packets.
class LiveConntrackTest {

    private static final String NAME = "conntrack v1.4.7 (conntrack-tools): ";

    @TempDir
    private Path folder;

    private LiveRouter router;

    @BeforeEach
    void start() throws IOException {
        router = new LiveRouter(folder);
        router.fine("nft add table ip t");
        router.fine("nft add chain ip t c { type filter hook forward priority 0 ; }");
        router.fine("nft add rule ip t c ct state established,new accept");
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private void forward(int sourcePort, String target) throws InterruptedException {
        router.lan.toReceive.add(Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC).ipv4("10.0.0.7", target)
            .udp(sourcePort, 53).payloadOf(20).bytes());
        assertThat(router.nextSent(router.wan)).isNotNull();
    }

    private void answer(int sourcePort, String from) throws InterruptedException {
        router.fine("ip neigh replace 10.0.0.7 lladdr 02:00:00:00:00:0a dev lan");
        router.wan.toReceive.add(Frame.ethernet(LiveRouter.GATEWAY_MAC, "02:4d:52:00:00:02").ipv4(from, "10.0.0.7")
            .udp(53, sourcePort).payloadOf(20).bytes());
        assertThat(router.nextSent(router.lan)).isNotNull();
    }

    private Result run(String line) {
        return router.ctl(line.split(" "));
    }

    @Test
    void listsAsConntrackDoes() throws InterruptedException {
        assertThat(run("conntrack -L")).isEqualTo(new Result(0, "", NAME + "0 flow entries have been shown.\n"));
        forward(4000, "10.9.0.1");
        Result result = run("conntrack -L");
        assertThat(result.out()).matches("udp      17 (29|30) src=10.0.0.7 dst=10.9.0.1 sport=4000 dport=53 \\[UNREPLIED] "
            + "src=10.9.0.1 dst=10.0.0.7 sport=53 dport=4000 mark=0 use=1\n");
        assertThat(result.err()).isEqualTo(NAME + "1 flow entries have been shown.\n");
        answer(4000, "10.9.0.1");
        assertThat(run("conntrack -L -o extended").out()).startsWith("ipv4     2 udp      17 ")
            .doesNotContain("UNREPLIED");
        assertThat(run("conntrack -L -o id").out()).containsPattern("use=1 id=[0-9]+\n");
        assertThat(run("conntrack -C").out()).isEqualTo("1\n");
        assertThat(run("conntrack -S").out()).startsWith("cpu=0   \tfound=0 invalid=0 insert=1 ");
        assertThat(run("conntrack -G -p udp -s 10.0.0.7 -d 10.9.0.1 --sport 4000 --dport 53").out())
            .startsWith("udp      17 ");
        assertThat(run("conntrack -G -p udp -s 10.0.0.7 -d 10.9.0.1 --sport 4001 --dport 53"))
            .isEqualTo(new Result(1, "", NAME + "Operation failed: No such file or directory\n"));
        assertThat(run("conntrack -L --json").out()).contains("\"original\":{\"src\":\"10.0.0.7\"")
            .contains("\"flags\":[]");
    }

    @Test
    void filtersMeanWhatTheySay() throws InterruptedException {
        for (int port = 4000; port < 4004; port++) forward(port, "10.9.0." + (port - 3999));
        assertThat(run("conntrack -L -d 10.9.0.2").out().lines()).hasSize(1);
        assertThat(run("conntrack -L -d 10.9.0.0/30").out().lines()).hasSize(3);
        assertThat(run("conntrack -L -s 10.0.0.8").out()).isEmpty();
        assertThat(run("conntrack -L -r 10.9.0.3 -q 10.0.0.7").out().lines()).hasSize(1);
        assertThat(run("conntrack -L -p udp --sport 4001").out()).contains("dst=10.9.0.2 ");
        assertThat(run("conntrack -L -p tcp").out()).isEmpty();
        assertThat(run("conntrack -L -f ipv6").out()).isEmpty();
        assertThat(run("conntrack -L -m 0").out().lines()).hasSize(4);
        assertThat(run("conntrack -L -m 1/0xff").out()).isEmpty();
        assertThat(run("conntrack -L -u ASSURED").out()).isEmpty();
        assertThat(run("conntrack -L --any-nat").out()).isEmpty();
        assertThat(run("conntrack -L -w 7").out()).isEmpty();
        assertThat(run("conntrack -L --state ESTABLISHED").out()).isEmpty();
        assertThat(run("conntrack -D -d 10.9.0.1").err()).isEqualTo(NAME + "1 flow entries have been deleted.\n");
        assertThat(run("conntrack -D -d 10.9.0.1"))
            .isEqualTo(new Result(1, "", NAME + "0 flow entries have been deleted.\n"));
        assertThat(run("conntrack -C").out()).isEqualTo("3\n");
        assertThat(run("conntrack -F"))
            .isEqualTo(new Result(0, "", NAME + "connection tracking table has been emptied.\n"));
        assertThat(run("conntrack -C").out()).isEqualTo("0\n");
    }

    @Test
    void refusesWithWhatIsAllowed() {
        assertThat(run("conntrack").err()).isEqualTo(NAME + "no command; allowed: -L, -G, -D, -F, -E, -S, -C\n");
        assertThat(run("conntrack -L -D").err()).contains("only one command: -L and -D");
        assertThat(run("conntrack -L -s nowhere").err()).contains("-s \"nowhere\" is no address; allowed: ADDRESS");
        assertThat(run("conntrack -L -p nope").err()).contains("allowed: dccp, gre, icmp");
        assertThat(run("conntrack -L --sport 70000").err()).contains("allowed: 0 to 65535");
        assertThat(run("conntrack -L -o xml").err()).contains("allowed: extended, id, timestamp");
        assertThat(run("conntrack -L expect").err()).contains("table \"expect\" is not in this version");
        assertThat(run("conntrack -U -m 3").err()).contains("-U is not in this version");
        assertThat(run("conntrack -L --frob").err()).contains("unknown option \"--frob\"; allowed: -L");
        assertThat(run("conntrack -G -s 10.0.0.1").err()).contains("-G needs -p, -s, -d");
        assertThat(run("conntrack -L -s").status()).isEqualTo(2);
    }

    @Test
    void eventsAreFollowed() throws Exception {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(router.socket));
             var lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel)))) {
            channel.write(ByteBuffer.wrap(("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"conntrack\",\"params\":"
                + "[\"-E\",\"-p\",\"udp\",\"--sport\",\"4000\"]}\n").getBytes(StandardCharsets.UTF_8)));
            assertThat(lines.readLine()).contains("\"status\":0");
            forward(4000, "10.9.0.1");
            forward(4001, "10.9.0.1");
            answer(4000, "10.9.0.1");
            run("conntrack -F");
            assertThat(lines.readLine()).contains("{\"text\":\"    [NEW] udp      17 30 src=10.0.0.7 dst=10.9.0.1 "
                + "sport=4000 dport=53 [UNREPLIED] src=10.9.0.1 dst=10.0.0.7 sport=53 dport=4000\\n\"}");
            assertThat(lines.readLine()).contains("{\"text\":\" [UPDATE] udp      17 ").doesNotContain("UNREPLIED");
            assertThat(lines.readLine()).contains("{\"text\":\"[DESTROY] udp      17 src=10.0.0.7 dst=10.9.0.1 "
                + "sport=4000 dport=53 src=10.9.0.1 dst=10.0.0.7 sport=53 dport=4000\\n\"}");
        }
    }

    @Test
    void aLongListingComesWholeAndInOrder() throws InterruptedException {
        for (int i = 0; i < 3_000; i++) forward(10_000 + i, "10.9." + (i >> 8) + "." + (i & 255));
        Result result = run("conntrack -L");
        assertThat(result.out().lines()).hasSize(3_000).doesNotHaveDuplicates()
            .allMatch(line -> line.startsWith("udp      17 ") && line.endsWith("use=1"));
        assertThat(result.err()).isEqualTo(NAME + "3000 flow entries have been shown.\n");
    }

    @Test
    void aLongValueComesInPartsAndWhole() throws Exception {
        for (int i = 0; i < 1_000; i++) forward(10_000 + i, "10.9.1.1");
        var ports = new ArrayList<Integer>();
        Result result = run("conntrack -L --json");
        assertThat(result.out().lines()).hasSize(1);
        new ObjectMapper().readTree(result.out()).forEach(each -> ports.add(each.get("original").get("sport").asInt()));
        assertThat(ports).hasSize(1_000).doesNotHaveDuplicates().allMatch(port -> port >= 10_000 && port < 11_000);
        int longest = 0;
        int parts = 0;
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(router.socket));
             var lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel)))) {
            channel.write(ByteBuffer.wrap(("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"conntrack\",\"params\":"
                + "{\"words\":[\"-L\"],\"json\":true}}\n").getBytes(StandardCharsets.UTF_8)));
            String line;
            do {
                line = lines.readLine();
                longest = Math.max(longest, line.length());
                if (line.contains("\"values\"")) parts++;
            } while (!line.contains("\"result\""));
        }
        assertThat(parts).isGreaterThanOrEqualTo(3);
        assertThat(longest).isLessThan(256 << 10);
    }
}
