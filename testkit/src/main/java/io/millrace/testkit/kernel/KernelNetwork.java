package io.millrace.testkit.kernel;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A network namespace that lives as long as this object: one thread has left the machine's namespace for a new one,
/// and everything that is to happen there runs on it. With the thread and what it opened, the namespace goes.
///
/// Nothing outside of it is touched: the first thing the thread does after leaving is to prove that it left.
public final class KernelNetwork implements AutoCloseable {

    private static final int CLONE_NEWNET = 0x40000000;
    private static final long COMMAND_TIMEOUT_SECONDS = 20;

    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("network namespace").daemon().factory());

    /// Skips the calling test unless namespaces and TAP devices can be made here.
    public static KernelNetwork required() {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "the kernel oracle needs Linux");
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "the kernel oracle needs /dev/net/tun");
        Assumptions.assumeTrue(isRoot(), "the kernel oracle needs root, to make a network namespace of its own");
        KernelNetwork network = new KernelNetwork();
        try {
            network.run(() -> {
                leave();
                return null;
            });
            return network;
        } catch (IllegalStateException e) {
            network.close();
            return Assumptions.abort("no network namespace can be made: " + e.getMessage());
        }
    }

    /// Runs the task inside the namespace.
    public <T> T run(Callable<T> task) {
        try {
            return thread.submit(task).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            if (e.getCause() instanceof Error cause) throw cause;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Runs a program inside the namespace; fails if it does.
    public void command(String... words) {
        feed("", words);
    }

    /// The same with a text as its input.
    public void feed(String input, String... words) {
        run(() -> {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(COMMAND_TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(List.of(words) + ": " + output);
            }
            return null;
        });
    }

    /// Sets a sysctl of the namespace by its name with dots.
    public void sysctl(String name, String value) {
        run(() -> Files.writeString(Path.of("/proc/sys", name.replace('.', '/')), value));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static void leave() throws IOException {
        Path machines = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
        SystemCalls.unshare(CLONE_NEWNET);
        Path ours = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"));
        if (ours.equals(machines)) throw new IllegalStateException("still in the machine's network namespace");
        // Neighbour discovery would add packets of the kernel's own.
        Files.writeString(Path.of("/proc/sys/net/ipv6/conf/default/disable_ipv6"), "1");
    }

    private static boolean isRoot() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
