package io.millrace.nic.sim.audit;

import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.nic.port.FrameSlots;
import io.millrace.nic.program.Engine;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.device.DeviceParser;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.rss.HashConfig;
import io.millrace.packet.rss.ReceiveHash;
import io.millrace.testkit.Frame;
import io.millrace.testkit.NaiveChecksum;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;

class AuditCheckTest {

    private static final ParseProgram DEFAULT = ShippedGraph.DEFAULT.load();
    private static final byte[] FRAME = Frame.ethernet("02:00:00:00:00:0a", "02:00:00:00:00:01")
        .ipv4("10.0.0.7", "10.9.0.1").udp(7000, 4789).vxlan(7).ethernet("02:00:00:00:00:03", "02:00:00:00:00:04")
        .ipv6("fd00::1", "fd00::2").tcp(3, 4).payloadOf(31).bytes();

    private final Arena arena = Arena.ofAuto();
    private final PacketMemory packets = new PacketMemory(arena, 256);
    private final PacketPool pool = new PacketPool(arena, packets);
    private final PacketMeta meta = new PacketMeta(packets);
    private final AuditRing ring = new AuditRing(arena, packets, 1, 1);
    private final AuditCheck check = new AuditCheck(arena, DEFAULT);
    private final List<AuditFinding> found = new ArrayList<>();

    /// Puts what a device that runs `image` makes of the frame on the ring, changed by `change`.
    private void audit(ParseImage image, Consumer<AuditUnit> change) {
        var records = new ParseRecords(DEFAULT.graph().limits().encapsMax());
        int packet = new FrameSlots(packets).allocate(pool, FRAME.length, 0, 0, 5);
        MemorySegment.copy(FRAME, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(packet), FRAME.length);
        var burst = new Burst();
        burst.add(packet);
        new DeviceParser(image, DeviceLimits.FULL, packets, records).parse(burst);
        AuditUnit unit = ring.next();
        assertThat(unit.received(packet, 0, image, records, 0, 5)).isNull();
        HashConfig config = HashConfig.standard();
        unit.hashed(config, (int) new ReceiveHash(config, packets, records).hash(packet, 0));
        new ChecksumRecord(packets).complete(packet, 14, NaiveChecksum.sum(FRAME, 14, FRAME.length - 14));
        unit.summed(packet);
        change.accept(unit);
        ring.put(unit);
        pool.releaseAll(burst);
    }

    private List<Engine> engines() {
        check.turn(ring, Integer.MAX_VALUE, found::add);
        assertThat(ring.peek()).isNull();
        return found.stream().map(AuditFinding::engine).toList();
    }

    @Test
    void agreesWithADeviceThatDoesWhatSoftwareDoes() {
        audit(ParseImage.of(DEFAULT), unit -> { });
        assertThat(engines()).isEmpty();
        assertThat(check.checkedCount()).isEqualTo(1);
    }

    @Test
    void tellsWhichEngineDiffersAndBothResults() {
        audit(ParseImage.of(DEFAULT), unit -> unit.hash ^= 1);
        audit(ParseImage.of(DEFAULT), unit -> unit.sum ^= 0x100);
        audit(ParseImage.of(DEFAULT), unit -> unit.words[ParseRecords.USED_WORDS + ParseRecords.PORTS_WORD] ^= 1);
        audit(ParseImage.of(DEFAULT), unit -> unit.recordCount--);
        assertThat(engines()).containsExactly(Engine.RSS, Engine.CHECKSUM, Engine.PARSER, Engine.PARSER);
        for (AuditFinding each : found) {
            assertThat(each.given()).containsExactly(FRAME);
            assertThat(each.device()).isNotEqualTo(each.software());
        }
    }

    @Test
    void doesNotHoldAnotherGraphAgainstTheHosts() {
        audit(ParseImage.of(ShippedGraph.L3.load()), unit -> { });
        audit(ParseImage.of(ShippedGraph.L3.load()), unit -> unit.sum ^= 0x100);
        assertThat(engines()).containsExactly(Engine.CHECKSUM);
    }

    @Test
    void aFullRingSkipsAndCounts() {
        for (int i = 0; i < AuditRing.UNITS_MAX; i++) audit(ParseImage.of(ShippedGraph.L3.load()), unit -> { });
        assertThat(ring.next()).isNull();
        assertThat(ring.next()).isNull();
        assertThat(ring.skippedCount(AuditSkip.RING_FULL)).isEqualTo(2);
        assertThat(engines()).isEmpty();
        assertThat(check.checkedCount()).isEqualTo(AuditRing.UNITS_MAX);
        assertThat(ring.next()).isNotNull();
    }

    @Test
    void seesPiecesInTheOrderInWhichTheyWereBegunWhateverIsFinishedFirst() {
        AuditUnit first = ring.next();
        AuditUnit second = ring.next();
        AuditUnit third = ring.next();
        ring.put(second);
        assertThat(ring.peek()).isNull();
        ring.put(first);
        assertThat(ring.peek()).isSameAs(first);
        ring.take();
        assertThat(ring.peek()).isSameAs(second);
        ring.take();
        assertThat(ring.peek()).isNull();
        ring.withdraw(third, AuditSkip.TOO_LONG);
        assertThat(check.turn(ring, 10, found::add)).isZero();
        assertThat(ring.skippedCount(AuditSkip.TOO_LONG)).isOne();
        assertThat(found).isEmpty();
    }

    @Test
    void auditsTheShareThatWasAskedForAndTheSameOneForTheSameSeed() {
        var one = new AuditRing(arena, packets, 10, 7);
        var other = new AuditRing(arena, packets, 10, 7);
        int count = 0;
        for (int i = 0; i < 10_000; i++) {
            boolean isAudited = isDrawn(one);
            assertThat(isDrawn(other)).isEqualTo(isAudited);
            if (isAudited) count++;
        }
        assertThat(count).isBetween(850, 1150);
    }

    private static boolean isDrawn(AuditRing from) {
        AuditUnit unit = from.next();
        if (unit == null) return false;
        from.put(unit);
        from.take();
        return true;
    }
}
