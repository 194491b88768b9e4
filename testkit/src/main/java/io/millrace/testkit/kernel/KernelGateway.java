package io.millrace.testkit.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The Linux kernel of this machine as a router, in a network namespace of its own, with as many ports as wanted: each
/// a TAP device.
///
/// A frame that is given to a port is dealt with before [#receive] returns: the kernel forwards on the thread that
/// writes to a TAP device. What it sends of its own accord (ARP, neighbour discovery, group reports) is left out.
public final class KernelGateway implements AutoCloseable {

    private static final int ARP = 0x0806;
    private static final int IPV6_GROUP_MAC = 0x3333;

    /// A frame that left, and the port it left by.
    public record Sent(String port, byte[] frame) {}

    private final KernelNetwork network;
    private final Map<String, TapDevice> taps = new LinkedHashMap<>();

    /// Skips the calling test unless such a router can be made.
    ///
    /// @param macs    by the names of the ports
    /// @param ipLines more of what `ip -batch` understands: addresses, routes, neighbours
    public KernelGateway(Map<String, String> macs, List<String> ipLines) {
        network = KernelNetwork.required();
        network.sysctl("net.ipv4.ip_forward", "1");
        network.sysctl("net.ipv6.conf.default.disable_ipv6", "0");
        network.sysctl("net.ipv6.conf.all.disable_ipv6", "0");
        network.sysctl("net.ipv6.conf.default.accept_dad", "0");
        network.sysctl("net.ipv6.conf.default.router_solicitations", "0");
        network.sysctl("net.ipv6.conf.all.forwarding", "1");
        network.sysctl("net.ipv6.auto_flowlabels", "0");
        network.sysctl("net.ipv4.conf.default.rp_filter", "0");
        network.sysctl("net.ipv4.conf.all.rp_filter", "0");
        List<String> lines = new ArrayList<>(List.of("link set lo up"));
        macs.forEach((name, mac) -> {   // an address may be changed while the device is down
            lines.add("link set " + name + " down");
            lines.add("link set " + name + " address " + mac);
            lines.add("link set " + name + " up");
            taps.put(name, TapDevice.open(network, name, 1500, TapDevice.FILLS_IN_NOTHING));
        });
        lines.addAll(ipLines);
        network.feed(String.join("\n", lines), "ip", "-batch", "-");
        drain();
    }

    public void sysctl(String name, String value) {
        network.sysctl(name, value);
    }

    /// Loads a ruleset as `nft -f` does.
    public void nft(String ruleset) {
        network.feed(ruleset, "nft", "-f", "-");
    }

    /// What the router sent because a frame arrived by a port, in the order of the ports.
    public List<Sent> receive(String port, byte[] frame) {
        taps.get(port).write(VnetFrame.whole(frame));
        return drain();
    }

    /// What the router has sent since it was last asked.
    public List<Sent> drain() {
        List<Sent> sent = new ArrayList<>();
        taps.forEach((name, tap) -> {
            for (VnetFrame frame = tap.next(0); frame != null; frame = tap.next(0)) {
                if (!isNoise(frame.frame())) sent.add(new Sent(name, frame.frame()));
            }
        });
        return sent;
    }

    private static boolean isNoise(byte[] frame) {
        int etherType = (frame[12] & 0xff) << 8 | frame[13] & 0xff;
        int macBegin = (frame[0] & 0xff) << 8 | frame[1] & 0xff;
        return etherType == ARP || macBegin == IPV6_GROUP_MAC;
    }

    @Override
    public void close() {
        taps.values().forEach(TapDevice::close);
        network.close();
    }
}
