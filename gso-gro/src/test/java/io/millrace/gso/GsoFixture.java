package io.millrace.gso;

import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.checksum.transmit.ChecksumHelp;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.host.HostCompiler;
import io.millrace.testkit.Octets;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static io.millrace.packet.memory.PacketMemory.FRAME_BYTES_MAX;
import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;

/// Super-packets in slots, parsed and described as whoever merges or receives them would, and frames made of segments.
final class GsoFixture implements AutoCloseable {

    static final int SLOT_COUNT = 4_096;
    private static final ParseProgram PROGRAM = ShippedGraph.DEFAULT.load();

    private final Arena arena = Arena.ofConfined();
    final PacketMemory packets = new PacketMemory(arena, SLOT_COUNT);
    final PacketMeta meta = new PacketMeta(packets);
    final PacketPool pool = new PacketPool(arena, packets);
    final ChecksumRecord record = new ChecksumRecord(packets);
    final int[] target = new int[2_000];
    private final CompiledParser parser =
        new HostCompiler(PROGRAM, packets).newParser(new ParseRecords(PROGRAM.graph().limits().encapsMax()));

    /// How a super-packet lies in slots.
    enum Layout {
        /// As merging makes it: each slot holds one segment's payload and has room for the headers in front.
        MERGED,
        /// As a driver makes it that takes super-packets from somewhere: full slots.
        FULL,
        /// Cut anywhere, each slot beginning anywhere, some of them empty.
        RANDOM
    }

    /// The super-packet in slots, its GSO fields set, its checksum PARTIAL if the frame says so; parsed.
    int packet(SuperFrame frame, Layout layout, Random random) {
        byte[] bytes = frame.bytes();
        List<Integer> parts = new ArrayList<>();
        int done = switch (layout) {
            case MERGED -> frame.headerBytes() + frame.segmentBytes(0);
            case FULL -> Math.max(frame.headerBytes(), Math.min(FRAME_BYTES_MAX, bytes.length));
            case RANDOM -> Math.min(bytes.length, frame.headerBytes() + 8 + random.nextInt(1_500));
        };
        parts.add(done);
        for (int i = 1; done < bytes.length; i++) {
            int part = switch (layout) {
                case MERGED -> frame.segmentBytes(i);
                case FULL -> FRAME_BYTES_MAX;
                case RANDOM -> random.nextInt(random.nextInt(4) == 0 ? 20 : 1_700);
            };
            parts.add(Math.min(part, bytes.length - done));
            done += parts.getLast();
        }
        int packet = chain(bytes, parts, layout, frame.headerBytes(), random);
        describe(packet, frame);
        return packet;
    }

    /// A frame as it is, in as few slots as can be, parsed.
    int packet(byte[] bytes) {
        List<Integer> parts = new ArrayList<>();
        for (int done = 0; done < bytes.length; done += FRAME_BYTES_MAX) {
            parts.add(Math.min(FRAME_BYTES_MAX, bytes.length - done));
        }
        int packet = chain(bytes, parts, Layout.FULL, 0, new Random(0));
        parse(packet);
        return packet;
    }

    void describe(int packet, SuperFrame frame) {
        parse(packet);
        meta.gsoType(packet, frame.gsoType());
        meta.gsoSize(packet, frame.gsoSize());
        if (frame.isPartial()) record.partial(packet, frame.transportAt(), frame.checksumOffset());
    }

    private void parse(int packet) {
        parser.parse(packet, 0);
    }

