package io.millrace.simulation.router;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CorpusFile;

import java.nio.file.Path;

/// A gateway between the [TwoSides] of a capture, as a configuration.
final class CorpusGateway {

    /// Masquerades IPv4 and offloads what can be.
    static final String RULES = """
        table inet gateway {
            flowtable f { hook ingress priority 0; devices = { lan, wan }; counter; }
            chain onward {
                type filter hook forward priority 0; policy accept;
                meta l4proto { tcp, udp, gre } flow add @f
            }
            chain post {
                type nat hook postrouting priority srcnat; policy accept;
                meta nfproto ipv4 oifname "wan" masquerade
            }
        }
        """;

    private static final String ROUTER = """
        ruleset: %s
        ports:
          lan: { wire: pcap, rx: %s, tx: %s, mac: "02:00:00:00:00:01", mtu: 65535,
                 addresses: [192.0.2.1/24, "2001:db8:1::1/64"] }
          wan: { wire: pcap, rx: %s, tx: %s, mac: "02:00:00:00:00:02", mtu: 65535,
                 addresses: [203.0.113.1/24, "2001:db8:2::1/64"] }
        routes:
          - { to: 0.0.0.0/1, via: 203.0.113.254 }
          - { to: 128.0.0.0/1, via: 203.0.113.254 }
          - { to: "::/0", via: "2001:db8:2::fe" }
        %s
        neighbours:
          - { address: 203.0.113.254, mac: "02:00:00:00:00:fe" }
          - { address: 192.0.2.254, mac: "02:00:00:00:01:fe" }
          - { address: "2001:db8:2::fe", mac: "02:00:00:00:00:fe" }
          - { address: "2001:db8:1::fe", mac: "02:00:00:00:01:fe" }
        """;

    /// Writes both sides into the folder. The gateway will write `lan.pcap` and `wan.pcap` into `out`.
    static String config(CorpusFile file, Path ruleset, Path folder, Path out) {
        var sides = new TwoSides(file);
        Path inside = folder.resolve("inside.pcap");
        Path outside = folder.resolve("outside.pcap");
        CaptureFile.write(inside, sides.inside);
        CaptureFile.write(outside, sides.outside);
        return ROUTER.formatted(ruleset, inside, out.resolve("lan.pcap"), outside, out.resolve("wan.pcap"),
            String.join("\n", sides.routes));
    }

    /// The same with each port at the NIC of that name.
    static String withNics(String config, String lanNic, String wanNic) {
        return config.replace("lan: { ", "lan: { nic: " + lanNic + ", ")
            .replace("wan: { ", "wan: { nic: " + wanNic + ", ");
    }

    private CorpusGateway() {}
}
