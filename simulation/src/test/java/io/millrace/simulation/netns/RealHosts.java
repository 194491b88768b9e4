package io.millrace.simulation.netns;

import com.sun.net.httpserver.HttpServer;
import io.millrace.perf.host.Host;
import io.millrace.perf.host.MillraceProcess;
import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;

/// Two hosts of the kernel with Millrace between them, on TAP devices.
///
/// ```
///  client                     router: millrace                        server
///  10.1.0.2, fd00:1::2 ------ lan                wan ---------------- 10.2.0.2, fd00:2::2
///                                                small (MTU 1280) --- 10.3.0.2, fd00:3::2
/// ```
///
/// The kernel's end of `small` takes 1,500 bytes, so that only Millrace knows how little fits.
final class RealHosts implements AutoCloseable {

    static final String SERVER4 = "10.2.0.2";
    static final String SERVER6 = "fd00:2::2";
    static final String SMALL4 = "10.3.0.2";
    static final String SMALL6 = "fd00:3::2";
    static final int HTTP_PORT = 8000;
    static final int SMALL_MTU = 1280;

    private static final String SOCKET = "millrace.sock";

    private static final List<String> DEVICES = List.of("mr-lan", "mr-wan", "mr-small");

    private final Path folder;
    private final Path config;
    private final Host client;
    private final Host server;
    private final Host router;
    private MillraceProcess millrace;
    private HttpServer http;

    /// Skips the calling test where there is no root, no `/dev/net/tun` or one of the programs is missing.
    ///
    /// @param wanOptions what the port `wan` has besides
    static RealHosts make(Path folder, String wanOptions, String... programs) throws Exception {
        return make(folder, wanOptions, "", programs);
    }

    /// As above, with a control socket and this ruleset.
    static RealHosts filtering(Path folder, String wanOptions, String rules, String... programs) throws Exception {
        Files.writeString(folder.resolve("rules.nft"), rules);
        return make(folder, wanOptions, "control: " + folder.resolve(SOCKET) + "\nruleset: "
            + folder.resolve("rules.nft") + "\n", programs);
    }

    private static RealHosts make(Path folder, String wanOptions, String more, String[] programs) throws Exception {
        for (String program : programs) need(program);
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "needs /dev/net/tun");
        Host client = null;
        try {
            client = Host.make("client");
        } catch (IOException e) {
            Assumptions.abort(e.getMessage());
        }
        var hosts = new RealHosts(folder, wanOptions, more, client);
        try {
            hosts.startMillrace();
        } catch (Exception e) {
            hosts.close();
            throw e;
        }
        return hosts;
    }

    /// Skips the calling test if the program is missing.
    static void need(String program) {
        boolean isThere = false;
        for (String path : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(":")) {
            isThere |= Files.isExecutable(Path.of(path, program));
        }
        Assumptions.assumeTrue(isThere, program + " is not installed");
    }

    private RealHosts(Path folder, String wanOptions, String more, Host client) throws IOException {
        this.folder = folder;
        this.client = client;
        this.server = Host.make("server");
        this.router = Host.make("router");
        this.config = Files.writeString(folder.resolve("router.yaml"), """
            ports:
              lan: { wire: tap, device: mr-lan, addresses: [10.1.0.1/24, "fd00:1::1/64"] }
              wan: { wire: tap, device: mr-wan, addresses: [10.2.0.1/24, "fd00:2::1/64"]%s }
              small: { wire: tap, device: mr-small, mtu: %d, addresses: [10.3.0.1/24, "fd00:3::1/64"] }
            """.formatted(wanOptions, SMALL_MTU) + more);
    }

    Host client() { return client; }
    Host server() { return server; }
    MillraceProcess millrace() { return millrace; }

    /// Starts the router and plugs its devices into the hosts.
    void startMillrace() throws IOException, InterruptedException {
        millrace = MillraceProcess.run(router, config, DEVICES);
        client.take(router, "mr-lan");
        server.take(router, "mr-wan");
        server.take(router, "mr-small");
        client.configure("mr-lan", "10.1.0.2/24", "fd00:1::2/64");
        server.run("ip", "link", "set", "mr-small", "mtu", "1500");
        server.configure("mr-wan", SERVER4 + "/24", SERVER6 + "/64");
        server.configure("mr-small", SMALL4 + "/24", SMALL6 + "/64");
        client.run("ip", "route", "add", "default", "via", "10.1.0.1");
        client.run("ip", "route", "add", "default", "via", "fd00:1::1");
        server.run("ip", "route", "add", "default", "via", "10.2.0.1");
        server.run("ip", "route", "add", "default", "via", "fd00:2::1");
        client.awaitAnswer(SERVER4);
        client.awaitAnswer(SERVER6);
    }

    /// A file of random bytes that the server offers at `/NAME` on all its addresses, whatever is sent there.
    Path offer(String name, int byteCount, long seed) throws IOException {
        byte[] content = new byte[byteCount];
        new Random(seed).nextBytes(content);
        Path file = Files.write(folder.resolve(name), content);
        if (http == null) {
            http = server.call(() -> HttpServer.create(new InetSocketAddress(HTTP_PORT), 1024));
            http.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
            http.start();
        }
        http.createContext("/" + name, exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, byteCount);
            try (var body = exchange.getResponseBody()) {
                body.write(content);
            }
        });
        return file;
    }

    /// Gives a command to the router, which must succeed; returns what it prints, the notes last.
    String control(String verb, String... words) throws IOException {
        return new RouterControl(folder.resolve(SOCKET)).give(verb, words);
    }

    /// Ends Millrace as an operator does and returns its report.
    String stop() throws IOException, InterruptedException {
        return millrace.stop();
    }

    @Override
    public void close() throws IOException {
        if (http != null) http.stop(0);
        if (millrace != null) millrace.close();
        client.close();
        server.close();
        router.close();
    }
}
