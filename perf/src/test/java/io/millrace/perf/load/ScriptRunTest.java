package io.millrace.perf.load;

import io.millrace.control.config.ConfigFile;
import io.millrace.perf.profile.ProfileFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/// Control commands under load: what was lost is what the dataplane says it dropped, and blocked time is that divided
/// by the rate. Packets travel in virtual time, which stands still while a command is on its way, so that its place in
/// the trial is known to a turn.
class ScriptRunTest {

    private static final long TRIAL_NS = 100_000_000;
    private static final long SCRIPT_AT_NS = 25_000_000;
    private static final long STEP_NS = 20_000;
    private static final double PPS = 100_000;
    private static final int BURST = 64;

    private static final String CONFIG = """
        forwarding: router
        ports:
          lan: { wire: "null", mac: 02:00:00:00:00:01, addresses: [192.168.1.1/24] }
          wan: { wire: "null", mac: 02:00:00:00:00:02, addresses: [203.0.113.1/24] }
        routes:
          - { to: 0.0.0.0/0, via: 203.0.113.254 }
        neighbours:
          - { address: 203.0.113.254, mac: "02:00:00:00:00:fe", port: wan }
        """;
    private static final String PROFILE = """
        streams:
          flows:
            layers:
              - ethernet: { target: 02:00:00:00:00:01, source: 02:00:00:00:00:99 }
              - ipv4: { source: 10.0.0.1, target: 198.51.100.2 }
              - udp: { source-port: 4000, target-port: 53 }
            sizes: 60
            rate: 100kpps
            stamp: true
        """;

    @TempDir
    private Path folder;

    private record Outcome(Blocked blocked, long blackholed) {
    }

    private Outcome run(String commands) throws IOException {
        Path file = Files.writeString(folder.resolve("script.txt"), commands);
        long[] nowNs = {1_000_000_000L};
        long[] scriptAtNs = {Long.MAX_VALUE};
        ScriptRun[] running = new ScriptRun[1];
        ConfigFile config = ConfigFile.parse("router", CONFIG);
        try (Arena arena = Arena.ofShared();
             var world = new LoadWorld(arena, config.config(), ProfileFile.parse("profile", PROFILE), 4096, () -> {
                 boolean isUnderWay = nowNs[0] >= scriptAtNs[0] && !running[0].isOver();
                 return isUnderWay ? nowNs[0] : (nowNs[0] += STEP_NS);
             })) {
            TrialRunner runner = world.runner();
            TrialResult before = runner.run(1, TRIAL_NS);
            running[0] = world.control(file, config.control());
            long startNs = nowNs[0];
            scriptAtNs[0] = startNs + SCRIPT_AT_NS;
            running[0].at(scriptAtNs[0]);
            TrialResult result = runner.run(1, TRIAL_NS);
            Blocked blocked = running[0].result(file, result.offeredPps(), startNs, result.lost(), before.lost(),
                world.clock());
            assertThat(blocked.offeredPps()).isEqualTo(PPS);
            assertThat(blocked.lostBefore()).isZero();
            assertThat(blocked.atSeconds()).isCloseTo(SCRIPT_AT_NS / 1e9, within(2 * STEP_NS / 1e9));
            return new Outcome(blocked, world.drops().getOrDefault("ROUTE_BLACKHOLE", 0L));
        }
    }

    @Test
    void blockedTimeIsWhatWasLostByTheRate() throws IOException {
        Outcome outcome = run("ip route add blackhole 198.51.100.0/24\n");
        assertThat(outcome.blocked.status()).as(outcome.blocked.said()).isZero();
        assertThat(outcome.blocked.lost()).isEqualTo(outcome.blackholed);
        double expected = PPS * (TRIAL_NS - SCRIPT_AT_NS) / 1e9;
        assertThat((double) outcome.blocked.lost()).isCloseTo(expected, within(2.0 * BURST));
        assertThat(outcome.blocked.blockedMs()).isEqualTo(outcome.blocked.lost() / PPS * 1e3);
    }

    @Test
    void commandsThatHarmNothingBlockNothing() throws IOException {
        Outcome outcome = run("""
            ip route add 10.66.0.0/16 via 203.0.113.254
            sysctl -w net.ipv4.ip_forward=1
            nft add table inet t
            nft 'add chain inet t c { type filter hook forward priority 0; policy accept; }'
            ip route del 10.66.0.0/16
            """);
        assertThat(outcome.blocked.status()).as(outcome.blocked.said()).isZero();
        assertThat(outcome.blocked.lost()).isZero();
        assertThat(outcome.blocked.blockedMs()).isZero();
    }

    @Test
    void saysWhichCommandWasRefusedAndCarriesOutNoneBehindIt() throws IOException {
        Outcome outcome = run("ip route del 10.77.0.0/16\nip route add blackhole 198.51.100.0/24\n");
        assertThat(outcome.blocked.status()).isEqualTo(2);
        assertThat(outcome.blocked.said()).contains("RTNETLINK answers: No such process");
        assertThat(outcome.blocked.lost()).isZero();
    }
}
