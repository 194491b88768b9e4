package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/// `millrace ctl ip …` against a live router: output recorded from iproute2 6.1, and what packets see of a change.
class IpVerbTest {

    @TempDir
    private Path folder;

    private static void refused(LiveRouter router, int status, String message, String line) {
        Result result = router.ctl(line.split(" "));
        assertThat(result.err().strip()).as(line).isEqualTo(message);
        assertThat(result.status()).as(line).isEqualTo(status);
        assertThat(result.out()).as(line).isEmpty();
    }

    @Test
    void showsAddressesAsIproute2Does() throws IOException {
        try (var router = new LiveRouter(folder)) {
            router.fine("ip addr add 10.0.0.2/24 dev lan");
            assertThat(router.fine("ip addr show dev lan")).isEqualTo("""
                1: lan: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
                    link/ether 02:4d:52:00:00:01 brd ff:ff:ff:ff:ff:ff
                    inet 10.0.0.1/24 scope global lan
                       valid_lft forever preferred_lft forever
                    inet 10.0.0.2/24 scope global secondary lan
                       valid_lft forever preferred_lft forever
                    inet6 fe80::4d:52ff:fe00:1/64 scope link\s
                       valid_lft forever preferred_lft forever
                """);
            assertThat(router.fine("ip -br a")).isEqualTo("""
                lan              UP             10.0.0.1/24 10.0.0.2/24 fe80::4d:52ff:fe00:1/64\s
                wan              UP             10.1.0.1/30 fd00::1/64 fe80::4d:52ff:fe00:2/64\s
                """);
            assertThat(router.fine("ip -4 -j addr show lan")).isEqualTo("""
                [{"ifindex":1,"ifname":"lan","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,\
                "qdisc":"noqueue","operstate":"UP","group":"default","link_type":"ether",\
                "address":"02:4d:52:00:00:01","broadcast":"ff:ff:ff:ff:ff:ff","addr_info":[\
                {"family":"inet","local":"10.0.0.1","prefixlen":24,"scope":"global","label":"lan",\
                "valid_life_time":4294967295,"preferred_life_time":4294967295},\
                {"family":"inet","local":"10.0.0.2","prefixlen":24,"scope":"global","secondary":true,"label":"lan",\
                "valid_life_time":4294967295,"preferred_life_time":4294967295}]}]
                """);
        }
    }

    @Test
    void showsRoutesAsIproute2Does() throws IOException {
        try (var router = new LiveRouter(folder)) {
            router.fine("ip route add unreachable 10.8.0.0/16");
            router.fine("ip route add blackhole 10.7.0.0/16 metric 50");
            router.fine("ip route add default via 10.1.0.2 dev wan src 10.1.0.1");
            router.fine("ip route add fd01::/64 via fd00::2");
            assertThat(router.fine("ip route")).isEqualTo("""
                default via 10.1.0.2 dev wan src 10.1.0.1\s
                10.0.0.0/24 dev lan proto kernel scope link src 10.0.0.1\s
                10.1.0.0/30 dev wan proto kernel scope link src 10.1.0.1\s
                blackhole 10.7.0.0/16 metric 50\s
                unreachable 10.8.0.0/16\s
                10.9.0.0/16 via 10.1.0.2 dev wan\s
                """);
            assertThat(router.fine("ip -6 route show dev wan")).isEqualTo("""
                fd00::/64 proto kernel metric 256 pref medium
                fd01::/64 via fd00::2 metric 1024 pref medium
                fe80::/64 proto kernel metric 256 pref medium
                """);
            assertThat(router.fine("ip route show table local dev lan")).isEqualTo("""
                local 10.0.0.1 proto kernel scope host src 10.0.0.1\s
                broadcast 10.0.0.255 proto kernel scope link src 10.0.0.1\s
                """);
            assertThat(router.fine("ip -j r show 10.9.0.0/16")).isEqualTo("""
                [{"dst":"10.9.0.0/16","gateway":"10.1.0.2","dev":"wan","flags":[]}]
                """);
            assertThat(router.fine("ip route get 10.9.1.1"))
                .isEqualTo("10.9.1.1 via 10.1.0.2 dev wan src 10.1.0.1 \n");
            refused(router, 2, "RTNETLINK answers: No route to host", "ip route get 10.8.0.1");
        }
    }

    @Test
    void refusesRoutesInLinuxsWords() throws IOException {
        try (var router = new LiveRouter(folder)) {
            refused(router, 2, "RTNETLINK answers: File exists", "ip route add 10.9.0.0/16 via 10.1.0.2");
            refused(router, 2, "Error: Nexthop has invalid gateway.", "ip route add 10.99.0.0/16 via 172.16.0.1");
            refused(router, 2, "RTNETLINK answers: No such process", "ip route del 10.98.0.0/16");
            refused(router, 2, "Error: Invalid prefix for given prefix length.",
                "ip route add 10.99.0.1/16 via 10.1.0.2");
            refused(router, 2, "RTNETLINK answers: No such device", "ip route add 10.97.0.0/16");
            refused(router, 1, "Cannot find device \"nope\"", "ip route add 10.99.0.0/16 via 10.1.0.2 dev nope");
            refused(router, 2, "RTNETLINK answers: Network is unreachable", "ip route get 8.8.8.8");
            refused(router, 255, "Error: either \"to\" is duplicate, or \"bogus\" is a garbage.",
                "ip route add 10.99.0.0/16 bogus 10.1.0.2");
            refused(router, 1, "Object \"bogus\" is unknown, try \"ip help\".", "ip bogus");
            refused(router, 255, "Command \"bogus\" is unknown, try \"ip route help\".", "ip route bogus");
            assertThat(router.fine("ip route")).hasLineCount(3);
        }
    }

