package io.millrace.nic.driver.gen;

import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.gen.replay.CaptureSource;
import io.millrace.nic.driver.gen.replay.CaptureSpec;
import io.millrace.nic.driver.gen.replay.Rewriting;
import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.nic.driver.gen.stream.FlowSpec;
import io.millrace.nic.driver.gen.stream.Rate;
import io.millrace.nic.driver.gen.stream.SizeMix;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A capture comes again at its own times.
class CaptureReplayTest {

    private static final int FRAMES = 50;
    private static final long GAP_NS = 5_000;

    private final long seed = Seeds.next();

    @TempDir
    private Path folder;

    /// Frames 10 us apart, from sources in 10.0.0.0/24.
    private Path capture() throws Exception {
        return Generated.of(Generated.stream(Generated.UDP, SizeMix.inTurn(64, 300), new Rate.Packets(100_000), FRAMES,
            seed, FlowSpec.ONE, Generated.field(Generated.UDP, 1, "source",
                new FieldValues.Uniform(0x0a000000, 0x0a0000ff), false))).writtenTo(folder.resolve("in.pcapng"));
    }

    private record Replayed(List<byte[]> frames, List<Long> timesNs, CaptureSource source) {}

    private static CaptureSpec spec(Path file, double speed, long loops, Rewriting rewriting) {
        return new CaptureSpec("c", "", file, speed, loops, GAP_NS, 0, CaptureSpec.ENDLESS, CaptureSpec.ENDLESS,
            rewriting);
    }

    /// Polled every `stepNs`.
    private static Replayed replay(CaptureSpec spec, long stepNs) {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, 1024);
            var meta = new PacketMeta(packets);
            var pool = new PacketPool(arena, packets);
            var gen = new GenPort(arena, packets, "gen", 0,
                new TrafficProfile("p", List.of(), List.of(), List.of(spec)), new Receiver(arena, packets, 0, false),
                GenPort.NO_RING, 0);
            var burst = new Burst();
            List<byte[]> frames = new ArrayList<>();
            List<Long> times = new ArrayList<>();
            for (long nowNs = 0; !gen.isExhausted(); nowNs += stepNs) {
                gen.receive(0, burst, pool, nowNs);
                for (int i = 0; i < burst.count(); i++) {
                    byte[] frame = new byte[meta.packetBytes(burst.packet(i))];
                    MemorySegment.copy(packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(burst.packet(i)), frame,
                        0, frame.length);
                    frames.add(frame);
                    times.add(meta.receiveNs(burst.packet(i)));
                }
                pool.releaseAll(burst);
            }
            gen.close();
            return new Replayed(frames, times, (CaptureSource) gen.sources().getFirst());
        }
    }

    @Test
    void keepsDistancesAtEverySpeedThroughEveryLoop() throws Exception {
        Path file = capture();
        for (double speed : new double[] {0.5, 1, 4}) {
            Replayed replayed = replay(spec(file, speed, 3, Rewriting.NONE), 1000);
            assertThat(replayed.frames).hasSize(3 * FRAMES);
            long loopNs = 10_000L * (FRAMES - 1) + GAP_NS;
            for (int i = 0; i < 3 * FRAMES; i++) {
                long original = i / FRAMES * loopNs + i % FRAMES * 10_000L;
                assertThat(replayed.timesNs.get(i)).isEqualTo((long) (original / speed));
                assertThat(replayed.frames.get(i)).isEqualTo(replayed.frames.get(i % FRAMES));
            }
        }
    }

    @Test
    void saysHowLatePacketsWere() throws Exception {
        CaptureSource source = replay(spec(capture(), 1, 1, Rewriting.NONE), 7_000).source;
        assertThat(source.errors().getTotalCount()).isEqualTo(FRAMES);
        assertThat(source.errors().getMaxValue()).isBetween(5_000L, 7_000L);
        assertThat(source.errors().getValueAtPercentile(50)).isBetween(2_000L, 5_000L);
        CaptureSource punctual = replay(spec(capture(), 1, 1, Rewriting.NONE), 1).source;
        assertThat(punctual.errors().getMaxValue()).isLessThanOrEqualTo(1);
    }

    @Test
    void rewrittenAddressesHaveRightChecksums() throws Exception {
        Tshark.required();
        var rewriting = new Rewriting(0x0200_0000_0099L, 0x0200_0000_0001L, List.of(
            new Rewriting.Change(IpPrefix.parseNetwork("10.0.0.0/24"), IpPrefix.parseNetwork("172.16.5.0/24"))));
        Replayed plain = replay(spec(capture(), 1, 1, Rewriting.NONE), 1000);
        Replayed replayed = replay(spec(capture(), 1, 1, rewriting), 1000);
        Path file = new Generated(replayed.frames, replayed.timesNs, 0).writtenTo(folder.resolve("out.pcap"));
        List<List<String>> rows = Tshark.fields(file, "ip.src", "eth.src", "eth.dst", "ip.checksum.status",
            "udp.checksum.status");
        assertThat(rows).hasSize(FRAMES);
        for (int i = 0; i < FRAMES; i++) {
            int host = plain.frames.get(i)[29] & 0xff;
            assertThat(rows.get(i)).containsExactly("172.16.5." + host, "02:00:00:00:00:99", "02:00:00:00:00:01", "1",
                "1");
        }
    }
}
