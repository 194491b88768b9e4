package io.millrace.perf.gen;

import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureTraits;
import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.driver.pcap.PcapPort;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/// Takes a profile's packets from its port and gives them to another.
final class GenRun {

    /// Enough for a burst of the longest frames.
    private static final int PACKET_SLOTS = 1024;

    /// In virtual time: the clock stands at the next packet.
    static GenResult intoCapture(TrafficProfile profile, Path file) throws CaptureException {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, PACKET_SLOTS);
            var pool = new PacketPool(arena, packets);
            var traits = new CaptureTraits(CaptureTraits.ofLinkType(PortCapabilities.LINK_TYPE_ETHERNET).linkTypes(),
                false);
            var gen = new GenPort(arena, packets, "gen", 0, profile, new Receiver(arena, packets, 0, false),
                GenPort.NO_RING, 0);
            var burst = new Burst();
            long lastNs = 0;
            var capture = new PcapPort(packets, "capture", 1, null, file, traits);
            try (capture) {
                capture.start();
                while (!gen.isExhausted()) {
                    lastNs = gen.nextReceiveNs();
                    gen.receive(0, burst, pool, lastNs);
                    capture.transmit(0, burst, pool, lastNs);
                    burst.clear();
                }
            }
            IOException failure = capture.failure();
            if (failure != null) throw new UncheckedIOException("the capture cannot be written", failure);
            return GenResult.of(gen.sources(), lastNs / 1e9);
        }
    }

    /// In real time, until the streams end.
    static GenResult intoNothing(TrafficProfile profile) {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, PACKET_SLOTS);
            var pool = new PacketPool(arena, packets);
            var gen = new GenPort(arena, packets, "gen", 0, profile, new Receiver(arena, packets, 0, false),
                GenPort.NO_RING, GenPort.AT_FIRST_RECEIVE);
            var target = new NullPort(packets, "null", 1);
            var burst = new Burst();
            long startNs = System.nanoTime();
            while (!gen.isExhausted()) turn(gen, target, burst, pool);
            return GenResult.of(gen.sources(), (System.nanoTime() - startNs) / 1e9);
        }
    }

    /// A method of its own, so that HotSpot compiles it as one.
    private static void turn(GenPort gen, NullPort target, Burst burst, PacketPool pool) {
        long nowNs = System.nanoTime();
        if (gen.receive(0, burst, pool, nowNs) == 0) {
            Thread.onSpinWait();
            return;
        }
        target.transmit(0, burst, pool, nowNs);
        burst.clear();
    }

    private GenRun() {}
}
