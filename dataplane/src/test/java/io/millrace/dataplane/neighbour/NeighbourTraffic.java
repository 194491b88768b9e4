package io.millrace.dataplane.neighbour;

import io.millrace.testkit.DiscoveryLayer;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv6Layer;
import io.millrace.testkit.Layer;

import java.util.SplittableRandom;

import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN_MAC;
import static io.millrace.dataplane.neighbour.NeighbourWorld.WAN_MAC;

/// Random messages about neighbours, sound and unsound, as they may come in by the ports of [NeighbourWorld].
final class NeighbourTraffic {

    enum Kind { ARP, DISCOVERY, FORWARD }

    /// @param frame      as it comes in
    /// @param forwarded  the same with its TTL counted down, where it is to be forwarded by the other port
    /// @param target     where it is forwarded to
    record Input(Kind kind, int port, byte[] frame, byte[] forwarded, String target) {

        static Input of(Kind kind, int port, Layer layer) {
            return new Input(kind, port, layer.bytes(), null, null);
        }
    }

    private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";
    private static final String[] MACS = {"02:00:00:00:00:aa", "02:00:00:00:00:bb", "02:00:00:00:00:cc"};
    private static final String[] PORT_MACS = {LAN_MAC, WAN_MAC};
    private static final String[] NETS_4 = {"192.168.1.", "203.0.113."};
    private static final String[] NETS_6 = {"fd00:1::", "fd00:2::"};
    private static final String[] LINK_LOCAL = {"fe80::1", "fe80::2"};

    private final SplittableRandom random;

    NeighbourTraffic(SplittableRandom random) {
        this.random = random;
    }

    Input next(int family) {
        int port = random.nextInt(2);
        if (random.nextInt(4) == 0) return forward(family, port);
        return family == 4 ? arp(port) : discovery(port);
    }

    private Input forward(int family, int port) {
        int other = 1 - port;
        int marker = random.nextInt(0x10000);
        byte[][] frames = new byte[2][];
        String target = host(family, other);
        for (int i = 0; i < 2; i++) {
            int ttl = 64 - i;
            frames[i] = family == 4
                ? Frame.ethernet(MACS[0], PORT_MACS[port]).ipv4(NETS_4[port] + 200, target).ttl(ttl)
                    .identification(marker).udp(1, 2).payload(new byte[] {1, 2}).bytes()
                : Frame.ethernet(MACS[0], PORT_MACS[port]).ipv6(NETS_6[port] + 200, target).hopLimit(ttl)
                    .flowLabel(marker).udp(1, 2).payload(new byte[] {1, 2}).bytes();
        }
        return new Input(Kind.FORWARD, port, frames[0], frames[1], target);
    }

    private Input arp(int port) {
        String mac = pick(MACS);
        String sender = switch (random.nextInt(12)) {
            case 0 -> "0.0.0.0";
            case 1 -> NETS_4[random.nextInt(2)] + 1;     // ours
            case 2 -> host(4, 1 - port);
            case 3 -> pick("224.0.0.9", "127.0.0.1", "255.255.255.255", "8.8.8.8", NETS_4[port] + 255);
            default -> host(4, port);
        };
        String target = switch (random.nextInt(10)) {
            case 0, 1, 2 -> NETS_4[port] + 1;
            case 3 -> NETS_4[1 - port] + 1;
            case 4, 5 -> sender;
            case 6 -> pick("224.0.0.9", "127.0.0.1", "255.255.255.255", "0.0.0.0", NETS_4[port] + 255);
            default -> host(4, port);
        };
        String linkTarget = random.nextBoolean() ? BROADCAST : PORT_MACS[port];
        var ethernet = Frame.ethernet(mac, linkTarget);
        int operation = random.nextInt(20);
        if (operation == 0) {
            return Input.of(Kind.ARP, port, ethernet.arpRequest(mac, sender, target).operation(random.nextInt(3, 9)));
        }
        if (operation == 1) {
            return Input.of(Kind.ARP, port, ethernet.arpRequest(mac, sender, target).hardware(pick(2, 6, 7), 6));
        }
        return Input.of(Kind.ARP, port, random.nextBoolean() ? ethernet.arpRequest(mac, sender, target)
            : ethernet.arpReply(mac, sender, pick(mac, PORT_MACS[port], "00:00:00:00:00:00"), target));
    }

