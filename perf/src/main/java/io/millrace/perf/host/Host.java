package io.millrace.perf.host;

import io.millrace.nic.system.Errno;
import io.millrace.nic.system.SystemCalls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A host as the network sees it: a network namespace with programs in it. It exists while this object does: a thread
/// of this process has left for the new namespace, everything that is to happen there runs on it, and with the thread
/// and the programs started here it goes. Nothing of the machine's own network is touched.
///
/// Needs root, or the right to make namespaces.
public final class Host implements AutoCloseable {

    private static final int CLONE_NEWNET = 0x40000000;
    private static final long COMMAND_SECONDS = 60;
    private static final int UP_TRIES_MAX = 100;
    private static final int ANSWER_TRIES_MAX = 10;

    private final String name;
    private final ExecutorService thread;
    private final List<Process> programs = new CopyOnWriteArrayList<>();
    private final Path place;

    private Host(String name, ExecutorService thread, Path place) {
        this.name = name;
        this.thread = thread;
        this.place = place;
    }

    /// Fails with the reason where namespaces cannot be made.
    public static Host make(String name) throws IOException {
        ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("host " + name).daemon().factory());
        try {
            var host = new Host(name, thread, thread.submit(Host::leave).get());
            host.run("ip", "link", "set", "lo", "up");
            return host;
        } catch (ExecutionException e) {
            thread.shutdownNow();
            throw new IOException("no network namespace can be made: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// Moves the calling thread into a namespace of its own; returns where the kernel shows it.
    private static Path leave() throws IOException {
        Path machines = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
        int result = new SystemCalls().unshare(CLONE_NEWNET);
        if (result < 0) throw new IOException("unshare: " + Errno.meaning(result));
        Path place = Path.of("/proc").resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")));
        Path ours = Files.readSymbolicLink(place.resolve("ns/net"));
        if (ours.equals(machines)) throw new IOException("still in the machine's network namespace");
        return place;
    }

    /// Runs the task on the host's thread: what it opens belongs to the host.
    public <T> T call(Callable<T> task) throws IOException {
        try {
            return thread.submit(task).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) throw cause;
            throw new IOException(name + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// Starts a program here; it ends at the latest with the host. Its output goes to the file.
    public Process start(Path output, String... words) throws IOException {
        Process program = call(() -> new ProcessBuilder(words).redirectErrorStream(true)
            .redirectOutput(output.toFile()).start());
        programs.add(program);
        return program;
    }

    /// Runs a program here and returns what it printed. Fails with that if the program does, or takes a minute.
    public String run(String... words) throws IOException {
        Path output = Files.createTempFile("millrace-host", ".txt");
        try {
            Process program = start(output, words);
            boolean hasEnded = program.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS);
            if (!hasEnded) program.destroyForcibly().waitFor();
            programs.remove(program);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!hasEnded || program.exitValue() != 0) {
                throw new IOException(name + ": " + String.join(" ", words)
                    + (hasEnded ? " failed with " + program.exitValue() : " took too long") + "\n" + text);
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(output);
        }
    }

    /// True if the host has a device of that name, and it is up.
    public boolean isUp(String device) throws IOException {
        return run("ip", "-o", "link", "show", "up").contains(": " + device + ": ");
    }

    /// Waits for a program to bring up its device.
    public void awaitUp(String device) throws IOException {
        for (int i = 0; !isUp(device); i++) {
            if (i == UP_TRIES_MAX) throw new IOException(name + ": no device " + device + " came up");
            run("sleep", "0.05");
        }
    }

    /// Waits until the target answers: until neighbours are learned, and whoever lies between is at work.
    public void awaitAnswer(String target) throws IOException {
        for (int i = 1; ; i++) {
            try {
                run("ping", "-n", "-q", "-c", "1", "-W", "1", target);
                return;
            } catch (IOException e) {
                if (i == ANSWER_TRIES_MAX) throw e;
            }
        }
    }

    /// Moves a device from another host here. Its addresses are lost by that; it is down afterwards.
    public void take(Host from, String device) throws IOException {
        from.run("ip", "link", "set", device, "netns", place.getFileName().toString());
    }

    /// Brings a device up with these addresses.
    public void configure(String device, String... addresses) throws IOException {
        run("ip", "link", "set", device, "up");
        for (String address : addresses) {
            if (address.contains(":")) {
                run("ip", "addr", "add", address, "dev", device, "nodad");
            } else {
                run("ip", "addr", "add", address, "dev", device);
            }
        }
    }

    @Override
    public void close() {
        for (Process program : programs) {
            program.destroyForcibly();
        }
        try {
            for (Process program : programs) program.waitFor(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
    }
}
