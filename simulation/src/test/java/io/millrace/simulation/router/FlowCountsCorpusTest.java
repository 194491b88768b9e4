package io.millrace.simulation.router;

import io.millrace.control.config.ConfigFile;
import io.millrace.dataplane.hook.Tracking;
import io.millrace.flow.track.ConnectionEvents;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.EventKind;
import io.millrace.flow.tuple.Tuple;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Project;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// What connections count, with the flow table in use, is what another program counts of the same captures: packets and
/// bytes of each direction of every flow of `ndpi/flows.tsv`.
///
/// In two steps. [InspectedPacket] says what that program takes each frame for, and is held to its counts, all of them.
/// Then those packets, without what surrounds them and between addresses of each flow's own, go through a router, and
/// its connections must have counted all of them but those which [NaiveTracking] names; how many of each kind a capture
/// has stands in `uncounted.tsv`.
///
/// The other program knows no time, so nothing times out here; nor sums and windows, so these are not looked at.
class FlowCountsCorpusTest {

    private static final byte[] LAN = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 1, (byte) 0xfe};
    private static final byte[] WAN = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, (byte) 0xfe};
    /// Its only record claims half a megabyte; the other program takes the 197 bytes that there are for a packet.
    private static final String DAMAGED = "ndpi/fuzz-2021-10-13.pcap";
    private static final int INITIATOR_NET = 10;
    private static final int RESPONDER_NET = 11;
    private static final String RULES = """
        table inet t {
            flowtable f { hook ingress priority 0; devices = { lan, wan }; counter; }
            chain onward { type filter hook forward priority 0; ct state established flow add @f; }
        }
        """;
    private static final String ROUTER = """
        ruleset: %s
        ports:
          lan: { wire: pcap, rx: %s, mac: "02:00:00:00:00:01", mtu: 65535,
                 addresses: [192.0.2.1/24, "2001:db8:1::1/64"] }
          wan: { wire: pcap, rx: %s, mac: "02:00:00:00:00:02", mtu: 65535,
                 addresses: [203.0.113.1/24, "2001:db8:2::1/64"] }
        routes:
          - { to: 10.0.0.0/8, via: 192.0.2.254 }
          - { to: 11.0.0.0/8, via: 203.0.113.254 }
          - { to: "2001:db8:a::/48", via: "2001:db8:1::fe" }
          - { to: "2001:db8:b::/48", via: "2001:db8:2::fe" }
        neighbours:
          - { address: 192.0.2.254, mac: "02:00:00:00:01:fe" }
          - { address: 203.0.113.254, mac: "02:00:00:00:00:fe" }
          - { address: "2001:db8:1::fe", mac: "02:00:00:00:01:fe" }
          - { address: "2001:db8:2::fe", mac: "02:00:00:00:00:fe" }
        sysctl:
          net.netfilter.nf_conntrack_max: 8192
          net.netfilter.nf_conntrack_buckets: 8192
          net.netfilter.nf_conntrack_acct: 1
          net.netfilter.nf_conntrack_checksum: 0
          net.netfilter.nf_conntrack_tcp_be_liberal: 1
          net.netfilter.nf_conntrack_tcp_ignore_invalid_rst: 1
        """;
    private static final List<String> TIMEOUTS = List.of("nf_conntrack_generic_timeout", "nf_conntrack_icmp_timeout",
        "nf_conntrack_icmpv6_timeout", "nf_conntrack_udp_timeout", "nf_conntrack_udp_timeout_stream",
        "nf_conntrack_tcp_timeout_syn_sent", "nf_conntrack_tcp_timeout_syn_recv",
        "nf_conntrack_tcp_timeout_established", "nf_conntrack_tcp_timeout_fin_wait",
        "nf_conntrack_tcp_timeout_close_wait", "nf_conntrack_tcp_timeout_last_ack",
        "nf_conntrack_tcp_timeout_time_wait", "nf_conntrack_tcp_timeout_close",
        "nf_conntrack_tcp_timeout_max_retrans", "nf_conntrack_tcp_timeout_unacknowledged",
        "nf_flowtable_tcp_timeout", "nf_flowtable_udp_timeout");

    /// What is expected, by capture and flow.
    private static Map<String, Map<String, Count>> expected;

    @TempDir
    private Path folder;

    /// Packets and bytes from the lower endpoint to the higher, and back.
    private record Count(long packets, long bytes, long packetsBack, long bytesBack) {
        private static final Count NONE = new Count(0, 0, 0, 0);

        static Count of(boolean isForward, long packets, long bytes) {
            return isForward ? new Count(packets, bytes, 0, 0) : new Count(0, 0, packets, bytes);
        }

        Count plus(Count other) {
            return new Count(packets + other.packets, bytes + other.bytes, packetsBack + other.packetsBack,
                bytesBack + other.bytesBack);
        }
    }

    /// A flow on its way through the router: its number is in its addresses.
    private static final class Passage {
        private final int number;
        private final boolean isOpenedForward;
        private final NaiveTracking tracking = new NaiveTracking();
        private Count due = Count.NONE;
        private Count counted = Count.NONE;

        private Passage(int number, boolean isOpenedForward) {
            this.number = number;
            this.isOpenedForward = isOpenedForward;
        }
    }

    /// Gives each flow what connections of its addresses counted, those that ended too.
    private static final class Counting implements ConnectionEvents {
        private final List<Passage> passages;
        private final Connections connections;
        private final Tuple tuple = new Tuple();

        private Counting(Tracking tracking, List<Passage> passages) {
            this.connections = tracking.table().connections();
            this.passages = passages;
        }

        @Override
        public void on(EventKind kind, int entry, long nowNs) {
            if (kind == EventKind.DESTROY) add(entry);
        }

        private void add(int entry) {
            connections.tuple(entry, 0, tuple);
            Passage passage = passages.get((int) (tuple.sourceLow() & 0xffffff));
            long net = tuple.family() == 4 ? tuple.sourceLow() >>> 24 : tuple.sourceHigh() >>> 16 & 0xffff;
            boolean isFromInitiator = net == INITIATOR_NET;
            for (int direction = 0; direction < 2; direction++) {
                boolean isForward = passage.isOpenedForward == (isFromInitiator == (direction == 0));
                passage.counted = passage.counted.plus(Count.of(isForward, connections.packets(entry, direction),
                    connections.bytes(entry, direction)));
            }
        }
    }

    @BeforeAll
    static void readFlows() throws IOException {
        Corpus.required();
        expected = new TreeMap<>();
        for (String line : Files.readAllLines(Project.corpus().resolve("ndpi/flows.tsv"))) {
            String[] cells = line.split("\t", -1);
            if (cells[0].equals("pcap") || cells[0].equals(DAMAGED)) continue;
            Count count = new Count(Long.parseLong(cells[5]), Long.parseLong(cells[6]), Long.parseLong(cells[7]),
                Long.parseLong(cells[8]));
            if (cells[2].compareTo(cells[3]) > 0) {
                count = new Count(count.packetsBack, count.bytesBack, count.packets, count.bytes);
            }
            expected.computeIfAbsent(cells[0], _ -> new TreeMap<>())
                .merge(InspectedPacket.flow(cells[1], cells[2], cells[3], cells[4]), count, Count::plus);
        }
    }

    @Test
    void everyFlowOfTheOtherProgramIsUnderstood() {
        var differences = new ArrayList<String>();
        expected.forEach((name, flows) -> {
            var counted = new TreeMap<String, Count>();
            for (InspectedPacket packet : packets(name)) {
                counted.merge(packet.flow(), Count.of(packet.isForward(), 1, packet.frameBytes()), Count::plus);
            }
            if (!counted.equals(flows)) differences.add(name + "\n  " + flows + "\n  " + counted);
        });
        assertThat(differences).isEmpty();
        assertThat(expected.values().stream().mapToInt(Map::size).sum()).isGreaterThan(1_700);
    }

    @Test
    void connectionsCountWhatTheOtherProgramCounts() throws IOException {
        var differences = new ArrayList<String>();
        var uncounted = new ArrayList<String>();
        long hits = 0;
        for (String name : expected.keySet()) {
            var passages = new LinkedHashMap<String, Passage>();
            var kinds = new EnumMap<NaiveTracking.Uncounted, Integer>(NaiveTracking.Uncounted.class);
            hits += route(packets(name), passages, kinds);
            passages.forEach((flow, passage) -> {
                if (passage.counted.equals(passage.due)) return;
                differences.add(name + " " + flow + ": " + passage.due + ", here " + passage.counted);
            });
            kinds.forEach((kind, count) -> uncounted.add(name + "\t" + kind + "\t" + count));
        }
        assertThat(differences).isEmpty();
        assertThat(String.join("\n", uncounted)).isEqualTo(String.join("\n", listed()));
        assertThat(hits).as("packets that took the fast path").isGreaterThan(10_000);
    }

    /// Captures with packets that no connection counts, the kind, and how many.
    private static List<String> listed() throws IOException {
        try (var in = FlowCountsCorpusTest.class.getResourceAsStream("uncounted.tsv")) {
            return new String(in.readAllBytes()).lines().toList();
        }
    }

    private static List<InspectedPacket> packets(String name) {
        CorpusFile file = Corpus.required().file(name);
        return file.frames().stream().map(InspectedPacket::of).flatMap(Optional::stream).toList();
    }

    /// Sends the packets of one capture through a router.
    ///
    /// @return how many took the fast path
    private long route(List<InspectedPacket> packets, Map<String, Passage> passages,
                       Map<NaiveTracking.Uncounted, Integer> uncounted) throws IOException {
        var inside = new ArrayList<CapturedFrame>();
        var outside = new ArrayList<CapturedFrame>();
        long timeNs = 0;
        for (InspectedPacket packet : packets) {
            Passage passage = passages.computeIfAbsent(packet.flow(),
                _ -> new Passage(passages.size(), packet.isForward()));
            boolean isFromInitiator = packet.isForward() == passage.isOpenedForward;
            byte[] ip = ip(packet, passage.number, isFromInitiator);
            timeNs = Math.max(timeNs + 1_000, packet.timeNs());   // one after the other, as they are in the file
            byte[] type = ip[0] == 0x45 ? new byte[] {8, 0} : new byte[] {(byte) 0x86, (byte) 0xdd};
            byte[] frame = Octets.concat(isFromInitiator ? LAN : WAN, type, ip);
            (isFromInitiator ? inside : outside).add(CapturedFrame.of(timeNs, frame));
            passage.tracking.take(packet).ifPresentOrElse(kind -> uncounted.merge(kind, 1, Integer::sum),
                () -> passage.due = passage.due.plus(Count.of(packet.isForward(), 1, ip.length)));
        }
        CaptureFile.write(folder.resolve("inside.pcap"), inside);
        CaptureFile.write(folder.resolve("outside.pcap"), outside);
        Path rules = Files.writeString(folder.resolve("rules.nft"), RULES);
        String config = ROUTER.formatted(rules, folder.resolve("inside.pcap"), folder.resolve("outside.pcap"));
        for (String timeout : TIMEOUTS) {
            config += "  net.netfilter." + timeout + ": 1000000000\n";
        }
        try (var router = new OfflineRouter(ConfigFile.read(
                Files.writeString(folder.resolve("config.yaml"), config)).config())) {
            Tracking tracking = router.router().hooks().tracking();
            var counting = new Counting(tracking, List.copyOf(passages.values()));
            tracking.listen(counting);
            router.run();
            for (int entry = tracking.table().next(Connections.NONE); entry != Connections.NONE;
                 entry = tracking.table().next(entry)) {
                tracking.settle(entry);
                counting.add(entry);
            }
            return router.flowHits();
        }
    }

    /// The packet with an IP header of its own. What a router must not forward or would read differently becomes plain:
    /// options, extension headers, used up hops, addresses of groups.
    private static byte[] ip(InspectedPacket packet, int number, boolean isFromInitiator) {
        byte[] transport = packet.transport();
        int source = isFromInitiator ? INITIATOR_NET : RESPONDER_NET;
        int target = INITIATOR_NET + RESPONDER_NET - source;
        boolean isIpv6 = packet.isIpv6() && List.of(6, 17, 58).contains(packet.protocol());
        if (isIpv6) {
            return new Octets().u32(0x6000_0000L).u16(transport.length).u8(packet.protocol()).u8(64)
                .u32(0x2001_0db8L).u16(source).u16(0).u64(number)
                .u32(0x2001_0db8L).u16(target).u16(0).u64(number).bytes(transport).toBytes();
        }
        byte[] ip = new Octets().u16(0x4500).u16(20 + transport.length).u32(0).u8(64).u8(packet.protocol()).u16(0)
            .u8(source).u24(number).u8(target).u24(number).bytes(transport).toBytes();
        Octets.u16(ip, 10, NaiveChecksum.of(ip, 0, 20));
        return ip;
    }
}
