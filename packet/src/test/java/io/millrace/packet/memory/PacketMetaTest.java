package io.millrace.packet.memory;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        meta.begin(PACKET, 0, 0, 0, 0);
        allFields().areIndependent(Seeds.next(), 200);
    }

    @Test
    void noFieldReachesOutOfTheMetadata() {
        packets.segment().fill((byte) 0x55);
        meta.begin(PACKET, 0, 0, 0, 0);
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
    void copiesWhatIsKnownButNotSlotsAndLengths() {
        meta.begin(PACKET, 0, 0, 0, 0);
        Fields fields = allFields();
        fields.areIndependent(Seeds.next(), 1);
        List<Long> known = fields.values();
        int other = 2;
        meta.begin(other, 33, 0, 0, 0);
        meta.copyFrom(PACKET, other);
        assertThat(meta.next(other)).isEqualTo(PacketMemory.NONE);
        assertThat(meta.last(other)).isEqualTo(PacketMemory.NONE);
        assertThat(meta.dataAt(other)).isEqualTo(PacketMemory.FRAME_AT);
        assertThat(meta.slotBytes(other)).isEqualTo(33);
        assertThat(meta.packetBytes(other)).isEqualTo(33);
        packets.segment().asSlice(packets.slotAt(PACKET), PacketMemory.META_BYTES).fill((byte) 0);
        meta.copyFrom(other, PACKET);
        for (int i = 5; i < known.size(); i++) {   // the first five are slots and lengths
            assertThat(fields.values().get(i)).as("field %d", i).isEqualTo(known.get(i));
        }
        assertThat(fields.values().subList(0, 5)).containsOnly(0L);
    }

    @Test
    void movesOffsetsAlongWithTheFirstByte() {
        meta.begin(PACKET, 100, 0, 0, 0);
        meta.l3(PACKET, 14);
        meta.l4(PACKET, 34);
        meta.payload(PACKET, 42);
        meta.end(PACKET, 100);
        meta.innerL3(PACKET, 64);
        meta.checksumStart(PACKET, PacketMemory.FRAME_AT + 34);
        meta.recordCount(PACKET, 1);
        long frameAt = meta.frameAt(PACKET);
        meta.moveFront(PACKET, 4);
        assertThat(meta.frameAt(PACKET)).isEqualTo(frameAt - 4);
        assertThat(meta.slotBytes(PACKET)).isEqualTo(104);
        assertThat(meta.packetBytes(PACKET)).isEqualTo(104);
        assertThat(meta.l3(PACKET)).isEqualTo(18);
        assertThat(meta.l4(PACKET)).isEqualTo(38);
        assertThat(meta.payload(PACKET)).isEqualTo(46);
        assertThat(meta.end(PACKET)).isEqualTo(104);
        assertThat(meta.innerL3(PACKET)).as("there is no inner record").isEqualTo(64);
        assertThat(meta.checksumStart(PACKET)).as("counts from the slot").isEqualTo(PacketMemory.FRAME_AT + 34);
        meta.recordCount(PACKET, 2);
        meta.innerL4(PACKET, 84);
        meta.innerPayload(PACKET, 92);
        meta.innerEnd(PACKET, 100);
        meta.moveFront(PACKET, -18);
        assertThat(meta.frameAt(PACKET)).isEqualTo(frameAt + 14);
        assertThat(meta.packetBytes(PACKET)).isEqualTo(86);
        assertThat(meta.l3(PACKET)).isZero();
        assertThat(meta.innerL3(PACKET)).isEqualTo(46);
        assertThat(meta.innerL4(PACKET)).isEqualTo(66);
        assertThat(meta.innerPayload(PACKET)).isEqualTo(74);
        assertThat(meta.innerEnd(PACKET)).isEqualTo(82);
    }

    @Test
    void refusesAFrontOutsideOfTheSlot() {
        meta.begin(PACKET, 100, 0, 0, 0);
        meta.moveFront(PACKET, PacketMemory.HEADROOM_BYTES);
        assertThatThrownBy(() -> meta.moveFront(PACKET, 1)).isInstanceOf(AssertionError.class);
    }

    /// A parser writes whole words; the accessors must find its fields in them.
    @Test
    void aParsersWordsHoldTheFieldsWhereTheAccessorsReadThem() {
        MemorySegment memory = packets.segment();
        long slotAt = packets.slotAt(PACKET);
        meta.begin(PACKET, 60, 0, 0, 0);
        assertThat(PacketMeta.extent(memory, slotAt)).isEqualTo(256L | 60L << 16 | 60L << 32);
        meta.linkType(PACKET, 0xfedc);
        assertThat(PacketMeta.linkType(memory, slotAt)).isEqualTo(0xfedc);
        PacketMeta.parsed(memory, slotAt, 0x8004_8003_8002_8001L, 0x00_93_92_91_8765_06_11L, 0x9100_0002_8100_0001L);
        assertThat(meta.l3(PACKET)).isEqualTo(0x8001);
        assertThat(meta.l4(PACKET)).isEqualTo(0x8002);
        assertThat(meta.payload(PACKET)).isEqualTo(0x8003);
        assertThat(meta.end(PACKET)).isEqualTo(0x8004);
        assertThat(meta.proto(PACKET)).isEqualTo(0x11);
        assertThat(meta.family(PACKET)).isEqualTo(6);
        assertThat(meta.flags(PACKET)).isEqualTo(0x8765);
        assertThat(meta.tcpFlags(PACKET)).isEqualTo(0x91);
        assertThat(meta.parseResult(PACKET)).isEqualTo(0x92);
        assertThat(meta.recordCount(PACKET)).isEqualTo(0x93);
        assertThat(meta.vlan0(PACKET)).isEqualTo(0x81000001);
        assertThat(meta.vlan1(PACKET)).isEqualTo(0x91000002);
        PacketMeta.parsedInner(memory, slotAt, 0x8004_8003_8002_8001L, 0x8765_04_06);
        assertThat(meta.innerL3(PACKET)).isEqualTo(0x8001);
        assertThat(meta.innerL4(PACKET)).isEqualTo(0x8002);
        assertThat(meta.innerPayload(PACKET)).isEqualTo(0x8003);
        assertThat(meta.innerEnd(PACKET)).isEqualTo(0x8004);
        assertThat(meta.innerProto(PACKET)).isEqualTo(6);
        assertThat(meta.innerFamily(PACKET)).isEqualTo(4);
        assertThat(meta.innerFlags(PACKET)).isEqualTo(0x8765);
    }

    @Test
    void remembersEveryVerdict() {
        for (Verdict verdict : Verdict.values()) {
            meta.verdict(PACKET, verdict);
            assertThat(meta.verdict(PACKET)).isSameAs(verdict);
        }
    }

    private Fields allFields() {
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
            .bits("ingress", 16, () -> meta.ingress(PACKET), value -> meta.ingress(PACKET, value))
            .bits("linkClass", 8, () -> meta.linkClass(PACKET), value -> meta.linkClass(PACKET, value))
            .bits("checksumFlags", 8, () -> meta.checksumFlags(PACKET), value -> meta.checksumFlags(PACKET, value))
            .bits("checksumSum", 16, () -> meta.checksumSum(PACKET), value -> meta.checksumSum(PACKET, value))
            .bits("checksumStart", 16, () -> meta.checksumStart(PACKET), value -> meta.checksumStart(PACKET, value))
            .bits("checksumOffset", 16, () -> meta.checksumOffset(PACKET), value -> meta.checksumOffset(PACKET, value))
            .bits("gsoType", 32, () -> meta.gsoType(PACKET), value -> meta.gsoType(PACKET, value))
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