    @Test
    void refusesAddressesAndLinksInLinuxsWords() throws IOException {
        try (var router = new LiveRouter(folder)) {
            String before = router.fine("ip addr");
            refused(router, 2, "Error: ipv4: Address already assigned.", "ip addr add 10.0.0.1/24 dev lan");
            refused(router, 2, "Error: ipv4: Address not found.", "ip addr del 10.0.0.77/24 dev lan");
            refused(router, 1, "Cannot find device \"nope\"", "ip addr add 10.0.0.9/24 dev nope");
            refused(router, 1, "Error: any valid prefix is expected rather than \"10.0.0.300/24\".",
                "ip addr add 10.0.0.300/24 dev lan");
            refused(router, 1, "Not enough information: \"dev\" argument is required.", "ip addr add 10.5.5.5/24");
            refused(router, 1, "Device \"nope\" does not exist.", "ip addr show dev nope");
            refused(router, 2, "Error: mtu less than device minimum.", "ip link set lan mtu 30");
            refused(router, 2, "Error: mtu greater than device maximum.", "ip link set lan mtu 999999");
            refused(router, 1, "Cannot find device \"nope\"", "ip link set nope mtu 1400");
            assertThat(router.fine("ip addr")).isEqualTo(before);
        }
    }

    @Test
    void showsAndChangesNeighbours() throws IOException {
        try (var router = new LiveRouter(folder)) {
            router.fine("ip neigh add fd00::2 lladdr 02:00:00:00:00:06 dev wan nud stale");
            assertThat(router.fine("ip neigh")).isEqualTo("""
                10.1.0.2 dev wan lladdr 02:00:00:00:00:05 PERMANENT\s
                fd00::2 dev wan lladdr 02:00:00:00:00:06 STALE\s
                """);
            assertThat(router.fine("ip -6 neigh show dev wan"))
                .isEqualTo("fd00::2 lladdr 02:00:00:00:00:06 STALE \n");
            assertThat(router.fine("ip -4 -j neigh")).isEqualTo(
                "[{\"dst\":\"10.1.0.2\",\"dev\":\"wan\",\"lladdr\":\"02:00:00:00:00:05\",\"state\":[\"PERMANENT\"]}]\n");
            refused(router, 2, "RTNETLINK answers: File exists",
                "ip neigh add 10.1.0.2 lladdr 02:00:00:00:00:05 dev wan");
            refused(router, 2, "RTNETLINK answers: No such file or directory", "ip neigh del 10.9.9.9 dev wan");
            refused(router, 1, "\"zz\" is invalid lladdr.", "ip neigh add 10.1.0.3 lladdr zz dev wan");
            refused(router, 255, "Device and destination are required arguments.",
                "ip neigh add 10.1.0.3 lladdr 02:00:00:00:00:05");
            refused(router, 255, "Error: argument \"bogus\" is wrong: nud state is bad",
                "ip neigh add 10.1.0.3 lladdr 02:00:00:00:00:05 dev wan nud bogus");
            router.fine("ip neigh flush dev wan");
            assertThat(router.fine("ip neigh")).doesNotContain("fd00::2 dev wan lladdr").contains("10.1.0.2");
        }
    }

    @Test
    void packetsFollowARouteFromTheNextBurstOn() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.lan.toReceive.add(LiveRouter.toForward("10.20.0.1"));
            assertThat(router.nextSent(router.lan)).as("the ICMP error, behind the question who asks").isNotNull();
            router.fine("ip route add 10.20.0.0/16 via 10.1.0.2");
            router.lan.toReceive.add(LiveRouter.toForward("10.20.0.1"));
            byte[] sent = router.nextSent(router.wan);
            assertThat(sent).isNotNull();
            assertThat(sent[5]).as("last byte of the gateway's MAC address").isEqualTo((byte) 5);
            router.fine("ip route del 10.20.0.0/16");
            assertThat(router.ctl("ip", "route", "get", "10.20.0.1").status()).isEqualTo(2);
        }
    }

    @Test
    void anMtuCountsFromTheNextBurstOn() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.fine("ip addr del fd00::1/64 dev wan");
            router.fine("ip link set wan mtu 576");
            assertThat(router.fine("ip link show wan")).contains(" mtu 576 ");
            router.fine("ip link set dev wan mtu 68");
            router.lan.toReceive.add(Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC)
                .ipv4("10.0.0.7", "10.9.0.1").udp(1, 2).payloadOf(80).bytes());
            assertThat(router.nextSent(router.wan)).as("first fragment").hasSize(14 + 68);
        }
    }

    @Test
    void anIpv6InterfaceRefusesATooSmallMtu() throws IOException {
        try (var router = new LiveRouter(folder)) {
            Result result = router.ctl("ip", "link", "set", "wan", "mtu", "1000");
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).contains("an interface with IPv6 addresses needs an MTU of 1280 or more");
            assertThat(router.fine("ip link show wan")).contains(" mtu 1500 ");
        }
    }

    @Test
    void workersOnThreadsOfTheirOwnTakeChangesToo() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder, LiveRouter.CONFIG.replace("THREADING", "dedicated"))) {
            router.fine("ip route add 10.20.0.0/16 via 10.1.0.2");
            router.lan.toReceive.add(LiveRouter.toForward("10.20.0.1"));
            assertThat(router.nextSent(router.wan)).isNotNull();
            refused(router, 2, "RTNETLINK answers: File exists", "ip route add 10.20.0.0/16 via 10.1.0.2");
        }
    }
}
