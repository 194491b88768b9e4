package io.millrace.nic.sim;

import io.millrace.nic.sim.audit.AuditRing;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ParseImage;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A NIC with two ports on wires that the test holds, and the worker's end of its rings.
final class NicFixture {

    static final ParseImage IMAGE = ParseImage.of(ShippedGraph.DEFAULT.load());
    private static final int SLOTS = 4_096;

    final PacketMemory packets = new PacketMemory(Arena.ofAuto(), SLOTS);
    final PacketPool pool = new PacketPool(Arena.ofAuto(), packets);
    final PacketMeta meta = new PacketMeta(packets);
    final FrameWire first = new FrameWire(0, pool);
    final FrameWire second = new FrameWire(1, pool);
    final SimNic nic;
    final SimPort port;
    final SimPort other;
    final Burst burst = new Burst();
    long nowNs;

    NicFixture(NicModel model, PortSettings settings, NicFaults faults) {
        this(model, settings, faults, false);
    }

    /// @param isAudited all that it does
    NicFixture(NicModel model, PortSettings settings, NicFaults faults, boolean isAudited) {
        this.nic = new SimNic("nic0", model, IMAGE, Arena.ofAuto(), pool, faults, 1);
        if (isAudited) nic.audit(new AuditRing(Arena.ofAuto(), packets, 1, 1));
        nic.inline(true);
        this.port = nic.attach(first, settings);
        this.other = nic.attach(second, settings);
    }

    NicFixture(NicModel model, int channels) {
        this(model, PortSettings.usual(model, channels), NicFaults.NONE);
    }

    /// Has the device do it; time passes until it has.
    CommandResult command(DeviceCommand command) {
        var results = new ArrayList<CommandResult>();
        assertThat(nic.mailbox().post(command, nowNs)).isNotNegative();
        while (results.isEmpty()) {
            nic.turn(nowNs);
            nic.mailbox().poll((number, result, _) -> results.add(result), nowNs);
            nowNs += 500;
        }
        return results.getFirst();
    }

    void turns() {
        while (nic.turn(nowNs) > 0) nowNs++;
    }

    /// All packets in the receive queues of the first port, queue by queue.
    List<Integer> received() {
        var received = new ArrayList<Integer>();
        for (int queue = 0; queue < port.capabilities().rxQueues(); queue++) {
            burst.clear();
            while (port.receive(queue, burst, pool, nowNs) > 0) {
                for (int i = 0; i < burst.count(); i++) received.add(burst.packet(i));
                burst.clear();
            }
        }
        return received;
    }

    /// The same in the order in which they arrived.
    List<Integer> receivedInOrder() {
        var received = new ArrayList<Integer>();
        burst.clear();
        while (port.receiveInOrder(burst, pool, Long.MAX_VALUE) > 0) {
            for (int i = 0; i < burst.count(); i++) received.add(burst.packet(i));
            burst.clear();
        }
        return received;
    }

    boolean bytesAre(int packet, byte[] frame) {
        return Arrays.equals(first.bytes(packet), frame);
    }

    void transmit(int packet) {
        burst.clear();
        burst.add(packet);
        assertThat(port.transmit(0, burst, pool, nowNs)).isEqualTo(1);
        burst.clear();
        turns();
    }

    /// A packet of one slot, as a worker would have it.
    int packet(byte[] frame) {
        int packet = pool.allocate();
        meta.begin(packet, frame.length, 0, 0, 0);
        for (int i = 0; i < frame.length; i++) Wire.u8(packets.segment(), meta.frameAt(packet) + i, frame[i] & 0xff);
        meta.l3(packet, 14);
        meta.family(packet, frame[12] == 8 ? 4 : 6);
        return packet;
    }

    /// Every slot but those that the wires keep.
    void assertAllSlotsAreBack() {
        int count = 0;
        while (pool.allocate() != PacketMemory.NONE) count++;
        assertThat(count).isEqualTo(SLOTS - 2);
    }
}
