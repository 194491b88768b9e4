package io.millrace.dataplane.stage;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

/// Joins ports in pairs, in the order they are listed: 0 with 1, 2 with 3. Every frame of any link type leaves
/// through the other port of the pair, unchanged.
public final class PatchStage implements Stage {

    private final PacketMeta meta;
    private final PortOutputs outputs;

    public PatchStage(PacketMemory packets, PortOutputs outputs) {
        this.meta = new PacketMeta(packets);
        this.outputs = outputs;
    }

    @Override
    public void process(Burst burst, long nowNs) {
        if (burst.port() != Burst.MIXED) {
            outputs.addAll(burst, burst.port() ^ 1, nowNs);
            return;
        }
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            outputs.add(packet, meta.port(packet) ^ 1, nowNs);
        }
        burst.clear();
    }
}
