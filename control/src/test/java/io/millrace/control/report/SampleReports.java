package io.millrace.control.report;

import io.millrace.dataplane.account.Origin;
import io.millrace.packet.memory.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Reports to be rendered, put together by hand.
public final class SampleReports {

    /// A router between two captures: some packets dropped, some answered, one made, one split.
    public static RunReport router(String... warnings) {
        var verdicts = new EnumMap<Verdict, Long>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            if (verdict.ending() != Verdict.Ending.GOES_ON) verdicts.put(verdict, 0L);
        }
        verdicts.put(Verdict.SENT, 1_234_562L);
        verdicts.put(Verdict.ECHO_ANSWERED, 4L);
        verdicts.put(Verdict.NO_ROUTE, 9L);
        var created = new EnumMap<Origin, Long>(Origin.class);
        for (Origin origin : Origin.values()) created.put(origin, 0L);
        created.put(Origin.ECHO_REPLY, 4L);
        created.put(Origin.ICMP_ERROR, 1L);
        return new RunReport(
            List.of(
                new PortReport("lan", "pcap", 1_234_000, 789_760_000, 0, 567, 34_020, 0),
                new PortReport("wan.uplink", "null", 567, 34_020, 0, 1_233_995, 789_756_800, 0)),
            List.of(), verdicts, created, new Account(1_234_567, 5, 3, 1_234_562, 4, 9, 0, 0),
            123_456_789, OptionalLong.of(12_500_000_000L), false, List.of(warnings),
            RulesReport.NONE);
    }

    /// One packet came in and nobody knows where it went.
    public static RunReport broken() {
        return new RunReport(List.of(new PortReport("lan", "pcap", 1, 64, 0, 0, 0, 0)), List.of(), Map.of(Verdict.SENT, 0L),
            Map.of(Origin.ICMP_ERROR, 0L), new Account(1, 0, 0, 0, 0, 0, 0, 0), 1000, OptionalLong.empty(), true,
            List.of(), RulesReport.NONE);
    }

    private SampleReports() {}
}
