package io.millrace.dataplane.reassembly;

import io.millrace.testkit.NaiveChecksum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reassembly over arrays and lists, for IP packets without extension headers in front of the fragment header: the
/// rules as they are told in words, no more than a few lines each.
final class NaiveReassembly {

    enum Fate { WAITS, WHOLE, DUPLICATE, MALFORMED, MALFORMED_ALL, OVERLAP, MIXED_ECN, TOO_LONG }

    /// @param dropped packets that ended because of this fragment, itself included where it did
    record Answer(Fate fate, byte[] whole, int dropped) {}

    private static final class Datagram {

        final List<byte[]> packets = new ArrayList<>();
        final List<int[]> runs = new ArrayList<>();   // begin, end
        final byte[] data = new byte[1 << 17];
        byte[] first;
        int present;
        int length;
        boolean isLengthKnown;
        int bytesMax;
        int dfBytesMax;
        final boolean[] ecnSeen = new boolean[4];
    }

    private final Map<String, Datagram> datagrams = new HashMap<>();

    int waiting() {
        return datagrams.values().stream().mapToInt(each -> each.packets.size()).sum();
    }

    Answer add(byte[] packet) {
        return packet[0] >>> 4 == 4 ? add4(packet) : add6(packet);
    }

    private Answer add4(byte[] packet) {
        int headerBytes = (packet[0] & 15) * 4;
        String key = Arrays.toString(Arrays.copyOfRange(packet, 12, 20)) + u16(packet, 4) + "/" + packet[9];
        int offset = (u16(packet, 6) & 0x1fff) * 8;
        boolean isLast = (u16(packet, 6) & 0x2000) == 0;
        int end = offset + packet.length - headerBytes;
        if (!isLast) end = end / 8 * 8;
        Datagram datagram = datagrams.computeIfAbsent(key, absent -> new Datagram());
        if (!takesEnd(datagram, end, isLast) || end == offset) return dropAll(key, Fate.MALFORMED_ALL);
        Fate fate = place(datagram, packet, headerBytes, offset, end, packet[1] & 3);
        if (fate == Fate.DUPLICATE) return new Answer(fate, null, 1);
        if (fate == Fate.OVERLAP) return dropAll(key, fate);
        int bytes = headerBytes + end - offset;
        datagram.bytesMax = Math.max(datagram.bytesMax, bytes);
        if ((u16(packet, 6) & 0x4000) != 0) datagram.dfBytesMax = Math.max(datagram.dfBytesMax, bytes);
        if (!isComplete(datagram)) return new Answer(Fate.WAITS, null, 0);
        datagrams.remove(key);
        int firstHeaderBytes = (datagram.first[0] & 15) * 4;
        if (isMixed(datagram)) return new Answer(Fate.MIXED_ECN, null, datagram.packets.size());
        int totalBytes = firstHeaderBytes + datagram.length;
        if (totalBytes > 65_535) return new Answer(Fate.TOO_LONG, null, datagram.packets.size());
        byte[] whole = Arrays.copyOf(datagram.first, totalBytes);
        System.arraycopy(datagram.data, 0, whole, firstHeaderBytes, datagram.length);
        put16(whole, 2, totalBytes);
        put16(whole, 6, datagram.dfBytesMax == datagram.bytesMax ? 0x4000 : 0);
        if (datagram.ecnSeen[3]) whole[1] |= 3;
        put16(whole, 10, NaiveChecksum.ipv4(whole, 0));
        return new Answer(Fate.WHOLE, whole, 0);
    }

    private Answer add6(byte[] packet) {
        int flags = u16(packet, 42);
        if ((flags & 0xfff8) == 0 && packet.length == 48) return new Answer(Fate.WHOLE, packet, 0);   // headers cut
        if ((flags & 0xfff9) == 0) return new Answer(Fate.WHOLE, unwrapped(packet, packet, packet.length - 48), 0);
        String key = Arrays.toString(Arrays.copyOfRange(packet, 8, 40)) + u16(packet, 44) + "/" + u16(packet, 46);
        int offset = flags & 0xfff8;
        boolean isLast = (flags & 1) == 0;
        int end = offset + packet.length - 48;
        if (end > 65_535) return new Answer(Fate.MALFORMED, null, 1);
        Datagram datagram = datagrams.computeIfAbsent(key, absent -> new Datagram());
        if (!isLast && end % 8 != 0) {
            datagrams.remove(key);
            return new Answer(Fate.MALFORMED_ALL, packet, datagram.packets.size());
        }
        if (!takesEnd(datagram, end, isLast) || end == offset) {
            if (datagram.packets.isEmpty()) datagrams.remove(key);
            return new Answer(Fate.MALFORMED, null, 1);
        }
        Fate fate = place(datagram, packet, 48, offset, end, packet[1] >>> 4 & 3);
        if (fate == Fate.DUPLICATE) return new Answer(fate, null, 1);
        if (fate == Fate.OVERLAP) return dropAll(key, fate);
        if (!isComplete(datagram)) return new Answer(Fate.WAITS, null, 0);
        datagrams.remove(key);
        if (isMixed(datagram)) return new Answer(Fate.MIXED_ECN, null, datagram.packets.size());
        byte[] whole = unwrapped(datagram.first, datagram.data, datagram.length);
        if (datagram.ecnSeen[3]) whole[1] |= 0x30;
        return new Answer(Fate.WHOLE, whole, 0);
    }

    /// The IPv6 header of the first fragment and so many bytes of payload, which `data` begins with unless it is that
    /// fragment itself.
    private static byte[] unwrapped(byte[] first, byte[] data, int byteCount) {
        byte[] whole = Arrays.copyOf(first, 40 + byteCount);
        System.arraycopy(data, data == first ? 48 : 0, whole, 40, byteCount);
        whole[6] = first[40];
        put16(whole, 4, byteCount);
        return whole;
    }

    private static boolean takesEnd(Datagram datagram, int end, boolean isLast) {
        if (isLast) {
            if (end < datagram.length || datagram.isLengthKnown && end != datagram.length) return false;
            datagram.isLengthKnown = true;
            datagram.length = end;
        } else if (end > datagram.length) {
            if (datagram.isLengthKnown) return false;
            datagram.length = end;
        }
        return true;
    }

    private static Fate place(Datagram datagram, byte[] packet, int headerBytes, int offset, int end, int ecn) {
        int[] last = null;
        for (int[] run : datagram.runs) {
            if (offset >= run[0] && end <= run[1]) return Fate.DUPLICATE;
            if (offset < run[1] && end > run[0]) return Fate.OVERLAP;
            if (last == null || run[0] > last[0]) last = run;
        }
        if (last != null && last[1] == offset) {
            last[1] = end;
        } else {
            datagram.runs.add(new int[] {offset, end});
        }
        System.arraycopy(packet, headerBytes, datagram.data, offset, end - offset);
        datagram.packets.add(packet);
        datagram.present += end - offset;
        datagram.ecnSeen[ecn] = true;
        if (offset == 0) datagram.first = packet;
        return Fate.WAITS;
    }

    private static boolean isComplete(Datagram datagram) {
        return datagram.first != null && datagram.isLengthKnown && datagram.present == datagram.length;
    }

    private static boolean isMixed(Datagram datagram) {
        boolean[] seen = datagram.ecnSeen;
        return seen[0] && (seen[1] || seen[2] || seen[3]);
    }

    private Answer dropAll(String key, Fate fate) {
        return new Answer(fate, null, datagrams.remove(key).packets.size() + 1);
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }
}
