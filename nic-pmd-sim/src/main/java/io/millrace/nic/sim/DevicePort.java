package io.millrace.nic.sim;

import io.millrace.nic.port.Port;
import io.millrace.nic.sim.account.NicAccount;
import io.millrace.nic.sim.eswitch.Eswitch;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.LegacySwitch;
import io.millrace.nic.sim.eswitch.SwitchPort;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.filter.DeviceFilters;
import io.millrace.nic.sim.flow.DeviceFlows;
import io.millrace.nic.sim.flow.Handover;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.receive.Egress;
import io.millrace.nic.sim.receive.NicParser;
import io.millrace.nic.sim.receive.ReceivePipeline;
import io.millrace.nic.sim.ring.DescriptorQueue;
import io.millrace.nic.sim.steer.PortSteering;
import io.millrace.nic.sim.steer.QueueNumbering;
import io.millrace.nic.sim.transmit.TransmitPipeline;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The device's side of a port: wire at one end, rings at the other. That of a virtual function has what is plugged
/// into it for a wire, and the rings of its representor.
///
/// The device's thread alone, but for what is said to be any thread's.
final class DevicePort implements SwitchPort {

    private static final VarHandle SERVED = MethodHandles.arrayElementVarHandle(long[].class);

    private final NicModel model;
    private final Port wire;
    private final PacketPool pool;
    private final NicAccount account;
    private final NicFaults faults;
    private final DescriptorQueue[] receiveQueues;
    private final DescriptorQueue[] transmitQueues;
    private final PortSteering steering;
    private final ReceivePipeline receiving;
    private final TransmitPipeline transmitting;
    private final int wireQueues;
    private final boolean isPausing;
    private final Eswitch eswitch;
    private final NicParser parser;
    private final PacketMeta meta;
    private final int vf;
    private LegacySwitch vfs;         // null where the port has no part in it
    private DevicePort uplink;
    private final Burst burst = new Burst();
    private volatile int features;
    private volatile boolean isInputOver;
    private volatile int ringSlots;
    private long pauses;
    private final long[] served;   // by queue

    DevicePort(NicModel model, NicParser parser, Port wire, PortSettings settings, Arena arena, PacketPool pool,
               NicAccount account, DeviceFilters filters, DeviceFlows flows, Handover handover, Egress egress,
               NicFaults faults, long seed, Eswitch eswitch, int vf) {
        Check.that(settings.channels() <= model.limits().queuesMax(), "channels beyond the model's "
            + model.limits().queuesMax(), settings.channels());
        Check.that(settings.ringSlots() <= model.limits().ringSlotsMax(), "ring beyond the model's "
            + model.limits().ringSlotsMax(), settings.ringSlots());
        for (NicFeature feature : settings.features()) {
            Check.that(model.isCapable(feature), "the model cannot do " + feature.label());
        }
        this.model = model;
        this.wire = wire;
        this.pool = pool;
        this.account = account;
        this.faults = faults;
        this.eswitch = eswitch;
        this.parser = parser;
        this.meta = new PacketMeta(pool.packets());
        this.vf = vf;
        this.features = settings.featureBits();
        this.isPausing = settings.isPausing();
        this.ringSlots = settings.ringSlots();
        this.wireQueues = wire.capabilities().rxQueues();
        var numbering = new QueueNumbering(model.limits().queuesMax(), model.offsetsZeroCopy());
        this.receiveQueues = queues(numbering.queueCount(), arena, settings.ringSlots());
        this.transmitQueues = queues(model.limits().queuesMax(), arena, settings.ringSlots());
        this.served = new long[transmitQueues.length];
        this.steering = new PortSteering(model.limits(), faults, numbering, pool.packets(), parser.records(),
            settings.channels(), seed);
        this.receiving = new ReceivePipeline(model, parser, steering, receiveQueues, pool.packets(), account,
            filters, flows, handover, egress, wire.index(), faults);
        this.transmitting = new TransmitPipeline(model, wire, transmitQueues, pool, account, faults, seed);
    }

