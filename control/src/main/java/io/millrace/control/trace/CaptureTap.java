package io.millrace.control.trace;

import io.millrace.dataplane.account.PacketWatch;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;

/// Copies packets of one worker, those of a port or those that are dropped, into a ring.
final class CaptureTap implements PacketWatch {

    /// The "port" of a capture of drops.
    static final int DROPS = -1;

    /// Between two bursts.
    static final int NO_STAGE = -1;

    private final int wantedPort;
    private final PacketMeta meta;
    private final CaptureRing ring;
    private int stage = NO_STAGE;
    private long nowNs;

    CaptureTap(int wantedPort, FrameFilter filter, PacketMemory packets) {
        this.wantedPort = wantedPort;
        this.meta = new PacketMeta(packets);
        this.ring = new CaptureRing(filter, packets);
    }

    CaptureRing ring() {
        return ring;
    }

    @Override
    public void received(Burst burst, long nowNs) {
        this.nowNs = nowNs;
        if (wantedPort == DROPS) return;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (meta.port(packet) != wantedPort) continue;
            ring.take(packet, wantedPort, CaptureRing.INBOUND, Verdict.FORWARD, stage, nowNs);
        }
    }

    @Override
    public void entered(int stage, Burst burst, long nowNs) {
        this.stage = stage;
    }

    @Override
    public void left() {
        stage = NO_STAGE;
    }

    @Override
    public void ended(int packet, Verdict verdict) {
        if (wantedPort != DROPS || verdict.ending() != Verdict.Ending.DROPPED) return;
        ring.take(packet, meta.port(packet), CaptureRing.INBOUND, verdict, stage, nowNs);
    }

    @Override
    public void transmitting(int port, Burst burst, long nowNs) {
        this.nowNs = nowNs;
        if (port != wantedPort) return;
        for (int i = 0; i < burst.count(); i++) {
            ring.take(burst.packet(i), port, CaptureRing.OUTBOUND, Verdict.SENT, stage, nowNs);
        }
    }
}
