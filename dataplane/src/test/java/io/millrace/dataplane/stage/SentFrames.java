package io.millrace.dataplane.stage;

import io.millrace.dataplane.PacketBench;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketPool;

import java.util.ArrayList;
import java.util.List;

/// A port that keeps the bytes and the metadata of interest of what it is given.
final class SentFrames implements Port {

    final List<byte[]> frames = new ArrayList<>();
    final List<Integer> checksumStates = new ArrayList<>();
    final List<Integer> gsoSizes = new ArrayList<>();
    private final PacketBench bench;
    private final PortCapabilities capabilities;

    SentFrames(PacketBench bench, PortCapabilities capabilities) {
        this.bench = bench;
        this.capabilities = capabilities;
    }

    @Override public String name()                   { return "sent"; }
    @Override public int index()                     { return 0; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return new PortCounters(); }
    @Override public boolean isExhausted()           { return true; }
    @Override public void close()                    { }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        return 0;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            frames.add(bench.bytes(packet, 0));
            checksumStates.add(bench.meta.checksumState(packet));
            gsoSizes.add(bench.meta.gsoSize(packet));
            pool.release(packet);
        }
        return burst.count();
    }
}