    private DescriptorQueue[] queues(int count, Arena arena, int ringSlots) {
        var queues = new DescriptorQueue[count];
        for (int i = 0; i < count; i++) queues[i] = new DescriptorQueue(arena, pool.packets(), ringSlots);
        return queues;
    }

    /// Has a part in switching among virtual functions.
    ///
    /// @param ofUplink whose rings have what is for the host
    void join(LegacySwitch switching, DevicePort ofUplink) {
        vfs = switching;
        uplink = ofUplink;
    }

    /// True while packets of this port are switched by their MAC addresses.
    private boolean isSwitched() {
        return vfs != null && eswitch.mode() == EswitchMode.LEGACY;
    }

    /// Any thread. False of a representor in `legacy`: nothing comes, and nothing can be sent.
    boolean hasCarrier() {
        return vf < 0 || eswitch.mode() == EswitchMode.SWITCHDEV;
    }

    /// Takes up to a burst from each queue of the wire, unless it has to wait. Returns how many packets.
    int receive(long nowNs) {
        boolean isSwitched = isSwitched();
        DevicePort host = isSwitched ? uplink : this;
        if (faults.isLinkDown(wire.index(), nowNs) || host.isStuck(nowNs)) return 0;
        int count = 0;
        for (int queue = 0; queue < wireQueues; queue++) {
            if (isPausing && !host.receiving.hasRoom()) {
                pauses++;
                break;
            }
            count += wire.receive(queue, burst, pool, nowNs);
            if (burst.count() > 0 && isSwitched) switchOver(host, nowNs);
            if (burst.count() > 0) host.receiving.process(burst, host.features, nowNs);
        }
        if (count == 0 && wire.isExhausted()) isInputOver = true;
        return count;
    }

    /// What stays in the burst is for the host, and comes by the uplink's port.
    private void switchOver(DevicePort host, long nowNs) {
        if (hasUndone()) parser.parse(burst);
        vfs.fromWire(this, burst, nowNs);
        for (int i = 0; i < burst.count(); i++) meta.port(burst.packet(i), host.index());
    }

