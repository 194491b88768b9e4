package io.millrace.control;

import io.millrace.control.report.ProgressListener;
import io.millrace.nic.port.Port;

import java.util.function.BooleanSupplier;

/// Asked by the run, again and again, whether to stop; tells the listener a few times a second how far it is.
final class Progress implements BooleanSupplier {

    private static final long INTERVAL_NS = 200_000_000L;
    /// Turns of an offline run between two looks at the clock.
    private static final int QUESTIONS_PER_LOOK = 64;

    private final OpenPorts ports;
    private final ProgressListener listener;
    private final long startNs;
    private long nextNs;
    private int questionCount;

    Progress(OpenPorts ports, ProgressListener listener, long startNs) {
        this.ports = ports;
        this.listener = listener;
        this.startNs = startNs;
        this.nextNs = startNs + INTERVAL_NS;
    }

    @Override
    public boolean getAsBoolean() {
        if (++questionCount % QUESTIONS_PER_LOOK == 0) look();
        return listener.isStopRequested();
    }

    private void look() {
        long nowNs = System.nanoTime();
        if (nowNs < nextNs) return;
        nextNs = nowNs + INTERVAL_NS;
        long packetCount = 0;
        for (Port port : ports.all()) {
            packetCount += port.counters().rxPackets();
        }
        listener.onProgress(packetCount, ports.share(), nowNs - startNs);
    }
}
