package io.millrace.simulation.netns;

import com.sun.net.httpserver.HttpServer;
import io.millrace.perf.host.Host;
import io.millrace.perf.host.MillraceProcess;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// A host of the kernel plugged into a virtual function, and another on the NIC's wire, in both modes.
///
/// ```
///  vm ── VF 0 ┐                                  legacy: vm and peer in 10.1.0.0/24, switched by the NIC
///             ├ nic0 ── lan 10.1.0.1 ── peer     switchdev: vm 10.9.0.3 behind the representor 10.9.0.1, routed
///  nic0vf0 ───┘
/// ```
@Tag("netns")
class VfHostsTest {

    private static final int PORT = 8000;
    private static final int FILE_BYTES = 5_000_000;

    @TempDir
    private Path folder;

    @Test
    void theVirtualFunctionReachesTheNetworkInBothModes() throws Exception {
        for (String program : new String[] {"ip", "ping", "curl"}) RealHosts.need(program);
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "needs /dev/net/tun");
        Path socket = folder.resolve("r.sock");
        Path config = Files.writeString(folder.resolve("vf.yaml"), """
            control: %s
            nics: { nic0: { mode: legacy, vfs: 1 } }
            ports:
              lan: { wire: tap, device: mr-lan, nic: nic0, addresses: [10.1.0.1/24] }
              vm0: { wire: tap, device: mr-vm0, nic: nic0, vf: 0 }
              nic0vf0: { addresses: [10.9.0.1/24] }
            """.formatted(socket));
        try (Host router = host("router"); Host vm = host("vm"); Host peer = host("peer");
             var millrace = MillraceProcess.run(router, config, List.of("mr-lan", "mr-vm0"))) {
            peer.take(router, "mr-lan");
            vm.take(router, "mr-vm0");
            peer.configure("mr-lan", "10.1.0.2/24");
            peer.run("ip", "route", "add", "default", "via", "10.1.0.1");
            Path offered = serve(peer);
            var control = new RouterControl(socket);

            vm.configure("mr-vm0", "10.1.0.3/24");
            assertReaches(vm, "10.1.0.2", "10.1.0.1");
            assertReaches(peer, "10.1.0.3");
            fetch(vm, offered);

            assertThat(control.give("devlink", "dev", "eswitch", "set", "sim/nic0", "mode", "switchdev"))
                .contains("legacy to switchdev");
            vm.run("ip", "addr", "flush", "dev", "mr-vm0");
            vm.configure("mr-vm0", "10.9.0.3/24");
            vm.run("ip", "route", "add", "default", "via", "10.9.0.1");
            assertReaches(vm, "10.9.0.1", "10.1.0.2");
            assertReaches(peer, "10.9.0.3");
            fetch(vm, offered);

            assertThat(control.give("devlink", "dev", "eswitch", "set", "sim/nic0", "mode", "legacy"))
                .contains("switchdev to legacy");
            vm.run("ip", "addr", "flush", "dev", "mr-vm0");
            vm.configure("mr-vm0", "10.1.0.3/24");
            assertReaches(vm, "10.1.0.2", "10.1.0.1");
            assertThat(control.give("ip", "link", "show", "nic0vf0")).contains("NO-CARRIER");
            assertThat(millrace.stop()).contains("every packet is accounted for", "copies that the switch of a NIC makes");
        }
    }

    private static Host host(String name) throws IOException {
        try {
            return Host.make(name);
        } catch (IOException e) {
            Assumptions.abort(e.getMessage());
            throw e;
        }
    }

    private static void assertReaches(Host host, String... targets) throws IOException {
        for (String target : targets) {
            host.awaitAnswer(target);
            for (String payloadBytes : new String[] {"56", "1452", "8000"}) {
                assertThat(host.run("ping", "-n", "-c", "5", "-i", "0.05", "-w", "10", "-s", payloadBytes, target))
                    .contains(" 0% packet loss");
            }
        }
    }

    /// A file of random bytes at the peer.
    private Path serve(Host peer) throws IOException {
        byte[] content = new byte[FILE_BYTES];
        new Random(Seeds.next()).nextBytes(content);
        HttpServer http = peer.call(() -> HttpServer.create(new InetSocketAddress(PORT), 16));
        http.createContext("/file", exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            try (var body = exchange.getResponseBody()) {
                body.write(content);
            }
        });
        http.start();
        return Files.write(folder.resolve("offered"), content);
    }

    private void fetch(Host host, Path offered) throws IOException {
        Path got = folder.resolve("got");
        host.run("curl", "-sS", "--fail", "--max-time", "50", "-o", got.toString(), "http://10.1.0.2:" + PORT + "/file");
        assertThat(Files.mismatch(offered, got)).isEqualTo(-1);
    }
}
