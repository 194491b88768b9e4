package io.millrace.dataplane.reassembly;

import io.millrace.testkit.Frame;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Ethernet frames with fragments as a hostile network delivers them: several datagrams at once, in any order, some
/// pieces twice, some again in other cuts, some lying about the end, ECN fields of all kinds.
final class FragmentStorm {

    private static final String[] SOURCES = {"10.0.0.2", "10.0.0.3"};
    private static final String[] SOURCES6 = {"fd00::2", "fd00::3"};

    private final Random random;
    private final boolean isIpv4;
    private int firstIdentification;

    FragmentStorm(Random random, boolean isIpv4) {
        this.random = random;
        this.isIpv4 = isIpv4;
    }

    /// Whether datagrams of the next gusts may be taken for those of earlier ones.
    void changeIdentifications() {
        firstIdentification += 8;
    }

    /// Fragments of a few datagrams, mixed.
    List<byte[]> gust() {
        List<byte[]> frames = new ArrayList<>();
        int datagramCount = 1 + random.nextInt(4);
        for (int i = 0; i < datagramCount; i++) frames.addAll(datagram(firstIdentification + random.nextInt(6)));
        if (isIpv4) frames.removeIf(frame -> (frame[14 + 6] & 0x3f | frame[14 + 7]) == 0);   // came out whole
        if (random.nextInt(3) > 0) Collections.shuffle(frames, random);
        return frames;
    }

    private List<byte[]> datagram(int identification) {
        byte[] data = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 60_000 : 4_000)];
        random.nextBytes(data);
        int source = random.nextInt(2);
        int tos = random.nextInt(256);
        boolean isEcnSteady = random.nextInt(4) > 0;
        List<byte[]> frames = new ArrayList<>();
        for (int at = 0; at < data.length;) {
            int byteCount = Math.min(data.length - at, 8 * (1 + random.nextInt(random.nextBoolean() ? 8 : 170)));
            int pieceTos = isEcnSteady ? tos : tos & ~3 | random.nextInt(4);
            frames.add(piece(source, identification, data, at, byteCount, pieceTos));
            if (random.nextInt(12) == 0) frames.add(frames.getLast());
            at += byteCount;
        }
        if (random.nextInt(4) == 0) frames.add(anywhere(source, identification, data, tos));
        if (random.nextInt(8) == 0) frames.add(untruth(source, identification, data, tos));
        if (random.nextInt(6) == 0) frames.remove(random.nextInt(frames.size()));
        return frames;
    }

    /// A piece cut elsewhere than the others.
    private byte[] anywhere(int source, int identification, byte[] data, int tos) {
        int at = 8 * random.nextInt((data.length + 7) / 8);
        int byteCount = Math.min(data.length - at, 8 * (1 + random.nextInt(300)));
        return piece(source, identification, data, at, byteCount, tos);
    }

    /// A piece that says it is the last, or that it is not, or ends where no piece but the last may, or is empty.
    private byte[] untruth(int source, int identification, byte[] data, int tos) {
        int at = 8 * random.nextInt((data.length + 7) / 8);
        int byteCount = random.nextInt(Math.min(1400, data.length - at) + 1);
        byte[] part = new byte[byteCount];
        System.arraycopy(data, at, part, 0, byteCount);
        boolean isFollowed = random.nextBoolean() || isIpv4 && at == 0;   // else it is no fragment
        return frame(source, identification, at, isFollowed, part, tos);
    }

    private byte[] piece(int source, int identification, byte[] data, int at, int byteCount, int tos) {
        byte[] part = new byte[byteCount];
        System.arraycopy(data, at, part, 0, byteCount);
        return frame(source, identification, at, at + byteCount < data.length, part, tos);
    }

    private byte[] frame(int source, int identification, int at, boolean isFollowed, byte[] part, int tos) {
        var ethernet = Frame.ethernet("02:00:00:00:00:a1", "02:00:00:00:00:01");
        if (!isIpv4) {
            return ethernet.ipv6(SOURCES6[source], "fd00:0:0:1::2").trafficClass(tos)
                .fragment(identification, at, isFollowed).nextHeader(253).payload(part).bytes();
        }
        var ip = ethernet.ipv4(SOURCES[source], "10.0.1.2").identification(identification).tos(tos).protocol(253)
            .ttl(20 + random.nextInt(40)).fragmentOffsetBytes(at);
        if (isFollowed) ip.moreFragments();
        if (random.nextInt(3) == 0) ip.dontFragment();
        if (random.nextInt(5) == 0) ip.options(0x94, 4, 0, 0);
        return ip.payload(part).bytes();
    }
}
