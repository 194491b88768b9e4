package io.millrace.nic.sim;

import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.ModeChange;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A NIC with one port on a wire and two virtual functions, all three held by the test, and the worker's end of its
/// rings.
final class VfFixture {

    static final String HOST_MAC = "02:00:00:00:00:01";
    static final String VF0_MAC = "02:00:00:00:01:00";
    private static final int SLOTS = 4_096;

    final PacketMemory packets = new PacketMemory(Arena.ofAuto(), SLOTS);
    final PacketPool pool = new PacketPool(Arena.ofAuto(), packets);
    final PacketMeta meta = new PacketMeta(packets);
    final FrameWire wire = new FrameWire(0, pool);
    final FrameWire vm0 = new FrameWire(1, pool);
    final FrameWire vm1 = new FrameWire(2, pool);
    final SimNic nic;
    final SimPort uplink;
    final SimPort vf0;
    final SimPort vf1;
    long nowNs;
    private long fromWorkers;

    /// The address of VF 0 is given, that of VF 1 is to be learned.
    VfFixture(NicModel model, EswitchMode mode, NicFaults faults) {
        this.nic = new SimNic("nic0", model, NicFixture.IMAGE, Arena.ofAuto(), pool, faults, 1);
        nic.inline(true);
        nic.eswitch().startIn(mode);
        PortSettings settings = PortSettings.usual(model, 1);
        this.uplink = nic.attach(wire, settings);
        this.vf0 = nic.plug(0, mac(VF0_MAC), vm0, settings);
        this.vf1 = nic.plug(1, 0, vm1, settings);
        nic.join(new long[] {mac(HOST_MAC)});
    }

    VfFixture(EswitchMode mode) {
        this(NicModel.FULL, mode, NicFaults.NONE);
    }

    private static long mac(String text) {
        return Long.parseLong(text.replace(":", ""), 16);
    }

    void turns() {
        while (nic.turn(nowNs) > 0) nowNs++;
    }

    /// Frames that the worker finds at a port.
    List<byte[]> received(SimPort port) {
        turns();
        var frames = new ArrayList<byte[]>();
        var burst = new Burst();
        while (port.receiveInOrder(burst, pool, Long.MAX_VALUE) > 0) {
            for (int i = 0; i < burst.count(); i++) {
                assertThat(meta.port(burst.packet(i))).isEqualTo(port.index());
                frames.add(wire.bytes(burst.packet(i)));
                pool.release(burst.packet(i));
            }
            burst.clear();
        }
        return frames;
    }

    void send(SimPort port, byte[] frame) {
        var burst = new Burst();
        int packet = pool.allocate();
        meta.begin(packet, frame.length, port.index(), 0, nowNs);
        for (int i = 0; i < frame.length; i++) Wire.u8(packets.segment(), meta.frameAt(packet) + i, frame[i] & 0xff);
        burst.add(packet);
        assertThat(port.transmit(0, burst, pool, nowNs)).isOne();
        fromWorkers++;
        turns();
    }

    /// Leads a change to its end, `stepNs` a turn.
    ModeChange change(EswitchMode mode, long stepNs) {
        ModeChange change = nic.changeMode(mode);
        lead(change, stepNs);
        return change;
    }

    void lead(ModeChange change, long stepNs) {
        long untilNs = nowNs + 4 * ModeChange.ENDS_NS;
        while (!change.turn(nowNs)) {
            nic.turn(nowNs);
            nowNs += stepNs;
            assertThat(nowNs).as("the change ends").isLessThan(untilNs);
        }
    }

    /// The equations of the NIC's account, and every slot but those that the wires keep.
    void assertNothingIsLost() {
        var account = nic.account();
        long fromWires = wire.counters().rxPackets() + vm0.counters().rxPackets() + vm1.counters().rxPackets();
        long toWires = wire.counters().txPackets() + vm0.counters().txPackets() + vm1.counters().txPackets();
        long toWorkers = uplink.receivedBy(0) + vf0.receivedBy(0) + vf1.receivedBy(0);
        assertThat(fromWires + account.created()).as("received").isEqualTo(toWorkers + account.absorbed()
            + account.hits() + account.switched() + account.receiveDrops());
        assertThat(fromWorkers + account.split() + account.hits() + account.switched()).as("sent")
            .isEqualTo(toWires + account.transmitDrops());
        int count = 0;
        while (pool.allocate() != PacketMemory.NONE) count++;
        assertThat(count).isEqualTo(SLOTS - 3);
    }
}
