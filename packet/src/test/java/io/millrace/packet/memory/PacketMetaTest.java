package io.millrace.packet.memory;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static org.assertj.core.api.Assertions.assertThat;

class PacketMetaTest {

    private static final int PACKET = 1;   // between two neighbours that must not notice

    private final Arena arena = Arena.ofConfined();
    private final PacketMemory packets = new PacketMemory(arena, 3);
    private final PacketMeta meta = new PacketMeta(packets);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void noFieldDisturbsAnother() {
        allFields().areIndependent(Seeds.next(), 200);
    }

    @Test
    void noFieldReachesOutOfTheMetadata() {
        packets.segment().fill((byte) 0x55);
        allFields().areIndependent(Seeds.next(), 20);
        MemorySegment memory = packets.segment();
        long slotAt = packets.slotAt(PACKET);
        for (long at = 0; at < memory.byteSize(); at++) {
            if (at >= slotAt && at < slotAt + PacketMemory.META_BYTES) continue;
            assertThat(Wire.u8(memory, at)).as("byte %d", at).isEqualTo(0x55);
        }
    }

    @Test
    void beginMakesAPacketOfItsOwn() {
        packets.segment().fill((byte) 0xDE);
        meta.begin(PACKET, 60, 0xfffe, 0xfffd, Long.MIN_VALUE + 1);
        assertThat(meta.next(PACKET)).isEqualTo(PacketMemory.NONE);
        assertThat(meta.last(PACKET)).isEqualTo(PacketMemory.NONE);
        assertThat(meta.isChain(PACKET)).isFalse();
        assertThat(meta.dataAt(PACKET)).isEqualTo(PacketMemory.FRAME_AT);
        assertThat(meta.slotBytes(PACKET)).isEqualTo(60);
        assertThat(meta.packetBytes(PACKET)).isEqualTo(60);
        assertThat(meta.port(PACKET)).isEqualTo(0xfffe);
        assertThat(meta.queue(PACKET)).isEqualTo(0xfffd);
        assertThat(meta.receiveNs(PACKET)).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(meta.linkType(PACKET)).isEqualTo(1);
        assertThat(meta.verdict(PACKET)).isEqualTo(Verdict.FORWARD);
    }

    @Test
    void beginResetsEveryOtherField() {
        packets.segment().fill((byte) 0xDE);
        meta.begin(PACKET, 60, 1, 2, 3);
        assertThat(resetFields(new Fields()).otherThan(0)).isEmpty();
    }

    @Test
    void remembersEveryVerdict() {
        for (Verdict verdict : Verdict.values()) {
            meta.verdict(PACKET, verdict);
            assertThat(meta.verdict(PACKET)).isSameAs(verdict);
        }
    }

    private Fields allFields() {
        meta.begin(PACKET, 0, 0, 0, 0);
        Fields fields = new Fields()
            .bits("next", 32, () -> meta.next(PACKET), value -> meta.next(PACKET, value))
            .bits("last", 32, () -> meta.last(PACKET), value -> meta.last(PACKET, value))
            .units("dataAt", 1, 128, 1024, () -> meta.dataAt(PACKET), value -> meta.dataAt(PACKET, value))
            .units("slotBytes", 1, 0, 1024, () -> meta.slotBytes(PACKET), value -> meta.slotBytes(PACKET, value))
            .bits("packetBytes", 32, () -> meta.packetBytes(PACKET), value -> meta.packetBytes(PACKET, value))
            .bits("port", 16, () -> meta.port(PACKET), value -> meta.port(PACKET, value))
            .bits("queue", 16, () -> meta.queue(PACKET), value -> meta.queue(PACKET, value))
            .longBits("receiveNs", 64, () -> meta.receiveNs(PACKET), value -> meta.receiveNs(PACKET, value))
            .bits("linkType", 16, () -> meta.linkType(PACKET), value -> meta.linkType(PACKET, value));
        return resetFields(fields);
    }

