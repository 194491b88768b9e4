package io.millrace.control;

import io.millrace.testkit.Frame;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Commands of `tc` and frames from one small world, so that they meet often.
final class RandomTc {

    private static final String[] PROTOCOLS = {"ip", "ip", "ip", "ipv6", "802.1q", "all"};

    private final SplittableRandom random;
    private final String[] protocolByPriority = new String[5];

    RandomTc(SplittableRandom random) {
        this.random = random;
    }

    private String one(String... values) {
        return values[random.nextInt(values.length)];
    }

    private boolean isSometimes() {
        return random.nextInt(3) == 0;
    }

    /// What stands behind `tc filter add dev lan ingress`, with FLAGS where flags are to be.
    String filter() {
        int priority = 1 + random.nextInt(protocolByPriority.length);
        int chain = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        String protocol = protocolByPriority[priority - 1];
        if (protocol == null) protocol = one(PROTOCOLS);
        protocolByPriority[priority - 1] = protocol;
        List<String> words = new ArrayList<>(List.of("chain " + chain, "protocol " + protocol, "pref " + priority,
            "flower FLAGS"));
        switch (protocol) {
            case "ip" -> {
                words.add("dst_ip 10.9.0." + random.nextInt(4) + one("", "/31", "/24"));
                if (isSometimes()) words.add("src_ip 10.0.0." + random.nextInt(8, 10) + one("", "/30"));
                if (isSometimes()) words.add("ip_ttl " + one("61", "62", "64"));
                if (isSometimes()) words.add("ip_proto udp dst_port " + one("53", "80", "50-60", "52/0xfffc"));
            }
            case "ipv6" -> {
                words.add("dst_ip fd00:9::" + random.nextInt(4) + one("", "/126"));
                if (isSometimes()) words.add("ip_proto udp src_port " + one("4000", "4001"));
            }
            case "802.1q" -> {
                words.add("vlan_id " + one("1", "2"));
                if (isSometimes()) words.add("vlan_prio " + one("0", "5"));
                if (isSometimes()) words.add("vlan_ethtype ip dst_ip 10.9.0." + random.nextInt(4));
            }
            default -> words.add("dst_mac " + LiveRouter.LAN_MAC + one("", "/8") + " src_mac " + one(
                "02:00:00:00:00:0a", "02:00:00:00:00:0b"));
        }
        while (isSometimes()) words.add("action " + piped());
        words.add("action " + last());
        return String.join(" ", words);
    }

    private String piped() {
        return switch (random.nextInt(6)) {
            case 0 -> "mirred egress mirror dev " + one("lan", "wan");
            case 1 -> "vlan push id " + one("1", "2") + " pipe";
            case 2 -> "vlan pop pipe";
            case 3 -> "vlan modify id " + one("1", "2") + " pipe";
            case 4 -> "pedit ex munge ip ttl add 0xff pipe action csum ip4h pipe";
            default -> "pedit ex munge ip dst set 10.9.0." + random.nextInt(4) + " munge udp dport set 53 pipe "
                + "action csum ip4h udp pipe";
        };
    }

    private String last() {
        return switch (random.nextInt(9)) {
            case 0, 1 -> "drop";
            case 2 -> "pass";
            case 3 -> "reclassify";
            case 4, 5 -> "goto chain " + one("0", "1", "2", "3");
            case 6 -> "mirred egress redirect dev " + one("lan", "wan");
            default -> "continue";
        };
    }

    byte[] frame() {
        String source = one("02:00:00:00:00:0a", "02:00:00:00:00:0b");
        var ethernet = Frame.ethernet(source, one(LiveRouter.LAN_MAC, LiveRouter.LAN_MAC, "02:00:00:00:00:77"));
        String from = "10.0.0." + random.nextInt(8, 12);
        String to = "10.9.0." + random.nextInt(4);
        int port = random.nextInt(4) == 0 ? 80 : random.nextInt(50, 56);
        return switch (random.nextInt(6)) {
            case 0 -> Frame.ethernet(source, LiveRouter.LAN_MAC).vlan(random.nextInt(1, 3))
                .priority(random.nextInt(2) * 5).ipv4(from, to).udp(4000, port).payload(new byte[5]).bytes();
            case 1 -> ethernet.ipv6("fd00:8::7", "fd00:9::" + random.nextInt(4))
                .udp(4000 + random.nextInt(2), port).payload(new byte[3]).bytes();
            case 2 -> ethernet.ipv4(from, to).ttl(random.nextInt(61, 65)).udp(4000, port).payload(new byte[9]).bytes();
            default -> ethernet.ipv4(from, to).udp(4000, port).payload(new byte[random.nextInt(30)]).bytes();
        };
    }
}
