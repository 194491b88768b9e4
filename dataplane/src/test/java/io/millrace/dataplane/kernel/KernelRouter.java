package io.millrace.dataplane.kernel;

import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Assumptions;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The Linux kernel of this machine as a router, in a network namespace of its own: the oracle of oracles.
///
/// ```
///  10.0.0.2, fd00::2 ---- r0: 10.0.0.1, fd00::1, fe80::a   r1: 10.0.1.1, fd00:0:0:1::1, fe80::b ---- 10.0.1.2, …
/// ```
///
/// Two TAP devices are its ports; the hosts behind them are static neighbours at [#HOST_MACS]. Default routes lead to
/// 10.0.1.2 and fd00:0:0:1::2. Limits of ICMP are off. The namespace belongs to one thread, which does all that is
/// asked here, and goes with it. Needs root, and `ip`.
public final class KernelRouter implements AutoCloseable {

    public static final String[] PORT_MACS = {"02:00:00:00:00:01", "02:00:00:00:00:02"};
    public static final String[] HOST_MACS = {"02:00:00:00:00:a1", "02:00:00:00:00:b1"};

    private static final int IPV6 = 0x86dd;
    private static final int ARP = 0x0806;
    private static final int WAIT_MS = 100;
    private static final int WAITS_MAX = 100;

    /// Nobody else may use it.
    private static final String ECHO_SOURCE = "10.0.0.59";
    private static final int ECHO_SOURCE_NUMBER = 0x0a00003b;

    private static final List<String> SETUP = List.of(
        "link set r0 address 02:00:00:00:00:01", "link set r1 address 02:00:00:00:00:02",
        "link set lo up", "link set r0 up", "link set r1 up",
        "addr add 10.0.0.1/24 dev r0", "addr add 10.0.1.1/24 dev r1",
        "addr add fd00::1/64 dev r0 nodad", "addr add fe80::a/64 dev r0 nodad",
        "addr add fd00:0:0:1::1/64 dev r1 nodad", "addr add fe80::b/64 dev r1 nodad",
        "neigh replace 10.0.1.2 lladdr 02:00:00:00:00:b1 dev r1 nud permanent",
        "neigh replace fd00:0:0:1::2 lladdr 02:00:00:00:00:b1 dev r1 nud permanent",
        "neigh replace fd00::2 lladdr 02:00:00:00:00:a1 dev r0 nud permanent",
        "neigh replace fe80::2 lladdr 02:00:00:00:00:a1 dev r0 nud permanent",
        "route add default via 10.0.1.2", "route add ::/0 via fd00:0:0:1::2");

    private static final String[][] SYSCTLS = {
        {"net/ipv4/ip_forward", "1"}, {"net/ipv6/conf/all/forwarding", "1"},
        {"net/ipv4/conf/all/rp_filter", "0"}, {"net/ipv4/conf/default/rp_filter", "0"},
        {"net/ipv6/conf/default/accept_dad", "0"}, {"net/ipv6/conf/default/addr_gen_mode", "1"},
        {"net/ipv4/icmp_ratemask", "0"}, {"net/ipv6/icmp/ratemask", "255"},
    };

    /// A frame that left the router, and the port it left by.
    public record Sent(int port, byte[] frame) {}

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final SystemCalls calls = new SystemCalls();
    private final int[] taps = new int[2];
    private int echoCount;

    /// Skips the calling test where no router can be made.
    public static void required() {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        Assumptions.assumeTrue(isRoot, "a network namespace needs root");
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "/dev/net/tun must be there");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/ip")) || Files.isExecutable(Path.of("/sbin/ip")),
            "ip must be installed (package iproute2)");
    }

    /// Starts a router; more lines for `ip` come after its own.
    public KernelRouter(String... more) {
        call(() -> {
            calls.enterNewNetwork();
            for (String[] sysctl : SYSCTLS) setSysctl(sysctl[0], sysctl[1]);
            for (int port = 0; port < 2; port++) taps[port] = calls.openTap("r" + port);
            List<String> lines = new ArrayList<>(SETUP);
            for (int host = 2; host < 60; host++) {
                lines.add("neigh replace 10.0.0." + host + " lladdr 02:00:00:00:00:a1 dev r0 nud permanent");
            }
            lines.addAll(List.of(more));
            runIp(lines);
            return null;
        });
        call(this::collect);
    }

    /// Sets a sysctl by its path under `/proc/sys`.
    public void sysctl(String path, String value) {
        call(() -> {
            setSysctl(path, value);
            return null;
        });
    }

    public void ip(String line) {
        call(() -> {
            runIp(List.of(line));
            return null;
        });
    }

    /// Loads a ruleset.
    public void nft(String ruleset) {
        call(() -> {
            feed(ruleset, "nft", "-f", "-");
            return null;
        });
    }

    /// Gives the router a frame and returns what it sent because of it, but for neighbour discovery, ARP and group
    /// reports.
    public List<Sent> ask(int port, byte[] frame) {
        return call(() -> {
            calls.write(taps[port], frame);
            return collect();
        });
    }

    /// Takes what the router has sent until it answers an echo request of our own: then nothing more is to come.
    private List<Sent> collect() throws Throwable {
        echoCount++;
        calls.write(taps[0], Frame.ethernet(HOST_MACS[0], PORT_MACS[0]).ipv4(ECHO_SOURCE, "10.0.0.1")
            .icmpEchoRequest(echoCount >>> 16, echoCount & 0xffff).bytes());
        List<Sent> sent = new ArrayList<>();
        for (int wait = 0; wait < WAITS_MAX; wait++) {
            boolean isAnswered = false;
            for (int port = 1; port >= 0; port--) {
                for (byte[] frame = calls.read(taps[port]); frame != null; frame = calls.read(taps[port])) {
                    if (isEchoReply(frame)) isAnswered = true;
                    else if (!isNoise(frame)) sent.add(new Sent(port, frame));
                }
            }
            if (isAnswered) return sent;
            calls.await(taps[0], taps[1], WAIT_MS);
        }
        throw new IllegalStateException("the router does not answer");
    }

    private boolean isEchoReply(byte[] frame) {
        if (frame.length < 42 || frame[23] != 1 || frame[34] != 0) return false;
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        return bytes.getInt(30) == ECHO_SOURCE_NUMBER && bytes.getInt(38) == echoCount;
    }

    private static boolean isNoise(byte[] frame) {
        int etherType = (frame[12] & 0xff) << 8 | frame[13] & 0xff;
        boolean isToGroup = etherType == IPV6 && frame.length > 38 && frame[38] == (byte) 0xff;
        return etherType == ARP || isToGroup;
    }

    private static void setSysctl(String path, String value) throws Exception {
        Files.writeString(Path.of("/proc/sys", path), value);
    }

    private static void runIp(List<String> lines) throws Exception {
        feed(String.join("\n", lines), "ip", "-batch", "-");
    }

    /// Runs a program on this thread, hence in its namespace, with a text as its input.
    private static void feed(String text, String... words) throws Exception {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(words[0] + ": " + output);
        }
    }

    @FunctionalInterface
    private interface Task<T> {
        T run() throws Throwable;
    }

    private <T> T call(Task<T> task) {
        Callable<T> callable = () -> {
            try {
                return task.run();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        };
        try {
            return thread.submit(callable).get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        call(() -> {
            for (int tap : taps) calls.close(tap);
            return null;
        });
        thread.shutdown();
    }
}
