package io.millrace.simulation.netns;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static io.millrace.simulation.netns.RealHosts.SERVER4;
import static org.assertj.core.api.Assertions.assertThat;

/// Rulesets as people run them, between programs as people use them.
@Tag("netns")
class FilteringHostsTest {

    private static final int MEGABYTE = 1_000_000;

    /// The server is reached at the router's own address, and sees the router's address alone.
    private static final String HOME = """
        table inet home {
            flowtable fast { hook ingress priority filter; devices = { lan, wan }; }
            chain incoming {
                type nat hook prerouting priority dstnat
                ip daddr 10.1.0.1 tcp dport 8080 dnat ip to 10.2.0.2:8000
                ip6 daddr fd00:1::1 tcp dport 8080 dnat ip6 to [fd00:2::2]:8000
            }
            chain forward {
                type filter hook forward priority filter; policy drop;
                ct state established flow add @fast
                ct state established,related counter accept
                iifname "lan" accept
            }
            chain outgoing {
                type nat hook postrouting priority srcnat
                oifname "wan" masquerade
            }
        }
        """;

    private static final String STATEFUL = """
        table inet fw {
            chain forward {
                type filter hook forward priority filter; policy drop;
                ct state established,related accept
                iifname "lan" ct state new accept
            }
        }
        """;

    @TempDir
    private Path folder;

    @Test
    void aHundredMegabytesPassMasqueradeAndPortForward() throws Exception {
        try (RealHosts hosts = RealHosts.filtering(folder, "", HOME, "ip", "ping", "curl")) {
            Path offered = hosts.offer("large", 100 * MEGABYTE, Seeds.next());
            for (String router : new String[] {"10.1.0.1", "[fd00:1::1]"}) {
                Path fetched = folder.resolve("fetched");
                hosts.client().run("curl", "-sS", "--fail", "--max-time", "50", "-o", fetched.toString(),
                    "http://" + router + ":8080/large");
                assertThat(Files.mismatch(offered, fetched)).as(router).isEqualTo(-1);
            }
            assertThat(hosts.control("conntrack", "-L", "-p", "tcp", "--dport", "8080"))
                .containsPattern("src=10.1.0.2 dst=10.1.0.1 sport=([0-9]+) dport=8080 "
                    + "src=10.2.0.2 dst=10.2.0.1 sport=8000 dport=[0-9]+ ")
                .containsPattern("src=fd00:1::2 dst=fd00:1::1 sport=[0-9]+ dport=8080 "
                    + "src=fd00:2::2 dst=fd00:2::1 sport=8000 dport=[0-9]+ ");
            assertThat(hosts.control("show", "flows")).containsPattern("tcp +10.1.0.2:[0-9]+ +10.1.0.1:8080 ");
            assertThat(hosts.stop()).contains("every packet is accounted for")
                .doesNotContain("GSO_", "TX_REFUSED", "MALFORMED", "CHECKSUM_WRONG", "NAT_");
        }
    }

