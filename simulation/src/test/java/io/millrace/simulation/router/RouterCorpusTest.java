package io.millrace.simulation.router;

import io.millrace.dataplane.account.Ledger;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/// Every Ethernet capture of public test suites through a router: no exception, every packet accounted for (see
/// [OfflineRouter]), two runs alike, and nothing valid made invalid.
///
/// Nothing is cut on the way out: tshark would sum a first fragment as if it were whole.
///
/// Captures are addressed to hosts of their own, so each is rewritten before: every frame is addressed to the router's
/// MAC address, and one that is not multicast is left as it was otherwise.
class RouterCorpusTest {

    private static final String ROUTER = """
        ports:
          lan: { wire: pcap, rx: %s, tx: %s, mac: "02:00:00:00:00:01", addresses: [192.0.2.1/24, "2001:db8:1::1/64"] }
          wan: { wire: pcap, tx: %s, mac: "02:00:00:00:00:02", mtu: 65535,
                 addresses: [203.0.113.1/24, "2001:db8:2::1/64"] }
        routes:
          - { to: 0.0.0.0/0, via: 203.0.113.254 }
          - { to: "::/0", via: "2001:db8:2::fe" }
        neighbours:
          - { address: 203.0.113.254, mac: "02:00:00:00:00:fe" }
          - { address: "2001:db8:2::fe", mac: "02:00:00:00:00:fe" }
        """;
    private static final byte[] ROUTER_MAC = {2, 0, 0, 0, 0, 1};
    private static final int FRAME_BYTES_MAX = 65_535;
    private static final Set<String> OWN_ADDRESSES = Set.of("c0000201", "cb007101",
        "20010db8000100000000000000000001", "20010db8000200000000000000000001");

    /// One connection's frames come from two MAC addresses: two flows to merging, as in Linux, which may overtake.
    private static final Predicate<CorpusFile> FROM_TWO_STATIONS = file -> file.name().contains("multi_mac");

    @TempDir
    private Path folder;

    @Test
    void everyEthernetCaptureGoesThroughTheRouter() throws IOException {
        long receivedCount = 0;
        long sentCount = 0;
        for (CorpusFile file : Corpus.required().ofLinkType(1)) {
            try {
                Ledger ledger = route(file, folder.resolve("out"));
                receivedCount += ledger.received();
                sentCount += ledger.count(io.millrace.packet.memory.Verdict.SENT);
            } catch (RuntimeException | AssertionError e) {
                fail(file.name() + ": " + e.getMessage(), e);
            }
        }
        assertThat(receivedCount).isGreaterThan(40_000);
        assertThat(sentCount).as("of " + receivedCount + " received").isGreaterThan(receivedCount / 2);
    }

    @Test
    void twoRunsWriteTheSameBytes() throws IOException {
        long seed = Seeds.next();
        for (CorpusFile file : Corpus.sample(Corpus.required().ofLinkType(1), 40, seed)) {
            route(file, folder.resolve("first"));
            route(file, folder.resolve("second"));
            for (String name : List.of("lan.pcap", "wan.pcap")) {
                assertThat(folder.resolve("second").resolve(name)).as(file.name())
                    .hasSameBinaryContentAs(folder.resolve("first").resolve(name));
            }
        }
    }

    /// What tshark finds wrong in an output frame it found wrong in the input: checksums as good or as bad as they
    /// came.
    @Test
    void forwardingKeepsEveryTransportChecksumAsItWas() throws IOException {
        Tshark.required();
        long seed = Seeds.next();
        int sampleCount = Seeds.isFull() ? Integer.MAX_VALUE : 60;
        int comparedCount = 0;
        for (CorpusFile file : Corpus.sample(Corpus.required().ofLinkType(1), sampleCount, seed)) {
            Path out = folder.resolve("out");
            route(file, out);
            comparedCount += compare(file, folder.resolve("in.pcap"), out.resolve("wan.pcap"));
        }
        assertThat(comparedCount).isGreaterThan(100);
    }