    private Input discovery(int port) {
        DiscoveryLayer message = switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> solicitation(port);
            case 4, 5, 6, 7 -> advertisement(port);
            case 8 -> routerMessage(port, "ff02::2", "33:33:00:00:00:02");
            default -> routerMessage(port, "ff02::1", "33:33:00:00:00:01");
        };
        if (random.nextInt(25) == 0) message.code(1);
        if (random.nextInt(25) == 0) message.checksum(0x1234);
        if (random.nextInt(25) == 0) message.options((byte) 1, (byte) pick(0, 2), (byte) 0, (byte) 0);
        return Input.of(Kind.DISCOVERY, port, message);
    }

    private DiscoveryLayer solicitation(int port) {
        String own = random.nextInt(3) == 0 ? LINK_LOCAL[port] : NETS_6[port] + 1;
        String target = switch (random.nextInt(8)) {
            case 0 -> NETS_6[port];                       // the subnet routers'
            case 1 -> NETS_6[1 - port] + 1;               // the other port's
            case 2 -> pick(host(6, port), "ff02::1");
            default -> own;
        };
        String source = random.nextInt(5) == 0 ? "::" : host(6, port);
        DiscoveryLayer message = switch (random.nextInt(4)) {
            case 0 -> layer(port, "ff02::1", "33:33:00:00:00:01", source).neighbourSolicitation(target);
            case 1 -> layer(port, own, PORT_MACS[port], source).neighbourSolicitation(target);
            default -> {
                String low = "ff00:" + (target.endsWith("::") ? "0" : own.substring(own.lastIndexOf(':') + 1));
                yield layer(port, "ff02::1:" + low, "33:33:ff:00:00:0" + low.substring(5), source)
                    .neighbourSolicitation(target);
            }
        };
        return linkAddress(message, 1, source.equals("::") ? 6 : 1);
    }

    private DiscoveryLayer advertisement(int port) {
        boolean isMulticast = random.nextInt(3) == 0;
        String target = random.nextInt(10) == 0 ? pick(NETS_6[port] + 1, "ff02::1") : host(6, port);
        DiscoveryLayer message = isMulticast
            ? layer(port, "ff02::1", "33:33:00:00:00:01", host(6, port)).neighbourAdvertisement(target)
            : layer(port, NETS_6[port] + 1, PORT_MACS[port], host(6, port)).neighbourAdvertisement(target);
        if (random.nextBoolean()) message.router();
        if (random.nextBoolean()) message.solicited();
        if (random.nextBoolean()) message.override();
        return linkAddress(message, 2, 1);
    }

    private DiscoveryLayer routerMessage(int port, String group, String groupMac) {
        String source = pick("fe80::50", "fe80::51", host(6, port), "::");
        var ip = layer(port, group, groupMac, source);
        return linkAddress(group.endsWith("2") ? ip.routerSolicitation() : ip.routerAdvertisement(), 1, 1);
    }

    private Ipv6Layer layer(int port, String target, String targetMac, String source) {
        int hopLimit = random.nextInt(30) == 0 ? 254 : 255;
        return Frame.ethernet(pick(MACS), targetMac).ipv6(source, target).hopLimit(hopLimit);
    }

    /// Mostly one option of the type, sometimes none, another, or one of a wrong length.
    private DiscoveryLayer linkAddress(DiscoveryLayer message, int type, int noneWeight) {
        int choice = random.nextInt(10 + noneWeight);
        String mac = pick(MACS);
        if (choice == 0) return message.option(type, new byte[14]);
        if (choice == 1) return message.option(14, new byte[6]).option(3 - type, new byte[14]);
        if (choice >= 9) return message;
        return type == 1 ? message.sourceLinkLayer(mac) : message.targetLinkLayer(mac);
    }

    private String host(int family, int port) {
        return (family == 4 ? NETS_4[port] : NETS_6[port]) + (50 + random.nextInt(4));
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
