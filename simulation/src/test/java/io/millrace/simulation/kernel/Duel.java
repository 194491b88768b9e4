package io.millrace.simulation.kernel;

import io.millrace.simulation.firewall.FirewallScene;
import io.millrace.testkit.Hex;
import io.millrace.testkit.Layer;
import io.millrace.testkit.kernel.KernelGateway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;

/// Linux and this router, with the same interfaces, routes, neighbours, settings and rules, given the same frames one
/// by one: each must send the same frames by the same ports. The topology is [FirewallScene]'s.
///
/// Not compared: the identification of what the router itself makes, which Linux draws.
final class Duel implements AutoCloseable {

    private static final List<String> PORTS = List.of("lan", "wan", "dmz");
    private static final List<String> IP = List.of(
        "addr add 192.0.2.1/24 dev lan", "addr add 2001:db8:1::1/64 dev lan nodad",
        "addr add 203.0.113.1/24 dev wan", "addr add 2001:db8:2::1/64 dev wan nodad",
        "addr add 10.0.3.1/24 dev dmz",
        "neigh replace 192.0.2.10 lladdr 02:00:00:00:01:10 dev lan nud permanent",
        "neigh replace 192.0.2.11 lladdr 02:00:00:00:01:11 dev lan nud permanent",
        "neigh replace 2001:db8:1::10 lladdr 02:00:00:00:01:10 dev lan nud permanent",
        "neigh replace 203.0.113.254 lladdr 02:00:00:00:00:fe dev wan nud permanent",
        "neigh replace 2001:db8:2::fe lladdr 02:00:00:00:00:fe dev wan nud permanent",
        "neigh replace 10.0.3.10 lladdr 02:00:00:00:03:10 dev dmz nud permanent",
        "route add 198.51.100.0/24 via 203.0.113.254", "route add 2001:db8:8::/48 via 2001:db8:2::fe");

    private static final Map<String, String> LIMITS_OFF =
        Map.of("net.ipv4.icmp_ratelimit", "0", "net.ipv4.icmp_ratemask", "0", "net.ipv6.icmp.ratelimit", "0",
            "net.ipv4.icmp_msgs_per_sec", "1000000", "net.ipv4.icmp_msgs_burst", "1000000");

    private static final int SHOWN_DIGITS = 200;
    private static final int SHOWN_FRAMES = 80;

    private final KernelGateway kernel;
    private final FirewallScene scene;
    private final List<String> story = new ArrayList<>();
    private UnaryOperator<byte[]> blur = frame -> frame;

    Duel(String rules) {
        this(rules, Map.of());
    }

    /// @param sysctls by name, the same for both
    Duel(String rules, Map<String, String> sysctls) {
        this(rules, rules, sysctls);
    }

    /// With rules that should come to the same.
    Duel(String linuxRules, String rules, Map<String, String> sysctls) {
        Map<String, String> macs = new LinkedHashMap<>();
        macs.put("lan", FirewallScene.LAN_ROUTER);
        macs.put("wan", FirewallScene.WAN_ROUTER);
        macs.put("dmz", FirewallScene.DMZ_ROUTER);
        kernel = new KernelGateway(macs, IP);
        kernel.nft(linuxRules);   // loads connection tracking, and with it its settings
        Map<String, String> all = new LinkedHashMap<>(LIMITS_OFF);
        all.putAll(sysctls);
        all.forEach(kernel::sysctl);
        StringBuilder yaml = new StringBuilder("sysctl:\n");
        all.forEach((name, value) -> yaml.append("  ").append(name).append(": ").append(value).append('\n'));
        yaml.append("  net.netfilter.nf_conntrack_max: 4096\n  net.netfilter.nf_conntrack_buckets: 4096\n");
        scene = new FirewallScene(rules, yaml.toString());
    }

    /// What is done to each frame before it is compared, where the kernel draws something at random.
    Duel blurred(UnaryOperator<byte[]> change) {
        blur = change;
        return this;
    }

    /// What both sent by any port because of the frame.
    List<byte[]> lan(Layer frame) { return send("lan", frame.bytes()); }
    List<byte[]> wan(Layer frame) { return send("wan", frame.bytes()); }
    List<byte[]> dmz(Layer frame) { return send("dmz", frame.bytes()); }

    List<byte[]> send(String port, byte[] frame) {
        String text = Hex.format(frame);
        story.add(port + " <- " + text.substring(0, Math.min(text.length(), SHOWN_DIGITS)));
        if (story.size() > SHOWN_FRAMES) story.removeFirst();
        List<String> linux = new ArrayList<>();
        List<byte[]> sent = new ArrayList<>();
        for (KernelGateway.Sent each : kernel.receive(port, frame)) {
            linux.add(each.port() + " " + Hex.format(comparable(each.frame())));
            sent.add(each.frame());
        }
        FirewallScene.Sent answer = scene.receive(PORTS.indexOf(port), frame);
        List<String> here = new ArrayList<>();
        answer.lan().forEach(each -> here.add("lan " + Hex.format(comparable(each))));
        answer.wan().forEach(each -> here.add("wan " + Hex.format(comparable(each))));
        answer.dmz().forEach(each -> here.add("dmz " + Hex.format(comparable(each))));
        assertThat(here).as(() -> "here, against Linux, after\n" + String.join("\n", story)
            + "\nconnections here:\n" + String.join("\n", scene.connections())).isEqualTo(linux);
        return sent;
    }

    /// Time passes for both; the kernel's cannot be hurried.
    Duel pass(int seconds) {
        story.add(seconds + " s pass");
        try {
            Thread.sleep(seconds * 1000L);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        scene.pass(seconds);
        return this;
    }

    private byte[] comparable(byte[] frame) {
        byte[] shown = blur.apply(frame.clone());
        if (shown.length < 34 || shown[12] != 8 || shown[13] != 0) return shown;
        int l4 = 14 + (shown[14] & 15) * 4;
        boolean isError = shown[23] == 1 && (shown[l4] == 3 || shown[l4] == 11 || shown[l4] == 12 || shown[l4] == 5);
        boolean isReset = shown[23] == 6 && shown.length > l4 + 13 && (shown[l4 + 13] & 4) != 0;
        boolean isAnswer = shown[23] == 1 && shown[26] == (byte) 192 && shown[29] == 1;   // of 192.0.2.1, or a piece
        if (isError || isReset || isAnswer) shown[18] = shown[19] = shown[24] = shown[25] = 0;
        return shown;
    }

    @Override
    public void close() {
        scene.close();
        kernel.close();
    }
}
