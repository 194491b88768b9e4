package io.millrace.nic.sim.eswitch;

import java.util.Arrays;

/// On which side of a switch a MAC address is: one table, open addressing, linear probing. Addresses that were given
/// stay; of those that a side has been heard of with, it keeps the newest [#LEARNED_MAX], so that no side takes the
/// room of another.
///
/// The device's thread alone.
final class MacTable {

    /// [#side] of an address that nobody knows.
    static final int UNKNOWN = -1;
    /// As many as a virtual function of common cards may have.
    static final int LEARNED_MAX = 128;

    private static final int GIVEN_MAX = 256;
    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;
    private static final long FREE = -1;   // no MAC address: those have 48 bits

    private final long[] addresses;
    private final int[] sides;
    private final boolean[] isGiven;
    private final long[][] learned;     // by side, the oldest first
    private final int[] learnedCounts;
    private final int mask;
    private int givenCount;

    MacTable(int sideCount) {
        int size = Integer.highestOneBit(2 * (GIVEN_MAX + sideCount * LEARNED_MAX) - 1) << 1;
        this.addresses = new long[size];
        Arrays.fill(addresses, FREE);
        this.sides = new int[size];
        this.isGiven = new boolean[size];
        this.learned = new long[sideCount][LEARNED_MAX];
        this.learnedCounts = new int[sideCount];
        this.mask = size - 1;
    }

    /// The address belongs to this side, whoever is heard of with it; false if there is no room.
    boolean give(long address, int side) {
        if (givenCount == GIVEN_MAX) return false;
        int place = put(address, side);
        if (!isGiven[place]) givenCount++;
        isGiven[place] = true;
        return true;
    }

    /// A packet with this source came from this side.
    void learn(long address, int side) {
        int place = place(address);
        boolean isKnown = addresses[place] == address;
        if (isKnown && (isGiven[place] || sides[place] == side)) return;
        if (isKnown) unlearn(address, sides[place]);
        if (learnedCounts[side] == LEARNED_MAX) {
            forget(learned[side][0]);
            unlearn(learned[side][0], side);
        }
        learned[side][learnedCounts[side]++] = address;
        put(address, side);
    }

    private void unlearn(long address, int side) {
        long[] all = learned[side];
        int at = 0;
        while (all[at] != address) at++;
        System.arraycopy(all, at + 1, all, at, --learnedCounts[side] - at);
    }

    int side(long address) {
        int place = place(address);
        return addresses[place] == address ? sides[place] : UNKNOWN;
    }

    /// Forgets what was learned.
    void forgetLearned() {
        for (int side = 0; side < learned.length; side++) {
            for (int i = 0; i < learnedCounts[side]; i++) forget(learned[side][i]);
            learnedCounts[side] = 0;
        }
    }

    private int home(long address) {
        return (int) (address * MIX >>> 40) & mask;
    }

    /// Where the address is, or would be put.
    private int place(long address) {
        int place = home(address);
        while (addresses[place] != FREE && addresses[place] != address) place = place + 1 & mask;
        return place;
    }

    private int put(long address, int side) {
        int place = place(address);
        addresses[place] = address;
        sides[place] = side;
        return place;
    }

    /// What lies behind it moves up, so that it is still found.
    private void forget(long address) {
        int hole = place(address);
        for (int next = hole + 1 & mask; addresses[next] != FREE; next = next + 1 & mask) {
            boolean mayMove = (next - home(addresses[next]) & mask) >= (next - hole & mask);
            if (!mayMove) continue;
            addresses[hole] = addresses[next];
            sides[hole] = sides[next];
            isGiven[hole] = isGiven[next];
            hole = next;
        }
        addresses[hole] = FREE;
        isGiven[hole] = false;
    }
}
