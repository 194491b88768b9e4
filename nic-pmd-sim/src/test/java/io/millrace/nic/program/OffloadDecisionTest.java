package io.millrace.nic.program;

import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.MatchTable;
import io.millrace.packet.parse.graph.MatchTable.Target;
import io.millrace.packet.parse.graph.ParseGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import static io.millrace.nic.program.OffloadDecision.Test.CAPABLE;
import static io.millrace.nic.program.OffloadDecision.Test.HASH_EQUAL;
import static io.millrace.nic.program.OffloadDecision.Test.WANTED;
import static io.millrace.nic.program.OffloadDecision.Test.WITHIN_LIMITS;
import static org.assertj.core.api.Assertions.assertThat;

class OffloadDecisionTest {

    private static final Map<Target, Long> ROOM = Map.of(Target.NTUPLE, 1024L, Target.NFTABLES, 4096L,
        Target.FLOWER, 256L);
    private static final DeviceAbilities FULL =
        new DeviceAbilities(EnumSet.allOf(Offload.class), DeviceLimits.FULL, ROOM);
    private static final ParseProgram PARSER = program(ROOM.keySet());
    private static final Programs HOST = Programs.ofHost(PARSER);
    private static final FirmwareImage IMAGE = FirmwareImage.of("1", PARSER, HOST);

    /// The default graph with a table of 256 entries for each use.
    private static ParseProgram program(Set<Target> targets) {
        ParseGraph graph = ShippedGraph.DEFAULT.load().graph();
        List<MatchTable> tables = targets.stream().sorted()
            .map(target -> new MatchTable("t-" + target.label(), target, List.of(RecordField.SOURCE), 256)).toList();
        return ParseProgram.of(new ParseGraph(graph.name(), graph.limits(), graph.nodes(), graph.roots(),
            graph.start(), tables));
    }

    private static OffloadDecision decide(Offload offload, DeviceAbilities device, FirmwareImage image) {
        return OffloadDecision.of(offload, true, device, HOST, image);
    }

    @ParameterizedTest
    @EnumSource(Offload.class)
    void isOnWhereAllFourTestsHold(Offload offload) {
        OffloadDecision decision = decide(offload, FULL, IMAGE);
        assertThat(decision.failed()).isEmpty();
        assertThat(decision.isOn()).isTrue();
        assertThat(decision.reason()).isEmpty();
        assertThat(decision.lines()).containsExactly(offload.label() + ": on");
    }

    @ParameterizedTest
    @EnumSource(Offload.class)
    void isOffWhereItIsNotWanted(Offload offload) {
        OffloadDecision decision = OffloadDecision.of(offload, false, FULL, HOST, IMAGE);
        assertThat(decision.failed()).containsExactly(WANTED);
        assertThat(decision.lines()).containsExactly(offload.label() + ": off", "\twanted: no");
    }

