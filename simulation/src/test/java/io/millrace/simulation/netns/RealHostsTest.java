package io.millrace.simulation.netns;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static io.millrace.simulation.netns.RealHosts.SERVER4;
import static io.millrace.simulation.netns.RealHosts.SERVER6;
import static io.millrace.simulation.netns.RealHosts.SMALL4;
import static io.millrace.simulation.netns.RealHosts.SMALL6;
import static org.assertj.core.api.Assertions.assertThat;

/// Programs that everybody uses, through Millrace as it is run by default: with super-packets and unfinished checksums
/// on all ports.
@Tag("netns")
class RealHostsTest {

    private static final int MEGABYTE = 1_000_000;

    @TempDir
    static Path folder;

    private static RealHosts hosts;

    @BeforeAll
    static void connect() throws Exception {
        hosts = RealHosts.make(folder, "", "ip", "ping", "curl", "iperf3", "traceroute");
    }

    @AfterAll
    static void everyPacketIsAccountedFor() throws Exception {
        if (hosts == null) return;
        try (RealHosts closing = hosts) {
            assertThat(closing.stop()).contains("every packet is accounted for")
                .doesNotContain("GSO_", "TX_REFUSED", "MALFORMED", "CHECKSUM_WRONG");
        }
    }

    @Test
    void pingsOfAllLengthsAreAnswered() throws IOException {
        for (String target : new String[] {SERVER4, SERVER6}) {
            for (String payloadBytes : new String[] {"0", "56", "1452", "1453", "8000", "65000"}) {
                assertThat(hosts.client().run("ping", "-n", "-c", "5", "-i", "0.05", "-w", "10", "-s", payloadBytes,
                    target)).contains(" 0% packet loss");
            }
        }
        assertThat(hosts.client().run("ping", "-n", "-c", "3", "-i", "0.05", "10.1.0.1")).contains(" 0% packet loss");
        assertThat(hosts.client().run("ping", "-n", "-c", "3", "-i", "0.05", "fd00:1::1")).contains(" 0% packet loss");
    }

    @Test
    void aHundredMegabytesArriveAsTheyAre() throws IOException {
        Path offered = hosts.offer("large", 100 * MEGABYTE, Seeds.next());
        for (String server : new String[] {SERVER4, "[" + SERVER6 + "]"}) {
            Path fetched = folder.resolve("fetched");
            hosts.client().run("curl", "-sS", "--fail", "--max-time", "50", "-o", fetched.toString(),
                "http://" + server + ":8000/large");
            assertThat(Files.mismatch(offered, fetched)).isEqualTo(-1);
        }
    }

    @Test
    void aThousandConnectionsAtOnceAreServed() throws Exception {
        hosts.offer("small", 20_000, Seeds.next());
        List<Process> fetching = new ArrayList<>();
        List<Path> outputs = new ArrayList<>();
        // One curl has at most 300 transfers at once.
        for (int i = 0; i < 4; i++) {
            outputs.add(folder.resolve("curl" + i));
            fetching.add(hosts.client().start(outputs.getLast(), "curl", "-sS", "--parallel", "--parallel-immediate",
                "--parallel-max", "250", "--max-time", "50", "-w", "%{http_code} %{size_download}\\n",
                "http://" + SERVER4 + ":8000/small?[1-250]", "-o",
                folder.resolve("part" + i + "-#1").toString()));
        }
        int servedCount = 0;
        for (int i = 0; i < fetching.size(); i++) {
            assertThat(fetching.get(i).waitFor()).as(Files.readString(outputs.get(i))).isZero();
            servedCount += (int) Files.readAllLines(outputs.get(i)).stream().filter("200 20000"::equals).count();
        }
        assertThat(servedCount).isEqualTo(1000);
        for (int i = 1; i <= 250; i++) {
            assertThat(Files.mismatch(folder.resolve("small"), folder.resolve("part3-" + i))).isEqualTo(-1);
        }
    }

    @Test
    void iperfSendsTcpBothWays() throws Exception {
        for (String target : new String[] {SERVER4, SERVER6}) {
            for (String direction : new String[] {"", "-R"}) {
                JsonNode end = iperf(target, "-t", "2", direction);
                assertThat(end.at("/sum_received/bits_per_second").asDouble()).as("%s %s", target, direction)
                    .isGreaterThan(100e6);
            }
        }
    }

