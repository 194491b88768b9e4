package io.millrace.perf.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// A client and a server with something between them that forwards; all of it made here, and gone with this object.
///
/// ```
///  client ---- lan | router | wan ---- server
/// ```
public final class Crossing implements AutoCloseable {

    /// Names of the devices in the hosts, whatever lies between.
    public static final String CLIENT_DEVICE = "lan";
    public static final String SERVER_DEVICE = "wan";

    private final Host client;
    private final Host router;
    private final Host server;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private String target;

    private Crossing() throws IOException {
        this.client = keep(Host.make("client"));
        this.router = keep(Host.make("router"));
        this.server = keep(Host.make("server"));
    }

    /// Millrace routes between two TAP devices.
    public static Crossing throughMillrace(Path folder) throws IOException, InterruptedException {
        return made(crossing -> {
            Path config = Files.writeString(folder.resolve("tap.yaml"), """
                ports:
                  lan: { wire: tap, device: lan, addresses: [10.1.0.1/24] }
                  wan: { wire: tap, device: wan, addresses: [10.2.0.1/24] }
                """);
            crossing.keep(MillraceProcess.run(crossing.router, config, List.of(CLIENT_DEVICE, SERVER_DEVICE)));
            crossing.plug();
            crossing.route();
        });
    }

    /// A program moves frames between two TAP devices that it makes, so both hosts are on one link.
    ///
    /// @param words the program and what it is told; the names of the devices go behind
    public static Crossing throughProgram(Path folder, String... words) throws IOException, InterruptedException {
        return made(crossing -> {
            String[] all = Arrays.copyOf(words, words.length + 2);
            all[words.length] = CLIENT_DEVICE;
            all[words.length + 1] = SERVER_DEVICE;
            crossing.router.start(folder.resolve("program.txt"), all);
            crossing.router.awaitUp(CLIENT_DEVICE);
            crossing.router.awaitUp(SERVER_DEVICE);
            crossing.plug();
            crossing.client.configure(CLIENT_DEVICE, "10.2.0.3/24");
            crossing.server.configure(SERVER_DEVICE, "10.2.0.2/24");
        });
    }

    /// Linux routes between two veth pairs.
    public static Crossing throughLinux() throws IOException, InterruptedException {
        return made(crossing -> {
            for (String device : List.of(CLIENT_DEVICE, SERVER_DEVICE)) {
                crossing.router.run("ip", "link", "add", device, "type", "veth", "peer", "name", "to-" + device);
            }
            crossing.plug();
            crossing.router.configure("to-" + CLIENT_DEVICE, "10.1.0.1/24");
            crossing.router.configure("to-" + SERVER_DEVICE, "10.2.0.1/24");
            crossing.router.run("sysctl", "-q", "net.ipv4.ip_forward=1");
            crossing.route();
        });
    }

    private interface Making {
        void make(Crossing crossing) throws IOException, InterruptedException;
    }

    private static Crossing made(Making making) throws IOException, InterruptedException {
        var crossing = new Crossing();
        try {
            making.make(crossing);
            crossing.target = "10.2.0.2";
            crossing.client.awaitAnswer(crossing.target);
            return crossing;
        } catch (IOException | InterruptedException | RuntimeException e) {
            crossing.close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    private void plug() throws IOException {
        client.take(router, CLIENT_DEVICE);
        server.take(router, SERVER_DEVICE);
    }

    private void route() throws IOException {
        client.configure(CLIENT_DEVICE, "10.1.0.2/24");
        server.configure(SERVER_DEVICE, "10.2.0.2/24");
        client.run("ip", "route", "add", "default", "via", "10.1.0.1");
        server.run("ip", "route", "add", "default", "via", "10.2.0.1");
    }

    public Host client()   { return client; }
    public Host server()   { return server; }
    /// Address of the server, as the client sees it.
    public String target() { return target; }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a host cannot be taken down", e);
            }
        }
    }
}
