package io.millrace.nic.sim.steer;

import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.rss.HashConfig;
import io.millrace.packet.rss.IndirectionTable;
import io.millrace.packet.rss.ReceiveHash;

import java.util.TreeMap;

/// Chooses the queue of each packet that one port receives, in this order: receive rules by location, steered flows,
/// the hash and its table.
///
/// The device's thread chooses and changes; what it is going by ([#tables]) may be read by any thread. A change that is
/// refused leaves everything as it was.
public final class PortSteering {

    /// [#choose]: a rule says drop.
    public static final int DROPPED = -1;
    /// [#choose]: packets of the flow type are discarded.
    public static final int DISCARDED = -2;

    /// Tables, and what of them is looked at for every packet.
    private record Prepared(SteeringTables tables, ReceiveRule[] rules, HashContext[] contexts) {

        static Prepared of(SteeringTables tables) {
            return new Prepared(tables, tables.rulesInOrder(), tables.contextsByNumber());
        }
    }

    private final NicLimits limits;
    private final NicFaults faults;
    private final QueueNumbering numbering;
    private final PacketMemory packets;
    private final PacketMeta meta;
    private final ParseRecords records;
    private final KeyTable steered;
    private volatile SteeringTables tables;
    private ReceiveRule[] rules = {};
    private HashContext[] contexts = {};
    private int[] rawTableSizes = {};
    private boolean usesRules = true;
    private HashConfig lastHashed;
    private long changeCount;

    /// @param records  of the device's parser
    /// @param channels to begin with
    /// @param seed     of hashes that nobody sees
    public PortSteering(NicLimits limits, NicFaults faults, QueueNumbering numbering, PacketMemory packets,
                        ParseRecords records, int channels, long seed) {
        this.limits = limits;
        this.faults = faults;
        this.numbering = numbering;
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.records = records;
        this.steered = new KeyTable(limits.steeredMax(), seed);
        this.tables = new SteeringTables(channels, context(HashConfig.standard(), evenly(channels), false),
            new TreeMap<>(), new TreeMap<>());
    }

    private IndirectionTable evenly(int channels) {
        return IndirectionTable.equal(limits.indirectionSlots(), 0, channels);
    }

    /// Any thread. What the device goes by now.
    public SteeringTables tables() {
        return tables;
    }

    public QueueNumbering numbering() {
        return numbering;
    }

    /// Any thread. Makes a way of spreading ready for the device.
    public HashContext context(HashConfig config, IndirectionTable table, boolean isChosen) {
        return new HashContext(config, new ReceiveHash(config, packets, records), table, isChosen);
    }

    /// The device's queue for a packet whose records lie at `index`; [#DROPPED] or [#DISCARDED] if it has none. Writes
    /// the hash into the packet's metadata if `hashes`; without, its packets go to queue 0.
    public int choose(int packet, int index, boolean hashes) {
        int recordAt = ParseRecords.recordAt(index, 0);
        ReceiveRule rule = usesRules && rules.length > 0 ? rule(recordAt) : null;
        lastHashed = null;
        if (rule != null && rule.queue() == ReceiveRule.DROP) return DROPPED;
        HashContext context = tables.standard();
        if (rule != null && rule.context() != ReceiveRule.NO_CONTEXT) context = contexts[rule.context()];
        long hash = 0;
        if (hashes) {
            hash = context.hash().hash(packet, index);
            if (hash == ReceiveHash.DISCARDED) {
                if (rule == null) return DISCARDED;
                hash = 0;
            } else {
                lastHashed = context.config();
            }
            meta.hash(packet, (int) hash);
        }
        if (rule != null) {
            int base = rule.context() == ReceiveRule.NO_CONTEXT ? 0 : context.table().queue(hash);
            return rule.queue() + base;
        }
        int queue = steered.value(records.words(), recordAt);
        return queue != KeyTable.NONE ? queue : hashes ? context.table().queue(hash) : 0;
    }

    /// How the packet of the last [#choose] was hashed, or null if it was not.
    public HashConfig lastHashed() {
        return lastHashed;
    }

    private ReceiveRule rule(int recordAt) {
        int family = records.family(recordAt);
        for (ReceiveRule rule : rules) {
            if (rule.matches(records.words(), recordAt, family)) return rule;
        }
        return null;
    }

    /// Whether receive rules are looked at (`ethtool -K DEV ntuple`); switched off, they are forgotten.
    public CommandResult useRules(boolean yes) {
        usesRules = yes;
        if (!yes && !tables.rules().isEmpty()) {
            change(new SteeringTables(tables.channelCount(), tables.standard(), tables.contexts(), new TreeMap<>()));
        }
        return CommandResult.DONE;
    }

    /// Has raw tables of these sizes behind the table for ntuple; rules in the ones before are forgotten.
    public CommandResult rawTables(int... sizes) {
        for (int size : sizes) {
            if (size > limits.rulesMax()) return CommandResult.NO_SPACE;
        }
        rawTableSizes = sizes.clone();
        var kept = new TreeMap<>(tables.rules().headMap(ReceiveRule.TABLE_LOCATIONS));
        change(new SteeringTables(tables.channelCount(), tables.standard(), tables.contexts(), kept));
        return CommandResult.DONE;
    }