    @Test
    void iperfSendsUdpBothWays() throws Exception {
        for (String target : new String[] {SERVER4, SERVER6}) {
            for (String direction : new String[] {"", "-R"}) {
                JsonNode end = iperf(target, "-t", "2", "-u", "-b", "20M", "-l", "1200", direction);
                assertThat(end.at("/sum/lost_percent").asDouble()).as("%s %s", target, direction).isLessThan(2);
                assertThat(end.at("/sum/packets").asInt()).isGreaterThan(2_000);
            }
        }
    }

    /// Datagrams of 16 KB, which the kernel cuts into fragments.
    @Test
    void iperfSendsFragmentedUdp() throws Exception {
        JsonNode end = iperf(SERVER4, "-t", "1", "-u", "-b", "50M", "-l", "16000");
        assertThat(end.at("/sum/lost_percent").asDouble()).isLessThan(2);
    }

    @Test
    void tracerouteShowsTheRouterAndTheServer() throws IOException {
        assertThat(hosts.client().run("traceroute", "-n", "-q", "1", SERVER4).lines().skip(1).map(String::strip))
            .satisfiesExactly(line -> assertThat(line).startsWith("1  10.1.0.1 "),
                line -> assertThat(line).startsWith("2  " + SERVER4 + " "));
        assertThat(hosts.client().run("traceroute", "-6", "-n", "-q", "1", SERVER6).lines().skip(1).map(String::strip))
            .satisfiesExactly(line -> assertThat(line).startsWith("1  fd00:1::1 "),
                line -> assertThat(line).startsWith("2  " + SERVER6 + " "));
    }

    /// Super-packets whose segments do not fit are answered, the sender learns the MTU, and what it sends then passes.
    @Test
    void aSenderLearnsTheMtuOfASmallLink() throws Exception {
        for (String target : new String[] {SMALL4, SMALL6}) {
            assertThat(iperf(target, "-t", "1").at("/sum_received/bits_per_second").asDouble()).as(target)
                .isGreaterThan(10e6);
            assertThat(hosts.client().run("ip", "route", "get", target)).contains("mtu " + RealHosts.SMALL_MTU);
        }
        assertThat(hosts.client().run("ping", "-n", "-M", "do", "-c", "2", "-s", "1252", SMALL4))
            .contains(" 0% packet loss");
    }

    /// Without DF, super-packets are cut, and their segments into fragments.
    @Test
    void withoutPathMtuDiscoveryTheRouterFragments() throws Exception {
        hosts.client().run("ip", "route", "flush", "cache");
        hosts.client().run("sysctl", "-q", "net.ipv4.ip_no_pmtu_disc=1");
        long reassembledBefore = reassembled();
        try {
            assertThat(iperf(SMALL4, "-t", "1").at("/sum_received/bits_per_second").asDouble()).isGreaterThan(1e6);
            assertThat(reassembled() - reassembledBefore).isGreaterThan(100);
        } finally {
            hosts.client().run("sysctl", "-q", "net.ipv4.ip_no_pmtu_disc=0");
        }
    }

    /// Datagrams that the server has put together.
    private static long reassembled() throws IOException {
        List<String[]> lines = hosts.server().run("cat", "/proc/net/snmp").lines()
            .filter(line -> line.startsWith("Ip:")).map(line -> line.split(" ")).toList();
        return Long.parseLong(lines.get(1)[List.of(lines.get(0)).indexOf("ReasmOKs")]);
    }

    /// What iperf3 says at its end, from the client's side.
    private static JsonNode iperf(String target, String... options) throws Exception {
        Process listening = hosts.server().start(folder.resolve("iperf-server"), "iperf3", "-s", "-1", "-p", "5300");
        var words = new ArrayList<>(List.of("iperf3", "-J", "-c", target, "-p", "5300", "--connect-timeout", "3000"));
        for (String option : options) {
            if (!option.isEmpty()) words.add(option);
        }
        try {
            awaitListening();
            String answer = hosts.client().run(words.toArray(String[]::new));
            return new ObjectMapper().readTree(answer.substring(answer.indexOf('{'))).get("end");   // warnings go first
        } finally {
            listening.destroy();
            listening.waitFor();
        }
    }

    private static void awaitListening() throws IOException {
        for (int i = 0; i < 100 && !hosts.server().run("cat", "/proc/thread-self/net/tcp6").contains(":14B4 "); i++) {
            hosts.server().run("sleep", "0.05");
        }
    }
}
