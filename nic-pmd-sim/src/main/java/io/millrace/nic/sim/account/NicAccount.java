package io.millrace.nic.sim.account;

import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

/// One NIC's account of its packets, beside those of the workers. In packets:
///
/// ```
///  from wires + created = to workers + absorbed + hits + switched + dropped on receive + held on receive
///  from workers + split + hits + switched = to wires + dropped on transmit + held on transmit
/// ```
///
/// Written by the NIC's thread alone; others may read values that are a little old.
public final class NicAccount {

    private final PacketPool pool;
    private final long[] receiveDrops = new long[Verdict.COUNT];
    private final long[] transmitDrops = new long[Verdict.COUNT];
    private long absorbedCount;
    private long splitCount;
    private long hitCount;
    private long switchedCount;
    private long createdCount;
    private long checksumsFound;
    private long checksumsFilledIn;
    private long mergedCount;
    private long cutCount;
    private long tagsInserted;

    /// @param pool takes what is dropped
    public NicAccount(PacketPool pool) {
        this.pool = pool;
    }

    /// Ends a packet that came from a wire.
    public void dropReceived(int packet, Verdict verdict) {
        assert verdict.ending() == Verdict.Ending.DROPPED : verdict;
        receiveDrops[verdict.ordinal()]++;
        pool.release(packet);
    }

    /// Ends a packet that was to be sent.
    public void dropTransmitted(int packet, Verdict verdict) {
        assert verdict.ending() == Verdict.Ending.DROPPED : verdict;
        transmitDrops[verdict.ordinal()]++;
        pool.release(packet);
    }

    /// Packets became part of others, which are now `mergedPackets` more.
    public void absorbed(long packets, long mergedPackets) {
        absorbedCount += packets;
        mergedCount += mergedPackets;
    }

    /// One packet became `partCount`.
    public void split(int partCount) {
        splitCount += partCount - 1;
        cutCount++;
    }

    /// A packet from a wire left by a wire without a worker having seen it.
    public void hit(int packetCount) {
        hitCount += packetCount;
    }

    /// A packet from a wire, or a copy, leaves by a wire because its switch says so.
    public void switchOver() {
        switchedCount++;
    }

    /// The device has made a copy of a packet.
    public void create() {
        createdCount++;
    }

    /// A packet was received whose checksum the device knows.
    public void checksumFound()    { checksumsFound++; }
    public void checksumFilledIn() { checksumsFilledIn++; }
    public void tagInserted()      { tagsInserted++; }

    public long absorbed() { return absorbedCount; }
    public long split()    { return splitCount; }
    public long hits()     { return hitCount; }
    /// Packets that the device's switch gave to wires, and no worker.
    public long switched() { return switchedCount; }
    /// Copies that the device made.
    public long created()  { return createdCount; }
    /// Packets received with a checksum state of the device's.
    public long checksumsFound()    { return checksumsFound; }
    /// Checksums filled in on transmit, those of segments not counted.
    public long checksumsFilledIn() { return checksumsFilledIn; }
    /// VLAN tags inserted on transmit.
    public long tagsInserted()      { return tagsInserted; }
    /// Super-packets that merging put out.
    public long merged() { return mergedCount; }
    /// Super-packets that were cut.
    public long cut()    { return cutCount; }

    public long receiveDrops(Verdict verdict)  { return receiveDrops[verdict.ordinal()]; }
    public long transmitDrops(Verdict verdict) { return transmitDrops[verdict.ordinal()]; }

    public long receiveDrops() {
        return sum(receiveDrops);
    }

    public long transmitDrops() {
        return sum(transmitDrops);
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) sum += count;
        return sum;
    }
}
