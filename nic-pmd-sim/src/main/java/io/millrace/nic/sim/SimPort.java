package io.millrace.nic.sim;

import io.millrace.checksum.receive.LegacyReceive;
import io.millrace.gso.DeviceSegmentation;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.nic.port.TimedPort;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.model.ReceiveChecksum;
import io.millrace.nic.sim.ring.DescriptorQueue;
import io.millrace.nic.sim.ring.DescriptorRing;
import io.millrace.nic.sim.steer.PortSteering;
import io.millrace.nic.sim.transmit.TagUnit;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

/// A port of a [SimNic] as workers see it: the driver.
///
/// Receives from the device's rings, so every queue that the device can have is to be polled, whatever the number of
/// channels is at the moment. What a device only says in its own way ("the TCP checksum is right") is turned here into
/// what all others say. Transmits into rings; what the device could not do is not in its [#capabilities], so it was
/// done before.
///
/// Counters are the wire's: packets are received when the device takes them from it.
public final class SimPort implements TimedPort {

    private final SimNic nic;
    private final DevicePort device;
    private final Port wire;
    private final PacketMeta meta;
    private final LegacyReceive legacy;
    private final boolean converts;
    private final TagUnit tags;
    private final DescriptorQueue[] receiveQueues;
    private final DescriptorQueue[] transmitQueues;
    private long vfMac;
    private long changeSeen;     // as ReceivePipeline.wayChange gives it
    private boolean isEmptying;  // packets from before it may be there, or were given this turn
    private boolean hasGivenFormer;
    private int queueAsked;

    SimPort(SimNic nic, DevicePort device, Port wire, PacketMemory packets) {
        this.nic = nic;
        this.device = device;
        this.wire = wire;
        this.meta = new PacketMeta(packets);
        this.legacy = new LegacyReceive(packets);
        this.converts = nic.model().receiveChecksum() == ReceiveChecksum.UNNECESSARY;
        this.tags = new TagUnit(packets);
        this.receiveQueues = device.receiveQueues();
        this.transmitQueues = device.transmitQueues();
    }

    @Override public String name()           { return wire.name(); }
    @Override public int index()             { return wire.index(); }
    @Override public PortCounters counters() { return wire.counters(); }

    public SimNic nic()            { return nic; }
    public Port wire()             { return wire; }
    public PortSteering steering() { return device.steering(); }

    /// As the features are now. Who keeps it asks again when one is switched.
    @Override
    public PortCapabilities capabilities() {
        PortCapabilities ofWire = wire.capabilities();
        NicModel model = nic.model();
        boolean sums = isOn(NicFeature.TRANSMIT_CHECKSUM);
        boolean cuts = isOn(NicFeature.SEGMENTATION);
        DeviceSegmentation plain = model.segmentation(false, sums, cuts);
        DeviceSegmentation tunnelled = model.segmentation(true, sums, cuts);
        return new PortCapabilities(receiveQueues.length, transmitQueues.length, ofWire.frameBytesMax(),
            ofWire.linkType(), ofWire.isOffline(), ofWire.givesUndone() || isOn(NicFeature.MERGING), plain, tunnelled);
    }

    /// Any thread.
    public boolean isOn(NicFeature feature) {
        return (device.features() & feature.bit()) != 0;
    }

    @Override
    public void start() {
        wire.start();
    }

    @Override
    public boolean isExhausted() {
        return device.isInputOver() && first() == null;
    }

