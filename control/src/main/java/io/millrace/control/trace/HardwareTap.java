package io.millrace.control.trace;

import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.receive.HitWatch;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;

/// Copies packets that a NIC forwards from wire to wire into a ring, as they leave: the only eyes on packets that no
/// worker sees.
final class HardwareTap implements HitWatch {

    private final SimNic nic;
    private final PacketMeta meta;
    private final CaptureRing ring;

    HardwareTap(SimNic nic, FrameFilter filter) {
        this.nic = nic;
        this.meta = new PacketMeta(nic.packets());
        this.ring = new CaptureRing(filter, nic.packets());
    }

    SimNic nic() {
        return nic;
    }

    CaptureRing ring() {
        return ring;
    }

    @Override
    public void forwarding(Burst burst, long nowNs) {
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            // The stage's place says where it came in: of a NIC there is nothing else to tell.
            ring.take(packet, meta.egress(packet), CaptureRing.OUTBOUND, Verdict.SENT, meta.port(packet), nowNs);
        }
    }
}
