package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.KeyRules;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One packet at a time before a table of filters; remembers the copies that were made of it.
final class FlowerScene implements FlowerCopies {

    static final int PACKET = 0;
    static final int INTERFACE = 3;
    static final long BEGIN_NS = 5_000_000_000L;

    record Copy(int port, byte[] frame) {}

    final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 2);
    final PacketMeta meta = new PacketMeta(packets);
    final FlowerTable table;
    final List<Copy> copies = new ArrayList<>();
    boolean hasRoom = true;
    long nowNs = BEGIN_NS;

    FlowerScene() {
        this(true, false);
    }

    FlowerScene(boolean isIngress, boolean isHardware) {
        this.table = new FlowerTable(packets, isIngress, isHardware, this, null);
    }

    @Override
    public boolean mirror(int packet, int port) {
        if (hasRoom) copies.add(new Copy(port, frame()));
        return hasRoom;
    }

    FlowerVerdict classify(byte[] frame) {
        store(frame);
        return table.classify(PACKET, INTERFACE, nowNs);
    }

    void store(byte[] frame) {
        meta.begin(PACKET, frame.length, 0, 0, nowNs);
        MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(PACKET), frame.length);
    }

    byte[] frame() {
        byte[] frame = new byte[meta.slotBytes(PACKET)];
        MemorySegment.copy(packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(PACKET), frame, 0, frame.length);
        return frame;
    }

    FlowerRule add(FlowerFilter filter) {
        return table.add(filter, nowNs);
    }

    static FlowerMatch match(int protocol, Map<FlowerField, FieldMatch> fields) {
        return KeyRules.match(protocol, fields, Optional.empty(), Optional.empty());
    }

    static FlowerFilter filter(int chain, int priority, int protocol, int handle, FlowerMatch match,
                               FlowerAction... actions) {
        return new FlowerFilter(chain, priority, protocol, handle, 0, match, List.of(actions), FlowerFlags.NONE);
    }

    static FlowerFilter filter(int priority, int protocol, FlowerMatch match, FlowerAction... actions) {
        return filter(0, priority, protocol, 1, match, actions);
    }

    static FlowerAction gact(ActionControl control) {
        return new FlowerAction.Gact(control);
    }
}
