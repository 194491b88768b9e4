package io.millrace.nic.driver.gen.stream;

import io.millrace.checksum.InternetChecksum;
import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.nic.driver.gen.random.SeededRandom;
import io.millrace.nic.driver.gen.random.WeightedChoice;
import io.millrace.nic.port.FrameSlots;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.CacheLines;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.CacheLines.LINE_BYTES;
import static io.millrace.packet.memory.PacketMemory.FRAME_AT;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// Makes the packets of one stream: copies a template by cache lines, patches what varies, finishes the checksums from
/// sums known before, stamps. Belongs to one thread; allocates nothing once built.
public final class StreamSource implements PacketSource {

    private final StreamSpec spec;
    private final int id;
    private final int port;
    private final PacketMemory packets;
    private final MemorySegment memory;
    private final PacketMeta meta;
    private final FrameSlots slots;
    private final LayerStack layers;
    private final FlowTemplates flows;
    private final FrameTemplates frames;
    private final FieldPatch[] patches;         // of fields that vary per packet
    private final ValueSource[] values;
    private final int[] checksumAt;
    private final boolean[] isNeverZero;        // by checksum
    private final long[] sums;
    private final WeightedChoice sizeChoice;
    private final WeightedChoice flowChoice;
    private final boolean isRandomFlow;
    private final int flowCount;
    private final boolean isPlain;
    private final boolean isEven;
    private final SeededRandom random;
    private final Damage damage;
    private final MemorySegment scratch;
    private final Pace pace;

    private int flow;
    private int size;
    private boolean isSizeDrawn;       // for a packet that found no slots
    private long givenCount;
    private long givenBytes;
    private long missedCount;
    private long sequence;

    /// @param id   number of the stream in its profile, what its stamps carry
    /// @param port index of the port that its packets are received from
    public StreamSource(Arena arena, PacketMemory packets, StreamSpec spec, int id, int port) {
        Check.that(id >= 0 && id < Stamp.STREAMS_MAX, "streams must be at most " + Stamp.STREAMS_MAX, id);
        this.spec = spec;
        this.id = id;
        this.port = port;
        this.packets = packets;
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.slots = new FrameSlots(packets);
        this.layers = spec.layers();
        this.random = new SeededRandom(spec.seed());
        this.flows = new FlowTemplates(arena, spec, random.next());
        this.frames = flows.frames();
        var perPacket = spec.fields().stream().filter(field -> !field.isPerFlow()).toList();
        this.patches = perPacket.stream()
            .map(field -> new FieldPatch(layers, field.layer(), field.field())).toArray(FieldPatch[]::new);
        this.values = perPacket.stream()
            .map(field -> new ValueSource(field.values(), random.next())).toArray(ValueSource[]::new);
        this.sums = new long[layers.checksumCount()];
        this.checksumAt = new int[sums.length];
        this.isNeverZero = new boolean[sums.length];
        for (int i = 0; i < sums.length; i++) {
            checksumAt[i] = layers.checksumAt(i);
            isNeverZero[i] = layers.isNeverZero(i);
        }
        this.sizeChoice = spec.sizes().isInTurn() ? null : new WeightedChoice(spec.sizes().weights());
        this.flowCount = spec.fields().size() > patches.length ? spec.flows().count() : 1;
        this.isRandomFlow = spec.flows().order() == FlowSpec.Order.RANDOM;
        this.flowChoice = spec.flows().order() == FlowSpec.Order.ZIPF
            ? WeightedChoice.zipf(flowCount, spec.flows().exponent()) : null;
        boolean isMutated = spec.mutation().share() > 0;
        this.damage = isMutated ? new Damage(memory, layers.headerBytes(), spec.mutation(), random.next()) : null;
        this.isPlain = patches.length == 0 && flows.isCached();
        this.isEven = spec.sizes().count() == 1 && LayerStack.isOneSlot(spec.sizes().bytesMax()) && damage == null
            && !layers.hasCrc();
        this.scratch = arena.allocate(LayerStack.FRAME_BYTES_MAX + LINE_BYTES, LINE_BYTES);
        this.pace = new Pace(spec);
    }

    public StreamSpec spec()     { return spec; }
    public int id()              { return id; }
    public boolean isEnded()     { return pace.nextNs() == TimedPort.NEVER; }