    /// Merged on the way in and cut on the way out, each connection's frames are the same bytes in the same order.
    @Test
    void mergingOnTheWayChangesNoFrame() throws IOException {
        long absorbedCount = 0;
        var changed = new ArrayList<String>();
        for (CorpusFile file : Corpus.required().ofLinkType(1)) {
            route(file, folder.resolve("plain"));
            Map<String, List<String>> plain = connections(folder.resolve("plain/wan.pcap"));
            absorbedCount += route(file, folder.resolve("merged"), ROUTER.replace("rx:", "gro: on, rx:")).absorbed();
            Map<String, List<String>> merged = connections(folder.resolve("merged/wan.pcap"));
            if (FROM_TWO_STATIONS.test(file)) Stream.of(plain, merged).forEach(RouterCorpusTest::sortFrames);
            if (!merged.equals(plain)) changed.add(file.name());
        }
        assertThat(changed).isEmpty();
        assertThat(absorbedCount).as("packets that became part of another").isGreaterThan(100);
    }

    private static void sortFrames(Map<String, List<String>> connections) {
        connections.values().forEach(frames -> frames.sort(null));
    }

    /// The frames of a capture, in hexadecimal, by addresses, protocol, ports and flow label: packets of two labels may
    /// overtake each other in merging, as in Linux. Without what the router answers: to a super-packet it does so once.
    private static Map<String, List<String>> connections(Path capture) throws IOException {
        var connections = new HashMap<String, List<String>>();
        for (CapturedFrame frame : CaptureFile.read(capture).frames()) {
            byte[] bytes = frame.bytes();
            boolean is6 = bytes.length > 54 && bytes[12] == (byte) 0x86;
            int ports = is6 ? 54 : 34;
            String key = HexFormat.of().formatHex(bytes, is6 ? 20 : 23, is6 ? 21 : 24)
                + (is6 ? HexFormat.of().formatHex(bytes, 15, 18) : "")
                + HexFormat.of().formatHex(bytes, is6 ? 22 : 26, Math.min(bytes.length, ports + 4));
            String source = HexFormat.of().formatHex(bytes, is6 ? 22 : 26, is6 ? 38 : 30);
            if (OWN_ADDRESSES.contains(source)) continue;
            connections.computeIfAbsent(key, _ -> new ArrayList<>()).add(HexFormat.of().formatHex(bytes));
        }
        return connections;
    }

    private static int compare(CorpusFile file, Path in, Path out) {
        Map<String, List<String>> statuses = new HashMap<>();
        for (List<String> row : transport(in)) {
            statuses.computeIfAbsent(row.get(0) + row.get(1), key -> new ArrayList<>()).add(row.get(2) + row.get(3));
        }
        int comparedCount = 0;
        for (List<String> row : transport(out)) {
            List<String> before = statuses.get(row.get(0) + row.get(1));
            if (before == null || row.get(0).isEmpty()) continue;
            assertThat(before).as(file.name() + " " + row).contains(row.get(2) + row.get(3));
            comparedCount++;
        }
        return comparedCount;
    }

    private static List<List<String>> transport(Path capture) {
        return Tshark.fields(List.of("-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"), capture,
            "ip.id", "ip.src", "tcp.checksum.status", "udp.checksum.status");
    }

    private Ledger route(CorpusFile file, Path out) throws IOException {
        return route(file, out, ROUTER);
    }

    private Ledger route(CorpusFile file, Path out, String router) throws IOException {
        Files.createDirectories(out);
        Path in = folder.resolve("in.pcap");
        CaptureFile.write(in, addressed(file));
        return OfflineRouter.run(folder,
            router.formatted(in, out.resolve("lan.pcap"), out.resolve("wan.pcap")));
    }

    private static List<CapturedFrame> addressed(CorpusFile file) {
        var frames = new ArrayList<CapturedFrame>();
        for (CapturedFrame frame : file.frames()) {
            if (frame.linkType() != 1 || frame.bytes().length > FRAME_BYTES_MAX) continue;
            byte[] bytes = frame.bytes().clone();
            if (bytes.length >= 6 && (bytes[0] & 1) == 0) System.arraycopy(ROUTER_MAC, 0, bytes, 0, 6);
            frames.add(new CapturedFrame(frame.timeNs(), bytes, frame.originalBytes(), 1));
        }
        return frames;
    }
}
