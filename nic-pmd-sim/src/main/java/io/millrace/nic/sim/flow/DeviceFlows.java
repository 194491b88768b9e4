package io.millrace.nic.sim.flow;

import io.millrace.flow.path.FlowLife;
import io.millrace.flow.path.FlowPath;
import io.millrace.flow.path.FlowTally;
import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.DirectionSpec;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowTable;
import io.millrace.nic.sim.eswitch.Eswitch;
import io.millrace.nic.sim.eswitch.ModeTable;
import io.millrace.nic.sim.fault.Flaws;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.steer.KeyTable;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.ParseRecords;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The flow table of one NIC, over all its ports: the software's table and path, and in front of them what decides
/// whether an entry is active. A SYN, FIN or RST stops both entries of its connection, so that nothing overtakes it.
///
/// ```
///  burst, parsed ─▶ hide SYN, FIN, RST and entries that are not active ─▶ FlowPath ─hit──▶ forwarded
///                                                                            └─miss─▶ stays: for the worker
/// ```
///
/// Its entries are of `switchdev`, and of one generation of it.
///
/// The device's thread alone; [#add] and the others are carried out by its mailbox.
public final class DeviceFlows implements ModeTable {

    /// What keeps a packet out of the table, as if its parser had not understood it.
    private static final long HIDING = ParseFlags.NOT_UNDERSTOOD;
    private static final long COUNTS = -1;
    /// Of [#found]: nobody has looked.
    private static final int NOT_LOOKED = KeyTable.NONE - 1;
    private static final int UNUSUAL = ParseFlags.IPV4_OPTIONS | ParseFlags.IPV6_EXTENSIONS | ParseFlags.FRAGMENT;
    private static final int IPV4_TOTAL = 2;
    private static final int IPV6_PAYLOAD = 4;
    private static final int IPV6_BYTES = 40;

    private final FlowTable flows;
    private final Attachments attachments;
    private final FlowPath path;
    private final ParseRecords records;
    private final NicFaults faults;
    private final Flaws flaws;
    private final PacketMeta meta;
    private final MemorySegment memory;
    private final int flowsMax;
    private final EntryState[] states;    // by direction
    private final FlowEntry[] entries;    // by direction
    private final long[] stoppedAt;       // by direction: what a counter reads that stands still, or COUNTS
    private final KeyTable[] known;       // by port: all entries
    private final Handover handover;
    private final Eswitch eswitch;
    private final long seed;
    private final long[] flagsBefore = new long[Burst.PACKETS_MAX];
    private final int[] found = new int[Burst.PACKETS_MAX];   // by place: a direction, NONE or NOT_LOOKED
    private final DirectionSpec original = new DirectionSpec();
    private final DirectionSpec reply = new DirectionSpec();
    private int hiddenCount;
    private int usedCount;
    private int mtuBytesMin;   // of all entries since the table was last empty
    private int addedSlot = FlowTable.NONE;
    private int addedGeneration;
    private long staleCount;
    private long activatedCount;

    /// @param entriesMax room, two entries a connection
    /// @param records    of the device's parser
    /// @param portCount  ports that there are, of all NICs
    public DeviceFlows(Arena arena, int entriesMax, PacketMemory packets, ParseRecords records, int portCount,
                       Handover handover, Eswitch eswitch, NicFaults faults, long seed) {
        this.flowsMax = Math.max(1, entriesMax / 2);
        this.flows = new FlowTable(arena, flowsMax, Math.min(2 * flowsMax, 1 << 16), seed);
        this.attachments = new Attachments(portCount);
        this.path = new FlowPath(packets, records, flows, attachments, new Unheard());
        this.records = records;
        this.faults = faults;
        this.flaws = new Flaws(packets);
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.handover = handover;
        this.eswitch = eswitch;
        this.states = new EntryState[2 * flowsMax];
        Arrays.fill(states, EntryState.FREE);
        this.entries = new FlowEntry[2 * flowsMax];
        this.stoppedAt = new long[2 * flowsMax];
        this.known = new KeyTable[portCount];
        this.seed = seed;
    }

    /// Connections of which the device forgets nothing by itself: whoever added them removes them.
    private static final class Unheard implements FlowLife {

        @Override
        public void onAlive(int connection, long nowNs) {}

        @Override
        public void onTornDown(int connection, boolean isClosing, boolean isExpired, FlowTally tally, long nowNs) {}
    }

