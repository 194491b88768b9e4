package io.millrace.nic.sim.audit;

import io.millrace.checksum.InternetChecksum;
import io.millrace.nic.port.FrameSlots;
import io.millrace.nic.program.Engine;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.host.HostCompiler;
import io.millrace.packet.rss.ReceiveHash;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;

/// Does again in software what a device did, and tells where the two differ: the walk of the parser, the sum of a
/// packet, its receive hash. What a device did by another graph than the host's is not compared with the host's.
///
/// One thread's, out of the way of packets: it allocates.
public final class AuditCheck {

    private static final int SLOTS = 256;

    private final ParseProgram program;
    private final PacketPool pool;
    private final PacketMeta meta;
    private final MemorySegment memory;
    private final FrameSlots slots;
    private final ParseRecords records;
    private final CompiledParser parser;
    private final PacketMemory packets;
    private final Burst burst = new Burst();
    private long checkedCount;

    /// @param program the host's parser
    public AuditCheck(Arena arena, ParseProgram program) {
        this.program = program;
        this.packets = new PacketMemory(arena, SLOTS);
        this.pool = new PacketPool(arena, packets);
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.slots = new FrameSlots(packets);
        this.records = new ParseRecords(program.graph().limits().encapsMax());
        this.parser = new HostCompiler(program, packets).newParser(records);
    }

    /// Compares up to `budget` packets of the ring; returns how many.
    public int turn(AuditRing ring, int budget, Consumer<AuditFinding> found) {
        int count = 0;
        for (AuditUnit unit = ring.peek(); unit != null && count < budget; unit = ring.peek()) {
            compare(unit, found);
            ring.take();
            count++;
        }
        checkedCount += count;
        return count;
    }

    /// Packets compared so far.
    public long checkedCount() {
        return checkedCount;
    }

    private void compare(AuditUnit unit, Consumer<AuditFinding> found) {
        int packet = slots.allocate(pool, unit.frameBytes, unit.port, 0, unit.timeNs);
        MemorySegment.copy(unit.frame, 0, memory, ValueLayout.JAVA_BYTE, meta.frameAt(packet), unit.frameBytes);
        meta.linkType(packet, unit.linkType);
        burst.add(packet);
        if (unit.isSummed) compareSum(unit, found);
        if (unit.image.program().isSameAs(program)) {
            parser.parse(burst);
            compareRecords(unit, found);
            if (unit.hashing != null) compareHash(unit, packet, found);
        }
        pool.releaseAll(burst);
    }

    private void compareSum(AuditUnit unit, Consumer<AuditFinding> found) {
        long at = meta.frameAt(burst.packet(0)) + unit.sumFrom;
        int sum = InternetChecksum.fold(InternetChecksum.sum(memory, at, unit.frameBytes - unit.sumFrom));
        // 0 and 0xffff are one number.
        if (sum % 0xffff == unit.sum % 0xffff) return;
        found.accept(finding(unit, Engine.CHECKSUM, "sum 0x%04x from byte %d".formatted(unit.sum, unit.sumFrom),
            "sum 0x%04x".formatted(sum)));
    }

    private void compareRecords(AuditUnit unit, Consumer<AuditFinding> found) {
        int count = ParseOutcome.recordCount(records.outcome(0));
        long[] software = new long[count * ParseRecords.USED_WORDS];
        for (int record = 0; record < count; record++) {
            System.arraycopy(records.words(), ParseRecords.recordAt(0, record), software,
                record * ParseRecords.USED_WORDS, ParseRecords.USED_WORDS);
        }
        long[] device = Arrays.copyOf(unit.words, unit.recordCount * ParseRecords.USED_WORDS);
        if (Arrays.equals(software, device)) return;
        found.accept(finding(unit, Engine.PARSER, "records " + text(device), "records " + text(software)));
    }

    private void compareHash(AuditUnit unit, int packet, Consumer<AuditFinding> found) {
        int hash = (int) new ReceiveHash(unit.hashing, packets, records).hash(packet, 0);
        if (hash == unit.hash) return;
        found.accept(finding(unit, Engine.RSS, "hash 0x%08x".formatted(unit.hash), "hash 0x%08x".formatted(hash)));
    }

    private static AuditFinding finding(AuditUnit unit, Engine engine, String device, String software) {
        return new AuditFinding(engine, unit.port, unit.linkType, unit.timeNs,
            Arrays.copyOf(unit.frame, unit.frameBytes), device, software);
    }

    private static String text(long[] words) {
        var text = new StringBuilder();
        for (long word : words) text.append(HexFormat.of().toHexDigits(word)).append(' ');
        return text.toString().strip();
    }
}
