package io.millrace.nic.sim.audit;

import io.millrace.checksum.transmit.ChecksumHelp;
import io.millrace.gro.MergeSettings;
import io.millrace.gro.Merging;
import io.millrace.gso.Segmentation;
import io.millrace.nic.program.Engine;
import io.millrace.nic.sim.filter.FilterStep;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.parse.canonical.ParseProgram;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// Does again in software what a device did, and tells where the two differ. Packets are compared byte for byte, and by
/// what their metadata says of work that is left.
///
/// One thread's, out of the way of packets: it allocates.
public final class AuditCheck {

    /// What a unit's packets are on both sides, and the slots that cutting takes beside them.
    private static final int SLOTS = 4_096;

    private final PacketPool pool;
    private final PacketMeta meta;
    private final MemorySegment memory;
    private final ReceivedCheck received;
    private final ForwardedCheck forwarded;
    private final ChecksumHelp checksums;
    private final Merging merging;
    private final int[] given = new int[Burst.PACKETS_MAX];
    private final int[] parts = new int[PacketTape.SLOTS_MAX];
    private final Burst burst = new Burst();
    private final Map<AuditRing, FilteredCheck> filters = new HashMap<>();
    private long checkedCount;

    /// What somebody made of the packets of a unit.
    private record Result(List<byte[]> frames, String words) {

        boolean isSameAs(Result other) {
            if (frames.size() != other.frames.size() || !words.equals(other.words)) return false;
            for (int i = 0; i < frames.size(); i++) {
                if (!Arrays.equals(frames.get(i), other.frames.get(i))) return false;
            }
            return true;
        }
    }

    /// @param program the host's parser
    public AuditCheck(Arena arena, ParseProgram program) {
        var packets = new PacketMemory(arena, SLOTS);
        this.pool = new PacketPool(arena, packets);
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.received = new ReceivedCheck(packets, program);
        this.forwarded = new ForwardedCheck(arena, packets);
        this.checksums = new ChecksumHelp(packets);
        this.merging = new Merging(packets, MergeSettings.STANDARD);
    }

    /// Compares up to `budget` pieces of work of the ring; returns how many.
    public int turn(AuditRing ring, int budget, Consumer<AuditFinding> found) {
        int count = 0;
        FilteredCheck filtered = ring.filters() == null ? null
            : filters.computeIfAbsent(ring, _ -> new FilteredCheck(pool, ring.filters()));
        FilterStep last = filtered == null ? null : filtered.last();   // before it is looked whether there is work
        for (AuditUnit unit = ring.peek(); unit != null && count < budget; unit = ring.peek()) {
            if (unit.work != AuditWork.NONE) {
                compare(ring, unit, found);
                ring.compared();
                count++;
            }
            ring.take();
        }
        if (filtered != null && ring.peek() == null) filtered.follow(last);
        checkedCount += count;
        return count;
    }

    /// Pieces of work compared so far.
    public long checkedCount() {
        return checkedCount;
    }

    private void compare(AuditRing ring, AuditUnit unit, Consumer<AuditFinding> found) {
        unit.given.play(pool, meta, given);
        int linkType = meta.linkType(given[0]);
        List<byte[]> before = frames(given, unit.given.packetCount());
        if (unit.work == AuditWork.RECEIVED || unit.work == AuditWork.FORWARDED) {
            received.compare(unit, given[0], (engine, device, software) -> found.accept(new AuditFinding(engine,
                unit.port, linkType, unit.timeNs, before, device, List.of(), software, List.of())));
        }
        if (unit.work == AuditWork.RECEIVED) {
            pool.release(given[0]);
            return;
        }
        if (unit.work == AuditWork.FILTERED) {
            compareFiltered(ring, unit, linkType, before, found);
            return;
        }
        Result software = doAgain(unit);
        unit.made.play(pool, meta, parts);
        Result device = result(unit, unit.verdict, parts, unit.made.packetCount());
        if (device.isSameAs(software)) return;
        found.accept(new AuditFinding(unit.work.engine(), unit.port, linkType, unit.timeNs, before, device.words(),
            device.frames(), software.words(), software.frames()));
    }