    /// Adds a connection, armed, of which nothing else is known to the table. [#addedSlot] and [#addedGeneration] name
    /// it.
    ///
    /// @param modeGeneration of the switch, in which it was decided: see [Eswitch#admit]
    public CommandResult add(FlowEntry first, FlowEntry second, long modeGeneration, long nowNs) {
        addedSlot = FlowTable.NONE;
        CommandResult admitted = eswitch.admit(modeGeneration);
        if (admitted != CommandResult.DONE) return admitted;
        if (faults.isFullEarly() || usedCount == flowsMax) return CommandResult.NO_SPACE;
        first.into(original, attachments.plain(first.port(), first.portMac()));
        second.into(reply, attachments.plain(second.port(), second.portMac()));
        if (usedCount == 0) mtuBytesMin = Integer.MAX_VALUE;
        int slot = flows.add(original, reply, 0, true, nowNs);
        if (slot == FlowTable.TAKEN) return CommandResult.EXISTS;
        if (slot == FlowTable.FULL) return CommandResult.NO_SPACE;
        addedSlot = slot;
        addedGeneration = flows.generation(slot);
        usedCount++;
        mtuBytesMin = Math.min(mtuBytesMin, Math.min(first.mtuBytes(), second.mtuBytes()));
        if (faults.losesEntry()) {
            flows.remove(slot);
            usedCount--;
            return CommandResult.DONE;
        }
        arm(2 * slot, first);
        arm(2 * slot + 1, second);
        return CommandResult.DONE;
    }

    private void arm(int direction, FlowEntry entry) {
        entries[direction] = entry;
        stoppedAt[direction] = COUNTS;
        if (known[entry.port()] == null) known[entry.port()] = new KeyTable(2 * flowsMax, seed + entry.port());
        known[entry.port()].put(entry.key(), direction);
        handover.begin(direction);
        state(direction, EntryState.ARMED);
    }

    private void state(int direction, EntryState next) {
        if (isHidden(direction)) hiddenCount--;
        states[direction] = next;
        if (isHidden(direction)) hiddenCount++;
    }

    private boolean isHidden(int direction) {
        return states[direction] == EntryState.ARMED || states[direction] == EntryState.STOPPED;
    }

    /// The slot of the connection with these two entries, or `FlowTable.NONE`.
    public int find(FlowEntry first, FlowEntry second) {
        KeyTable ofPort = known[first.port()];
        int direction = ofPort == null ? KeyTable.NONE : ofPort.value(first.key(), 0);
        if (direction == KeyTable.NONE) return FlowTable.NONE;
        boolean isSame = first.equals(entries[direction]) && second.equals(entries[direction ^ 1]);
        return isSame ? direction >> 1 : FlowTable.NONE;
    }

    /// The firmware begins anew: nothing is in the table, and what it counted is forgotten. No generation comes back.
    public void reset() {
        for (int slot = 0; slot < flowsMax; slot++) {
            if (entries[2 * slot] == null) continue;
            forget(2 * slot);
            forget(2 * slot + 1);
            flows.remove(slot);
        }
        usedCount = 0;
    }

    @Override
    public boolean isDrained() {
        return usedCount == 0;
    }

    @Override
    public void drop(long generation) {
        if (usedCount > 0) reset();
    }

    /// The slot of the connection that was added last, or `FlowTable.NONE`.
    public int addedSlot() {
        return addedSlot;
    }

    /// Its generation, even if the entry was lost as soon as it was added and another has the slot by now.
    public int addedGeneration() {
        return addedGeneration;
    }

    public int generation(int slot) {
        return flows.generation(slot);
    }

    /// Connections that there is room for: slots are numbered below.
    public int flowsMax() {
        return flowsMax;
    }

    /// What a direction of a connection was added as (0 original, 1 reply), or null where the slot is free.
    public FlowEntry entry(int slot, int direction) {
        return entries[2 * slot + direction];
    }

    /// Where a direction of the connection in the slot is in its life.
    public EntryState state(int slot, int direction) {
        return states[2 * slot + direction];
    }

    /// No packet of the connection is matched any more. Its counters stand, and are in the two numbers.
    public CommandResult stop(int slot, int generation, FlowCount first, FlowCount second) {
        if (!isNamed(slot, generation)) return CommandResult.STALE;
        state(2 * slot, EntryState.STOPPED);
        state(2 * slot + 1, EntryState.STOPPED);
        count(2 * slot, first);
        count(2 * slot + 1, second);
        return CommandResult.DONE;
    }

    /// Stops a connection and forgets it. What it counted is in the two numbers' last state.
    public CommandResult remove(int slot, int generation, FlowCount first, FlowCount second) {
        if (!isNamed(slot, generation)) return CommandResult.STALE;
        count(2 * slot, first);
        count(2 * slot + 1, second);
        forget(2 * slot);
        forget(2 * slot + 1);
        flows.remove(slot);
        usedCount--;
        return CommandResult.DONE;
    }

    private void forget(int direction) {
        known[entries[direction].port()].remove(entries[direction].key());
        state(direction, EntryState.FREE);
        entries[direction] = null;
    }

    /// What the connection has counted.
    public CommandResult count(int slot, int generation, FlowCount first, FlowCount second) {
        if (!isNamed(slot, generation)) return CommandResult.STALE;
        count(2 * slot, first);
        count(2 * slot + 1, second);
        return CommandResult.DONE;
    }

    private void count(int direction, FlowCount count) {
        long lineAt = flows.lineAt(direction);
        count.state = states[direction];
        count.packets = counted(direction, FlowLine.packets(flows.segment(), lineAt));
        count.bytes = FlowLine.bytes(flows.segment(), lineAt);
        count.lastUsedNs = FlowLine.lastUsedNs(flows.segment(), lineAt);
    }

