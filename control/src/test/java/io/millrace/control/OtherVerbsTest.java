package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/// sysctl, ethtool, show, shutdown, verbs that are not there, and the ways to give commands.
class OtherVerbsTest {

    @TempDir
    private Path folder;

    private static void refused(LiveRouter router, int status, String message, String line) {
        Result result = router.ctl(line.split(" "));
        assertThat(result.err().strip()).as(line).isEqualTo(message);
        assertThat(result.status()).as(line).isEqualTo(status);
    }

    @Test
    void sysctlReadsAndWrites() throws IOException {
        try (var router = new LiveRouter(folder)) {
            assertThat(router.fine("sysctl net.ipv4.ip_forward")).isEqualTo("net.ipv4.ip_forward = 1\n");
            assertThat(router.fine("sysctl -w net.ipv4.ip_forward=0")).isEqualTo("net.ipv4.ip_forward = 0\n");
            assertThat(router.fine("sysctl -n net.ipv4.conf.lan.forwarding net.ipv4.icmp_ratemask"))
                .isEqualTo("0\n6168\n");
            router.fine("sysctl -w net.ipv4.conf.lan.forwarding=1");
            assertThat(router.fine("sysctl -n net.ipv4.conf.lan.forwarding net.ipv4.conf.wan.forwarding"))
                .isEqualTo("1\n0\n");
            assertThat(router.fine("sysctl -a")).contains("net.ipv6.icmp.ratemask = 0-1,3-127\n");
            assertThat(router.fine("sysctl --json net.ipv4.ip_forward"))
                .isEqualTo("{\"net.ipv4.ip_forward\":\"0\"}\n");
        }
    }

    @Test
    void sysctlRefusesInItsWordsAndChangesNothing() throws IOException {
        try (var router = new LiveRouter(folder)) {
            refused(router, 1, "sysctl: cannot stat /proc/sys/net/nope: No such file or directory", "sysctl net.nope");
            refused(router, 1, "sysctl: setting key \"net.ipv4.ip_default_ttl\": Invalid argument",
                "sysctl -w net.ipv4.ip_forward=0 net.ipv4.ip_default_ttl=999");
            refused(router, 1, "sysctl: setting key \"net.ipv4.ip_forward\": Invalid argument",
                "sysctl -w net.ipv4.ip_forward=abc");
            assertThat(router.fine("sysctl -n net.ipv4.ip_forward")).isEqualTo("1\n");
        }
    }

    @Test
    void settingsOfConnectionsAreWrittenWhereThereIsRoom() throws IOException {
        try (var router = new LiveRouter(folder)) {
            String name = "net.netfilter.nf_conntrack_udp_timeout";
            assertThat(router.fine("sysctl " + name)).isEqualTo(name + " = 30\n");
            assertThat(router.fine("sysctl -w " + name + "=7")).isEqualTo(name + " = 7\n");
            router.fine("nft add table ip t");
            router.fine("nft add chain ip t c { type nat hook postrouting priority 100 ; }");
            router.fine("sysctl -w net.netfilter.nf_conntrack_max=1000");
            router.fine("sysctl -w net.netfilter.nf_conntrack_max=262144");
            refused(router, 1, "sysctl: setting key \"net.netfilter.nf_conntrack_max\": Cannot allocate memory: the "
                + "table has room for 262144, as the config file said at the start",
                "sysctl -w net.netfilter.nf_conntrack_max=262145");
            refused(router, 1, "sysctl: permission denied on key \"net.netfilter.nf_conntrack_count\"",
                "sysctl -w net.netfilter.nf_conntrack_count=1");
            assertThat(router.fine("sysctl -n net.netfilter.nf_conntrack_count")).isEqualTo("0\n");
            assertThat(router.fine("sysctl -a")).contains(name + " = 7\n");
        }
    }

