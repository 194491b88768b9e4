package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// `config diff|reload|save` and the hangup signal's way to the same.
class ConfigVerbTest {

    @TempDir
    private Path folder;

    private static void rewrite(LiveRouter router, String from, String to) throws IOException {
        String text = Files.readString(router.configFile);
        assertThat(text).contains(from);
        Files.writeString(router.configFile, text.replace(from, to));
    }

    @Test
    void whatRunsEqualsItsFileAtFirst() throws IOException {
        try (var router = new LiveRouter(folder)) {
            assertThat(router.fine("config diff")).isEmpty();
            assertThat(router.fine("config reload")).isEmpty();
        }
    }

    @Test
    void reloadAppliesTheDifference() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            rewrite(router, "[10.0.0.1/24]", "[10.0.0.1/24, 10.0.5.1/24], mtu: 1400");
            rewrite(router, "{ to: 10.9.0.0/16, via: 10.1.0.2 }",
                "{ to: 10.30.0.0/16, via: 10.1.0.2 }\nsysctl: { net.ipv4.ip_default_ttl: 33 }");
            String difference = """
                ~ lan: mtu 1500 -> 1400
                + lan: address 10.0.5.1/24
                ~ sysctl net.ipv4.ip_default_ttl (default) -> 33
                - route 10.9.0.0/16 via 10.1.0.2 dev wan
                + route 10.30.0.0/16 via 10.1.0.2 dev wan
                """;
            assertThat(router.fine("config diff")).isEqualTo(difference);
            assertThat(router.fine("ip route")).contains("10.9.0.0/16");
            assertThat(router.fine("config reload")).isEqualTo(difference);
            assertThat(router.fine("config diff")).isEmpty();
            assertThat(router.fine("ip route")).doesNotContain("10.9.0.0/16").contains("10.30.0.0/16");
            assertThat(router.fine("ip -br addr show lan")).contains("10.0.5.1/24");
            assertThat(router.fine("sysctl -n net.ipv4.ip_default_ttl")).isEqualTo("33\n");
            router.lan.toReceive.add(LiveRouter.toForward("10.30.0.1"));
            assertThat(router.nextSent(router.wan)).isNotNull();
        }
    }

    @Test
    void reloadRefusesAsAWholeWhatNeedsARestart() throws IOException {
        try (var router = new LiveRouter(folder)) {
            rewrite(router, "[10.0.0.1/24]", "[10.0.0.1/24], mtu: 1400");
            rewrite(router, "threading: shared", "threading: dedicated");
            rewrite(router, "r.sock", "other.sock");
            Result result = router.ctl("config", "reload");
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err())
                .contains("nothing was changed: this needs a restart: threading, control, counters");
            assertThat(router.fine("ip link show lan")).contains("mtu 1500");
            assertThat(router.fine("config diff")).contains("! threading (needs a restart)");
        }
    }

    @Test
    void reloadNamesEachOffloadThatNeedsARestart() throws IOException {
        try (var router = new LiveRouter(folder)) {
            rewrite(router, "[10.0.0.1/24]", "[10.0.0.1/24], gro: on, gso: off, rx-udp-gro-forwarding: on, "
                + "gro-flush-timeout: 20us");
            assertThat(router.fine("config diff")).isEqualTo("""
                ! ports/lan/gro (needs a restart)
                ! ports/lan/gso (needs a restart)
                ! ports/lan/rx-udp-gro-forwarding (needs a restart)
                ! ports/lan/gro-flush-timeout (needs a restart)
                """);
        }
    }

    @Test
    void reloadRefusesAFileThatIsWrongAndPointsAtThePlace() throws IOException {
        try (var router = new LiveRouter(folder)) {
            rewrite(router, "[10.0.0.1/24]", "[10.0.0.1/24], mtu: 1400");
            rewrite(router, "via: 10.1.0.2", "via: 10.77.0.2");
            Result result = router.ctl("config", "reload");
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err()).contains("10.77.0.2 is not on the link of any port").contains("^");
            assertThat(router.fine("ip link show lan")).contains("mtu 1500");
        }
    }

    @Test
    void theHangupSignalReloads() throws Exception {
        try (var router = new LiveRouter(folder)) {
            rewrite(router, "[10.0.0.1/24]", "[10.0.0.1/24], mtu: 1400");
            var said = new CompletableFuture<String>();
            HangupSignal.handle(() -> router.live.reload(said::complete));
            new ProcessBuilder("kill", "-HUP", "" + ProcessHandle.current().pid()).start().waitFor();
            assertThat(said.get(5, TimeUnit.SECONDS)).isEqualTo("config reloaded, changes: 1");
            assertThat(router.fine("ip link show lan")).contains("mtu 1400");
        }
    }

    @Test
    void whatIsSavedReadsBackAsTheSame() throws IOException {
        try (var router = new LiveRouter(folder)) {
            router.fine("ip addr add 10.0.5.1/24 dev lan");
            router.fine("ip link set wan mtu 1400");
            router.fine("ip route add unreachable 10.8.0.0/16 metric 7");
            router.fine("ip route add fd01::/64 via fd00::2");
            router.fine("ip neigh add fd00::2 lladdr 02:00:00:00:00:06 dev wan");
            router.fine("sysctl -w net.ipv4.conf.lan.send_redirects=0 net.ipv4.ip_default_ttl=99");
            assertThat(router.fine("config diff")).isNotEmpty();
            Path saved = folder.resolve("saved.yaml");
            router.fine("config save " + saved);
            assertThat(router.fine("config diff " + saved)).isEmpty();
            router.fine("config save");
            assertThat(router.fine("config diff")).isEmpty();
        }
    }

    @Test
    void aRulesetIsReloadedAndSavedWithTheRest() throws IOException, InterruptedException {
        Path rules = Files.writeString(folder.resolve("rules.nft"),
            "table ip t {\n\tchain c {\n\t\ttype filter hook forward priority 0\n\t\tcounter\n\t}\n}\n");
        String yaml = LiveRouter.CONFIG.replace("THREADING", "shared") + "ruleset: DIR/rules.nft\n";
        try (var router = new LiveRouter(folder, yaml)) {
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            assertThat(router.nextSent(router.wan)).isNotNull();
            assertThat(router.fine("nft list ruleset")).contains("counter packets 1 bytes 48");
            assertThat(router.fine("config diff")).isEmpty();
            Files.writeString(rules, "table ip t {\n\tchain c {\n\t\ttype filter hook forward priority 0\n"
                + "\t\tudp dport 53 counter drop\n\t}\n}\n");
            String difference = "~ ruleset from " + rules + ": 6 lines -> 6 lines\n";
            assertThat(router.fine("config diff")).isEqualTo(difference);
            assertThat(router.fine("config reload")).isEqualTo(difference);
            assertThat(router.fine("config diff")).isEmpty();
            assertThat(router.fine("nft list ruleset")).contains("udp dport 53 counter packets 0 bytes 0 drop");
            router.fine("nft add table ip6 more");
            router.fine("config save");
            assertThat(Files.readString(router.configFile)).contains("config.nft");
            assertThat(Files.readString(folder.resolve("config.nft"))).contains("table ip6 more {");
            assertThat(router.fine("config diff")).isEmpty();
            Files.writeString(folder.resolve("config.nft"), "table ip t { chain c { nope } }\n");
            Result refused = router.ctl("config", "reload");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("config.nft:1:").contains("Error: ");
            assertThat(router.fine("nft list tables")).isEqualTo("table ip t\ntable ip6 more\n");
        }
    }

    @Test
    void saveRefusesWhatNoFileCanSay() throws IOException {
        try (var router = new LiveRouter(folder)) {
            String before = Files.readString(router.configFile);
            router.fine("ip route add 10.40.0.0/16 via 10.1.0.2 src 10.1.0.1");
            assertThat(router.ctl("config", "save").err()).contains("prefers the source 10.1.0.1");
            router.fine("ip route del 10.40.0.0/16");
            router.fine("ip addr del 10.1.0.1/30 dev wan");
            assertThat(router.ctl("config", "save").err()).contains("what runs could not be started from a file");
            assertThat(Files.readString(router.configFile)).isEqualTo(before);
        }
    }
}