    @Override public String name()        { return spec.name(); }
    @Override public long givenCount()    { return givenCount; }
    @Override public long givenBytes()    { return givenBytes; }
    @Override public long missedCount()   { return missedCount; }

    /// Begins with the stream's first packet; fields go on where they are.
    @Override
    public void start(long startNs, double factor, long limitNs) {
        pace.start(startNs, factor, limitNs);
    }

    @Override
    public void stop() {
        pace.stop();
    }

    /// At once, in a stream without a rate.
    @Override
    public long nextNs() {
        return pace.nextNs();
    }

    /// Exact where all have one length.
    @Override
    public long dueCount(long nowNs) {
        return pace.dueCount(nowNs);
    }

    @Override
    public void miss(long untilNs) {
        while (pace.nextNs() <= untilNs && pace.isPaced()) {
            if (!isSizeDrawn) drawSize();
            isSizeDrawn = false;
            advance(untilNs);
            missedCount++;
        }
    }

    @Override
    public int give(PacketPool pool, long nowNs) {
        int packet = pool.allocate();
        if (packet == NONE || fill(packet, pool, nowNs)) return packet;
        pool.release(packet);
        return NONE;
    }

    /// Makes the next packet in a slot and more of the pool's; false where there are too few.
    private boolean fill(int packet, PacketPool pool, long nowNs) {
        if (!isSizeDrawn) drawSize();
        isSizeDrawn = true;
        int template = flows.template(flow, size);
        int frameBytes = frames.frameBytes(template);
        long timeNs = pace.isPaced() ? pace.nextNs() : nowNs;
        if (LayerStack.isOneSlot(frameBytes)) {
            meta.begin(packet, frameBytes, port, 0, timeNs);
            long at = packets.slotAt(packet) + FRAME_AT;
            copy(template, at, frameBytes);
            if (!isPlain) finish(memory, at, template, frameBytes);
            if (spec.isStamped()) stamp(memory, at, frameBytes, timeNs);
            if (damage != null) damage.maybe(packet, meta, at);
        } else if (!giveChain(packet, pool, template, frameBytes, timeNs)) {
            return false;
        }
        isSizeDrawn = false;
        givenCount++;
        givenBytes += frameBytes;
        nextFlow();
        advance(nowNs);
        return true;
    }

    /// Slots are taken and counts kept for all packets together. What is even of one kind, one length in one slot,
    /// leaves out what only others need.
    @Override
    public int giveDue(Burst burst, PacketPool pool, long nowNs) {
        int from = burst.count();
        int wantedCount = (int) Math.min(burst.room(), pace.wantedCount(nowNs));
        int slotCount = pool.allocate(burst, wantedCount);
        int givenCount = isEven ? giveEven(burst, from, slotCount, nowNs)
            : giveOdd(burst, from, slotCount, pool, nowNs);
        for (int i = from + givenCount; i < from + slotCount; i++) pool.release(burst.packet(i));
        burst.truncate(from + givenCount);
        return givenCount;
    }

    private int giveEven(Burst burst, int from, int slotCount, long nowNs) {
        int frameBytes = frames.frameBytes(0);
        boolean isPaced = pace.isPaced();
        int count = 0;
        while (count < slotCount) {
            long timeNs = isPaced ? pace.nextNs() : nowNs;
            if (timeNs > nowNs) break;
            int packet = burst.packet(from + count);
            meta.begin(packet, frameBytes, port, 0, timeNs);
            long at = packets.slotAt(packet) + FRAME_AT;
            int template = flows.template(flow, 0);
            copy(template, at, frameBytes);
            if (!isPlain) finish(memory, at, template, frameBytes);
            if (spec.isStamped()) Stamp.write(memory, at + frameBytes - Stamp.BYTES, id, (int) sequence, timeNs);
            nextFlow();
            sequence++;
            count++;
            if (isPaced) pace.advance(0, sequence, nowNs);
        }
        if (!isPaced && count > 0) pace.advance(0, sequence, nowNs);
        givenCount += count;
        givenBytes += (long) count * frameBytes;
        return count;
    }

    private int giveOdd(Burst burst, int from, int slotCount, PacketPool pool, long nowNs) {
        int count = 0;
        while (count < slotCount && pace.nextNs() <= nowNs) {
            if (!fill(burst.packet(from + count), pool, nowNs)) break;
            count++;
        }
        return count;
    }

