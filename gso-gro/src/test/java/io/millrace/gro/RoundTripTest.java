package io.millrace.gro;

import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// What merging makes of real traffic is cut into the very frames that came, byte for byte, and each connection keeps
/// its order.
class RoundTripTest {

    private static final int FILES_SAMPLED = 150;
    private static final int FRAMES_PER_POLL = 200;
    private static final int TRAINS_PER_SHAPE = 60;
    /// Frames of a poll may be of 64 KB.
    private static final int SLOT_COUNT = 16_384;
    private static final int ETHERNET = 1;

    @Test
    void segmentsOfWhatWasMergedAreTheFramesThatCame() {
        List<CorpusFile> files = Corpus.required().where(file -> file.isOfLinkType(ETHERNET) && !file.isDamaged()
            && (file.has("tcp") || file.has("udp")));
        int mergedCount = 0;
        try (var queue = new MergingFixture(new MergeSettings(true, 0), SLOT_COUNT).cutting()) {
            for (CorpusFile file : Corpus.sample(files, FILES_SAMPLED, Seeds.next())) {
                List<byte[]> frames = file.frames().stream().map(CapturedFrame::bytes).toList();
                for (int from = 0; from < frames.size(); from += FRAMES_PER_POLL) {
                    mergedCount += check(file.name(), queue,
                        frames.subList(from, Math.min(frames.size(), from + FRAMES_PER_POLL)));
                }
            }
        }
        assertThat(mergedCount).as("merged packets").isGreaterThan(Seeds.isFull() ? 1_000 : 20);
    }

    @Test
    void segmentsOfRandomTrainsAreTheFramesThatCame() {
        Random seeds = new Random(Seeds.next());
        int mergedCount = 0;
        try (var queue = MergingFixture.forwardingUdp().cutting()) {
            for (RandomTrain.Shape shape : RandomTrain.Shape.values()) {
                for (int i = 0; i < TRAINS_PER_SHAPE; i++) {
                    long seed = seeds.nextLong();
                    mergedCount += check(shape + " of seed " + seed, queue, new RandomTrain(shape, seed).frames());
                }
            }
        }
        assertThat(mergedCount).isGreaterThan(RandomTrain.Shape.values().length * TRAINS_PER_SHAPE);
    }

    /// Returns how many merged packets there were.
    private static int check(String name, MergingFixture queue, List<byte[]> frames) {
        List<Merged> out = queue.poll(frames);
        int mergedCount = 0;
        Map<String, Integer> lastByFlow = new HashMap<>();
        boolean[] isThere = new boolean[frames.size()];
        for (Merged merged : out) {
            boolean isCut = merged.gsoSize() != 0;
            if (isCut) mergedCount++;
            if (isCut) assertThat(merged.segmentsCut()).as(name).hasSameSizeAs(merged.frames());
            for (int i = 0; i < merged.frames().size(); i++) {
                int number = merged.frames().get(i);
                assertThat(isThere[number]).as("%s: frame %d came out before", name, number).isFalse();
                isThere[number] = true;
                byte[] frame = isCut ? merged.segmentsCut().get(i) : merged.bytes();
                assertThat(frame).as("%s: frame %d, %d of %s", name, number, i, merged).isEqualTo(frames.get(number));
                String flow = flow(frame);
                if (flow == null) continue;
                Integer last = lastByFlow.put(flow, number);
                assertThat(last == null || last < number).as("%s: frame %d behind frame %s", name, number, last).isTrue();
            }
        }
        assertThat(isThere).as("%s: every frame comes out", name).doesNotContain(false);
        return mergedCount;
    }

    /// Names the TCP connection of a frame whose order must not change: plain TCP over IP whose checksums are right.
    /// What Linux refuses at once may overtake, so has no name here.
    private static String flow(byte[] frame) {
        int at = 14;
        if (frame.length < at) return null;
        while (at + 4 <= frame.length && (Octets.u16(frame, at - 2) == 0x8100 || Octets.u16(frame, at - 2) == 0x88a8)) {
            at += 4;
        }
        int type = Octets.u16(frame, at - 2);
        boolean isIpv4 = type == 0x0800 && at + 20 <= frame.length && Octets.u8(frame, at) == 0x45
            && (Octets.u16(frame, at + 6) & 0x3fff) == 0 && NaiveChecksum.isIpv4Valid(frame, at)
            && Octets.u8(frame, at + 9) == NaiveChecksum.TCP;
        boolean isIpv6 = type == 0x86dd && at + 40 <= frame.length && Octets.u8(frame, at + 6) == NaiveChecksum.TCP;
        if (!isIpv4 && !isIpv6) return null;
        int l4 = at + (isIpv4 ? 20 : 40);
        int end = at + (isIpv4 ? Octets.u16(frame, at + 2) : 40 + Octets.u16(frame, at + 4));
        if (end > frame.length || l4 + 20 > end) return null;
        byte[] source = Octets.range(frame, isIpv4 ? at + 12 : at + 8, isIpv4 ? 4 : 16);
        byte[] target = Octets.range(frame, isIpv4 ? at + 16 : at + 24, isIpv4 ? 4 : 16);
        byte[] segment = Octets.range(frame, l4, end - l4);
        boolean hasHeader = (Octets.u8(segment, 12) >> 4) >= 5 && (Octets.u8(segment, 12) >> 4) * 4 <= segment.length;
        if (!hasHeader || !NaiveChecksum.isValid(NaiveChecksum.TCP, source, target, segment)) return null;
        return Arrays.toString(Octets.range(frame, 0, at)) + Arrays.toString(source) + Arrays.toString(target)
            + Octets.u32(segment, 0);
    }
}
