package io.millrace.flow.track;

import io.millrace.flow.nat.Gateway;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.testkit.Frame;
import io.millrace.testkit.TcpLayer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// How connections come, live and go.
class ConnectionTableTest {

    private static final int CONNECTIONS_MAX = 64;

    private final Gateway gateway = Gateway.plain(1).logging();

    @Test
    void forgetsTheConnectionOfADroppedPacket() {
        Gateway refusing = new Gateway(new TrackSettings(), 1, (nat, tracked, side, ingress, egress, nowNs) -> false);
        assertThat(refusing.pass(Gateway.LEFT, udp(1000)).frame()).isNull();
        assertThat(refusing.table().count()).isZero();
        assertThat(refusing.table().next(Connections.NONE)).isEqualTo(Connections.NONE);
    }

    @Test
    void tellsWhatHappens() {
        gateway.pass(Gateway.LEFT, udp(1000));
        gateway.pass(Gateway.RIGHT, answer(1000));
        gateway.elapse(31);
        gateway.table().sweep(gateway.nowNs(), 10);
        assertThat(gateway.events()).containsExactly(
            "    [NEW] udp      17 30 src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=53 [UNREPLIED] "
                + "src=10.0.2.2 dst=10.0.1.2 sport=53 dport=1000",
            " [UPDATE] udp      17 30 src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=53 "
                + "src=10.0.2.2 dst=10.0.1.2 sport=53 dport=1000",
            "[DESTROY] udp      17 src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=53 "
                + "src=10.0.2.2 dst=10.0.1.2 sport=53 dport=1000");
        assertThat(gateway.table().count()).isZero();
    }

    @Test
    void listsAsConntrackDoes() {
        gateway.settings().set(TrackSysctl.ACCOUNTING, 1);
        gateway.pass(Gateway.LEFT, udp(1000));
        int entry = gateway.table().next(Connections.NONE);
        gateway.table().mark(entry, 7);
        assertThat(gateway.text().line(entry, gateway.nowNs())).isEqualTo(
            "udp      17 30 src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=53 packets=1 bytes=31 [UNREPLIED] "
                + "src=10.0.2.2 dst=10.0.1.2 sport=53 dport=1000 packets=0 bytes=0 mark=7 use=1");
        gateway.connections().set(entry, ConnectionStatus.OFFLOAD | ConnectionStatus.ASSURED);
        assertThat(gateway.text().line(entry, gateway.nowNs())).startsWith("udp      17 src=").contains(" [OFFLOAD] ");
        gateway.connections().set(entry, ConnectionStatus.HARDWARE_OFFLOAD);
        assertThat(gateway.text().line(entry, gateway.nowNs())).contains(" [HW_OFFLOAD] ").doesNotContain("[OFFLOAD]");
    }

    @Test
    void becomesAStreamAfterTwoSeconds() {
        gateway.pass(Gateway.LEFT, udp(1000));
        gateway.pass(Gateway.RIGHT, answer(1000));
        gateway.elapse(1.9);
        gateway.pass(Gateway.LEFT, udp(1000));
        int entry = gateway.table().next(Connections.NONE);
        assertThat(gateway.connections().has(entry, ConnectionStatus.ASSURED)).isFalse();
        gateway.elapse(0.2);
        gateway.pass(Gateway.RIGHT, answer(1000));
        assertThat(gateway.connections().has(entry, ConnectionStatus.ASSURED)).isTrue();
        assertThat(gateway.text().secondsLeft(entry, gateway.nowNs())).isEqualTo(120);
    }

    @Test
    void findsNoConnectionWhoseTimeIsOver() {
        gateway.pass(Gateway.LEFT, udp(1000));
        gateway.elapse(30);
        assertThat(gateway.pass(Gateway.RIGHT, answer(1000)).state()).isEqualTo(PacketState.NEW);
    }

    @Test
    void keepsZonesApart() {
        gateway.pass(Gateway.LEFT, udp(1000), 1, Tracked.ZONE_BOTH);
        assertThat(gateway.pass(Gateway.RIGHT, answer(1000)).state()).isEqualTo(PacketState.NEW);
        assertThat(gateway.pass(Gateway.RIGHT, answer(1000), 1, Tracked.ZONE_BOTH).state())
            .isEqualTo(PacketState.ESTABLISHED_REPLY);
        assertThat(gateway.listing()).hasSize(2).anyMatch(line -> line.contains(" zone=1 "));
    }

    @Test
    void letsAnAnswerOutOfAZoneOfOneDirectionIn() {
        gateway.pass(Gateway.LEFT, udp(1000), 3, Tracked.ZONE_ORIGINAL);
        assertThat(gateway.pass(Gateway.RIGHT, answer(1000)).state()).isEqualTo(PacketState.ESTABLISHED_REPLY);
        assertThat(gateway.listing()).anyMatch(line -> line.contains("dport=53 zone-orig=3 "));
    }

