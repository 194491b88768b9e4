package io.millrace.nic.sim.transmit;

import io.millrace.checksum.transmit.ChecksumHelp;
import io.millrace.checksum.transmit.LegacyTransmit;
import io.millrace.gso.DeviceSegmentation;
import io.millrace.gso.Segmentation;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.account.NicAccount;
import io.millrace.nic.sim.audit.AuditRing;
import io.millrace.nic.sim.audit.AuditSkip;
import io.millrace.nic.sim.audit.AuditUnit;
import io.millrace.nic.sim.eswitch.LegacySwitch;
import io.millrace.nic.sim.fault.Flaws;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.ring.DescriptorQueue;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

/// The way of a port's packets from the rings of its queues to its wire.
///
/// What is to be done is in the packet's metadata, as in a descriptor's fields: GSO type and size for a super-packet,
/// start and offset of a checksum, a VLAN tag. The engines are those of the software. What the device cannot do it does
/// not send: the driver should have done it, and the packet is dropped as `TX_REFUSED`.
///
/// The device's thread alone.
public final class TransmitPipeline {

    /// Segments of one packet: 64 KB in parts of 32 bytes.
    private static final int SEGMENTS_MAX = 2048;

    private final NicModel model;
    private final Port wire;
    private final DescriptorQueue[] queues;
    private final PacketPool pool;
    private final NicAccount account;
    private final PacketMeta meta;
    private final Segmentation segmentation;
    private final LegacyTransmit checksums;
    private final ChecksumHelp help;
    private final TagUnit tags;
    private final int[] parts = new int[SEGMENTS_MAX];
    private final Burst taken = new Burst();
    private final Burst leaving = new Burst();
    private final long[] queuePackets;
    private final NicFaults faults;
    private final Flaws flaws;
    private AuditRing audit;
    private LegacySwitch towardsVfs;
    private boolean isFinishingAll;

    /// @param seed of numbers that segments need
    public TransmitPipeline(NicModel model, Port wire, DescriptorQueue[] queues, PacketPool pool, NicAccount account,
                            NicFaults faults, long seed) {
        this.model = model;
        this.wire = wire;
        this.queues = queues.clone();
        this.pool = pool;
        this.account = account;
        this.meta = new PacketMeta(pool.packets());
        this.segmentation = new Segmentation(pool, seed);
        this.checksums = new LegacyTransmit(pool.packets());
        this.help = new ChecksumHelp(pool.packets());
        this.tags = new TagUnit(pool.packets());
        this.queuePackets = new long[queues.length];
        this.faults = faults;
        this.flaws = new Flaws(pool.packets());
    }

    /// Has a share of what is filled in and cut audited; before the first of it.
    public void audit(AuditRing ring) {
        audit = ring;
    }

    /// Sends up to a burst of a queue; returns how many packets it took from it.
    ///
    /// @param vfs takes what the host sends to virtual functions; null where there is no way to them
    public int send(int queue, LegacySwitch vfs, long nowNs) {
        int count = queues[queue].take(taken);
        if (count == 0) return 0;
        queuePackets[queue] += count;
        towardsVfs = vfs;
        for (int i = 0; i < count; i++) finish(taken.packet(i), nowNs);
        taken.clear();
        flush(nowNs);
        towardsVfs = null;
        return count;
    }

    /// Sends packets that no worker has seen.
    ///
    /// @param isFinishing what the model cannot finish is finished all the same: by the driver of the virtual function
    ///                    that it came from, which has the same engines
    public void forward(Burst burst, boolean isFinishing, long nowNs) {
        isFinishingAll = isFinishing;
        for (int i = 0; i < burst.count(); i++) finish(burst.packet(i), nowNs);
        burst.clear();
        flush(nowNs);
        isFinishingAll = false;
    }