    private int chain(byte[] bytes, List<Integer> parts, Layout layout, int headerBytes, Random random) {
        int first = NONE;
        int last = NONE;
        int done = 0;
        for (int part : parts) {
            int slot = pool.allocate();
            if (slot == NONE) throw new IllegalStateException("the fixture has too few slots");
            meta.begin(slot, Math.min(part, FRAME_BYTES_MAX), 0, 0, 7_000);
            if (layout == Layout.MERGED && first != NONE) {
                meta.slotBytes(slot, 0);
                meta.dataAt(slot, Math.min(PacketMemory.FRAME_AT + headerBytes, PacketMemory.CHUNK_BYTES - part));
                meta.slotBytes(slot, part);
            } else if (layout == Layout.RANDOM) {
                int room = PacketMemory.CHUNK_BYTES - PacketMemory.META_BYTES - part;
                meta.dataAt(slot, PacketMemory.META_BYTES + random.nextInt(Math.min(room, 300) + 1));
            }
            Wire.copy(MemorySegment.ofArray(bytes), done, packets.segment(), meta.frameAt(slot), part);
            if (first == NONE) {
                first = slot;
            } else {
                meta.next(last, slot);
                meta.last(first, slot);
            }
            last = slot;
            done += part;
        }
        meta.packetBytes(first, bytes.length);
        return first;
    }

    /// The bytes of each segment, whose slots are given back. What was left PARTIAL is completed as a device would.
    List<byte[]> frames(int count) {
        ChecksumHelp device = new ChecksumHelp(packets);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int segment = target[i];
            if (record.state(segment) == ChecksumState.PARTIAL) {
                int fieldAt = record.fieldAt(segment);
                boolean isTcp = meta.checksumOffset(segment) == 16;
                assertThat(device.checksumHelp(segment)).isEqualTo(ChecksumHelp.Outcome.DONE);
                byte[] bytes = bytes(segment);
                // The helper sends 0 as 0xFFFF whatever the protocol; who segments in software does so for UDP alone.
                if (isTcp && Octets.u16(bytes, fieldAt) == 0xffff) Octets.u16(bytes, fieldAt, 0);
                frames.add(bytes);
            } else {
                frames.add(bytes(segment));
            }
            pool.release(segment);
        }
        return frames;
    }

    byte[] bytes(int packet) {
        byte[] bytes = new byte[meta.packetBytes(packet)];
        int done = 0;
        int last = NONE;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            Wire.copy(packets.segment(), meta.frameAt(slot), MemorySegment.ofArray(bytes), done, meta.slotBytes(slot));
            done += meta.slotBytes(slot);
            last = slot;
        }
        assertThat(done).as("bytes in slots").isEqualTo(bytes.length);
        assertThat(meta.last(packet)).as("last slot").isEqualTo(last == packet ? NONE : last);
        return bytes;
    }

    /// What the metadata of a segment says is what a parser finds in its bytes.
    void assertDescribed(int segment) {
        int fresh = packet(bytes(segment));
        assertThat(offsets(segment)).as("offsets").isEqualTo(offsets(fresh));
        pool.release(fresh);
    }

    private List<Integer> offsets(int packet) {
        List<Integer> offsets = new ArrayList<>(List.of(meta.l3(packet), meta.l4(packet), meta.payload(packet),
            meta.end(packet), meta.proto(packet), meta.family(packet), meta.tcpFlags(packet), meta.recordCount(packet)));
        if (meta.recordCount(packet) > 1) {
            offsets.addAll(List.of(meta.innerL3(packet), meta.innerL4(packet), meta.innerPayload(packet),
                meta.innerEnd(packet), meta.innerProto(packet), meta.innerFamily(packet)));
        }
        return offsets;
    }

    /// Fails if any slot is missing.
    void assertNothingLeaks() {
        assertThat(freeCount()).isEqualTo(SLOT_COUNT);
    }

    int freeCount() {
        List<Integer> taken = new ArrayList<>();
        for (int slot = pool.allocate(); slot != NONE; slot = pool.allocate()) taken.add(slot);
        taken.reversed().forEach(pool::release);
        return taken.size();
    }

    /// Takes slots until only so many are free; returns those taken.
    Burst[] leave(int freeCount) {
        Burst[] taken = new Burst[SLOT_COUNT / Burst.PACKETS_MAX + 1];
        int left = freeCount() - freeCount;
        for (int i = 0; i < taken.length; i++) {
            taken[i] = new Burst();
            left -= pool.allocate(taken[i], Math.min(left, Burst.PACKETS_MAX));
        }
        return taken;
    }

    void giveBack(Burst[] taken) {
        for (Burst burst : taken) pool.releaseAll(burst);
    }

    @Override
    public void close() {
        arena.close();
    }
}
