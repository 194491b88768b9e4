package io.millrace.perf.load;

import io.millrace.control.agent.LiveControl;
import io.millrace.control.config.ControlConfig;
import io.millrace.control.ctl.CtlVerb;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.worker.Clock;
import org.agrona.concurrent.Agent;
import picocli.CommandLine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Gives the commands of a file to the dataplane under load as an operator would: `millrace ctl < FILE` through a
/// control socket, from a thread of its own, while the control agent takes its turns on the workers' thread.
final class ScriptRun implements AutoCloseable {

    private static final long NOT_ARMED = Long.MAX_VALUE;
    private static final long JOIN_MS_MAX = 10_000;

    private final byte[] commands;
    private final Path folder;
    private final LiveControl live;
    private final Agent agent;
    private final StringWriter said = new StringWriter();
    private final Thread thread;
    private long atNs = NOT_ARMED;
    private long begunNs;
    private volatile long endedNs;
    private volatile int status;

    ScriptRun(Path script, DataplaneConfig config, ControlConfig control, Dataplane dataplane, Clock clock) {
        try {
            this.commands = Files.readAllBytes(script);
            this.folder = Files.createTempDirectory("millrace-load");
        } catch (IOException e) {
            throw new UncheckedIOException(script + " cannot be read", e);
        }
        Path socket = folder.resolve("load.sock");
        this.live = new LiveControl(new ControlConfig(control.file(), Optional.of(socket), Optional.empty(),
            Optional.empty()), new RunningDataplane(config, dataplane, clock), "load");
        this.agent = live.agent();
        this.thread = new Thread(() -> talk(socket, clock), "script");
        thread.setDaemon(true);
    }

    private void talk(Path socket, Clock clock) {
        var out = new PrintWriter(said);
        var commandLine = new CommandLine(new CtlVerb(new ByteArrayInputStream(commands), false)).setOut(out)
            .setErr(out).setExecutionExceptionHandler((exception, _, _) -> {
                out.println(exception.getMessage());
                return 2;
            });
        status = commandLine.execute("--socket", socket.toString());
        out.flush();
        endedNs = clock.nowNs();
    }

    /// The commands are to be given then.
    void at(long timeNs) {
        atNs = timeNs;
    }

    /// Between two turns of the workers.
    void turn(long nowNs) {
        if (nowNs >= atNs) {
            atNs = NOT_ARMED;
            begunNs = nowNs;
            thread.start();
        }
        try {
            agent.doWork();
        } catch (Exception e) {
            throw new IllegalStateException("the control agent failed", e);
        }
    }

    boolean isOver() {
        return endedNs != 0;
    }

    /// Commands that are still unanswered after the trial are waited for.
    Blocked result(Path script, double offeredPps, long startNs, long lost, long lostBefore, Clock clock) {
        long giveUpNs = clock.nowNs() + JOIN_MS_MAX * 1_000_000;
        while (!isOver() && clock.nowNs() < giveUpNs) turn(clock.nowNs());
        double tookMs = ((isOver() ? endedNs : clock.nowNs()) - begunNs) / 1e6;
        return new Blocked(script.toString(), isOver() ? status : 2, isOver() ? said.toString()
            : "no answer within " + JOIN_MS_MAX / 1000 + " s", offeredPps, (begunNs - startNs) / 1e9, tookMs, lost,
            lostBefore);
    }

    @Override
    public void close() {
        live.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be removed", e);
        }
    }
}
