package io.millrace.control;

import io.millrace.nic.program.Engine;
import io.millrace.nic.program.Offload;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/// A running router whose device lacks one thing: `ethtool -k` says which and why, everything else is on, and what is
/// sent is what a router without a NIC sends.
class OffloadReasonTest {

    /// What needs the records of the device's parser.
    private static final Set<Offload> READING = EnumSet.of(Offload.RECEIVE_HASH, Offload.NTUPLE, Offload.FLOW);

    @TempDir
    private static Path folder;
    /// What is on in a device that has everything.
    private static Set<Offload> usual;
    private static List<byte[]> withoutNic;

    @BeforeAll
    static void forwardWithoutANicAndWithAWholeOne() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            withoutNic = sent(router);
        }
        try (LiveRouter router = router(FirmwareRunTest.EVERYTHING, "")) {
            usual = on(router);
            assertThat(sent(router)).containsExactlyElementsOf(withoutNic);
        }
        assertThat(usual).contains(Offload.RECEIVE_CHECKSUM, Offload.TRANSMIT_CHECKSUM, Offload.SEGMENTATION,
            Offload.MERGING, Offload.VLAN_INSERT, Offload.RECEIVE_HASH, Offload.NTUPLE, Offload.FLOW, Offload.FLOWER);
    }

    private static LiveRouter router(String model, String more) throws IOException {
        Path file = Files.writeString(folder.resolve("model.yaml"), model);
        var router = new LiveRouter(folder, LiveRouter.withNic(file + more));
        router.ctl("ethtool", "-K", "lan", "rx-gro-hw", "on");
        return router;
    }

    private static Set<Offload> on(LiveRouter router) {
        Set<Offload> on = EnumSet.noneOf(Offload.class);
        router.fine("ethtool -k lan").lines().filter(line -> line.endsWith(": on"))
            .forEach(line -> on.add(Offload.named(line.substring(0, line.length() - 4))));
        return on;
    }

    /// What `ethtool -k` says below the name of an offload.
    private static List<String> reasons(LiveRouter router, Offload offload) {
        List<String> lines = router.fine("ethtool -k lan").lines()
            .dropWhile(line -> !line.startsWith(offload.label() + ":")).skip(1).toList();
        return lines.stream().takeWhile(line -> line.startsWith("\t")).map(String::strip).toList();
    }

    private static List<byte[]> sent(LiveRouter router) throws InterruptedException {
        var sent = new ArrayList<byte[]>();
        for (int i = 0; i < 6; i++) {
            Ipv4Layer ip = Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC).ipv4("10.0.0.7", "10.9.0.1");
            router.lan.toReceive.add((i % 2 == 0 ? ip.tcp(4000, 80).sequence(1 + 50L * i).ack().payloadOf(100)
                : ip.udp(4000, 53).payloadOf(i)).bytes());
            sent.add(router.nextSent(router.wan));
        }
        assertThat(sent).doesNotContainNull();
        return sent;
    }

    private static void assertOff(LiveRouter router, Set<Offload> off, String reason) throws InterruptedException {
        Set<Offload> expected = EnumSet.copyOf(usual);
        expected.removeAll(off);
        assertThat(on(router)).isEqualTo(expected);
        for (Offload offload : off) assertThat(reasons(router, offload)).contains(reason.formatted(offload.label()));
        assertThat(sent(router)).containsExactlyElementsOf(withoutNic);
    }

    @ParameterizedTest
    @EnumSource
    void eachMissingCapabilityIsNamed(NicFeature missing) throws IOException, InterruptedException {
        String whole = FirmwareRunTest.EVERYTHING;
        String cuts = "segmentation: [tcp4, tcp6, udp]\ntunnels: true\n";
        String model = switch (missing) {
            case RECEIVE_CHECKSUM -> whole.replace("receive-checksum: complete\n", "");
            case TRANSMIT_CHECKSUM -> whole.replace("transmit-checksum: any\n" + cuts, "");
            case SEGMENTATION -> whole.replace(cuts, "");
            case RECEIVE_HASH -> whole.replace("receive-hash: true\n", "");
            case MERGING -> whole.replace("merging: true\n", "");
            case TAG_INSERTION -> whole.replace("vlan-insertion: true\n", "");
            case RULES -> whole + "limits: { ntuple-rules: 0 }\n";
            case FLOWS -> whole + "limits: { flow-table: 0 }\n";
            case FILTERS -> whole + "limits: { filters: 0 }\n";
        };
        assertThat(model).isNotEqualTo(whole);
        Set<Offload> off = switch (missing) {
            case RECEIVE_CHECKSUM -> Set.of(Offload.RECEIVE_CHECKSUM);
            case TRANSMIT_CHECKSUM -> Set.of(Offload.TRANSMIT_CHECKSUM, Offload.SEGMENTATION);
            case SEGMENTATION -> Set.of(Offload.SEGMENTATION);
            case RECEIVE_HASH -> Set.of(Offload.RECEIVE_HASH);
            case MERGING -> Set.of(Offload.MERGING);
            case TAG_INSERTION -> Set.of(Offload.VLAN_INSERT);
            case RULES -> Set.of(Offload.NTUPLE);
            case FLOWS -> Set.of(Offload.FLOW);
            case FILTERS -> Set.of(Offload.FLOWER);
        };
        try (LiveRouter router = router(model, "")) {
            assertOff(router, off, "capable: no: the device has no %s");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Engine.class, mode = EnumSource.Mode.EXCLUDE, names = "PARSER")
    void eachOtherHashIsShownBesideTheHosts(Engine changed) throws IOException, InterruptedException {
        Set<Offload> off = EnumSet.copyOf(usual);
        off.removeIf(offload -> !offload.engines().contains(changed));
        Set<Offload> named = EnumSet.copyOf(off);
        if (changed == Engine.CHECKSUM) off.add(Offload.SEGMENTATION);   // which needs it
        try (LiveRouter router = router(FirmwareRunTest.EVERYTHING,
                ", firmware: " + FirmwareRunTest.image(folder, changed))) {
            assertThat(named).isNotEmpty().allSatisfy(offload -> assertThat(reasons(router, offload))
                .anyMatch(line -> line.matches("hash equal: no: " + changed.label() + ": host \\p{XDigit}{12}, device "
                    + "\\p{XDigit}{12}"))
                .anyMatch(line -> line.matches("host   \\p{XDigit}{64}"))
                .anyMatch(line -> line.matches("device \\p{XDigit}{64}")));
            Set<Offload> expected = EnumSet.copyOf(usual);
            expected.removeAll(off);
            assertThat(on(router)).isEqualTo(expected);
            assertThat(sent(router)).containsExactlyElementsOf(withoutNic);
        }
    }

    /// Each limit of the parser one below what the shipped graph needs.
    static List<String[]> limits() {
        ParseImage image = ParseImage.of(ShippedGraph.DEFAULT.load());
        Limits walk = image.limits();
        return List.of(limit("max-nodes", "max-nodes", walk.nodesMax()),
            limit("max-encaps", "max-encaps", walk.encapsMax()), limit("max-tlvs", "max-tlvs", walk.tlvsMax()),
            limit("max-header-bytes", "max-header-bytes", walk.headerBytesMax()),
            limit("parse-nodes", "parse-nodes", image.nodeCount()),
            limit("parse-rows", "table entries", image.matchCount()));
    }

    private static String[] limit(String key, String name, int needed) {
        return new String[] {key + ": " + (needed - 1), name + " " + (needed - 1) + " < " + needed};
    }

    @ParameterizedTest
    @MethodSource("limits")
    void eachLimitOneTooSmallIsNamedWithBothNumbers(String limit, String reason)
            throws IOException, InterruptedException {
        try (LiveRouter router = router(FirmwareRunTest.EVERYTHING + "limits: { " + limit + " }\n", "")) {
            Set<Offload> off = EnumSet.copyOf(READING);
            usual.stream().filter(offload -> offload.engines().contains(Engine.PARSER)).forEach(off::add);
            assertOff(router, off, "within limits: no: " + reason);
        }
    }

    @Test
    void aTableOneEntryTooSmallTurnsOffItsUseAlone() throws IOException, InterruptedException {
        var sizes = ShippedGraph.DEFAULT.load().graph().matchTables();
        for (var table : sizes) {
            Offload user = switch (table.target()) {
                case NTUPLE -> Offload.NTUPLE;
                case NFTABLES -> Offload.FLOW;
                case FLOWER -> Offload.FLOWER;
                default -> null;
            };
            if (user == null) continue;
            String key = switch (user) {
                case NTUPLE -> "ntuple-rules";
                case FLOWER -> "filters";
                default -> "flow-table";
            };
            long less = table.entriesMax() - 1;
            try (LiveRouter router = router(FirmwareRunTest.EVERYTHING + "limits: { " + key + ": " + less + " }\n",
                    "")) {
                assertOff(router, Set.of(user),
                    "within limits: no: table " + table.name() + " " + less + " < " + table.entriesMax());
            }
        }
    }
}