    private void finish(int packet, long nowNs) {
        if (meta.gsoSize(packet) != 0) {
            cut(packet, nowNs);
        } else if (meta.checksumState(packet) == ChecksumState.PARTIAL) {
            fillIn(packet, nowNs);
        } else {
            append(packet, nowNs);
        }
    }

    private void cut(int packet, long nowNs) {
        int type = meta.gsoType(packet);
        boolean isTunnelled = (type & GsoType.ANY_TUNNEL) != 0;
        boolean isBeyond = (type & DeviceSegmentation.ALL_TYPES & ~model.segmentationTypes()) != 0
            || isTunnelled && !model.cutsTunnels();
        if (isBeyond && !isFinishingAll) {
            account.dropTransmitted(packet, Verdict.TX_REFUSED);
            return;
        }
        AuditUnit unit = audit == null ? null : audit.next();
        AuditSkip skip = unit == null ? null : unit.toCut(packet, segmentation.fragmentIds(), wire.index(), nowNs);
        Verdict verdict = segmentation.segment(packet, false, parts);
        int count = segmentation.count();
        for (int i = 0; i < count; i++) {
            flaws.into(parts[i], faults.cutError());
            if (unit != null && skip == null) skip = unit.made(parts[i]);
        }
        if (unit != null) {
            unit.concluded(verdict);
            conclude(unit, verdict == Verdict.NO_SLOT ? AuditSkip.NO_SLOT : skip);
        }
        if (verdict != Verdict.FORWARD) {
            account.dropTransmitted(packet, verdict);
            return;
        }
        account.split(count);
        for (int i = 0; i < count; i++) append(parts[i], nowNs);
    }

    private void conclude(AuditUnit unit, AuditSkip skip) {
        if (skip == null) audit.put(unit);
        else audit.withdraw(unit, skip);
    }

    /// A device that knows protocols sums what it understands; asked for anything else it would store a wrong sum.
    private void fillIn(int packet, long nowNs) {
        boolean isUnderstood = isFinishingAll || checksums.canChecksum(packet, model.transmitChecksums());
        AuditUnit unit = audit == null || !isUnderstood ? null : audit.next();
        AuditSkip skip = unit == null ? null : unit.toFillIn(packet, wire.index(), nowNs);
        boolean isDone = isUnderstood && sum(packet);
        if (unit != null && skip == null) skip = unit.made(packet);
        if (unit != null) {
            unit.concluded(isDone ? Verdict.FORWARD : Verdict.TX_REFUSED);
            conclude(unit, skip);
        }
        if (!isDone) {
            account.dropTransmitted(packet, Verdict.TX_REFUSED);
            return;
        }
        account.checksumFilledIn();
        append(packet, nowNs);
    }

    private boolean sum(int packet) {
        boolean isDone = help.checksumHelp(packet) == ChecksumHelp.Outcome.DONE;
        if (isDone) flaws.into(packet, faults.fillInError());
        return isDone;
    }

    private void append(int packet, long nowNs) {
        if (tags.insert(packet)) account.tagInserted();
        if (leaving.room() == 0) flush(nowNs);
        leaving.add(packet);
    }

    private void flush(long nowNs) {
        if (leaving.count() == 0) return;
        if (towardsVfs != null) towardsVfs.fromHost(leaving, nowNs);
        int sentCount = wire.transmit(0, leaving, pool, nowNs);
        for (int i = sentCount; i < leaving.count(); i++) account.dropTransmitted(leaving.packet(i), Verdict.TX_FULL);
        leaving.clear();
    }

    /// Drops what waits in the rings: the wire is disconnected, or the run is over.
    public int drop(int queue, Verdict verdict) {
        int count = queues[queue].take(taken);
        for (int i = 0; i < count; i++) account.dropTransmitted(taken.packet(i), verdict);
        taken.clear();
        return count;
    }

    /// Packets taken from the ring of a queue so far.
    public long queuePackets(int queue) {
        return queuePackets[queue];
    }
}
