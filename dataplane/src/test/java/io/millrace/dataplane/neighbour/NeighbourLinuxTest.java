package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.neighbour.NeighbourTraffic.Input;
import io.millrace.packet.address.Addresses;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN_MAC;
import static io.millrace.dataplane.neighbour.NeighbourWorld.SECOND_NS;
import static io.millrace.dataplane.neighbour.NeighbourWorld.WAN_MAC;
import static org.assertj.core.api.Assertions.assertThat;

/// The running kernel as oracle: the same random ARP and Neighbour Discovery messages and packets to forward go to a
/// Linux router and to ours; frame for frame they must send the same, and know the same neighbours in the same states.
///
/// No timer fires on either side: probes, delays and lock times are set to minutes.
class NeighbourLinuxTest {

    private static final int STEPS = 250;
    private static final long MINUTE_NS = 60 * SECOND_NS;
    private static final NeighbourSettings SLOW = slow(MINUTE_NS);
    private static final NeighbourSettings SLOW_6 = slow(0);
    private static final List<String> NAMES = List.of("lan", "wan");

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void agreesWithTheKernel(int family) throws IOException {
        var traffic = new NeighbourTraffic(new SplittableRandom(Seeds.next()));
        for (int round = 0; round < (Seeds.isFull() ? 20 : 2); round++) {
            try (LinuxRouter kernel = kernel(); var world = new NeighbourWorld(SLOW, SLOW_6, 1)) {
                sent(kernel);
                for (int step = 0; step < STEPS; step++) {
                    Input input = traffic.next(family);
                    kernel.write(input.port(), input.frame());
                    feed(world, input);
                    assertThat(sent(world)).as("step %d: %s on port %d%n%s", step, input.kind(), input.port(),
                        HexFormat.of().formatHex(input.frame())).isEqualTo(sent(kernel));
                }
                assertThat(neighbours(world, family)).isEqualTo(neighbours(kernel, family));
            }
        }
    }

    private static void feed(NeighbourWorld world, Input input) {
        switch (input.kind()) {
            case ARP -> world.receiveArp(input.frame(), input.port());
            case DISCOVERY -> world.receiveDiscovery(input.frame(), input.port());
            case FORWARD -> {
                int packet = world.receive(input.forwarded(), input.port());
                world.toNeighbour(packet, world.resolve(1 - input.port(), input.target()), world.nowNs);
            }
        }
    }

    private static LinuxRouter kernel() throws IOException {
        List<String> before = List.of("sysctl -qw net.ipv4.ip_forward=1", "sysctl -qw net.ipv6.conf.all.forwarding=1",
            "sysctl -qw net.ipv6.conf.default.forwarding=1", "sysctl -qw net.ipv6.conf.default.addr_gen_mode=1");
        List<String> after = new ArrayList<>();
        String[][] addresses = {{"192.168.1.1/24", "fe80::1/64", "fd00:1::1/64"},
            {"203.0.113.1/24", "fe80::2/64", "fd00:2::1/64"}};
        for (int port = 0; port < NAMES.size(); port++) {
            String name = NAMES.get(port);
            for (String family : List.of("ipv4", "ipv6")) {
                String settings = "sysctl -qw net." + family + ".neigh." + name + ".";
                after.add(settings + "retrans_time_ms=60000");
                after.add(settings + "delay_first_probe_time=60");
                after.add(settings + "base_reachable_time_ms=1200000");
            }
            after.add("sysctl -qw net.ipv4.neigh." + name + ".locktime=6000");
            after.add("sysctl -qw net.ipv6.neigh." + name + ".proxy_delay=0");   // of answers for anycast addresses
            after.add("ip link set " + name + " address " + (port == 0 ? LAN_MAC : WAN_MAC) + " up");
            for (String address : addresses[port]) {
                after.add("ip addr add " + address + " dev " + name + (address.contains(":") ? " nodad" : ""));
            }
        }
        // The kernel takes IPv6 addresses into use a moment later.
        for (String address : List.of("fe80::1", "fd00:1::1", "fe80::2", "fd00:2::1")) {
            after.add("for i in $(seq 500); do ip -6 route show table local | grep -q '^local " + address
                + " ' && break; sleep 0.01; done");
        }
        return new LinuxRouter(NAMES, before, after);
    }

    private static NeighbourSettings slow(long lockNs) {
        return new NeighbourSettings(20 * MINUTE_NS, MINUTE_NS, MINUTE_NS, MINUTE_NS, lockNs, 3, 3, 212_992, 128, 512,
            1024);
    }

    /// What has been sent since the last time, one line a frame.
    private static List<String> sent(NeighbourWorld world) {
        List<String> lines = world.sent.stream()
            .map(each -> NAMES.get(each.interfaceIndex()) + " " + HexFormat.of().formatHex(each.bytes()))
            .sorted().toList();
        world.sent.clear();
        return lines;
    }

    private static List<String> sent(LinuxRouter kernel) {
        List<String> lines = new ArrayList<>();
        for (int port = 0; port < NAMES.size(); port++) {
            for (byte[] frame = kernel.read(port); frame != null; frame = kernel.read(port)) {
                if (isCompared(frame)) lines.add(NAMES.get(port) + " " + HexFormat.of().formatHex(frame));
            }
        }
        lines.sort(null);
        return lines;
    }

    /// Not the kernel's multicast listener reports and ICMP errors.
    private static boolean isCompared(byte[] frame) {
        int etherType = (frame[12] & 0xff) << 8 | frame[13] & 0xff;
        if (etherType == 0x0806) return true;
        if (etherType == 0x0800) return frame[23] == 17;
        if (etherType != 0x86dd) return false;
        int type = frame[54] & 0xff;
        return frame[20] == 17 || frame[20] == 58 && (type == 135 || type == 136);
    }

    private static List<String> neighbours(NeighbourWorld world, int family) {
        return world.table.neighbours().stream()
            .filter(each -> each.address().family() == family)
            .filter(each -> each.state() != NeighbourState.NONE && each.state() != NeighbourState.NOARP)
            .map(each -> each.address() + " dev " + NAMES.get(each.interfaceIndex())
                + (each.hasMac() ? " lladdr " + Addresses.mac(each.mac()) : "")
                + (each.isRouter() ? " router" : "") + " " + NeighbourState.name(each.state()))
            .sorted().toList();
    }

    private static List<String> neighbours(LinuxRouter kernel, int family) throws IOException {
        return kernel.run(List.of("ip -" + family + " neigh show")).lines()
            .map(line -> line.strip().replaceAll("\\s+", " ")).filter(line -> !line.isEmpty()).sorted().toList();
    }
}
