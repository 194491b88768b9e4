package io.millrace.simulation.router;

import io.millrace.control.config.ConfigFile;
import io.millrace.dataplane.hook.Tracking;
import io.millrace.flow.track.ConnectionEvents;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.EventKind;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.header.IpProtocol;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Project;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;

/// What connections count, with the flow table in use, is what another program counts of the same captures: packets and
/// bytes of each direction of each pair of endpoints.
class FlowCountsCorpusTest {

    private static final int ETHERNET_BYTES = 14;
    /// The other program has lost some of its flows in this one.
    private static final Predicate<CorpusFile> FORGETS = file -> file.name().contains("lru_ipv6_caches");
    private static final String RULES = """
        table inet t {
            flowtable f { hook ingress priority 0; devices = { lan, wan }; counter; }
            chain onward { type filter hook forward priority 0; ct state established flow add @f; }
        }
        """;
    private static final String ROUTER = """
        ruleset: %s
        ports:
          lan: { wire: pcap, rx: %s, mac: "02:00:00:00:00:01", mtu: 65535, addresses: [192.0.2.1/24, "2001:db8:1::1/64"] }
          wan: { wire: "null", mac: "02:00:00:00:00:02", mtu: 65535, addresses: [203.0.113.1/24, "2001:db8:2::1/64"] }
        routes:
          - { to: 0.0.0.0/0, via: 203.0.113.254 }
          - { to: "::/0", via: "2001:db8:2::fe" }
        neighbours:
          - { address: 203.0.113.254, mac: "02:00:00:00:00:fe" }
          - { address: "2001:db8:2::fe", mac: "02:00:00:00:00:fe" }
        sysctl:
          net.netfilter.nf_conntrack_max: 8192
          net.netfilter.nf_conntrack_buckets: 8192
          net.netfilter.nf_conntrack_acct: 1
          net.netfilter.nf_conntrack_checksum: 0
          net.netfilter.nf_conntrack_tcp_be_liberal: 1
        """;

    @TempDir
    private Path folder;

    /// Packets and IP bytes from the lower endpoint to the higher, and back.
    private record Count(long packets, long bytes, long packetsBack, long bytesBack) {
        Count plus(Count other) {
            return new Count(packets + other.packets, bytes + other.bytes, packetsBack + other.packetsBack,
                bytesBack + other.bytesBack);
        }
    }

    /// Adds up the connections of a run, those that ended too.
    private static final class Counting implements ConnectionEvents {
        private final Map<String, Count> counts = new HashMap<>();
        private final Connections connections;
        private final Tuple tuple = new Tuple();

        private Counting(Tracking tracking) {
            this.connections = tracking.table().connections();
        }

        @Override
        public void on(EventKind kind, int entry, long nowNs) {
            if (kind == EventKind.DESTROY) add(entry);
        }

        private void add(int entry) {
            connections.tuple(entry, 0, tuple);
            String protocol = switch (tuple.protocol()) {
                case IpProtocol.TCP -> "TCP";
                case IpProtocol.UDP -> "UDP";
                default -> "other";
            };
            String source = endpoint(tuple.sourceHigh(), tuple.sourceLow(), tuple.sourcePort());
            String target = endpoint(tuple.targetHigh(), tuple.targetLow(), tuple.targetPort());
            boolean isForward = source.compareTo(target) < 0;
            int there = isForward ? 0 : 1;
            counts.merge(protocol + " " + (isForward ? source + " " + target : target + " " + source),
                new Count(connections.packets(entry, there), connections.bytes(entry, there),
                    connections.packets(entry, 1 - there), connections.bytes(entry, 1 - there)), Count::plus);
        }

        private String endpoint(long high, long low, int port) {
            return tuple.family() == 4 ? IpAddress.ofIpv4((int) low) + ":" + port
                : "[" + IpAddress.ofIpv6(high, low) + "]:" + port;
        }
    }