    private long counted(int direction, long packets) {
        long error = faults.counterError();
        if (error == NicFaults.STANDS_STILL && stoppedAt[direction] == COUNTS) stoppedAt[direction] = packets;
        if (stoppedAt[direction] != COUNTS) return stoppedAt[direction];
        return error == NicFaults.STANDS_STILL ? packets : packets + error;
    }

    private boolean isNamed(int slot, int generation) {
        boolean isNamed = slot >= 0 && slot < flowsMax && entries[2 * slot] != null
            && flows.generation(slot) == generation;
        if (!isNamed) staleCount++;
        return isNamed;
    }

    /// Commands that named a connection which is no more.
    public long staleCount() {
        return staleCount;
    }

    /// Entries that became active, ever.
    public long activatedCount() {
        return activatedCount;
    }

    /// Connections in the table.
    public int count() {
        return usedCount;
    }

    /// True if there is an entry for packets of this port.
    public boolean isUsedBy(int port) {
        return known[port] != null && known[port].count() > 0;
    }

    /// Takes the packets of active entries out of a burst that has just been parsed: they are in [#forwarded],
    /// rewritten, for the caller to send and to empty. The others stay; [#placeOf] says where their records are.
    ///
    /// @param port that all of them came by
    public void process(Burst burst, int port, long nowNs) {
        int packetCount = burst.count();
        long[] words = records.words();
        for (int place = 0; place < packetCount; place++) {
            int flagsAt = ParseRecords.recordAt(place, 0) + ParseRecords.FLAGS_WORD;
            flagsBefore[place] = words[flagsAt];
            found[place] = NOT_LOOKED;
            if (isForWorker(burst.packet(place), place, port)) words[flagsAt] |= HIDING;
        }
        burst.port(port);
        path.process(burst, nowNs);
        Burst rewritten = path.forwarded();
        for (int i = 0; i < rewritten.count(); i++) flaws.into(rewritten.packet(i), faults.rewriteError());
        for (int place = 0; place < packetCount; place++) {
            words[ParseRecords.recordAt(place, 0) + ParseRecords.FLAGS_WORD] = flagsBefore[place];
        }
    }

    /// What the table cannot do, the worker does, and its connection goes by the worker until that has left: nothing
    /// overtakes it.
    private boolean isForWorker(int packet, int place, int port) {
        int recordAt = ParseRecords.recordAt(place, 0);
        boolean isEnding = (records.flags(recordAt) & ParseFlags.TCP_FIN_SYN_RST) != 0;
        boolean isUnusual = usedCount > 0 && isUnusual(packet, recordAt);
        if (hiddenCount == 0 && !isEnding && !isUnusual) return false;
        int direction = direction(place, port);
        if (direction == FlowTable.NONE) return isEnding;
        if (isEnding) {
            state(direction, EntryState.STOPPED);
            state(direction ^ 1, EntryState.STOPPED);
        } else if (isUnusual && states[direction] != EntryState.STOPPED) {
            state(direction, EntryState.ARMED);
            handover.begin(direction);   // it is noted once it has its place, behind the rest of the burst
        } else if (states[direction] == EntryState.ARMED && handover.isOver(direction)) {
            state(direction, EntryState.ACTIVE);
            activatedCount++;
        }
        return states[direction] != EntryState.ACTIVE;
    }

    /// True of options, extension headers and fragments, and of what may be longer than an entry's MTU.
    private boolean isUnusual(int packet, int recordAt) {
        if ((records.flags(recordAt) & UNUSUAL) != 0) return true;
        int family = records.family(recordAt);
        if (family == 0) return false;
        long networkAt = meta.frameAt(packet) + records.l3(recordAt);
        int packetBytes = family == 4 ? Wire.u16(memory, networkAt + IPV4_TOTAL)
            : IPV6_BYTES + Wire.u16(memory, networkAt + IPV6_PAYLOAD);
        return packetBytes > mtuBytesMin;
    }

    /// A packet that stayed has been put into a queue, as number `index` of it at the latest.
    public void queued(int place, int port, int queue, long index) {
        if (hiddenCount == 0) return;
        int direction = direction(place, port);
        if (direction != FlowTable.NONE) handover.note(direction, port, queue, index);
    }

    /// The direction that the records at `place` of the burst processed last belong to, or `FlowTable.NONE`.
    public int direction(int place, int port) {
        if (found[place] == NOT_LOOKED) {
            found[place] = known[port].value(records.words(), ParseRecords.recordAt(place, 0));
        }
        return found[place] == KeyTable.NONE ? FlowTable.NONE : found[place];
    }

    /// What a direction was added as; the other of its connection is `direction ^ 1`.
    public FlowEntry entry(int direction) {
        return entries[direction];
    }

    public Burst forwarded()        { return path.forwarded(); }
    /// Packets whose way out was not finished: none, if entries keep their contract.
    public Burst unresolved()       { return path.unresolved(); }
    public int placeOf(int index)   { return path.placeOf(index); }
}
