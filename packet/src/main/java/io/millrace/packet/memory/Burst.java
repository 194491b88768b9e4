package io.millrace.packet.memory;

/// Up to 64 packets handled together, in order. Belongs to one worker; holds no memory but the numbers.
public final class Burst {

    public static final int PACKETS_MAX = 64;

    /// The packets may have come from different ports.
    public static final int MIXED = -1;

    private final int[] packets = new int[PACKETS_MAX];
    private int count;
    private int port = MIXED;

    public int count() { return count; }
    public int room()  { return PACKETS_MAX - count; }

    public int packet(int index) {
        assert index < count : index;
        return packets[index];
    }

    /// The port that every packet came from, or [#MIXED]; whoever fills the burst says so.
    public int port()            { return port; }

    public void port(int index) {
        port = index;
    }

    public void packet(int index, int packet) {
        assert index < count : index;
        packets[index] = packet;
    }

    public void add(int packet) {
        packets[count++] = packet;
    }

    /// Keeps the first `keptCount`. The packets behind are the caller's: it has moved or released them.
    public void truncate(int keptCount) {
        assert keptCount >= 0;
        assert keptCount <= count : keptCount;
        count = keptCount;
    }

    /// Forgets the first `goneCount`; the rest moves to the front. They too are the caller's.
    public void removeFirst(int goneCount) {
        assert goneCount >= 0;
        assert goneCount <= count : goneCount;
        System.arraycopy(packets, goneCount, packets, 0, count - goneCount);
        count -= goneCount;
    }

    /// Copies the numbers to the front of an array of [#PACKETS_MAX]; what it holds behind [#count] means nothing.
    public void copyTo(int[] target) {
        System.arraycopy(packets, 0, target, 0, PACKETS_MAX);
    }

    /// Becomes the first `packetCount` of an array of [#PACKETS_MAX].
    public void set(int[] source, int packetCount) {
        System.arraycopy(source, 0, packets, 0, PACKETS_MAX);
        count = packetCount;
    }

    public void clear() {
        count = 0;
    }
}
