package io.millrace.gro;

import io.millrace.packet.memory.ChecksumState;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// The short way and the walk find the same: in every packet that the short way takes, whatever its checksum state.
class PlainTcpTest {

    private static final int TRAINS_PER_SHAPE = 100;
    private static final int ETHERNET_BYTES = 14;

    private final MergingFixture queue = new MergingFixture();
    private final Candidate plainFound = new Candidate();
    private final Candidate walkFound = new Candidate();
    private final PlainTcp plain = new PlainTcp(queue.packets, plainFound);
    private final HeaderWalk walk = new HeaderWalk(queue.packets, walkFound, true);

    @Test
    void findsWhatTheWalkFinds() {
        Random seeds = new Random(Seeds.next());
        int plainCount = 0;
        for (RandomTrain.Shape shape : RandomTrain.Shape.values()) {
            for (int i = 0; i < TRAINS_PER_SHAPE; i++) {
                long seed = seeds.nextLong();
                List<byte[]> frames = new RandomTrain(shape, seed).frames();
                for (byte[] frame : frames) {
                    boolean isSumKnown = (seed >>> i & 1) == 0;
                    if (isSame(frame, isSumKnown, "%s of seed %d".formatted(shape, seed))) plainCount++;
                }
            }
        }
        assertThat(plainCount).isGreaterThan(2 * TRAINS_PER_SHAPE);
        queue.close();
    }

    @Test
    void takesWhatIsPlain() {
        assertThat(isSame(new Segments().data(100).frames().getFirst(), false, "IPv4")).isTrue();
        assertThat(isSame(new Segments().data(100).frames().getFirst(), true, "IPv4, sum known")).isTrue();
        assertThat(isSame(new Segments().data6(100).frames().getFirst(), false, "IPv6")).isTrue();
        assertThat(isSame(new Segments().data6(100).frames().getFirst(), true, "IPv6, sum known")).isTrue();
        queue.close();
    }

    /// Returns whether the short way took the packet.
    private boolean isSame(byte[] frame, boolean isSumKnown, String name) {
        int first = packet(frame, isSumKnown);
        int second = packet(frame, isSumKnown);
        boolean isPlain = plain.read(first);
        boolean isCandidate = walk.read(second);
        if (isPlain) {
            assertThat(isCandidate).as(name).isTrue();
            plainFound.packet = walkFound.packet;
            assertThat(plainFound).as(name).usingRecursiveComparison().ignoringFields("key", "strict")
                .isEqualTo(walkFound);
            assertThat(plainFound).as(name).hasToString(walkFound.toString());
            assertThat(queue.meta.checksumState(first)).as(name).isEqualTo(queue.meta.checksumState(second));
        } else {
            assertThat(queue.meta.checksumState(first)).as(name)
                .isEqualTo(isSumKnown ? ChecksumState.COMPLETE : ChecksumState.NONE);
        }
        queue.pool.release(first);
        queue.pool.release(second);
        return isPlain;
    }

    private int packet(byte[] frame, boolean isSumKnown) {
        int packet = queue.packet(frame);
        if (!isSumKnown) return packet;
        queue.meta.checksumState(packet, ChecksumState.COMPLETE);
        queue.meta.checksumStart(packet, queue.meta.dataAt(packet) + ETHERNET_BYTES);
        queue.meta.checksumSum(packet, NaiveChecksum.sum(frame, ETHERNET_BYTES, frame.length - ETHERNET_BYTES));
        return packet;
    }
}
