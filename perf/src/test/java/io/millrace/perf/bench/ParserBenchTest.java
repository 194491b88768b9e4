package io.millrace.perf.bench;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.host.HostCompiler;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class ParserBenchTest {

    @Test
    void everyKindOfTrafficIsWhatItSays() {
        assertRecords(ParserTraffic.udp4(), 1, 17, 53);
        assertRecords(ParserTraffic.tcp6(), 1, 6, 80);
        assertRecords(ParserTraffic.vxlan(), 2, 6, 80);
        PacketMeta meta = new PacketMeta(ParserTraffic.udp4().packets());
        assertThat(meta.packetBytes(0)).isEqualTo(64);
    }

    private static void assertRecords(ParserTraffic traffic, int recordCount, int lastProto, int lastPort) {
        ParseRecords records = new ParseRecords(4);
        CompiledParser parser = new HostCompiler(ShippedGraph.DEFAULT.load(), traffic.packets()).newParser(records);
        assertThat(traffic.packetCount()).isEqualTo(256);
        for (Burst burst : traffic.bursts()) {
            parser.parse(burst);
            for (int i = 0; i < burst.count(); i++) {
                assertThat(ParseOutcome.result(records.outcome(i))).isEqualTo(ParseResult.OKAY);
                assertThat(ParseOutcome.recordCount(records.outcome(i))).isEqualTo(recordCount);
                assertThat(records.proto(records.lastAt(i))).isEqualTo(lastProto);
                assertThat(records.targetPort(records.lastAt(i))).isEqualTo(lastPort);
            }
        }
    }

    @Test
    void takesEveryEthernetPacketOfACaptureFolder() {
        Path folder = Corpus.required().file("xdp2/data__pcaps__gre-pptp.pcap").path().getParent();
        int expected = Corpus.required().files().stream()
            .filter(file -> file.path().getParent().equals(folder) && file.isOfLinkType(1) && !file.isDamaged())
            .mapToInt(CorpusFile::packetCount).sum();
        assertThat(ParserTraffic.corpus(folder, 1).packetCount()).isGreaterThanOrEqualTo(expected);
    }

    @Test
    void measuresAllThreeParsers() {
        ParserResult.Case found = ParserBench.measure(ParserTraffic.udp4(), 1, 0.05);
        assertThat(found.ns()).isPositive();
        assertThat(found.interpretedNs()).isGreaterThan(found.ns());
        assertThat(found.handWrittenNs()).isPositive();
    }

    @Test
    void printsTheFirstCaseAsTheWholeAndEveryCase() {
        var result = new ParserResult(List.of(new ParserResult.Case("a", 256, 10, 0, 200, 11),
            new ParserResult.Case("b", 256, 20, 0, 100, 10)), 3);
        Map<String, Object> members = result.members();
        assertThat(members).containsEntry("bench", "parser").containsEntry("nsPerPacket", 10.0).containsEntry("mpps", 100.0)
            .containsEntry("ratio", 1.1).containsEntry("interpretedRatio", 20.0).containsEntry("rounds", 3);
        assertThat((List<?>) members.get("cases")).hasSize(2);
        assertThat(result.text().lines()).hasSize(4);
    }
}
