package io.millrace.dataplane.options;

import io.millrace.dataplane.PacketBench;
import io.millrace.dataplane.TestAddresses;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

import static io.millrace.testkit.FrameAssert.assertThatPacket;
import static org.assertj.core.api.Assertions.assertThat;

/// Options of random bytes, most of them beginning like real ones.
class OptionsFuzzTest {

    private static final int PACKETS = 50_000;
    private static final int[] KINDS = {0, 1, 7, 0x44, 0x82, 0x83, 0x86, 0x89, 0x94};

    private final PacketBench bench = new PacketBench(64);
    private final Ipv4Options options = new Ipv4Options(bench.packets, new TestAddresses());
    private final EchoedOptions echoed = new EchoedOptions(new TestAddresses());
    private final Ipv6Options options6 = new Ipv6Options(bench.packets);

    @Test
    void changesNothingButTheOptionsAndEndsAlways() {
        Random random = new Random(Seeds.next());
        for (int i = 0; i < PACKETS; i++) {
            byte[] frame = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.2", random.nextBoolean() ? "10.0.0.1" : "10.0.2.2").options(randomOptions(random))
                .protocol(200).payloadOf(8).bytes();
            int packet = bench.put(frame);
            long headerAt = bench.meta.frameAt(packet) + 14;
            Verdict verdict = options.check(packet);
            if (verdict == Verdict.FORWARD) {
                int hop = 0;
                if (options.hasSourceRoute() && options.followSourceRoute(packet, true) == Verdict.FORWARD) {
                    hop = options.sourceRouteHop();
                }
                options.forward(packet, 1, 2, hop, i);
                byte[] after = bench.network(packet);
                assertThatPacket(after).isIpv4().hasValidChecksums();
                int headerBytes = (frame[14] & 0xf) * 4;
                assertThat(after).hasSize(frame.length - 14);
                assertThat(Arrays.copyOf(after, 10)).isEqualTo(Arrays.copyOfRange(frame, 14, 24));
                assertThat(Arrays.copyOfRange(after, headerBytes, after.length))
                    .isEqualTo(Arrays.copyOfRange(frame, 14 + headerBytes, frame.length));
                assertThat(options.check(packet)).as("sound before, sound after")
                    .isIn(Verdict.FORWARD, faultOfCounter());
            } else {
                assertThat(options.problemAt()).isBetween(20, 59);
            }
            int optionBytes = echoed.prepare(bench.packets.segment(), headerAt, 3, i);
            assertThat(optionBytes).isBetween(EchoedOptions.UNUSABLE, 40);
            bench.pool.release(packet);
        }
    }

    /// The fifteenth host without room makes a sound timestamp unsound for the next router.
    private Verdict faultOfCounter() {
        return options.problemAt() >= 0 ? Verdict.IPV4_OPTIONS_MALFORMED : Verdict.FORWARD;
    }

    @Test
    void readsAnyIpv6Options() {
        Random random = new Random(Seeds.next());
        byte[] frame = new byte[14 + 40 + 8 * 32];
        for (int i = 0; i < PACKETS; i++) {
            random.nextBytes(frame);
            frame[14 + 41] = (byte) random.nextInt(6);
            int filledBytes = random.nextBoolean() ? random.nextInt(40) : 0;
            Arrays.fill(frame, 14 + 42, 14 + 42 + filledBytes, (byte) random.nextInt(8));
            int packet = bench.put(frame);
            long headerAt = bench.meta.frameAt(packet) + 14;
            int availableBytes = 40 + random.nextInt(60);
            Verdict verdict = options6.checkHopByHop(headerAt, availableBytes, random.nextBoolean());
            assertThat(verdict).isIn(Verdict.FORWARD, Verdict.IPV6_MALFORMED);
            assertThat(options6.problemAt()).isLessThan(availableBytes);
            bench.pool.release(packet);
        }
    }

    private static byte[] randomOptions(Random random) {
        byte[] bytes = new byte[4 + 4 * random.nextInt(10)];
        if (random.nextInt(4) == 0) random.nextBytes(bytes);
        for (int at = 0; at + 4 <= bytes.length;) {
            int length = random.nextInt(10) == 0 ? random.nextInt(256) : 3 + random.nextInt(bytes.length - at);
            bytes[at] = (byte) KINDS[random.nextInt(KINDS.length)];
            bytes[at + 1] = (byte) length;
            bytes[at + 2] = (byte) random.nextInt(16);
            bytes[at + 3] = (byte) random.nextInt(256);
            at += Math.max(1, Math.min(length, 40));
        }
        return bytes;
    }
}