    @Test
    void aThousandConnectionsAtOnceAreTranslated() throws Exception {
        try (RealHosts hosts = RealHosts.filtering(folder, "", HOME, "ip", "ping", "curl")) {
            hosts.offer("small", 20_000, Seeds.next());
            List<Process> fetching = new ArrayList<>();
            List<Path> outputs = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                outputs.add(folder.resolve("curl" + i));
                fetching.add(hosts.client().start(outputs.getLast(), "curl", "-sS", "--parallel",
                    "--parallel-immediate", "--parallel-max", "250", "--max-time", "50", "-w",
                    "%{http_code} %{size_download}\\n", "http://10.1.0.1:8080/small?[1-250]", "-o",
                    folder.resolve("part" + i + "-#1").toString()));
            }
            int servedCount = 0;
            for (int i = 0; i < fetching.size(); i++) {
                assertThat(fetching.get(i).waitFor()).as(Files.readString(outputs.get(i))).isZero();
                servedCount += (int) Files.readAllLines(outputs.get(i)).stream().filter("200 20000"::equals).count();
            }
            assertThat(servedCount).isEqualTo(1_000);
            String listing = hosts.control("conntrack", "-L", "-p", "tcp", "-g");
            assertThat(listing.lines().filter(line -> line.contains("dport=8080 src=10.2.0.2")).count())
                .isEqualTo(1_000);
            assertThat(hosts.control("conntrack", "-D", "-p", "tcp")).contains("1000 flow entries have been deleted.");
            assertThat(hosts.control("conntrack", "-L", "-p", "tcp")).contains(" 0 flow entries have been shown.");
        }
    }

    @Test
    void nothingIsLostThatBothRulesetsAccept() throws Exception {
        try (RealHosts hosts = RealHosts.filtering(folder, "", STATEFUL, "ip", "ping")) {
            Path other = Files.writeString(folder.resolve("other.nft"), "flush ruleset\n" + STATEFUL
                .replace("inet fw", "inet other").replace("ct state established", "counter ct state established"));
            Path first = Files.writeString(folder.resolve("first.nft"), "flush ruleset\n" + STATEFUL);
            Path pinged = folder.resolve("ping");
            Process pinging = hosts.client().start(pinged, "ping", "-n", "-q", "-c", "3000", "-i", "0.002", "-w", "30",
                SERVER4);
            int swapCount = 0;
            while (pinging.isAlive()) {
                hosts.control("nft", "-f", (++swapCount % 2 == 0 ? first : other).toString());
                hosts.control("nft", "add", "rule", "inet", swapCount % 2 == 0 ? "fw" : "other", "forward", "counter");
            }
            assertThat(swapCount).isGreaterThan(10);
            assertThat(Files.readString(pinged)).contains("3000 packets transmitted, 3000 received");
        }
    }

    /// Who is waited for sends first: after a restart that may be the server, so new connections of both are let in.
    @Test
    void connectionsSurviveTheDeathOfARouterThatKnewThem() throws Exception {
        String rules = STATEFUL.replace("ct state established", "ct state invalid counter drop\nct state established")
            .replace("iifname \"lan\" ct state new", "ct state new");
        try (RealHosts hosts = RealHosts.filtering(folder, "", rules, "ip", "ping", "curl")) {
            Path offered = hosts.offer("file", 10 * MEGABYTE, Seeds.next());
            Path got = folder.resolve("got");
            Process fetching = hosts.client().start(folder.resolve("curl"), "curl", "-sS", "--fail", "--limit-rate",
                "2M", "--max-time", "50", "-o", got.toString(), "http://" + SERVER4 + ":8000/file");
            for (int i = 0; i < 100 && (!Files.exists(got) || Files.size(got) < MEGABYTE); i++) Thread.sleep(50);
            assertThat(fetching.isAlive()).isTrue();
            assertThat(hosts.control("conntrack", "-L", "-p", "tcp", "--state", "ESTABLISHED")).containsPattern(
                "tcp      6 [0-9]+ ESTABLISHED src=10.1.0.2 dst=10.2.0.2 sport=[0-9]+ dport=8000 .*\\[ASSURED]");
            hosts.millrace().kill();
            hosts.startMillrace();
            String picked = "";
            for (int i = 0; i < 200 && !picked.contains("ESTABLISHED"); i++) {
                Thread.sleep(50);
                picked = hosts.control("conntrack", "-L", "-p", "tcp", "--state", "ESTABLISHED");
            }
            assertThat(picked).contains("=8000 ").contains("src=10.1.0.2 dst=10.2.0.2 ");
            assertThat(fetching.waitFor(50, TimeUnit.SECONDS)).isTrue();
            assertThat(fetching.exitValue()).as(Files.readString(folder.resolve("curl"))).isZero();
            assertThat(Files.mismatch(offered, got)).isEqualTo(-1);
            assertThat(hosts.control("nft", "list", "ruleset")).contains("ct state invalid counter packets 0 bytes 0");
        }
    }

    @Test
    void tsharkFindsTranslatedFramesValid() throws Exception {
        try (RealHosts hosts = RealHosts.filtering(folder, ", vnet-hdr: false", HOME, "ip", "ping", "curl", "tshark",
            "dumpcap")) {
            Path offered = hosts.offer("file", 2 * MEGABYTE, Seeds.next());
            Path capture = folder.resolve("wan.pcapng");
            Process capturing = hosts.server().start(folder.resolve("dumpcap"), "dumpcap", "-q", "-i", "mr-wan",
                "-w", capture.toString());
            FinishedFramesTest.await(capture);
            for (String router : new String[] {"10.1.0.1", "[fd00:1::1]"}) {
                String url = "http://" + router + ":8080/file";
                hosts.client().run("curl", "-sS", "--fail", "-o", folder.resolve("got").toString(), url);
                assertThat(Files.mismatch(offered, folder.resolve("got"))).isEqualTo(-1);
                hosts.client().run("curl", "-sS", "-o", "/dev/null", "--data-binary", "@" + offered, url);
            }
            hosts.client().run("ping", "-n", "-c", "2", SERVER4);
            capturing.destroy();
            capturing.waitFor();
            assertThat(FinishedFramesTest.frames(capture, FinishedFramesTest.NOT_VALID)).as("not valid").isEmpty();
            assertThat(FinishedFramesTest.frames(capture, "frame.len > 1514")).as("over the MTU").isEmpty();
            assertThat(FinishedFramesTest.frames(capture, "ip.src == 10.1.0.2")).as("not translated").isEmpty();
            assertThat(FinishedFramesTest.frames(capture, "tcp.len == 1448 and ip.src == 10.2.0.1").lines().count())
                .isGreaterThan(1_000);
            assertThat(FinishedFramesTest.frames(capture, "tcp.len == 1428 and ipv6.src == fd00:2::1").lines().count())
                .isGreaterThan(1_000);
        }
    }
}
