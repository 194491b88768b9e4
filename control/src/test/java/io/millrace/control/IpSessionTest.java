package io.millrace.control;

import io.millrace.testkit.Frame;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/// `ip` on an interface that is a PPPoE session, which has no address of its own and no neighbours. The forms are those
/// of iproute2 for `ppp0`.
class IpSessionTest {

    private static final String PEER = "02:00:00:00:00:cc";
    private static final String WAN_MAC = "02:4d:52:00:00:02";

    @TempDir
    private Path folder;

    private LiveRouter router;

    @BeforeEach
    void start() throws IOException {
        router = new LiveRouter(folder, LiveRouter.CONFIG.replace("THREADING", "shared").replace("routes:\n",
            "  ppp0: { link: wan, pppoe: { session: 0x11, peer: \"" + PEER + "\" }, addresses: [198.18.0.2/32] }\n"
                + "routes:\n  - { to: 100.64.0.0/16, port: ppp0 }\n"));
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private byte[] forwarded(String target) throws InterruptedException {
        router.lan.toReceive.add(LiveRouter.toForward(target));
        return router.nextSent(router.wan);
    }

    private static byte[] inSession(String target) {
        return Frame.ethernet(WAN_MAC, PEER).pppoe(0x11).ipv4("10.0.0.7", target).ttl(63).udp(4000, 53).payloadOf(20)
            .bytes();
    }

    @Test
    void isShownAsAPointToPointLink() {
        assertThat(router.fine("ip link show dev ppp0")).isEqualTo("""
            3: ppp0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1492 qdisc noqueue state UNKNOWN mode DEFAULT \
            group default
                link/ppp\s
            """);
        assertThat(router.fine("ip -br link show ppp0"))
            .isEqualTo("ppp0             UNKNOWN         <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> \n");
        assertThat(router.fine("ip -s link show dev ppp0")).as("counters are the port's").doesNotContain("RX:");
        assertThat(router.fine("ip -4 -j addr show ppp0")).contains("\"ifname\":\"ppp0\"",
            "\"flags\":[\"POINTOPOINT\",\"MULTICAST\",\"NOARP\",\"UP\",\"LOWER_UP\"]", "\"mtu\":1492",
            "\"link_type\":\"ppp\"", "\"local\":\"198.18.0.2\",\"prefixlen\":32").doesNotContain("\"address\":");
    }

    @Test
    void carriesRoutesThatAreAddedAndLosesThoseThatAreDeleted() throws InterruptedException {
        assertThat(forwarded("100.64.0.1")).isEqualTo(inSession("100.64.0.1"));
        router.fine("ip route add 100.65.0.0/16 dev ppp0");
        assertThat(router.fine("ip route show dev ppp0")).isEqualTo("""
            100.64.0.0/16 scope link\s
            100.65.0.0/16 scope link\s
            """);
        assertThat(router.fine("ip route get 100.65.0.1")).startsWith("100.65.0.1 dev ppp0 ");
        assertThat(forwarded("100.65.0.1")).isEqualTo(inSession("100.65.0.1"));
        router.fine("ip route del 100.65.0.0/16");
        assertThat(router.fine("ip route show dev ppp0")).isEqualTo("100.64.0.0/16 scope link \n");
    }

    @Test
    void takesAndLosesAddresses() {
        router.fine("ip addr add 198.18.0.9/32 dev ppp0");
        assertThat(router.fine("ip -4 addr show dev ppp0")).contains("    inet 198.18.0.2/32 scope global ppp0\n",
            "    inet 198.18.0.9/32 scope global ppp0\n");
        assertThat(router.fine("ip route show table local dev ppp0")).contains("local 198.18.0.9 ");
        router.fine("ip addr del 198.18.0.9/32 dev ppp0");
        assertThat(router.fine("ip -4 addr show dev ppp0")).doesNotContain("198.18.0.9");
    }

    @Test
    void hasAnMtuThatItsLinkBounds() throws InterruptedException {
        router.fine("ip link set ppp0 mtu 600");
        assertThat(router.fine("ip link show ppp0")).contains("mtu 600 ");
        router.lan.toReceive.add(Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC)
            .ipv4("10.0.0.7", "100.64.0.1").udp(4000, 53).payloadOf(900).bytes());
        assertThat(router.nextSent(router.wan)).as("first fragment").hasSizeLessThanOrEqualTo(14 + 8 + 600);
        assertThat(router.nextSent(router.wan)).as("the rest").isNotNull();
    }

    @Test
    void heedsNoNeighboursAndAsksForNone() throws InterruptedException {
        router.fine("ip neigh add 100.64.0.1 lladdr 02:00:00:00:00:77 dev ppp0");
        assertThat(forwarded("100.64.0.1")).as("goes to the session's peer").isEqualTo(inSession("100.64.0.1"));
    }
}