    @ParameterizedTest
    @EnumSource(Offload.class)
    void aMissingCapabilityTurnsOffThatOffloadAlone(Offload missing) {
        Set<Offload> rest = EnumSet.complementOf(EnumSet.of(missing));
        var device = new DeviceAbilities(rest, FULL.parser(), FULL.tables());
        for (Offload offload : Offload.values()) {
            OffloadDecision decision = decide(offload, device, IMAGE);
            if (offload == missing) {
                assertThat(decision.failed()).containsExactly(CAPABLE);
                assertThat(decision.lines()).containsExactly(missing.label() + ": off [fixed]",
                    "\tcapable: no: the device has no " + missing.label());
            } else {
                assertThat(decision.isOn()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Engine.class, mode = EnumSource.Mode.EXCLUDE, names = "PARSER")
    void anotherHashTurnsOffWhatRunsThatProgram(Engine changed) {
        FirmwareImage image = withHash(changed, ProgramHash.ofCanonical("altered"));
        for (Offload offload : Offload.values()) {
            OffloadDecision decision = decide(offload, FULL, image);
            assertThat(decision.isOn()).as(offload.label()).isEqualTo(!offload.engines().contains(changed));
            if (decision.isOn()) continue;
            assertThat(decision.failed()).containsExactly(HASH_EQUAL);
            String ours = HOST.hash(changed).text();
            String theirs = ProgramHash.ofCanonical("altered").text();
            assertThat(decision.lines()).containsExactly(offload.label() + ": off [requested on]",
                "\thash equal: no: " + changed.label() + ": host " + ours.substring(0, 12) + ", device "
                    + theirs.substring(0, 12), "\t\thost   " + ours, "\t\tdevice " + theirs);
        }
    }

    @Test
    void aChangedMergingIsRefusedForMergingAlone() {
        FirmwareImage image = withHash(Engine.GRO, ProgramHash.ofCanonical("altered"));
        assertThat(Stream.of(Offload.values()).filter(each -> !decide(each, FULL, image).isOn()))
            .containsExactly(Offload.MERGING);
    }

    @Test
    void anotherGraphTurnsOffWhatReadsTheRecords() {
        FirmwareImage image = IMAGE.withParser(ParseProgram.of(withTables(ShippedGraph.L3.load().graph())));
        assertThat(Stream.of(Offload.values()).filter(each -> !decide(each, FULL, image).isOn()))
            .containsExactly(Offload.PARSE, Offload.RECEIVE_HASH, Offload.NTUPLE, Offload.FLOW);
        assertThat(decide(Offload.PARSE, FULL, image).failed()).containsExactly(HASH_EQUAL);
        assertThat(decide(Offload.PARSE, FULL, image).reason()).startsWith("hash differs: parser: host ");
    }

    private static ParseGraph withTables(ParseGraph graph) {
        return new ParseGraph(graph.name(), graph.limits(), graph.nodes(), graph.roots(), graph.start(),
            PARSER.graph().matchTables());
    }

    @Test
    void aProgramThatTheFirmwareLacksIsNotEqual() {
        var hashes = new EnumMap<>(HOST.hashes());
        hashes.remove(Engine.GSO);
        OffloadDecision decision =
            decide(Offload.SEGMENTATION, FULL, FirmwareImage.of("1", PARSER, new Programs(hashes)));
        assertThat(decision.failed()).containsExactly(HASH_EQUAL);
        assertThat(decision.reason()).endsWith("device has none");
    }

    @Test
    void eachLimitOneTooSmallIsNamedWithBothNumbers() {
        Limits graph = PARSER.graph().limits();
        int nodes = IMAGE.parser().nodeCount();
        int rows = IMAGE.parser().matchCount();
        assertLimit(new DeviceLimits(less(graph, 0), nodes, rows), "max-nodes 254 < 255");
        assertLimit(new DeviceLimits(less(graph, 1), nodes, rows), "max-encaps 3 < 4");
        assertLimit(new DeviceLimits(less(graph, 2), nodes, rows), "max-tlvs 31 < 32");
        assertLimit(new DeviceLimits(less(graph, 3), nodes, rows), "max-header-bytes 511 < 512");
        assertLimit(new DeviceLimits(graph, nodes - 1, rows), "parse-nodes " + (nodes - 1) + " < " + nodes);
        assertLimit(new DeviceLimits(graph, nodes, rows - 1), "table entries " + (rows - 1) + " < " + rows);
        var exact = new DeviceAbilities(FULL.offloads(), new DeviceLimits(graph, nodes, rows), ROOM);
        assertThat(decide(Offload.PARSE, exact, IMAGE).isOn()).isTrue();
    }

    /// The limits with one of the four one smaller.
    private static Limits less(Limits limits, int which) {
        return new Limits(limits.nodesMax() - (which == 0 ? 1 : 0), limits.encapsMax() - (which == 1 ? 1 : 0),
            limits.tlvsMax() - (which == 2 ? 1 : 0), limits.headerBytesMax() - (which == 3 ? 1 : 0));
    }

    private static void assertLimit(DeviceLimits limits, String reason) {
        for (Offload offload : Offload.values()) {
            OffloadDecision decision = decide(offload, new DeviceAbilities(FULL.offloads(), limits, ROOM), IMAGE);
            assertThat(decision.isOn()).isEqualTo(!offload.engines().contains(Engine.PARSER));
            if (decision.isOn()) continue;
            assertThat(decision.failed()).containsExactly(WITHIN_LIMITS);
            assertThat(decision.reason()).isEqualTo(reason);
            assertThat(decision.lines()).containsExactly(offload.label() + ": off [requested on]",
                "\twithin limits: no: " + reason);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Target.class, names = {"NTUPLE", "NFTABLES", "FLOWER"})
    void aTableOneEntryTooSmallTurnsOffItsUseAlone(Target target) {
        var tables = new EnumMap<>(ROOM);
        tables.put(target, 255L);
        var device = new DeviceAbilities(FULL.offloads(), FULL.parser(), tables);
        List<String> reasons = new ArrayList<>();
        for (Offload offload : Offload.values()) reasons.add(decide(offload, device, IMAGE).reason());
        reasons.removeIf(String::isEmpty);
        assertThat(reasons).containsExactly("table t-" + target.label() + " 255 < 256");
    }

    @ParameterizedTest
    @EnumSource(value = Target.class, names = {"NTUPLE", "NFTABLES", "FLOWER"})
    void aGraphWithoutTheTableRefusesItsUseByName(Target target) {
        Set<Target> rest = EnumSet.copyOf(ROOM.keySet());
        rest.remove(target);
        FirmwareImage image = IMAGE.withParser(program(rest));
        for (Offload offload : Offload.values()) {
            OffloadDecision decision = decide(offload, FULL, image);
            assertThat(decision.reason())
                .isEqualTo(offload.table() == target ? "no table for " + target.label() : "");
        }
    }

    @Test
    void tellsEveryTestThatSaidNo() {
        FirmwareImage image = withHash(Engine.RSS, ProgramHash.ofCanonical("altered"));
        var device = new DeviceAbilities(Set.of(), new DeviceLimits(Limits.STANDARD, 1, 1024), Map.of());
        OffloadDecision decision = OffloadDecision.of(Offload.RECEIVE_HASH, false, device, HOST, image);
        assertThat(decision.failed()).containsExactly(WANTED, CAPABLE, HASH_EQUAL, WITHIN_LIMITS);
        assertThat(decision.lines()).hasSize(7);
    }

    private static FirmwareImage withHash(Engine engine, ProgramHash hash) {
        var hashes = new EnumMap<>(HOST.hashes());
        hashes.put(engine, hash);
        return FirmwareImage.of("1", PARSER, new Programs(hashes));
    }
}