    /// Of UDP nearly all agree; the others have impossible lengths. TCP packets that
    /// are out of place (a reset of nothing, retransmitted handshakes) count for no connection, as in Linux, so a
    /// connection may count less; never more.
    @Test
    void packetsAndBytesAreWhatAnotherProgramCounts() throws IOException {
        Map<String, Map<String, Count>> expected = expected();
        var equal = new HashMap<String, Integer>();
        var different = new HashMap<String, List<String>>();
        for (CorpusFile file : Corpus.required().ofLinkType(1)) {
            if (!expected.containsKey(file.name()) || hasFragmentsOrTunnels(file)) continue;
            Map<String, Count> counted = count(file);
            padding(file).forEach((key, bytes) -> counted.computeIfPresent(key, (_, count) -> count.plus(bytes)));
            for (Map.Entry<String, Count> each : expected.get(file.name()).entrySet()) {
                if (!isForwarded(each.getKey())) continue;
                String protocol = each.getKey().substring(0, 3);
                Count ours = counted.get(each.getKey());
                if (each.getValue().equals(ours)) {
                    equal.merge(protocol, 1, Integer::sum);
                } else {
                    String difference = file.name() + " " + each.getKey() + ": " + each.getValue() + ", here " + ours;
                    different.computeIfAbsent(protocol, _ -> new ArrayList<>()).add(difference);
                    if (ours != null && protocol.equals("TCP") && !FORGETS.test(file)) {
                        assertThat(ours.packets).as(difference).isLessThanOrEqualTo(each.getValue().packets);
                        assertThat(ours.packetsBack).as(difference).isLessThanOrEqualTo(each.getValue().packetsBack);
                    }
                }
            }
        }
        assertShare("UDP", equal, different, 0.95);
        assertShare("TCP", equal, different, 0.8);
    }

    private static void assertShare(String protocol, Map<String, Integer> equal, Map<String, List<String>> different,
                                    double shareMin) {
        int equalCount = equal.get(protocol);
        List<String> others = different.getOrDefault(protocol, List.of());
        assertThat(equalCount).isGreaterThan(100);
        assertThat((double) equalCount / (equalCount + others.size()))
            .as(protocol + ": " + equalCount + " equal, but not\n" + String.join("\n", others))
            .isGreaterThan(shareMin);
    }

    /// True of two hosts' addresses that a router forwards between.
    private static boolean isForwarded(String key) {
        for (String endpoint : key.substring(4).split(" ")) {
            boolean isLocal = endpoint.startsWith("127.") || endpoint.startsWith("0.") || endpoint.startsWith("[fe80")
                || endpoint.startsWith("[ff") || endpoint.startsWith("[::") || endpoint.contains(".255:");
            boolean isGroup = !endpoint.startsWith("[")
                && Integer.parseInt(endpoint.substring(0, endpoint.indexOf('.'))) >= 224;
            if (isLocal || isGroup) return false;
        }
        return true;
    }

    /// Bytes behind the IP packets of each pair, which the other program counts.
    private static Map<String, Count> padding(CorpusFile file) {
        var padding = new HashMap<String, Count>();
        for (CapturedFrame frame : file.frames()) {
            byte[] bytes = frame.bytes();
            if (bytes.length < 42 || bytes[12] != 8 || bytes[13] != 0 || bytes[23] != 6 && bytes[23] != 17) continue;
            int l4 = 14 + (bytes[14] & 0xf) * 4;
            int padded = bytes.length - 14 - u16(bytes, 16);
            if (padded <= 0) continue;
            String source = address(bytes, 26) + ":" + u16(bytes, l4);
            String target = address(bytes, 30) + ":" + u16(bytes, l4 + 2);
            boolean isForward = source.compareTo(target) < 0;
            padding.merge((bytes[23] == 6 ? "TCP " : "UDP ") + (isForward ? source + " " + target : target + " " + source),
                isForward ? new Count(0, padded, 0, 0) : new Count(0, 0, 0, padded), Count::plus);
        }
        return padding;
    }