    @Test
    void flushesAZone() {
        gateway.pass(Gateway.LEFT, udp(1000), 1, Tracked.ZONE_BOTH);
        gateway.pass(Gateway.LEFT, udp(1000));
        assertThat(gateway.table().flush(1, gateway.nowNs())).isEqualTo(1);
        assertThat(gateway.table().count()).isEqualTo(1);
        assertThat(gateway.table().flush(-1, gateway.nowNs())).isEqualTo(1);
    }

    @Test
    void dropsEarlyWhatIsNotAssuredWhenFull() {
        Gateway small = small();
        for (int i = 0; i < 10 * CONNECTIONS_MAX; i++) {
            assertThat(small.pass(Gateway.LEFT, udp(1000 + i)).frame()).isNotNull();
        }
        assertThat(small.table().count()).isLessThanOrEqualTo(CONNECTIONS_MAX);
        assertThat(small.table().counters().get(TrackCounter.EARLY_DROP)).isPositive();
        assertThat(small.table().counters().get(TrackCounter.DROP)).isZero();
    }

    @Test
    void dropsNewConnectionsWhenFullOfAssuredOnesWhichGoOn() {
        Gateway small = small();
        for (int i = 0; i < CONNECTIONS_MAX; i++) {
            establish(small, 1000 + i);
        }
        assertThat(small.pass(Gateway.LEFT, udp(9)).frame()).isNull();
        assertThat(small.table().counters().get(TrackCounter.DROP)).isEqualTo(1);
        for (int i = 0; i < CONNECTIONS_MAX; i++) {
            assertThat(small.pass(Gateway.LEFT, tcp(1000 + i, TcpLayer.ACK, 101, 501)).state())
                .isEqualTo(PacketState.ESTABLISHED);
        }
    }

    @Test
    void keepsEstablishedTrafficFlowingUnderAMillionHalfOpenConnections() {
        TrackSettings settings = new TrackSettings()
            .set(TrackSysctl.MAX, 1 << 16).set(TrackSysctl.BUCKETS, 1 << 16);
        Gateway flooded = new Gateway(settings, 1, (nat, tracked, side, ingress, egress, nowNs) -> true);
        establish(flooded, 999);
        byte[] syn = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:01:01").ipv4("10.0.1.2", "10.0.2.2")
            .tcp(1, 80).syn().bytes();
        flooded.settings().set(TrackSysctl.CHECKSUM, 0);
        for (int i = 0; i < 1_000_000; i++) {
            syn[34] = (byte) (i >> 8);
            syn[35] = (byte) i;
            syn[28] = (byte) (i >> 16);
            flooded.load(syn);
            assertThat(flooded.passQuietly(Gateway.LEFT, syn.length)).isTrue();
        }
        assertThat(flooded.table().count()).isLessThanOrEqualTo(1 << 16);
        assertThat(flooded.pass(Gateway.RIGHT, reply(999, TcpLayer.ACK, 501, 101)).state())
            .isEqualTo(PacketState.ESTABLISHED_REPLY);
    }

    @Test
    void countsAsConntrackDoes() {
        gateway.pass(Gateway.LEFT, udp(1000));
        gateway.pass(Gateway.LEFT, tcp(7, TcpLayer.FIN, 1, 1));
        assertThat(gateway.table().counters().text(0)).isEqualTo("cpu=0   \tfound=0 invalid=1 insert=1 insert_failed=0 "
            + "drop=0 early_drop=0 error=0 search_restart=0 clash_resolve=0 chaintoolong=0 ");
    }

    private static Gateway small() {
        TrackSettings settings = new TrackSettings().set(TrackSysctl.MAX, CONNECTIONS_MAX)
            .set(TrackSysctl.BUCKETS, 16);
        return new Gateway(settings, 1, (nat, tracked, side, ingress, egress, nowNs) -> true);
    }

    private static void establish(Gateway gateway, int port) {
        gateway.pass(Gateway.LEFT, tcp(port, TcpLayer.SYN, 100, 0));
        gateway.pass(Gateway.RIGHT, reply(port, TcpLayer.SYN | TcpLayer.ACK, 500, 101));
        gateway.pass(Gateway.LEFT, tcp(port, TcpLayer.ACK, 101, 501));
    }

    private static byte[] udp(int port) {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:01:01").ipv4("10.0.1.2", "10.0.2.2")
            .udp(port, 53).payload((byte) 1, (byte) 2, (byte) 3).bytes();
    }

    private static byte[] answer(int port) {
        return Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:02:01").ipv4("10.0.2.2", "10.0.1.2")
            .udp(53, port).bytes();
    }

    private static byte[] tcp(int port, int flags, int sequence, int acknowledgement) {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:01:01").ipv4("10.0.1.2", "10.0.2.2")
            .tcp(port, 80).sequence(sequence).acknowledgement(acknowledgement).flags(flags).bytes();
    }

    private static byte[] reply(int port, int flags, int sequence, int acknowledgement) {
        return Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:02:01").ipv4("10.0.2.2", "10.0.1.2")
            .tcp(80, port).sequence(sequence).acknowledgement(acknowledgement).flags(flags).bytes();
    }
}
