package io.millrace.flow.rules;

import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.ConnectionTracker;
import io.millrace.flow.track.Tracked;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;

/// A machine with one packet at a time, two interfaces, and a connection table.
final class RuleScene {

    static final int LAN = 0;
    static final int WAN = 1;
    static final int L3 = 14;
    static final int PACKET = 0;
    static final long BEGIN_NS = 1_000_000_000L;
    static final RuleInterfaces INTERFACES = new RuleInterfaces(List.of(
        new RuleInterfaces.RuleInterface("eth0", RuleInterfaces.TYPE_ETHERNET, 1),
        new RuleInterfaces.RuleInterface("wan0", 512, 7)));

    final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 2);
    final PacketMeta meta = new PacketMeta(packets);
    final ConnectionTable table;
    final ConnectionTracker tracker;
    final RuleMachine machine;
    final RulePacket rulePacket = new RulePacket(packets);
    final RuleOutcome outcome = new RuleOutcome();
    final Tracked tracked = new Tracked();
    RulesetProgram program;
    long nowNs = BEGIN_NS;

    RuleScene(long seed) {
        var settings = new TrackSettings().set(TrackSysctl.MAX, 4_096);
        table = new ConnectionTable(Arena.ofAuto(), settings, seed, (kind, entry, atNs) -> { });
        tracker = new ConnectionTracker(packets, table);
        machine = new RuleMachine(packets, table, new LocalRoutes(), new SplittableRandom(seed), 3);
    }

    /// Loads the ruleset; it goes on counting where the one before stood.
    RuleScene load(Ruleset ruleset) throws NotExecutable {
        RulesetProgram next = RulesetCompiler.compile(ruleset, INTERFACES, 0x1234, nowNs);
        if (program != null) next.takeOver(program, nowNs);
        program = next;
        machine.run(next);
        return this;
    }

    /// Puts the frame into the packet's slot, from LAN to WAN, without a connection.
    RuleScene receive(byte[] frame) {
        return receive(frame, L3);
    }

    RuleScene receive(byte[] frame, int l3) {
        store(frame);
        tracked.begin();
        begin(frame.length, l3);
        return this;
    }

    void store(byte[] frame) {
        meta.begin(PACKET, frame.length, 0, 0, nowNs);
        MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(PACKET), frame.length);
    }

    private void begin(int frameBytes, int l3) {
        int family = Wire.u8(packets.segment(), meta.frameAt(PACKET) + l3) >>> 4;
        rulePacket.begin(PACKET, family, l3, frameBytes, tracked, nowNs).interfaces(LAN, WAN);
    }

    /// Finds or makes the connection of the packet; `isConfirmed` lets it leave.
    RuleScene track(boolean isConfirmed) {
        tracker.track(PACKET, L3, meta.packetBytes(PACKET), true, tracked, nowNs);
        if (isConfirmed) table.confirm(tracked, nowNs);
        return this;
    }

    RuleVerdict forward() {
        return filter(Hook.FORWARD);
    }

    RuleVerdict filter(Hook hook) {
        return machine.filter(hook, Integer.MIN_VALUE, Integer.MAX_VALUE, rulePacket, outcome);
    }

    byte[] frame() {
        byte[] frame = new byte[meta.packetBytes(PACKET)];
        MemorySegment.copy(packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(PACKET), frame, 0, frame.length);
        return frame;
    }
}