    /// Whole lines are copied: what lies behind the end of the frame is nobody's.
    private void copy(int template, long at, int frameBytes) {
        long from = frames.at(template);
        if (frameBytes <= LINE_BYTES) {
            CacheLines.copyOne(frames.memory(), from, memory, at);
        } else if (frameBytes <= 2 * LINE_BYTES) {
            CacheLines.copyOne(frames.memory(), from, memory, at);
            CacheLines.copyOne(frames.memory(), from + LINE_BYTES, memory, at + LINE_BYTES);
        } else {
            Wire.copy(frames.memory(), from, memory, at, frameBytes);
        }
    }

    /// Writes what varies and the checksums over it, of which hardly any frame has more than two.
    private void finish(MemorySegment frame, long at, int template, int frameBytes) {
        if (sums.length > 2) {
            finishMany(frame, at, template, frameBytes);
            return;
        }
        long first = sums.length > 0 ? flows.sum(template, flow, 0) : 0;
        long second = sums.length > 1 ? flows.sum(template, flow, 1) : 0;
        if (!flows.isCached()) flows.write(frame, at, flow);
        for (int field = 0; field < patches.length; field++) {
            FieldPatch patch = patches[field];
            long sum = FieldPatch.sum(patch.write(frame, at, values[field].next()));
            first += patch.first(sum);
            second += patch.second(sum);
        }
        if (sums.length > 0) finish(frame, at, 0, first);
        if (sums.length > 1) finish(frame, at, 1, second);
        if (layers.hasCrc() && !spec.isStamped()) layers.fillCrc(frame, at, frameBytes);
    }

    private void finish(MemorySegment frame, long at, int checksum, long sum) {
        Wire.u16(frame, at + checksumAt[checksum],
            isNeverZero[checksum] ? InternetChecksum.finishNotZero(sum) : InternetChecksum.finish(sum));
    }

    private void finishMany(MemorySegment frame, long at, int template, int frameBytes) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = flows.sum(template, flow, i);
        }
        if (!flows.isCached()) flows.write(frame, at, flow);
        for (int field = 0; field < patches.length; field++) {
            long sum = FieldPatch.sum(patches[field].write(frame, at, values[field].next()));
            for (int i = 0; i < sums.length; i++) sums[i] += patches[field].counted(i, sum);
        }
        for (int i = 0; i < sums.length; i++) finish(frame, at, i, sums[i]);
        if (layers.hasCrc() && !spec.isStamped()) layers.fillCrc(frame, at, frameBytes);
    }

    private void stamp(MemorySegment frame, long at, int frameBytes, long timeNs) {
        Stamp.write(frame, at + frameBytes - Stamp.BYTES, id, (int) sequence, timeNs);
        if (layers.hasCrc()) layers.fillCrc(frame, at, frameBytes);
    }

    /// A frame longer than a slot is made in one piece and then cut.
    private boolean giveChain(int packet, PacketPool pool, int template, int frameBytes, long timeNs) {
        if (!slots.begin(packet, pool, frameBytes, port, 0, timeNs)) return false;
        Wire.copy(frames.memory(), frames.at(template), scratch, 0, frameBytes);
        if (!isPlain) finish(scratch, 0, template, frameBytes);
        if (spec.isStamped()) stamp(scratch, 0, frameBytes, timeNs);
        int copiedBytes = 0;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            int slotBytes = meta.slotBytes(slot);
            Wire.copy(scratch, copiedBytes, memory, packets.slotAt(slot) + FRAME_AT, slotBytes);
            copiedBytes += slotBytes;
        }
        if (damage != null) damage.maybe(packet, meta, packets.slotAt(packet) + FRAME_AT);
        return true;
    }

    private void drawSize() {
        if (sizeChoice != null) size = sizeChoice.draw(random);
    }

    private void nextFlow() {
        if (flowCount == 1) return;
        if (flowChoice != null) flow = flowChoice.draw(random);
        else if (isRandomFlow) flow = (int) random.below(flowCount);
        else flow = flow + 1 == flowCount ? 0 : flow + 1;
    }

    private void advance(long nowNs) {
        pace.advance(size, sequence + 1, nowNs);
        sequence++;
        if (sizeChoice == null && ++size == spec.sizes().count()) size = 0;
    }
}