    private static String address(byte[] bytes, int at) {
        return IpAddress.ofIpv4(u16(bytes, at) << 16 | u16(bytes, at + 2)).toString();
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    /// The other program looks into tunnels and counts fragments one by one.
    private static boolean hasFragmentsOrTunnels(CorpusFile file) {
        return file.frames().stream().anyMatch(frame -> {
            byte[] bytes = frame.bytes();
            if (bytes.length < 34) return false;
            int type = (bytes[12] & 0xff) << 8 | bytes[13] & 0xff;
            boolean isIpv4 = type == 0x0800;
            int protocol = bytes[isIpv4 ? 23 : 20] & 0xff;
            boolean isFragment = isIpv4 && ((bytes[20] & 0x3f) != 0 || bytes[21] != 0);
            return isFragment || type != 0x0800 && type != 0x86dd && type != 0x0806
                || protocol == 4 || protocol == 41 || protocol == 47 || frame.originalBytes() > bytes.length;
        });
    }

    private Map<String, Count> count(CorpusFile file) throws IOException {
        var frames = new ArrayList<CapturedFrame>();
        for (CapturedFrame frame : file.frames()) {
            byte[] bytes = frame.bytes().clone();
            if (bytes.length >= 6 && (bytes[0] & 1) == 0) System.arraycopy(new byte[] {2, 0, 0, 0, 0, 1}, 0, bytes, 0, 6);
            mend(bytes);
            frames.add(new CapturedFrame(frame.timeNs(), bytes, frame.originalBytes(), 1));
        }
        Path in = folder.resolve("in.pcap");
        Path rules = folder.resolve("rules.nft");
        Path config = folder.resolve("config.yaml");
        CaptureFile.write(in, frames);
        Files.writeString(rules, RULES);
        Files.writeString(config, ROUTER.formatted(rules, in));
        try (var router = new OfflineRouter(ConfigFile.read(config).config())) {
            Tracking tracking = router.router().hooks().tracking();
            var counting = new Counting(tracking);
            tracking.listen(counting);
            router.run();
            for (int entry = tracking.table().next(Connections.NONE); entry != Connections.NONE;
                 entry = tracking.table().next(entry)) {
                tracking.settle(entry);
                counting.add(entry);
            }
            return counting.counts;
        }
    }

    /// Captures made where packets are sent lack checksums, and hops may be used up; a router would drop those, the other
    /// program counts them.
    private static void mend(byte[] bytes) {
        if (bytes.length >= 54 && u16(bytes, 12) == 0x86dd) bytes[21] = 64;
        if (bytes.length < 34 || u16(bytes, 12) != 0x0800) return;
        int headerBytes = (bytes[14] & 0xf) * 4;
        if (headerBytes < 20 || bytes.length < 14 + headerBytes) return;
        bytes[22] = 64;
        bytes[24] = 0;
        bytes[25] = 0;
        int checksum = NaiveChecksum.of(bytes, 14, headerBytes);
        bytes[24] = (byte) (checksum >>> 8);
        bytes[25] = (byte) checksum;
    }

    /// TCP and UDP outside of VLANs, with the bytes of Ethernet taken off; several lines of one pair are added up.
    private static Map<String, Map<String, Count>> expected() throws IOException {
        var expected = new HashMap<String, Map<String, Count>>();
        for (String line : Files.readAllLines(Project.corpus().resolve("ndpi/flows.tsv"))) {
            String[] cells = line.split("\t", -1);
            if (!cells[1].equals("TCP") && !cells[1].equals("UDP") || !cells[4].isEmpty()) continue;
            long packets = Long.parseLong(cells[5]);
            long packetsBack = Long.parseLong(cells[7]);
            long bytes = Long.parseLong(cells[6]) - ETHERNET_BYTES * packets;
            long bytesBack = Long.parseLong(cells[8]) - ETHERNET_BYTES * packetsBack;
            boolean isForward = cells[2].compareTo(cells[3]) < 0;
            String key = cells[1] + " " + (isForward ? cells[2] + " " + cells[3] : cells[3] + " " + cells[2]);
            Count count = isForward ? new Count(packets, bytes, packetsBack, bytesBack)
                : new Count(packetsBack, bytesBack, packets, bytes);
            expected.computeIfAbsent(cells[0], _ -> new HashMap<>()).merge(key, count, Count::plus);
        }
        return expected;
    }
}