    /// Where the way from packet to queue has changed, what came before is given first, of all queues in the order of
    /// arrival, and what came later from the next turn on: what a flow has in two queues is not turned round, neither
    /// here nor by software that merges queue by queue, unless that holds packets beyond a turn.
    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        if (queue <= queueAsked) hasGivenFormer = false;   // queues are asked in turn: another turn
        queueAsked = queue;
        int ready = receiveQueues[queue].ready(burst.room());
        if (ready == 0 && !isEmptying) return 0;
        // Asked behind the packets that are there: one of another way brings the change with it.
        long change = device.receiving().wayChange();
        if (change != changeSeen) {
            changeSeen = change;
            isEmptying = true;
        }
        int before = burst.count();
        if (isEmptying) takeFormer(burst);
        if (!isEmptying) receiveQueues[queue].take(burst, ready);
        if (converts) convert(burst, before);
        return burst.count() - before;
    }

    private void takeFormer(Burst burst) {
        while (burst.room() > 0) {
            DescriptorQueue queue = first();
            if (queue == null || queue.options() - (int) changeSeen >= 0) {
                isEmptying = hasGivenFormer;
                return;
            }
            burst.add(queue.peek());
            queue.take();
            hasGivenFormer = true;
        }
    }

    @Override
    public int receiveInOrder(Burst burst, PacketPool pool, long untilNs) {
        int before = burst.count();
        while (burst.room() > 0) {
            DescriptorQueue queue = first();
            if (queue == null || meta.receiveNs(queue.peek()) > untilNs) break;
            burst.add(queue.peek());
            queue.take();
        }
        if (converts) convert(burst, before);
        return burst.count() - before;
    }

    /// The queue with the packet that arrived first, or null. Arrivals are counted in 32 bits, around which they may
    /// go.
    private DescriptorQueue first() {
        DescriptorQueue first = null;
        for (DescriptorQueue queue : receiveQueues) {
            if (!queue.hasNext()) continue;
            if (first == null || queue.options() - first.options() < 0) first = queue;
        }
        return first;
    }

    private void convert(Burst burst, int from) {
        for (int i = from; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (meta.checksumState(packet) != ChecksumState.UNNECESSARY) continue;
            legacy.convertUnnecessary(packet, meta.l3(packet));
        }
    }

    /// Time of the packet that arrived first, whether the device has taken it from the wire or not.
    @Override
    public long nextReceiveNs() {
        DescriptorQueue queue = first();
        if (queue != null) return meta.receiveNs(queue.peek());
        // Where packets of the wire come by another port, that one's rings may have to be emptied first.
        if (!device.hasCarrier() && nic.heldOnReceive() > 0) return NEVER;
        return wire instanceof TimedPort timed ? timed.nextReceiveNs() : NEVER;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        DescriptorQueue ring = transmitQueues[queue];
        int count = burst.count();
        while (nic.isInline() && ring.room(count) < count && device.transmit(nowNs) > 0) {}
        int taken = Math.min(count, ring.room(count));
        boolean isTagLeft = isOn(NicFeature.TAG_INSERTION);
        for (int i = 0; i < taken; i++) {
            if (isTagLeft) tags.take(burst.packet(i));
            ring.put(burst.packet(i), 0);
        }
        ring.ring();
        return taken;
    }

    /// Worker of the queue. Every packet of it that was received so far has left the worker: nothing holds one. Flows
    /// on their way into the device wait for it.
    public void allLeft(int queue) {
        nic.handover().left(index(), queue, receiveQueues[queue].takenCount());
    }

    /// Any thread. False while the wire is disconnected.
    public boolean isLinkUp(long nowNs) {
        return nic.isLinkUp(index(), nowNs);
    }

    /// Number of the virtual function that it represents, or -1.
    public int vf() {
        return device.vf();
    }

    /// Address that the virtual function is known to have; 0 if none is.
    public long vfMac() {
        return vfMac;
    }

    void vfMac(long mac) {
        vfMac = mac;
    }

    /// Any thread. False of a representor whose NIC is in `legacy`.
    public boolean hasCarrier() {
        return device.hasCarrier();
    }

    /// As [#allLeft(int)], of all queues at once.
    public void allLeft() {
        for (int queue = 0; queue < receiveQueues.length; queue++) allLeft(queue);
    }

    /// The command that has these features on, and no others. What is left to the device on transmit must first be
    /// left to it no longer.
    public DeviceCommand features(int bits) {
        return nowNs -> device.features(bits);
    }

    /// Bits of the features that are on.
    public int featureBits() {
        return device.features();
    }

    /// The command that makes the receive rings of another size; what is in them is not lost.
    public DeviceCommand receiveRings(int slots) {
        boolean fits = DescriptorRing.isSize(slots) && slots <= nic.model().limits().ringSlotsMax();
        return nowNs -> fits ? device.receiveRings(slots) : CommandResult.INVALID;
    }

    /// Queues, each a ring to receive from and one to send into.
    public int queueCount() {
        return transmitQueues.length;
    }

    /// Turns in which the device looked at this queue: as many as it has had, unless the queue is stuck. Any thread.
    public long servedTurns(int queue) {
        return device.served(queue);
    }

    /// The command that has a queue begin anew; what is in its rings is not lost.
    public DeviceCommand resetQueue(int queue) {
        return nowNs -> device.resetQueue(queue, nowNs);
    }

    /// Makes the transmit rings of another size; for the thread that transmits.
    public void transmitRings(int slots) {
        for (DescriptorQueue queue : transmitQueues) queue.resize(slots);
    }

    /// Receive queues in use.
    public int channels() {
        return device.steering().tables().channelCount();
    }

    public int receiveRingSlots()  { return device.ringSlots(); }
    public int transmitRingSlots() { return transmitQueues[0].slotCount(); }

    /// Packets of a queue that the device has put into its ring.
    public long receivedBy(int queue) {
        return device.receiving().queuePackets(queue);
    }

    /// Packets of a queue that the device has taken from its ring.
    public long sentBy(int queue) {
        return device.transmitting().queuePackets(queue);
    }

    /// How often the wire had to wait for a queue.
    public long pauses() {
        return device.pauses();
    }

    @Override
    public void close() {
        wire.close();
    }
}
