package io.millrace.flow.nat;

import io.millrace.flow.nat.Gateway.Passed;
import io.millrace.flow.track.PacketState;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.kernel.KernelNetwork;
import io.millrace.testkit.kernel.TapDevice;
import io.millrace.testkit.kernel.VnetFrame;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// Linux as a gateway of two networks, with the same addresses as [TwoNetworks]. Its ruleset writes the connection
/// state of each packet into the DSCP field, from where it is read and taken out again.
final class KernelGateway implements AutoCloseable {

    static final String[] NAMES = {"left", "right"};
    static final String[] MACS = {"02:00:00:00:01:01", "02:00:00:00:02:01"};

    private static final int NOTHING_MS = 60;
    private static final int ETHERNET_BYTES = 14;
    private static final PacketState[] BY_DSCP = {null, PacketState.INVALID, PacketState.NEW, PacketState.ESTABLISHED,
        PacketState.ESTABLISHED_REPLY, PacketState.RELATED, PacketState.RELATED_REPLY, PacketState.UNTRACKED};

    private static final String MARKING = """
        table inet marking {
          chain forward {
            type filter hook forward priority mangle; policy accept;
            %s
          }
        }
        """;

    private final KernelNetwork network;
    private final TapDevice[] taps = new TapDevice[2];

    /// @param ruleset nat chains and whatever else, beside the marking
    KernelGateway(String ruleset) {
        network = KernelNetwork.required();
        for (int i = 0; i < taps.length; i++) {
            taps[i] = TapDevice.open(network, NAMES[i], 1500, TapDevice.FILLS_IN_CHECKSUMS);
            network.command("ip", "link", "set", "dev", NAMES[i], "address", MACS[i]);
            sysctl("net/ipv6/conf/" + NAMES[i] + "/accept_dad", "0");
            sysctl("net/ipv6/conf/" + NAMES[i] + "/router_solicitations", "0");
            sysctl("net/ipv6/conf/" + NAMES[i] + "/disable_ipv6", "0");
            network.command("ip", "addr", "add", TwoNetworks.IPV4[i] + "/24", "dev", NAMES[i]);
            network.command("ip", "addr", "add", TwoNetworks.IPV6[i] + "/64", "dev", NAMES[i], "nodad");
            for (int host = 2; host < 10; host++) {
                neighbour("10.0." + (i + 1) + "." + host, i);
                neighbour("fd00:" + (i + 1) + "::" + host, i);
            }
        }
        sysctl("net/ipv4/ip_forward", "1");
        sysctl("net/ipv6/conf/all/forwarding", "1");
        load(MARKING.formatted(marks()) + ruleset);
    }

    private void neighbour(String address, int side) {
        network.command("ip", "neigh", "add", address, "lladdr", "02:00:00:00:00:0" + (side + 1), "dev", NAMES[side],
            "nud", "permanent");
    }

    private static String marks() {
        StringBuilder rules = new StringBuilder();
        for (String family : List.of("ip", "ip6")) {
            String set = " " + family + " dscp set ";
            rules.append("ct state invalid").append(set).append("1\n");
            rules.append("ct state new").append(set).append("2\n");
            rules.append("ct state established ct direction original").append(set).append("3\n");
            rules.append("ct state established ct direction reply").append(set).append("4\n");
            rules.append("ct state related ct direction original").append(set).append("5\n");
            rules.append("ct state related ct direction reply").append(set).append("6\n");
            rules.append("ct state untracked").append(set).append("7\n");
        }
        return rules.toString();
    }

    private void load(String ruleset) {
        network.run(() -> {
            Process process = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
            process.getOutputStream().write(ruleset.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return null;
        });
    }

    void sysctl(String path, String value) {
        network.run(() -> {
            Files.writeString(Path.of("/proc/sys", path), value);
            return null;
        });
    }

    Passed pass(int ingress, byte[] frame) {
        taps[ingress].write(VnetFrame.whole(frame));
        while (true) {
            VnetFrame sent = taps[1 - ingress].next(NOTHING_MS);
            if (sent == null) return new Passed(null, null);
            byte[] bytes = sent.frame();
            int dscp = dscp(bytes);
            if (dscp > 0 && dscp < BY_DSCP.length) return new Passed(BY_DSCP[dscp], unmarked(bytes));
        }
    }

    /// 0 for what is no IP packet.
    private static int dscp(byte[] frame) {
        int etherType = (frame[12] & 0xff) << 8 | frame[13] & 0xff;
        return switch (etherType) {
            case 0x0800 -> (frame[ETHERNET_BYTES + 1] & 0xff) >>> 2;
            case 0x86dd -> (frame[ETHERNET_BYTES] & 0x0f) << 2 | (frame[ETHERNET_BYTES + 1] & 0xc0) >>> 6;
            default -> 0;
        };
    }

    private static byte[] unmarked(byte[] frame) {
        byte[] clean = frame.clone();
        if (frame[13] == 0) {
            assertThat(NaiveChecksum.isIpv4Valid(frame, ETHERNET_BYTES)).as("Linux's own header checksum").isTrue();
            clean[ETHERNET_BYTES + 1] &= 0x03;
            clean[ETHERNET_BYTES + 8]++;
            int checksum = NaiveChecksum.ipv4(clean, ETHERNET_BYTES);
            clean[ETHERNET_BYTES + 10] = (byte) (checksum >> 8);
            clean[ETHERNET_BYTES + 11] = (byte) checksum;
        } else {
            clean[ETHERNET_BYTES] &= (byte) 0xf0;
            clean[ETHERNET_BYTES + 1] &= 0x3f;
            clean[ETHERNET_BYTES + 7]++;
        }
        return clean;
    }

    /// The lines of `/proc/net/nf_conntrack`.
    TreeSet<String> listing() {
        return network.run(() -> read(Path.of("/proc/thread-self/net/nf_conntrack")));
    }

    private static TreeSet<String> read(Path path) throws IOException {
        TreeSet<String> lines = new TreeSet<>();
        for (String line : Files.readAllLines(path)) {
            lines.add(line.strip());
        }
        return lines;
    }

    @Override
    public void close() {
        for (TapDevice tap : taps) {
            if (tap != null) tap.close();
        }
        network.close();
    }
}
