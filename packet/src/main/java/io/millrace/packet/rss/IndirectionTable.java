package io.millrace.packet.rss;

import io.millrace.packet.memory.Check;

/// From hash to queue: entry hash mod size. `ethtool -X` fills it.
public final class IndirectionTable {

    private final int[] queues;
    /// Size - 1 if the size is a power of two; else 0.
    private final int mask;

    private IndirectionTable(int[] queues) {
        this.queues = queues;
        this.mask = Integer.bitCount(queues.length) == 1 ? queues.length - 1 : 0;
    }

    /// The entries as they are; each must be below `queueCount`.
    public static IndirectionTable of(int[] entries, int queueCount) {
        Check.that(entries.length > 0, "indirection table must have an entry");
        for (int queue : entries) {
            Check.that(queue >= 0, "entry must be 0 or more", queue);
            Check.that(queue < queueCount, "entry must be below the queue count " + queueCount, queue);
        }
        return new IndirectionTable(entries.clone());
    }

    /// `equal COUNT`: `count` queues from `start` on, in turn. With 0 and all queues: what a device begins with.
    public static IndirectionTable equal(int size, int start, int count) {
        Check.that(count > 0, "count must be 1 or more", count);
        int[] entries = new int[size];
        for (int i = 0; i < size; i++) entries[i] = start + i % count;
        return of(entries, start + count);
    }

    /// `weight W0 W1 …`: each queue gets its share of the entries, in one piece; queue 0 is `start`.
    public static IndirectionTable weighted(int size, int start, int... weights) {
        long total = 0;
        for (int weight : weights) {
            Check.that(weight >= 0, "weight must be 0 or more", weight);
            total += weight;
        }
        Check.that(total > 0, "at least one weight must be above 0");
        int[] entries = new int[size];
        int queue = 0;
        long passed = weights[0];
        for (int i = 0; i < size; i++) {
            while (passed * size / total <= i) passed += weights[++queue];
            entries[i] = start + queue;
        }
        return of(entries, start + weights.length);
    }

    public int size()           { return queues.length; }
    public int entry(int place) { return queues[place]; }

    /// The queue for a hash, unsigned.
    public int queue(long hash) {
        return queues[mask != 0 ? (int) hash & mask : (int) (hash % queues.length)];
    }

    /// The highest queue in the table.
    public int queueMost() {
        int most = 0;
        for (int queue : queues) most = Math.max(most, queue);
        return most;
    }
}