    /// What has to be finished before it goes to a wire needs to be understood.
    private boolean hasUndone() {
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (meta.gsoSize(packet) != 0 || meta.checksumState(packet) == ChecksumState.PARTIAL) return true;
        }
        return false;
    }

    @Override
    public void toWire(Burst leaving, long nowNs) {
        forward(leaving, true, nowNs);
    }

    /// Sends up to a burst of each queue. Returns how many packets it took.
    int transmit(long nowNs) {
        boolean isDown = faults.isLinkDown(wire.index(), nowNs);
        boolean hasCarrier = hasCarrier();
        LegacySwitch towardsVfs = isSwitched() ? vfs : null;
        int count = 0;
        for (int queue = 0; queue < transmitQueues.length; queue++) {
            if (faults.isStuck(wire.index(), queue, nowNs)) continue;
            SERVED.setOpaque(served, queue, served[queue] + 1);
            if (!hasCarrier) count += transmitting.drop(queue, Verdict.NIC_NO_CARRIER);
            else if (isDown) count += transmitting.drop(queue, Verdict.TX_REFUSED);
            else count += transmitting.send(queue, towardsVfs, nowNs);
        }
        return count;
    }

    /// Sends packets that no worker has seen; a wire that is disconnected takes none.
    void forward(Burst packets, boolean isFinishing, long nowNs) {
        if (faults.isLinkDown(wire.index(), nowNs)) transmitting.drop(packets, Verdict.TX_REFUSED);
        else transmitting.forward(packets, isFinishing, nowNs);
    }

    /// Sends what is in the transmit rings now; what a disconnected wire does not take is dropped.
    void settle(long nowNs) {
        if (!hasCarrier()) return;
        LegacySwitch towardsVfs = isSwitched() ? vfs : null;
        boolean isDown = faults.isLinkDown(wire.index(), nowNs);
        for (int queue = 0; queue < transmitQueues.length; queue++) {
            int leftCount = transmitQueues[queue].slotCount();
            int count;
            do {
                count = isDown ? transmitting.drop(queue, Verdict.TX_REFUSED)
                    : transmitting.send(queue, towardsVfs, nowNs);
                leftCount -= count;
            } while (count > 0 && leftCount > 0);
        }
    }

    /// True if a queue in use is: the device cannot know before which queue a packet goes to.
    private boolean isStuck(long nowNs) {
        int channels = steering.tables().channelCount();
        for (int queue = 0; queue < channels; queue++) {
            if (faults.isStuck(wire.index(), queue, nowNs)) return true;
        }
        return false;
    }

    /// Switches features on and off; those it does not have cannot be on.
    CommandResult features(int wanted) {
        for (NicFeature feature : NicFeature.values()) {
            if ((wanted & feature.bit()) != 0 && !model.isCapable(feature)) return CommandResult.UNSUPPORTED;
        }
        if (((wanted ^ features) & NicFeature.RECEIVE_HASH.bit()) != 0) steering.wayChanged();
        features = wanted;
        return steering.useRules((wanted & NicFeature.RULES.bit()) != 0);
    }

    /// Goes on in receive rings of another size.
    CommandResult receiveRings(int slots) {
        for (DescriptorQueue queue : receiveQueues) queue.resize(slots);
        ringSlots = slots;
        return CommandResult.DONE;
    }

    void releaseHeld() {
        for (int queue = 0; queue < transmitQueues.length; queue++) {
            int count;
            do {
                count = transmitting.drop(queue, Verdict.INPUT_ENDED);
            } while (count > 0);
        }
        for (DescriptorQueue queue : receiveQueues) {
            while (queue.take(burst) > 0) {
                for (int i = 0; i < burst.count(); i++) account.dropReceived(burst.packet(i), Verdict.INPUT_ENDED);
                burst.clear();
            }
        }
    }

    long heldOnReceive() {
        return waiting(receiveQueues);
    }

    long heldOnTransmit() {
        return waiting(transmitQueues);
    }

    private static long waiting(DescriptorQueue[] queues) {
        long waiting = 0;
        for (DescriptorQueue queue : queues) waiting += queue.waitingCount();
        return waiting;
    }

    /// Number of the virtual function, or -1.
    int vf() {
        return vf;
    }

    @Override
    public int index() {
        return wire.index();
    }

    /// Any thread: turns in which the device looked at the queue.
    long served(int queue) {
        return (long) SERVED.getOpaque(served, queue);
    }

    /// A queue begins anew; what is in its rings stays.
    CommandResult resetQueue(int queue, long nowNs) {
        faults.queueReset(wire.index(), queue, nowNs);
        return CommandResult.DONE;
    }

    /// Any thread: bits of what is on.
    int features() {
        return features;
    }

    /// Any thread: the wire will give nothing more, and all it gave is in the rings.
    boolean isInputOver() {
        return isInputOver;
    }

    /// Any thread: descriptors of each receive ring.
    int ringSlots() {
        return ringSlots;
    }

    /// How often the wire had to wait for a queue.
    long pauses() {
        return pauses;
    }

    /// Packets that its wire has given, and those of them that found no slot.
    long offered()      { return wire.counters().rxPackets(); }
    long wireDropped()  { return wire.counters().rxDropped(); }

    DescriptorQueue[] receiveQueues()  { return receiveQueues; }
    DescriptorQueue[] transmitQueues() { return transmitQueues; }
    PortSteering steering()            { return steering; }
    ReceivePipeline receiving()        { return receiving; }
    TransmitPipeline transmitting()    { return transmitting; }
}
