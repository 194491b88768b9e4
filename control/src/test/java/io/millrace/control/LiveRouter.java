package io.millrace.control;

import io.millrace.control.agent.LiveControl;
import io.millrace.control.config.ConfigFile;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.report.ProgressListener;
import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.worker.Clock;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.Frame;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// A router that runs in this process, with a control socket and ports whose wires the test holds.
final class LiveRouter implements AutoCloseable {

    static final String LAN_MAC = "02:4d:52:00:00:01";
    static final String HOST_MAC = "02:00:00:00:00:0a";
    static final String GATEWAY_MAC = "02:00:00:00:00:05";

    /// The router that tests run unless they need another: DIR stands for the test's folder.
    static final String CONFIG = """
        control: DIR/r.sock
        threading: THREADING
        ports:
          lan: { wire: replay, rx: DIR/none.pcap, addresses: [10.0.0.1/24] }
          wan: { wire: replay, rx: DIR/none.pcap, addresses: [10.1.0.1/30, "fd00::1/64"] }
        routes:
          - { to: 10.9.0.0/16, via: 10.1.0.2 }
        neighbours:
          - { address: 10.1.0.2, mac: "02:00:00:00:00:05" }
        """;

    /// The same with both ports at one NIC.
    static String withNic(String model) {
        return CONFIG.replace("THREADING", "shared")
            .replace("ports:\n", "nics: { nic0: { model: " + model + " } }\nports:\n")
            .replace("wire: replay,", "wire: replay, nic: nic0,");
    }

    record Result(int status, String out, String err) {}

    final Path folder;
    final Path socket;
    final Path configFile;
    final QueuePort lan;
    final QueuePort wan;
    final LiveControl live;
    final Dataplane dataplane;

    private final Arena arena = Arena.ofShared();
    private final Thread thread;
    private volatile boolean isStopped;
    private volatile Throwable failure;

    LiveRouter(Path folder) throws IOException {
        this(folder, CONFIG.replace("THREADING", "shared"));
    }

    LiveRouter(Path folder, String yaml) throws IOException {
        this(folder, yaml, null);
    }

    /// @param faults of the NICs; null: as configured, and as an operator says
    LiveRouter(Path folder, String yaml, NicFaults faults) throws IOException {
        this.folder = folder;
        this.socket = folder.resolve("r.sock");
        this.configFile = folder.resolve("config.yaml");
        CaptureFile.write(folder.resolve("none.pcap"), new byte[60]);
        Files.writeString(configFile, yaml.replace("DIR", folder.toString()));
        ConfigFile file = ConfigFile.read(configFile);
        DataplaneConfig config = file.config();
        var packets = new PacketMemory(arena, Dataplane.slotCount(config));
        lan = new QueuePort(packets, config.ports().get(0).name(), 0);
        wan = new QueuePort(packets, config.ports().get(1).name(), 1);
        Clock clock = Clock.system();
        var pool = new PacketPool(arena, packets);
        var nics = new OpenNics(config, arena, pool, faults);
        List<Port> ports = new ArrayList<>();
        for (QueuePort wire : List.of(lan, wan)) {
            PortConfig port = config.ports().get(wire.index());
            ports.add(port.nic().isPresent() ? nics.attach(config, port, wire) : wire);
        }
        nics.join(config);
        dataplane = Dataplane.assemble(config, arena, ports, List.copyOf(nics.all()), pool, clock);
        live = new LiveControl(file.control(), new RunningDataplane(config, dataplane, clock), "0.test");
        thread = new Thread(this::run, "router under test");
        thread.start();
    }

    private void run() {
        try {
            dataplane.run(() -> isStopped || live.isShutdownRequested(), live.agent());
        } catch (Throwable e) {
            failure = e;
        }
    }

    Result ctl(String... words) {
        return ctl(InputStream.nullInputStream(), words);
    }

    /// A command that must succeed; returns what it printed.
    String fine(String line) {
        Result result = ctl(line.split(" "));
        assertThat(result.status()).as(line + ": " + result.err()).isZero();
        assertThat(result.err()).as(line).isEmpty();
        return result.out();
    }

    Result script(String text) {
        return ctl(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Result ctl(InputStream in, String... words) {
        String[] arguments = new String[words.length + 3];
        arguments[0] = "ctl";
        arguments[1] = "--socket";
        arguments[2] = socket.toString();
        System.arraycopy(words, 0, arguments, 3, words.length);
        return execute(in, arguments);
    }

    static Result execute(InputStream in, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        InputStream before = System.in;
        System.setIn(in);
        try {
            int status = Main.execute(Main.commandLine(new Wiring(), ProgressListener.silent(() -> false), false)
                .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)), arguments);
            return new Result(status, out.toString(), err.toString());
        } finally {
            System.setIn(before);
        }
    }

    /// A UDP frame from a host on the LAN to `target`, for this router to forward.
    static byte[] toForward(String target) {
        return Frame.ethernet(HOST_MAC, LAN_MAC).ipv4("10.0.0.7", target).udp(4000, 53).payloadOf(20).bytes();
    }

    byte[] nextSent(QueuePort port) throws InterruptedException {
        return port.sent.poll(5, TimeUnit.SECONDS);
    }

    Ledger ledger() {
        return dataplane.workers().getFirst().ledger();
    }

    boolean hasEnded(int seconds) throws InterruptedException {
        thread.join(seconds * 1_000L);
        return !thread.isAlive();
    }

    @Override
    public void close() {
        isStopped = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        live.close();
        assertThat(thread.isAlive()).as("the router's thread").isFalse();
        assertThat(failure).as("what the run threw").isNull();
        assertThat(ledger().unaccounted()).as("packets unaccounted for").isZero();
        arena.close();
    }
}
