package io.millrace.perf.bench;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.host.HostCompiler;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// The walk that the parser is measured against does the same work: record 0 and metadata are equal, byte for byte.
class HandWrittenWalkTest {

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 1);
    private final PacketMeta meta = new PacketMeta(packets);
    private final ParseRecords generatedRecords = new ParseRecords(4);
    private final ParseRecords handRecords = new ParseRecords(4);
    private final CompiledParser generated =
        new HostCompiler(ShippedGraph.DEFAULT.load(), packets).newParser(generatedRecords);
    private final WalkedBy hand = WalkedBy.hand(packets, handRecords);

    @Test
    void agreesWithTheGeneratedParserOnWhatItKnows() {
        Random random = new Random(Seeds.next());
        int comparedCount = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] frame = frame(random);
            if (random.nextInt(3) == 0) frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
            if (random.nextInt(3) == 0 && frame.length > 0) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
            }
            comparedCount += compare(frame) ? 1 : 0;
        }
        assertThat(comparedCount).isGreaterThan(15_000);
    }

    /// False if the frame holds what the walk leaves unknown and the graph does not.
    private boolean compare(byte[] frame) {
        place(frame);
        int outcome = hand.parse(0, 0);
        byte[] handMeta = metaBytes();
        place(frame);
        int expected = generated.parse(0, 0);
        boolean hasTunnel = (int) generatedRecords.words()[ParseRecords.LAST_WORD] != 0;   // its key, a VNI or the like
        boolean goesFurther = ParseOutcome.result(outcome) == ParseResult.UNKNOWN_PROTO
            && (hasTunnel || outcome != expected);
        if (goesFurther) return false;
        assertThat(outcome).as(() -> "outcome of " + HexFormat.of().formatHex(frame)).isEqualTo(expected);
        assertThat(Arrays.copyOf(handRecords.words(), ParseRecords.USED_WORDS))
            .as(() -> "record of " + HexFormat.of().formatHex(frame))
            .isEqualTo(Arrays.copyOf(generatedRecords.words(), ParseRecords.USED_WORDS).clone());
        assertThat(handMeta).isEqualTo(metaBytes());
        return true;
    }

    private static byte[] frame(Random random) {
        Layer layer = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
        for (int tags = random.nextInt(3); tags > 0; tags--) layer = layer.vlan(1 + random.nextInt(4094));
        int kind = random.nextInt(6);
        layer = switch (kind) {
            case 0 -> layer.ipv4("10.0.0.1", "10.0.0.2");
            case 1 -> layer.ipv4("10.0.0.1", "10.0.0.2").moreFragments();
            case 2 -> layer.ipv6("2001:db8::1", "2001:db8::2");
            case 3 -> layer.ipv6("2001:db8::1", "2001:db8::2").hopByHop().destinationOptions();
            case 4 -> layer.ipv6("2001:db8::1", "2001:db8::2").segmentRouting(1, "2001:db8::3", "2001:db8::4");
            default -> layer.ipv6("2001:db8::1", "2001:db8::2").fragment(1, 8 * random.nextInt(2), true);
        };
        List<Layer> ends = List.of(layer.tcp(1, 2).flags(random.nextInt(256)), layer.udp(1000, 2000),
            kind < 2 ? layer.icmpEchoRequest(7, 8) : layer.icmpv6EchoRequest(7, 8), layer.udp(1, 4789));
        return ends.get(random.nextInt(ends.size())).payload(new byte[random.nextInt(20)]).bytes();
    }

    private void place(byte[] frame) {
        meta.begin(0, frame.length, 0, 0, 0);
        MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(0), frame.length);
    }

    private byte[] metaBytes() {
        return packets.segment().asSlice(0, PacketMemory.META_BYTES).toArray(ValueLayout.JAVA_BYTE);
    }
}
