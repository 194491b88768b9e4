package io.millrace.perf.bench;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.KeyRules;
import io.millrace.flow.flower.block.ActionIndexes;
import io.millrace.flow.flower.block.FlowerBlock;
import io.millrace.flow.flower.block.FlowerRequest;
import io.millrace.flow.flower.block.FlowerOffload;
import io.millrace.flow.flower.block.FlowerSoftware;
import io.millrace.flow.flower.engine.FlowerRule;
import io.millrace.flow.flower.engine.FlowerTable;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A hook with filters of one or several mask shapes, and UDP packets each of which one filter matches, in an order
/// that jumps between them.
final class FilterWorld {

    private static final int PACKETS = 16_384;
    private static final int FRAME_BYTES = 60;
    private static final int L3 = 14;
    private static final int NETWORK = 10 << 24;
    private static final int STEP = 0x9e37_79b1;
    private static final int PACKETS_PER_TURN = 32;

    private final PacketMemory packets;
    private final FlowerTable table;
    private final FlowerBlock block;
    private final int ruleCount;
    private final int shapeCount;
    private final FlowerFlags flags;
    private int next;

    FilterWorld(Arena arena, int ruleCount, int shapeCount) {
        this(arena, ruleCount, shapeCount, null);
    }

    /// @param offload hardware that is to take each filter, or null
    FilterWorld(Arena arena, int ruleCount, int shapeCount, FlowerOffload offload) {
        this.flags = offload == null ? FlowerFlags.SKIP_HARDWARE : FlowerFlags.SKIP_SOFTWARE;
        this.ruleCount = ruleCount;
        this.shapeCount = shapeCount;
        this.packets = new PacketMemory(arena, PACKETS);
        this.table = new FlowerTable(packets, true, false, (_, _) -> false, null);
        this.block = new FlowerBlock(new Direct(), offload, new ActionIndexes());
    }

    /// Without a worker between commands and table.
    private final class Direct implements FlowerSoftware {

        @Override
        public FlowerRule add(FlowerFilter filter, boolean isInHardware) {
            return table.add(filter, 0);
        }

        @Override
        public FlowerRule replace(FlowerRule old, FlowerFilter filter, boolean isInHardware) {
            return table.replace(old, filter, 0);
        }

        @Override
        public void inHardware(List<FlowerRule> rules, boolean yes) {}

        @Override
        public void remove(List<FlowerRule> rules) {
            rules.forEach(table::remove);
        }
    }

    /// Adds every filter as `tc filter add` does; returns filters a second.
    double install() {
        long startNs = System.nanoTime();
        for (int rule = 0; rule < ruleCount; rule++) block.put(request(rule));
        double perSecond = ruleCount * 1e9 / (System.nanoTime() - startNs);
        for (int packet = 0; packet < PACKETS; packet++) write(packet, Math.floorMod(packet * STEP, ruleCount));
        return perSecond;
    }

    /// The rule's target address, and bits of the source address that differ between the shapes.
    private FlowerRequest request(int rule) {
        Map<FlowerField, FieldMatch> keys = new EnumMap<>(FlowerField.class);
        long sourceMask = 0xffff_ffffL << rule % shapeCount & 0xffff_ffffL;
        keys.put(FlowerField.IP_PROTOCOL, FieldMatch.exactly(FlowerField.IP_PROTOCOL, IpProtocol.UDP));
        keys.put(FlowerField.TARGET_ADDRESS, FieldMatch.of(NETWORK + rule, 0xffff_ffffL));
        keys.put(FlowerField.SOURCE_ADDRESS, FieldMatch.of(NETWORK, sourceMask));
        return new FlowerRequest(FlowerRequest.Verb.ADD, 0, 1, EtherType.IPV4, 0, 0,
            KeyRules.match(EtherType.IPV4, keys, Optional.empty(), Optional.empty()),
            List.of(new FlowerAction.Gact(ActionControl.PASS)), flags);
    }

    private void write(int packet, int rule) {
        var meta = new PacketMeta(packets);
        meta.begin(packet, FRAME_BYTES, 0, 0, 0);
        long at = meta.frameAt(packet);
        Wire.u16(packets.segment(), at + 12, EtherType.IPV4);
        Wire.u8(packets.segment(), at + L3, 0x45);
        Wire.u16(packets.segment(), at + L3 + 2, FRAME_BYTES - L3);
        Wire.u8(packets.segment(), at + L3 + 8, 64);
        Wire.u8(packets.segment(), at + L3 + 9, IpProtocol.UDP);
        Wire.i32(packets.segment(), at + L3 + 12, NETWORK);
        Wire.i32(packets.segment(), at + L3 + 16, NETWORK + rule);
    }

    /// Holds a few packets against the filters.
    int turn() {
        for (int i = 0; i < PACKETS_PER_TURN; i++) {
            table.classify(next, 0, 0);
            next = next + 1 & PACKETS - 1;
        }
        return PACKETS_PER_TURN;
    }

    /// Packets that filters have counted so far.
    long matchedCount() {
        return table.ruleCount() == 0 ? 0 : block.entries().stream()
            .mapToLong(each -> each.rule().counters(0).packets()).sum();
    }
}