    /// The fields that are 0 in a fresh packet.
    private Fields resetFields(Fields fields) {
        return fields
            .bits("hash", 32, () -> meta.hash(PACKET), value -> meta.hash(PACKET, value))
            .bits("l3", 16, () -> meta.l3(PACKET), value -> meta.l3(PACKET, value))
            .bits("l4", 16, () -> meta.l4(PACKET), value -> meta.l4(PACKET, value))
            .bits("payload", 16, () -> meta.payload(PACKET), value -> meta.payload(PACKET, value))
            .bits("end", 16, () -> meta.end(PACKET), value -> meta.end(PACKET, value))
            .bits("proto", 8, () -> meta.proto(PACKET), value -> meta.proto(PACKET, value))
            .bits("family", 8, () -> meta.family(PACKET), value -> meta.family(PACKET, value))
            .bits("flags", 16, () -> meta.flags(PACKET), value -> meta.flags(PACKET, value))
            .bits("tcpFlags", 8, () -> meta.tcpFlags(PACKET), value -> meta.tcpFlags(PACKET, value))
            .bits("parseResult", 8, () -> meta.parseResult(PACKET), value -> meta.parseResult(PACKET, value))
            .bits("recordCount", 8, () -> meta.recordCount(PACKET), value -> meta.recordCount(PACKET, value))
            .bits("vlan0", 32, () -> meta.vlan0(PACKET), value -> meta.vlan0(PACKET, value))
            .bits("vlan1", 32, () -> meta.vlan1(PACKET), value -> meta.vlan1(PACKET, value))
            .bits("mark", 32, () -> meta.mark(PACKET), value -> meta.mark(PACKET, value))
            .bits("egress", 16, () -> meta.egress(PACKET), value -> meta.egress(PACKET, value))
            .bits("originalBytes", 32, () -> meta.originalBytes(PACKET), value -> meta.originalBytes(PACKET, value))
            .bits("checksumState", 8, () -> meta.checksumState(PACKET), value -> meta.checksumState(PACKET, value))
            .bits("checksumLevel", 8, () -> meta.checksumLevel(PACKET), value -> meta.checksumLevel(PACKET, value))
            .bits("checksumSum", 32, () -> meta.checksumSum(PACKET), value -> meta.checksumSum(PACKET, value))
            .bits("checksumStart", 16, () -> meta.checksumStart(PACKET), value -> meta.checksumStart(PACKET, value))
            .bits("checksumOffset", 16, () -> meta.checksumOffset(PACKET), value -> meta.checksumOffset(PACKET, value))
            .bits("gsoType", 16, () -> meta.gsoType(PACKET), value -> meta.gsoType(PACKET, value))
            .bits("gsoSize", 16, () -> meta.gsoSize(PACKET), value -> meta.gsoSize(PACKET, value))
            .bits("gsoSegments", 16, () -> meta.gsoSegments(PACKET), value -> meta.gsoSegments(PACKET, value))
            .bits("innerL3", 16, () -> meta.innerL3(PACKET), value -> meta.innerL3(PACKET, value))
            .bits("innerL4", 16, () -> meta.innerL4(PACKET), value -> meta.innerL4(PACKET, value))
            .bits("innerPayload", 16, () -> meta.innerPayload(PACKET), value -> meta.innerPayload(PACKET, value))
            .bits("innerEnd", 16, () -> meta.innerEnd(PACKET), value -> meta.innerEnd(PACKET, value))
            .bits("innerProto", 8, () -> meta.innerProto(PACKET), value -> meta.innerProto(PACKET, value))
            .bits("innerFamily", 8, () -> meta.innerFamily(PACKET), value -> meta.innerFamily(PACKET, value))
            .bits("innerFlags", 16, () -> meta.innerFlags(PACKET), value -> meta.innerFlags(PACKET, value))
            .bits("nextHop", 32, () -> meta.nextHop(PACKET), value -> meta.nextHop(PACKET, value))
            .bits("verdict", 5, () -> meta.verdict(PACKET).ordinal(), value -> meta.verdict(PACKET, Verdict.of(value)))
            .flag("isTraced", () -> meta.isTraced(PACKET), value -> meta.isTraced(PACKET, value));
    }
}