    @Test
    void forwardingOffDropsFromTheNextBurstOn() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            assertThat(router.nextSent(router.wan)).isNotNull();
            router.fine("sysctl -w net.ipv4.conf.lan.forwarding=0");
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            while (router.ledger().received() < 2) Thread.sleep(5);
            assertThat(router.fine("show verdicts")).contains("FORWARDING_OFF").contains("1  dropped: forwarding is");
        }
    }

    @Test
    void ethtoolShowsWhatAPortIsAndCounted() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            byte[] frame = LiveRouter.toForward("10.9.0.1");
            router.lan.toReceive.add(frame);
            assertThat(router.nextSent(router.wan)).isNotNull();
            assertThat(router.fine("ethtool -S lan")).startsWith("NIC statistics:\n     rx_packets: 1\n     rx_bytes: "
                + frame.length + "\n");
            assertThat(router.fine("ethtool -i lan"))
                .startsWith("driver: replay\nversion: 0.test\nfirmware-version: \nexpansion-rom-version: \nbus-info: \n"
                    + "supports-statistics: yes\n");
            assertThat(router.fine("ethtool -l lan")).isEqualTo("""
                Channel parameters for lan:
                Pre-set maximums:
                RX:\t\t1
                TX:\t\t1
                Other:\t\tn/a
                Combined:\tn/a
                Current hardware settings:
                RX:\t\t1
                TX:\t\t1
                Other:\t\tn/a
                Combined:\tn/a
                """);
            router.fine("ethtool -L lan rx 1");
            refused(router, 1, "netlink error: requested channel count exceeds maximum (offset 32)\n"
                + "netlink error: Invalid argument", "ethtool -L lan rx 2");
            refused(router, 71, "Cannot get driver information: No such device", "ethtool -i nope");
            refused(router, 96, "Cannot get stats strings information: No such device", "ethtool -S nope");
            refused(router, 1, "netlink error: Operation not supported", "ethtool -g lan");
            assertThat(router.fine("ethtool -k lan")).startsWith("Features for lan:\nrx-parsing: off [fixed]\n"
                + "\tcapable: no: a bare wire\n");
            refused(router, 1, "Cannot get RX ring count: Operation not supported", "ethtool -x lan");
            refused(router, 1, "rxclass: Cannot get RX class rule count: Operation not supported", "ethtool -n lan");
        }
    }

    @Test
    void showKnowsPortsWorkersAndTheProcess() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            assertThat(router.nextSent(router.wan)).isNotNull();
            assertThat(router.fine("show ports")).contains("lan   replay         1");
            assertThat(router.fine("show workers")).contains("worker 0").contains("packets per burst");
            assertThat(router.fine("show runtime")).contains("threading            shared");
            assertThat(router.fine("show ports --json")).startsWith("[{\"name\":\"lan\",\"wire\":\"replay\",\"rxPackets\":1,");
            assertThat(router.fine("show flows")).endsWith("\n0 flows\n");
            refused(router, 1, "\"0\" is no number of flows; allowed: 1 to 10000", "show flows 0");
            assertThat(router.ctl("show", "prots").err()).contains("did you mean");
        }
    }

    @Test
    void aVerbThatIsNotThereSaysSoByName() throws IOException {
        try (var router = new LiveRouter(folder)) {
            assertThat(router.ctl("frobnicate").err()).contains("unknown verb \"frobnicate\"").contains("ip, sysctl");
            assertThat(router.fine("help")).contains("ip route get ADDRESS\n").contains("config diff [FILE]\n");
        }
    }

    @Test
    void aScriptRunsUpToItsFirstFailure() throws IOException {
        try (var router = new LiveRouter(folder)) {
            Result result = router.script("""
                # two routes and a mistake
                ip route add 10.50.0.0/16 via 10.1.0.2

                ip route add '10.51.0.0/16' via 10.1.0.2   # and a comment
                ip route add 10.51.0.0/16 via 10.1.0.2
                ip route add 10.52.0.0/16 via 10.1.0.2
                """);
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).contains("RTNETLINK answers: File exists").contains("line 5 failed");
            assertThat(router.fine("ip route")).contains("10.51.0.0/16").doesNotContain("10.52.0.0/16");
            assertThat(router.script("ip route add \"10.53.0.0/16").err()).contains("a quote \" is not closed");
        }
    }

    @Test
    void shutdownEndsTheRunAndItsSocket() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.fine("shutdown");
            assertThat(router.hasEnded(5)).isTrue();
            router.live.close();
            assertThat(router.socket).doesNotExist();
            Result result = router.ctl("show", "ports");
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).contains("no Millrace to control at").contains("there is no such socket");
        }
    }

    @Test
    void anOfflineRunHasNothingToControl() throws IOException {
        Files.writeString(folder.resolve("c.yaml"),
            "control: x.sock\nports: { a: { wire: \"null\" }, b: { wire: \"null\" } }\n");
        Result result = LiveRouter.execute(InputStream.nullInputStream(), "check", folder.resolve("c.yaml").toString());
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("\"control\" has no meaning here: every wire is pcap or null");
    }
}