    private int tableSize(int table) {
        if (table == 0) return limits.rulesMax();
        return table <= rawTableSizes.length ? rawTableSizes[table - 1] : 0;
    }

    /// Puts a rule at its location, in place of the one there. Its queue is a number as users write it.
    public CommandResult addRule(ReceiveRule rule) {
        if (limits.rulesMax() == 0 || !usesRules) return CommandResult.UNSUPPORTED;
        if (rule.place() >= tableSize(rule.table()) || faults.isFullEarly()) return CommandResult.NO_SPACE;
        int same = tables.locationOf(rule);
        if (same >= 0 && same != rule.location()) return CommandResult.EXISTS;
        int queue = rule.queue();
        if (rule.context() != ReceiveRule.NO_CONTEXT) {
            HashContext context = tables.contexts().get(rule.context());
            if (context == null) return CommandResult.NOT_FOUND;
            if (queue < 0 || context.table().queueMost() + queue >= tables.channelCount()) return CommandResult.INVALID;
        } else if (queue != ReceiveRule.DROP) {
            queue = numbering.toDevice(queue, tables.channelCount());
            if (queue == QueueNumbering.NO_QUEUE) return CommandResult.INVALID;
        }
        if (faults.losesEntry()) return CommandResult.DONE;
        change(tables.withRule(rule.location(), new ReceiveRule(rule.location(), rule.family(), rule.values(),
            rule.masks(), rule.context(), queue)));
        return CommandResult.DONE;
    }

    public CommandResult removeRule(int location) {
        if (!tables.rules().containsKey(location)) return CommandResult.NOT_FOUND;
        change(tables.withRule(location, null));
        return CommandResult.DONE;
    }

    /// Spreads packets that no rule is about in another way: other fields or key, another table, or both.
    public CommandResult spread(HashContext wanted) {
        if (!fits(wanted)) return CommandResult.INVALID;
        change(tables.with(wanted));
        return CommandResult.DONE;
    }

    /// Adds or changes an RSS context.
    public CommandResult context(int number, HashContext wanted) {
        if (limits.contextsMax() == 0) return CommandResult.UNSUPPORTED;
        if (number < 1 || number > limits.contextsMax()) return CommandResult.NO_SPACE;
        if (!fits(wanted)) return CommandResult.INVALID;
        boolean isNew = !tables.contexts().containsKey(number);
        if (isNew && faults.isFullEarly()) return CommandResult.NO_SPACE;
        change(tables.withContext(number, wanted));
        return CommandResult.DONE;
    }

    /// Forgets an RSS context, unless a rule uses it.
    public CommandResult removeContext(int number) {
        if (!tables.contexts().containsKey(number)) return CommandResult.NOT_FOUND;
        if (tables.usesContext(number)) return CommandResult.BUSY;
        change(tables.withContext(number, null));
        return CommandResult.DONE;
    }

    private boolean fits(HashContext wanted) {
        return wanted.table().size() == limits.indirectionSlots()
            && wanted.table().queueMost() < tables.channelCount();
    }

    /// Uses so many channels from now on. Refused where [ChannelRules] refuses. Packets that lie in queues no longer in
    /// use are received from there.
    public CommandResult channels(int count) {
        return useChannels(prepare(tables, count));
    }

    /// The command that does so. Any thread: what the tables become is made ready here, so that the device only goes
    /// over to them, unless they have changed when it carries the command out.
    public DeviceCommand channelsCommand(int count) {
        SteeringTables now = tables;
        Prepared prepared = prepare(now, count);
        return _ -> useChannels(now == tables ? prepared : prepare(tables, count));
    }

    /// Null where refused.
    private Prepared prepare(SteeringTables now, int count) {
        if (ChannelRules.refusal(now, limits, numbering, count) != null) return null;
        HashContext spread = now.standard();
        if (!spread.isChosen()) spread = spread.with(evenly(count), false);
        return Prepared.of(now.withChannels(count, spread));
    }

    private CommandResult useChannels(Prepared prepared) {
        if (prepared == null) return CommandResult.INVALID;
        use(prepared);
        return CommandResult.DONE;
    }

    /// Steers a flow, whose key is that of its records, to a queue.
    public CommandResult steer(long[] key, int userQueue) {
        if (limits.steeredMax() == 0) return CommandResult.UNSUPPORTED;
        int queue = numbering.toDevice(userQueue, tables.channelCount());
        if (queue == QueueNumbering.NO_QUEUE) return CommandResult.INVALID;
        if (faults.isFullEarly() || !steered.put(key, queue)) return CommandResult.NO_SPACE;
        changeCount++;
        return CommandResult.DONE;
    }

    public CommandResult unsteer(long[] key) {
        changeCount++;
        return steered.remove(key) ? CommandResult.DONE : CommandResult.NOT_FOUND;
    }

    private void change(SteeringTables changed) {
        use(Prepared.of(changed));
    }

    private void use(Prepared prepared) {
        rules = prepared.rules;
        contexts = prepared.contexts;
        tables = prepared.tables;
        changeCount++;
    }

    /// Something else has changed that the way to a queue hangs on: what is hashed, or by which parser.
    public void wayChanged() {
        changeCount++;
    }

    /// How often the way to a queue has changed: packets of one flow may lie in two queues since.
    public long changeCount() {
        return changeCount;
    }
}