    private void compareFiltered(AuditRing ring, AuditUnit unit, int linkType, List<byte[]> before,
                                 Consumer<AuditFinding> found) {
        FilteredCheck check = filters.get(ring);
        FilterOutcome outcome = check.run(unit, given[0]);
        List<Integer> left = new ArrayList<>(check.copies());
        if (FilterOutcome.isOver(outcome.verdict())) pool.release(given[0]);
        else left.addFirst(given[0]);
        Result software = result(left, outcome.text());
        unit.made.play(pool, meta, parts);
        List<Integer> made = Arrays.stream(parts, 0, unit.made.packetCount()).boxed().toList();
        List<Integer> copies = FilterOutcome.isOver(unit.said) ? made : made.subList(1, made.size());
        var said = new FilterOutcome(unit.said, unit.filtered, unit.isRuled, unit.target,
            copies.stream().map(meta::egress).toList());
        Result device = result(made, said.text());
        if (device.isSameAs(software)) return;
        found.accept(new AuditFinding(Engine.FLOWER, unit.port, linkType, unit.timeNs, before, device.words(),
            device.frames(), software.words(), software.frames()));
    }

    /// What the packets are; they are released.
    private Result result(List<Integer> packets, String words) {
        int[] all = packets.stream().mapToInt(Integer::intValue).toArray();
        List<byte[]> frames = frames(all, all.length);
        for (int packet : all) pool.release(packet);
        return new Result(frames, words);
    }

    private Result doAgain(AuditUnit unit) {
        return switch (unit.work) {
            case FORWARDED -> forward(unit);
            case FILLED_IN -> fillIn(unit);
            case CUT -> cut(unit);
            case MERGED -> merge(unit);
            case NONE, RECEIVED, FILTERED -> throw new IllegalStateException(unit.work.toString());
        };
    }

    private Result forward(AuditUnit unit) {
        boolean isHit = forwarded.rewrite(unit, given[0]);
        return result(unit, isHit ? Verdict.FORWARD : Verdict.TX_REFUSED, given, 1);
    }

    private Result fillIn(AuditUnit unit) {
        boolean isDone = checksums.checksumHelp(given[0]) == ChecksumHelp.Outcome.DONE;
        return result(unit, isDone ? Verdict.FORWARD : Verdict.TX_REFUSED, given, 1);
    }

    private Result cut(AuditUnit unit) {
        var segmentation = new Segmentation(pool, unit.fragmentIds);
        Verdict verdict = segmentation.segment(given[0], false, parts);
        if (verdict == Verdict.FORWARD) return result(unit, verdict, parts, segmentation.count());
        pool.release(given[0]);
        return result(unit, verdict, parts, 0);
    }

    private Result merge(AuditUnit unit) {
        Burst input = new Burst();
        for (int i = 0; i < unit.given.packetCount(); i++) input.add(given[i]);
        int count = 0;
        int taken = 0;
        while (taken < input.count()) {
            taken = merging.receive(input, taken, burst, unit.timeNs);
            count = moveOut(count);
        }
        boolean isOver;
        do {
            isOver = merging.endPoll(burst, unit.timeNs);
            count = moveOut(count);
        } while (!isOver);
        return result(unit, Verdict.FORWARD, parts, count);
    }

    private int moveOut(int count) {
        int moved = count;
        for (int i = 0; i < burst.count(); i++) parts[moved++] = burst.packet(i);
        burst.clear();
        return moved;
    }

    /// What the packets are; they are released.
    private Result result(AuditUnit unit, Verdict verdict, int[] packets, int count) {
        IntFunction<String> words = switch (unit.work) {
            case FORWARDED -> packet -> "leaves by port " + meta.egress(packet);
            case MERGED -> this::merged;
            default -> _ -> "";
        };
        var text = new StringBuilder(verdict == Verdict.FORWARD ? count + (count == 1 ? " packet" : " packets")
            : verdict.name());
        for (int i = 0; i < count; i++) {
            String more = words.apply(packets[i]);
            if (!more.isEmpty()) text.append("; ").append(more);
        }
        List<byte[]> frames = frames(packets, count);
        for (int i = 0; i < count; i++) pool.release(packets[i]);
        return new Result(frames, text.toString());
    }

    private String merged(int packet) {
        return "%d segments of %d, type 0x%x, checksum state %d at %d+%d".formatted(meta.gsoSegments(packet),
            meta.gsoSize(packet), meta.gsoType(packet), meta.checksumState(packet),
            meta.checksumStart(packet) - meta.dataAt(packet), meta.checksumOffset(packet));
    }

    private List<byte[]> frames(int[] packets, int count) {
        var frames = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[meta.packetBytes(packets[i])];
            int at = 0;
            for (int slot = packets[i]; slot != PacketMemory.NONE; slot = meta.next(slot)) {
                MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, meta.frameAt(slot), bytes, at, meta.slotBytes(slot));
                at += meta.slotBytes(slot);
            }
            frames.add(bytes);
        }
        return frames;
    }
}
