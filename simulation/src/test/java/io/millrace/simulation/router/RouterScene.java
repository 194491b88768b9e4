package io.millrace.simulation.router;

import io.millrace.dataplane.account.Ledger;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A router with two ports, `lan` (192.0.2.1/24) and `wan` (203.0.113.1/24), told what arrives when; run once, then
/// asked what left. Times are milliseconds from the start.
final class RouterScene {

    static final String LAN_ROUTER = "02:00:00:00:00:01";
    static final String WAN_ROUTER = "02:00:00:00:00:02";
    static final String HOST = "02:00:00:00:01:10";
    static final String GATEWAY = "02:00:00:00:00:fe";

    private static final long START_NS = 1_700_000_000_000_000_000L;
    private static final String BASE = """
        ports:
          lan:
            wire: pcap
            rx: %s
            tx: %s
            mac: "%s"
            addresses: [192.0.2.1/24, "2001:db8:1::1/64"]
          wan:
            wire: pcap
            rx: %s
            tx: %s
            mac: "%s"
            mtu: %d
            addresses: [%s]
        """;
    private static final String NEIGHBOURS = """
        neighbours:
          - { address: 192.0.2.10, mac: "02:00:00:00:01:10" }
          - { address: "2001:db8:1::10", mac: "02:00:00:00:01:10" }
          - { address: 203.0.113.254, mac: "02:00:00:00:00:fe" }
          - { address: "2001:db8:2::fe", mac: "02:00:00:00:00:fe" }
        """;
    private static final String ROUTES = """
        routes:
          - { to: 198.51.100.0/24, via: 203.0.113.254 }
          - { to: "2001:db8:8::/48", via: "2001:db8:2::fe" }
          - { to: 10.1.0.0/16, type: unreachable }
          - { to: 10.2.0.0/16, type: blackhole }
          - { to: 10.3.0.0/16, type: prohibit }
        """;

    private final Path folder;
    private final List<CapturedFrame> lan = new ArrayList<>();
    private final List<CapturedFrame> wan = new ArrayList<>();
    private String more = "";
    private String portMember = "";
    private String interfaces = "";
    private String routes = ROUTES;
    private String neighbours = NEIGHBOURS;
    private int wanMtuBytes = 1500;

    RouterScene(Path folder) {
        this.folder = folder;
    }

    RouterScene wanMtu(int bytes) {
        wanMtuBytes = bytes;
        return this;
    }

    /// Nobody is known beforehand.
    RouterScene withoutNeighbours() {
        neighbours = "";
        return this;
    }

    /// One more member of both ports.
    RouterScene portsWith(String member) {
        portMember = "    " + member + "\n";
        return this;
    }

    /// More members of `ports`.
    RouterScene withInterfaces(String yaml) {
        interfaces += yaml;
        return this;
    }

    /// More elements of `routes`.
    RouterScene withRoutes(String yaml) {
        routes += yaml;
        return this;
    }

    /// More of the configuration file.
    RouterScene with(String yaml) {
        more += yaml;
        return this;
    }

    RouterScene lan(long atMs, Layer frame) {
        return lan(atMs, frame.bytes());
    }

    RouterScene lan(long atMs, byte[] frame) {
        lan.add(CapturedFrame.of(START_NS + atMs * 1_000_000, frame));
        return this;
    }

    RouterScene wan(long atMs, Layer frame) {
        wan.add(CapturedFrame.of(START_NS + atMs * 1_000_000, frame.bytes()));
        return this;
    }

    private static String ipv4Only(String lines) {
        return lines.lines().filter(line -> !line.contains("2001:db8:2:")).collect(Collectors.joining("\n", "", "\n"));
    }

    /// What left, and what was counted.
    record Outcome(List<CapturedFrame> lan, List<CapturedFrame> wan, Ledger ledger) {

        byte[] onlyLan() {
            return only(lan);
        }

        byte[] onlyWan() {
            return only(wan);
        }

        /// Milliseconds from the start at which that frame left by `wan`.
        long wanMs(int index) {
            return (wan.get(index).timeNs() - START_NS) / 1_000_000;
        }

        private static byte[] only(List<CapturedFrame> frames) {
            if (frames.size() != 1) throw new AssertionError("expected one frame, there are " + frames.size());
            return frames.get(0).bytes();
        }
    }

    Outcome run() {
        try {
            Files.createDirectories(folder);
            Path lanIn = folder.resolve("lan-in.pcap");
            Path wanIn = folder.resolve("wan-in.pcap");
            Path lanOut = folder.resolve("lan-out.pcap");
            Path wanOut = folder.resolve("wan-out.pcap");
            CaptureFile.write(lanIn, lan);
            CaptureFile.write(wanIn, wan);
            boolean hasIpv6 = wanMtuBytes >= 1280;
            String wanAddresses = hasIpv6 ? "203.0.113.1/24, \"2001:db8:2::1/64\"" : "203.0.113.1/24";
            String base = BASE.replace("    wire: pcap\n", "    wire: pcap\n" + portMember);
            String yaml = base.formatted(lanIn, lanOut, LAN_ROUTER, wanIn, wanOut, WAN_ROUTER, wanMtuBytes,
                wanAddresses)
                + interfaces + more + (hasIpv6 ? routes + neighbours : ipv4Only(routes + neighbours));
            Ledger ledger = OfflineRouter.run(folder, yaml);
            return new Outcome(CaptureFile.read(lanOut).frames(), CaptureFile.read(wanOut).frames(), ledger);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
