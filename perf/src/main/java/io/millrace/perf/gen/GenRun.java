package io.millrace.perf.gen;

import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureTraits;
import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.link.PacketCopier;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.driver.pcap.PcapPort;
import io.millrace.nic.driver.tap.TapException;
import io.millrace.nic.driver.tap.TapPort;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/// Takes a profile's packets from its port and gives them to another. Sessions have both their ends at the profile's
/// port: what they send goes to the target, and to the other end unless the target itself brings it there.
final class GenRun {

    /// Enough for bursts of the longest frames, and what sessions have waiting.
    private static final int PACKET_SLOTS = 16_384;
    private static final String PORT = "gen";
    /// After the last packet, for what is still on its way through a device.
    private static final long DRAIN_NS = 100_000_000;

    private final TrafficProfile profile;
    private final PacketMemory packets;
    private final PacketPool pool;
    private final GenPort gen;
    private final PacketCopier copier;
    private final Burst burst = new Burst();
    private final Burst copies = new Burst();

    private GenRun(Arena arena, TrafficProfile profile, long startNs) {
        this.profile = profile.allAt(PORT);
        this.packets = new PacketMemory(arena, PACKET_SLOTS);
        this.pool = new PacketPool(arena, packets);
        this.copier = new PacketCopier(packets);
        this.gen = new GenPort(arena, packets, PORT, 0, this.profile,
            new Receiver(arena, packets, profile.streams().size(), true), GenPort.NO_RING, startNs);
    }

    /// In virtual time: the clock stands at the next packet.
    static GenResult intoCapture(TrafficProfile profile, Path file) throws CaptureException {
        try (Arena arena = Arena.ofConfined()) {
            var run = new GenRun(arena, profile, 0);
            var traits = new CaptureTraits(CaptureTraits.ofLinkType(PortCapabilities.LINK_TYPE_ETHERNET).linkTypes(),
                false);
            var capture = new PcapPort(run.packets, "capture", 1, null, file, traits);
            long lastNs = 0;
            try (capture; run.gen) {
                capture.start();
                while (!run.gen.isExhausted()) {
                    lastNs = Math.max(lastNs, run.gen.nextReceiveNs());
                    run.send(capture, lastNs);
                }
            }
            IOException failure = capture.failure();
            if (failure != null) throw new UncheckedIOException("the capture cannot be written", failure);
            return GenResult.of(List.of(run.gen), false, lastNs / 1e9);
        }
    }

    /// In real time, until the streams end.
    static GenResult intoNothing(TrafficProfile profile) {
        try (Arena arena = Arena.ofConfined()) {
            var run = new GenRun(arena, profile, GenPort.AT_FIRST_RECEIVE);
            var target = new NullPort(run.packets, "null", 1);
            long startNs = System.nanoTime();
            try (run.gen) {
                while (!run.gen.isExhausted()) run.turn(target);
            }
            return GenResult.of(List.of(run.gen), false, (System.nanoTime() - startNs) / 1e9);
        }
    }

    /// In real time into the kernel's network, which brings back what it forwards.
    static GenResult intoTap(TrafficProfile profile, String device, int mtuBytes) throws TapException {
        try (Arena arena = Arena.ofConfined()) {
            var run = new GenRun(arena, profile, GenPort.AT_FIRST_RECEIVE);
            try (run.gen; var tap = new TapPort(run.packets, "tap", 1, device, 1, false, mtuBytes)) {
                tap.start();
                long startNs = System.nanoTime();
                while (!run.gen.isExhausted() && !tap.isExhausted()) run.exchange(tap);
                long endNs = System.nanoTime();
                while (System.nanoTime() < endNs + DRAIN_NS) run.exchange(tap);
                return GenResult.of(List.of(run.gen), true, (endNs - startNs) / 1e9);
            }
        }
    }

    /// A method of its own, so that HotSpot compiles it as one.
    private void turn(Port target) {
        if (send(target, System.nanoTime()) == 0) Thread.onSpinWait();
    }

    private int send(Port target, long nowNs) {
        int count = gen.receive(0, burst, pool, nowNs);
        if (count == 0) return 0;
        if (!profile.sessions().isEmpty()) loopBack(nowNs);
        target.transmit(0, burst, pool, nowNs);
        burst.clear();
        return count;
    }

    /// Gives the other end of each session what this one sent. Copies that find no slot are lost, as on a wire.
    private void loopBack(long nowNs) {
        for (int i = 0; i < burst.count(); i++) {
            int copy = copier.copy(burst.packet(i), pool, nowNs);
            if (copy != PacketMemory.NONE) copies.add(copy);
        }
        gen.transmit(0, copies, pool, nowNs);
        copies.clear();
    }

    private void exchange(TapPort tap) {
        long nowNs = System.nanoTime();
        int count = gen.receive(0, burst, pool, nowNs);
        if (count > 0) {
            int takenCount = tap.transmit(0, burst, pool, nowNs);
            for (int i = takenCount; i < burst.count(); i++) pool.release(burst.packet(i));   // its queue is full
            burst.clear();
        }
        if (tap.receive(0, burst, pool, nowNs) > 0) {
            gen.transmit(0, burst, pool, nowNs);
            burst.clear();
        } else if (count == 0) {
            Thread.onSpinWait();
        }
    }
}
