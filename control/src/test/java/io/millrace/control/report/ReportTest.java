package io.millrace.control.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.account.Origin;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

    @Test
    void textShowsPortsVerdictsAndTheEquation() {
        assertThat(TextReport.of(SampleReports.router("lan.pcap: cut at byte 7"), false)).isEqualTo("""
            port        wire   received        bytes  rx dropped       sent        bytes  tx dropped
            lan         pcap  1,234,000  789,760,000           0        567       34,020           0
            wan.uplink  null        567       34,020           0  1,233,995  789,756,800           0
            total             1,234,567  789,794,020           0  1,234,562  789,790,820           0

            verdict          packets  meaning
            SENT           1,234,562  %s
            ECHO_ANSWERED          4  delivered: %s
            NO_ROUTE               9  dropped: %s

            made here     packets
            echo replies        4
            ICMP errors         1

            every packet is accounted for: received 1,234,567 + created 5 + split 3
                                         = sent 1,234,562 + delivered 4 + dropped 9 + absorbed 0 + held 0
            12.5 s of traffic in 123 ms: 10.0 Mpacket/s, 51.2 Gbit/s
            warning: lan.pcap: cut at byte 7
            """.formatted(
                Verdict.SENT.meaning(), Verdict.ECHO_ANSWERED.meaning(), Verdict.NO_ROUTE.meaning()));
    }

    @Test
    void textSaysWhatIsNotAccountedFor() {
        assertThat(TextReport.of(SampleReports.broken(), false)).isEqualTo("""
            port  wire  received  bytes  rx dropped  sent  bytes  tx dropped
            lan   pcap         1     64           0     0      0           0

            verdict  packets  meaning

            1 not accounted for: received 1 + created 0 + split 0
                               ≠ sent 0 + delivered 0 + dropped 0 + absorbed 0 + held 0
            1.00 us: 1.00 Mpacket/s, 512 Mbit/s; stopped before the input ended
            """);
        assertThat(SampleReports.broken().contradictions()).containsExactly("packets not accounted for: 1");
    }

    @Test
    void verboseTextNamesEveryVerdict() {
        String text = TextReport.of(SampleReports.router(), true);
        for (Verdict verdict : Verdict.values()) {
            if (verdict.ending() != Verdict.Ending.GOES_ON) {
                assertThat(text).containsPattern("(?m)^" + verdict.name() + " +[0-9,]+  .*" + verdict.meaning() + "$");
            }
        }
        assertThat(text).doesNotContain("FORWARD ");
    }

    @Test
    void jsonHasStableNames() {
        JsonNode json = new JsonMapper().readTree(JsonReport.of(SampleReports.router("lan.pcap: cut at byte 7")));

        assertThat(json.propertyNames()).containsExactly("ports", "nics", "verdicts", "created", "account",
            "connections", "conntrack", "flowtable", "hardware", "counters", "quotas", "log", "wallNs", "virtualNs",
            "packetsPerSecond", "bitsPerSecond", "stopped", "warnings");
        assertThat(json.get("ports").get(1).toString()).isEqualTo("{\"name\":\"wan.uplink\",\"wire\":\"null\","
            + "\"rxPackets\":567,\"rxBytes\":34020,\"rxDropped\":0,"
            + "\"txPackets\":1233995,\"txBytes\":789756800,\"txDropped\":0,"
            + "\"gro\":{\"packets\":0,\"segments\":0,\"average\":0.0},\"gso\":{\"packets\":0,\"segments\":0}}");
        assertThat(json.get("verdicts").get("NO_ROUTE").toString())
            .isEqualTo("{\"packets\":9,\"ending\":\"dropped\",\"meaning\":\"" + Verdict.NO_ROUTE.meaning() + "\"}");
        assertThat(json.get("verdicts").size()).isEqualTo(Verdict.COUNT - 1);
        assertThat(json.get("created").get("ICMP_ERROR").asLong()).isEqualTo(1);
        assertThat(json.get("account").toString()).isEqualTo("{\"received\":1234567,\"created\":5,\"split\":3,"
            + "\"sent\":1234562,\"delivered\":4,\"dropped\":9,\"absorbed\":0,\"held\":0,\"holds\":true}");
        assertThat(json.get("wallNs").asLong()).isEqualTo(123_456_789);
        assertThat(json.get("virtualNs").asLong()).isEqualTo(12_500_000_000L);
        assertThat(json.get("packetsPerSecond").asDouble()).isBetween(9_999_000.0, 10_001_000.0);
        assertThat(json.get("stopped").asBoolean()).isFalse();
        assertThat(json.get("warnings").toString()).isEqualTo("[\"lan.pcap: cut at byte 7\"]");
    }

    @Test
    void jsonOfARunInRealTimeHasNoVirtualTime() {
        JsonNode json = new JsonMapper().readTree(JsonReport.of(SampleReports.broken()));
        assertThat(json.get("virtualNs").isNull()).isTrue();
        assertThat(json.get("stopped").asBoolean()).isTrue();
        assertThat(json.get("account").get("holds").asBoolean()).isFalse();
    }

    /// Two workers; the ports dropped two packets on receive and one on transmit, of which no worker knows.
    @Test
    void addsUpWorkersAndWhatPortsDroppedByThemselves() {
        try (Arena arena = Arena.ofConfined()) {
            var memory = new PacketMemory(arena, 64);
            var pool = new PacketPool(arena, memory);
            var first = new Ledger(pool);
            first.received(10);
            first.sent(9);
            first.created(Origin.ICMP_ERROR);
            first.sent(1);
            first.droppedElsewhere(1, Verdict.NO_ROUTE);
            var second = new Ledger(pool);
            second.received(5);
            second.split(3);
            second.sent(6);
            second.held(1);
            var ports = List.of(
                new PortReport("a", "pcap", 17, 1700, 2, 0, 0, 0), new PortReport("b", "null", 0, 0, 0, 15, 1500, 1));

            RunReport report =
                RunReport.of(ports, List.of(first, second), 2_000_000_000L, OptionalLong.empty(), false, List.of());

            assertThat(report.account()).isEqualTo(new Account(17, 1, 2, 15, 0, 4, 0, 1));
            assertThat(report.contradictions()).isEmpty();
            assertThat(report.verdicts()).containsEntry(Verdict.NO_SLOT, 2L).containsEntry(Verdict.TX_REFUSED, 1L)
                .containsEntry(Verdict.NO_ROUTE, 1L).containsEntry(Verdict.SENT, 15L)
                .doesNotContainKey(Verdict.FORWARD);
            assertThat(report.created()).containsEntry(Origin.ICMP_ERROR, 1L);
            assertThat(report.packetsPerSecond()).isEqualTo(8.5);
            assertThat(report.bitsPerSecond()).isEqualTo(6800);
        }
    }

    @Test
    void portsAndWorkersThatDisagreeContradict() {
        var ports = List.of(new PortReport("a", "pcap", 3, 300, 0, 2, 200, 0));
        RunReport report = RunReport.of(ports, List.of(), 1, OptionalLong.empty(), false, List.of());
        assertThat(report.contradictions()).containsExactly(
            "ports received 3 packets, workers account for 0", "ports sent 2 packets, workers account for 0");
    }
}
