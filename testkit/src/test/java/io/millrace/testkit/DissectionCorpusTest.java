package io.millrace.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/// The dissection behind [FrameAssert], and [NaiveChecksum], against what tshark said about every Ethernet frame of
/// the corpus.
class DissectionCorpusTest {

    private static final long BAD = 0;
    private static final long GOOD = 1;

    private static final Map<Integer, String> NAMES = Map.of(
        NaiveChecksum.TCP, "tcp", NaiveChecksum.UDP, "udp", NaiveChecksum.UDP_LITE, "udp",
        NaiveChecksum.SCTP, "sctp", NaiveChecksum.ICMP, "icmp", NaiveChecksum.ICMPV6, "icmpv6");

    private int packetCount;
    private int goodCount;
    private int badCount;

    @Test
    void agreesWithTsharkOnHeadersAndChecksums() {
        TsharkOracle oracle = TsharkOracle.required();
        for (CorpusFile file : Corpus.required().ofLinkType(CapturedFrame.ETHERNET)) {
            List<CapturedFrame> frames = file.frames();
            for (TsharkRow row : oracle.rows(file.name())) {
                Dissection seen = Dissection.ofFrame(frames.get(row.frame() - 1).bytes());
                boolean isReadable = seen.problem == null && seen.transportAt != Dissection.NONE;
                if (isReadable) compare(file.name() + " frame " + row.frame(), seen, row);
            }
        }
        assertThat(packetCount).isGreaterThan(50_000);
        assertThat(goodCount).isGreaterThan(30_000);
        assertThat(badCount).isGreaterThan(8_000);
    }

    /// The recorded table has no columns for these.
    @Test
    void agreesWithTsharkOnIgmpDccpAndGreChecksums(@TempDir Path folder) throws IOException {
        Tshark.required();
        Corpus corpus = Corpus.required();
        int[] seenCounts = new int[3];
        for (CorpusFile file : corpus.ofLinkType(CapturedFrame.ETHERNET)) {
            boolean isOfInterest = file.has("igmp") || file.has("dccp") || file.has("gre-csum");
            if (!isOfInterest) continue;
            Path copy = Files.write(folder.resolve("one.pcap"), file.bytes());
            List<List<String>> rows = Tshark.fields(copy,
                "igmp.checksum.status", "dccp.checksum.status", "gre.checksum.status", "ip.proto", "ipv6.nxt");
            List<CapturedFrame> frames = file.frames();
            for (int i = 0; i < rows.size(); i++) {
                Dissection seen = Dissection.ofFrame(frames.get(i).bytes());
                int column = List.of(NaiveChecksum.IGMP, NaiveChecksum.DCCP, NaiveChecksum.GRE).indexOf(seen.protocol);
                if (column < 0 || seen.isFragment() || seen.transportAt == Dissection.NONE) continue;
                String status = rows.get(i).get(column).split(",")[0];
                if (!status.equals("0") && !status.equals("1")) continue;
                seenCounts[column]++;
                assertThat(NaiveChecksum.isValid(seen.protocol, seen.source, seen.finalTarget, seen.segment()))
                    .as("%s frame %d", file, i + 1).isEqualTo(status.equals("1"));
            }
        }
        assertThat(seenCounts).as("IGMP, DCCP, GRE").doesNotContain(0);
    }

    private void compare(String name, Dissection seen, TsharkRow row) {
        packetCount++;
        String family = seen.ipVersion == 4 ? "ip" : "ipv6";
        assertThat(Addresses.ip(row.values(family + ".src").getFirst())).as(name).isEqualTo(seen.source);
        // With an IPv4 source route tshark shows the final target of the route as ip.dst.
        boolean mayHaveRoute = seen.ipVersion == 4 && seen.transportAt > seen.networkAt + 20;
        if (!mayHaveRoute) {
            assertThat(Addresses.ip(row.values(family + ".dst").getFirst())).as(name).isEqualTo(seen.target);
        }
        if (seen.ipVersion == 4) {
            assertThat(row.first("ip.id")).as(name).hasValue(seen.identification);
            assertThat(row.first("ip.proto")).as(name).hasValue(seen.protocol);
            assertThat(row.first("ip.frag_offset")).as(name).hasValue(seen.fragmentOffsetBytes / 8);
            assertThat(row.first("ip.flags.mf")).as(name).hasValue(seen.moreFragments ? 1 : 0);
        }
        String transport = NAMES.get(seen.protocol);
        boolean isRead = transport != null && !seen.isFragment() && row.has(transport + ".checksum.status");
        if (!isRead) return;
        if (!transport.startsWith("icmp")) {
            assertThat(row.first(transport + ".srcport")).as(name).hasValue(Octets.u16(seen.bytes, seen.transportAt));
        }
        long status = row.first(transport + ".checksum.status").getAsLong();
        if (status != GOOD && status != BAD) return;
        assertThat(seen.isTransportChecksumValid()).as(name).isEqualTo(status == GOOD);
        if (status == GOOD) goodCount++;
        if (status == BAD) badCount++;
    }
}
