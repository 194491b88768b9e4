package io.millrace.nic.driver.link;

import io.millrace.nic.driver.gen.random.SeededRandom;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// One direction of a link: the packets on their way in the order of their arrival, as a heap over primitive arrays.
/// Packets that arrive at the same time keep the order in which they were sent.
///
/// Both ends belong to one thread. What was planted is counted, so that a receiver can be checked against it.
public final class LinkDirection {

    private static final int LAYER_1_EXTRA_BYTES = 24;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final PacketCopier copier;
    private final LinkFaults faults;
    private final SeededRandom random;
    private final long lossShare;
    private final long duplicationShare;
    private final long reorderingShare;
    private final long corruptionShare;
    private final long[] arrivalNs;    // heap, earliest first
    private final long[] numbers;      // in the order of sending
    private final int[] waiting;       // the packets
    private int count;
    private long nextNumber;
    private double freeNs;             // when the wire has sent what it was given
    private long latestNs;             // arrival of the latest packet that keeps its order
    private long lostCount;
    private long duplicatedCount;
    private long latestNumber;   // of all that have arrived
    private long reorderedCount;
    private long corruptedCount;
    private long overflowCount;

    LinkDirection(PacketMemory packets, LinkFaults faults) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.copier = new PacketCopier(packets);
        this.faults = faults;
        this.random = new SeededRandom(faults.seed());
        this.lossShare = SeededRandom.share(faults.loss());
        this.duplicationShare = SeededRandom.share(faults.duplication());
        this.reorderingShare = SeededRandom.share(faults.reordering());
        this.corruptionShare = SeededRandom.share(faults.corruption());
        this.arrivalNs = new long[faults.queuePackets()];
        this.numbers = new long[arrivalNs.length];
        this.waiting = new int[arrivalNs.length];
    }

    public long lostCount()        { return lostCount; }
    public long duplicatedCount()  { return duplicatedCount; }
    /// Arrived behind a packet that was sent later.
    public long reorderedCount()   { return reorderedCount; }
    public long corruptedCount()   { return corruptedCount; }
    /// Dropped because too many were waiting.
    public long overflowCount()    { return overflowCount; }
    /// On their way.
    public int waitingCount()      { return count; }

    /// Takes a packet. False, and it is released, if it never arrives: counted as lost or overflown.
    boolean send(int packet, PacketPool pool, long nowNs) {
        if (count == waiting.length) {
            overflowCount++;
            pool.release(packet);
            return false;
        }
        double departureNs = Math.max(nowNs, freeNs);
        if (faults.bitsPerSecond() > 0) {
            departureNs += (meta.packetBytes(packet) + LAYER_1_EXTRA_BYTES) * 8e9 / faults.bitsPerSecond();
        }
        freeNs = departureNs;
        if (lossShare > 0 && random.isHit(lossShare)) {
            lostCount++;
            pool.release(packet);
            return false;
        }
        long timeNs = (long) departureNs + faults.delayNs();
        if (faults.jitterNs() > 0) timeNs += random.below(faults.jitterNs() + 1);
        if (corruptionShare > 0 && random.isHit(corruptionShare)) corrupt(packet);
        if (reorderingShare > 0 && random.isHit(reorderingShare)) {
            push(packet, Math.max(timeNs, latestNs) + faults.reorderNs());
        } else {
            latestNs = Math.max(timeNs, latestNs);
            push(packet, latestNs);
            if (duplicationShare > 0 && random.isHit(duplicationShare)) duplicate(packet, pool, latestNs);
        }
        return true;
    }

    private void corrupt(int packet) {
        int half = meta.slotBytes(packet) / 2;
        long byteAt = meta.frameAt(packet) + half + random.below(half);
        Wire.u8(memory, byteAt, Wire.u8(memory, byteAt) ^ 1 << (int) random.below(Byte.SIZE));
        corruptedCount++;
    }

    private void duplicate(int packet, PacketPool pool, long timeNs) {
        if (count == waiting.length) return;
        int copy = copier.copy(packet, pool, timeNs);
        if (copy == NONE) return;
        duplicatedCount++;
        push(copy, timeNs);
    }

    private void push(int packet, long timeNs) {
        int at = count++;
        long number = nextNumber++;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (arrivalNs[parent] <= timeNs) break;   // an equal one was sent earlier
            move(parent, at);
            at = parent;
        }
        arrivalNs[at] = timeNs;
        numbers[at] = number;
        waiting[at] = packet;
    }

    long nextArrivalNs() {
        return count == 0 ? TimedPort.NEVER : arrivalNs[0];
    }

    /// The packet that arrives first; there must be one.
    int pop() {
        int packet = waiting[0];
        if (numbers[0] < latestNumber) reorderedCount++;
        latestNumber = Math.max(numbers[0], latestNumber);
        count--;
        long timeNs = arrivalNs[count];
        long number = numbers[count];
        int last = waiting[count];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= count) break;
            if (child + 1 < count && isBefore(child + 1, arrivalNs[child], numbers[child])) child++;
            if (!isBefore(child, timeNs, number)) break;
            move(child, at);
            at = child;
        }
        arrivalNs[at] = timeNs;
        numbers[at] = number;
        waiting[at] = last;
        return packet;
    }

    private boolean isBefore(int index, long timeNs, long number) {
        return arrivalNs[index] < timeNs || arrivalNs[index] == timeNs && numbers[index] < number;
    }

    private void move(int from, int to) {
        arrivalNs[to] = arrivalNs[from];
        numbers[to] = numbers[from];
        waiting[to] = waiting[from];
    }
}
