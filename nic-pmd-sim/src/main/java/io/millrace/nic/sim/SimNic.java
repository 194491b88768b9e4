package io.millrace.nic.sim;

import io.millrace.nic.port.Device;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.account.NicAccount;
import io.millrace.nic.sim.audit.AuditRing;
import io.millrace.nic.sim.eswitch.Eswitch;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.eswitch.LegacySwitch;
import io.millrace.nic.sim.eswitch.ModeChange;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.filter.DeviceFilters;
import io.millrace.nic.sim.flow.DeviceFlows;
import io.millrace.nic.sim.flow.Handover;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;
import io.millrace.nic.sim.mailbox.Mailbox;
import io.millrace.nic.sim.model.FilterLimits;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.receive.Egress;
import io.millrace.nic.sim.receive.HitWatch;
import io.millrace.nic.sim.receive.NicParser;
import io.millrace.nic.sim.steer.QueueNumbering;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.parse.device.ParseImage;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A simulated network card. Its ports lie between ports of the dataplane and their wires.
///
/// ```
///  worker ◀─ rx rings ─┐                              ┌─ wire
///         ── tx rings ─┤ SimPort │ DevicePort: parse, │
///  control ─ mailbox ──┘         │ sum, hash, cut …   └─ wire
///      driver's side             │ device's side: turn()
/// ```
///
/// One thread gives it turns: its own, or that of the worker, in turn with it (`inline`). What it does depends on
/// nothing but the packets, the commands, `nowNs` and its seed.
///
/// Packets it receives come from its pool; those it sends go back there.
public final class SimNic implements Device {

    /// Commands carried out in one turn: a change of many rules must not stop traffic.
    private static final int COMMANDS_PER_TURN = 16;
    private static final int COMMANDS_WHILE_BEHIND = 4;
    private static final int FLOW_COMMANDS_PER_TURN = 64;
    private static final int FLOW_COMMANDS_WHILE_BEHIND = 8;
    /// Ports that a process has, of all NICs.
    private static final int PORTS_MAX = 256;
    /// Virtual functions of one NIC.
    public static final int VFS_MAX = 64;
    private static final int NO_VF = -1;

    private final String name;
    private final NicModel model;
    private final Arena arena;
    private final PacketPool pool;
    private final NicFaults faults;
    private final long seed;
    private final NicParser parser;
    private final NicAccount account;
    private final Mailbox mailbox;
    private final Mailbox flowMailbox;
    private final Mailbox modeMailbox;
    private final Eswitch eswitch;
    private LegacySwitch switching;   // null without virtual functions
    private final List<SimPort> ports = new ArrayList<>();
    private DevicePort[] devicePorts = {};
    private final Handover handover;
    private final DeviceFilters filters;
    private final DeviceFlows flows;
    private final PacketMeta meta;
    private final Burst leaving = new Burst();
    private volatile HitWatch[] watches = {};
    private AuditRing audit;
    private boolean isInline;
    private volatile boolean isBehind;
    private volatile long turns;

    /// @param name  as an operator knows it
    /// @param image what its parser runs; refused with a [io.millrace.packet.parse.device.DeviceLimitException] if it
    ///              needs more than the model has
    /// @param arena lifetime of its rings
    /// @param pool  of the thread that gives it turns
    /// @param seed  of everything that it draws
    public SimNic(String name, NicModel model, ParseImage image, Arena arena, PacketPool pool, NicFaults faults,
                  long seed) {
        this.name = name;
        this.model = model;
        this.arena = arena;
        this.pool = pool;
        this.faults = faults;
        this.seed = seed;
        this.parser = new NicParser(image, model.limits().parser(), pool.packets());
        this.account = new NicAccount(pool);
        this.meta = new PacketMeta(pool.packets());
        this.eswitch = new Eswitch(new Carried(), this::leaveMode);
        FilterLimits filterLimits = model.limits().filters();
        this.filters = filterLimits.filtersMax() == 0 ? null
            : new DeviceFilters(pool, filterLimits, PORTS_MAX, eswitch, faults);
        if (filters != null) eswitch.add(filters);
        int entriesMax = model.limits().flowEntriesMax();
        int queueCount = new QueueNumbering(model.limits().queuesMax(), model.offsetsZeroCopy()).queueCount();
        this.handover = new Handover(PORTS_MAX, queueCount, entriesMax);
        this.flows = entriesMax < 2 ? null
            : new DeviceFlows(arena, entriesMax, pool.packets(), parser.records(), PORTS_MAX, handover, eswitch,
                faults, seed);
        if (flows != null) eswitch.add(flows);
        this.mailbox = new Mailbox(model.limits().latencyNs(), faults);
        this.flowMailbox = new Mailbox(model.limits().latencyNs(), faults);
        this.modeMailbox = new Mailbox(model.limits().latencyNs(), faults);
    }

    /// Puts the device between a wire and the port that is returned, which has the wire's name and index. Before the
    /// first turn.
    ///
    /// The first one is the uplink of virtual functions.
    public SimPort attach(Port wire, PortSettings settings) {
        return attach(wire, settings, NO_VF);
    }

    /// Plugs a wire into a virtual function. The port that is returned is its representor, which has the wire's name
    /// and index. Before the first turn, and with an uplink.
    ///
    /// @param mac that the virtual function is known to have; 0 if that is left to find out
    public SimPort plug(int vf, long mac, Port wire, PortSettings settings) {
        Check.that(vf >= 0 && vf < VFS_MAX, "vf must be 0 to " + (VFS_MAX - 1), vf);
        SimPort port = attach(wire, settings, vf);
        port.vfMac(mac);
        if (switching == null) switching = new LegacySwitch(pool, account, VFS_MAX);
        switching.plug(devicePorts[devicePorts.length - 1], mac);
        return port;
    }

    /// Joins virtual functions and their uplink, once all are attached.
    ///
    /// @param hostMacs addresses that the host has at the uplink
    public void join(long[] hostMacs) {
        if (switching == null) return;
        DevicePort uplink = null;
        for (DevicePort port : devicePorts) {
            if (port.vf() == NO_VF && uplink == null) uplink = port;
        }
        Check.that(uplink != null, "virtual functions need an uplink");
        switching.uplink(uplink);
        for (long mac : hostMacs) switching.hostHas(mac);
        for (DevicePort port : devicePorts) {
            if (port.vf() != NO_VF || port == uplink) port.join(switching, uplink);
        }
    }

    private SimPort attach(Port wire, PortSettings settings, int vf) {
        var device = new DevicePort(model, parser, wire, settings, arena, pool, account, filters, flows,
            handover, new ToWires(), faults, seed + devicePorts.length, eswitch, vf);
        var port = new SimPort(this, device, wire, pool.packets());
        ports.add(port);
        devicePorts = Arrays.copyOf(devicePorts, devicePorts.length + 1);
        devicePorts[devicePorts.length - 1] = device;
        if (audit != null) {
            device.receiving().audit(audit);
            device.transmitting().audit(audit);
        }
        return port;
    }

    /// Has a share of what the ports do audited; before the first of them is attached.
    public void audit(AuditRing ring) {
        audit = ring;
        if (filters != null) ring.filters(filters.follow());
    }

    /// Has somebody look at what the device forwards, until [#unwatch]. The control thread's.
    public void watch(HitWatch watch) {
        HitWatch[] more = Arrays.copyOf(watches, watches.length + 1);
        more[watches.length] = watch;
        watches = more;
    }

    /// The control thread's; the device may be just about to tell `watch` of one more burst.
    public void unwatch(HitWatch watch) {
        watches = Arrays.stream(watches).filter(each -> each != watch).toArray(HitWatch[]::new);
    }

    /// Where its packets are.
    public PacketMemory packets() {
        return pool.packets();
    }

    /// Where audited work is, or null if none is audited.
    public AuditRing audit() {
        return audit;
    }

    /// Gives packets that no worker has seen to the wires of their ports, in bursts of one port.
    private final class ToWires implements Egress {

        @Override
        public void forward(Burst burst, long nowNs) {
            for (HitWatch watch : watches) watch.forwarding(burst, nowNs);
            for (int i = 0; i < burst.count(); i++) {
                int packet = burst.packet(i);
                leaving.add(packet);
                boolean isLast = i + 1 == burst.count() || meta.egress(burst.packet(i + 1)) != meta.egress(packet);
                if (isLast) leave(meta.egress(packet), nowNs);
            }
            burst.clear();
        }

        @Override
        public void settle(long nowNs) {
            for (DevicePort port : devicePorts) port.settle(nowNs);
        }
    }

    /// What the wires have given and the device has dropped.
    private final class Carried implements Eswitch.Traffic {

        @Override
        public long offered() {
            long packets = 0;
            for (DevicePort port : devicePorts) packets += port.offered();
            return packets;
        }

        @Override
        public long lost() {
            long packets = account.receiveDrops() + account.transmitDrops();
            for (DevicePort port : devicePorts) packets += port.wireDropped();
            return packets;
        }
    }

    /// What was given to ports in the old mode is sent in it.
    private void leaveMode(long nowNs) {
        if (switching == null) return;
        for (DevicePort port : devicePorts) port.settle(nowNs);
        switching.forgetLearned();
    }

    private void leave(int egress, long nowNs) {
        for (DevicePort port : devicePorts) {
            if (port.index() == egress) {
                port.forward(leaving, false, nowNs);
                return;
            }
        }
        for (int i = 0; i < leaving.count(); i++) account.dropTransmitted(leaving.packet(i), Verdict.TX_REFUSED);
        leaving.clear();
    }

    /// The flower filters, or null if the model has none. To be touched by commands alone, but for counts.
    public DeviceFilters filters() {
        return filters;
    }

    /// The flow table, or null if the model has none. To be touched by commands alone.
    public DeviceFlows flows() {
        return flows;
    }

    /// Its switch: mode, and tables that depend on it.
    public Eswitch eswitch() {
        return eswitch;
    }

    /// Begins a change of mode; whoever began it gives it turns until it is over. One at a time: see
    /// [#modeMailbox].
    public ModeChange changeMode(EswitchMode wanted) {
        return new ModeChange(eswitch, modeMailbox, model.limits().latencyNs(), wanted);
    }

    /// Where workers publish what has left them.
    public Handover handover() {
        return handover;
    }

    /// The thread of the workers gives it turns: a transmit ring that is full is emptied at once.
    public void inline(boolean yes) {
        isInline = yes;
    }

    public boolean isInline() {
        return isInline;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int turn(long nowNs) {
        turns++;
        if (faults.resetsFirmware(nowNs) && flows != null) flows.reset();
        boolean wasBehind = isBehind;
        int count = modeMailbox.turn(nowNs, 1)
            + mailbox.turn(nowNs, wasBehind ? COMMANDS_WHILE_BEHIND : COMMANDS_PER_TURN)
            + flowMailbox.turn(nowNs, wasBehind ? FLOW_COMMANDS_WHILE_BEHIND : FLOW_COMMANDS_PER_TURN);
        for (DevicePort port : devicePorts) count += port.transmit(nowNs);
        boolean hasMore = false;
        for (DevicePort port : devicePorts) {
            int receivedCount = port.receive(nowNs);
            count += receivedCount;
            hasMore |= receivedCount >= Burst.PACKETS_MAX;
        }
        if (hasMore != wasBehind) isBehind = hasMore;
        return count;
    }

    /// Any thread. True if a wire gave a whole burst in the last turn: more may be waiting there, and whatever else is
    /// done on the device's thread, or on that of the workers where it is theirs, they have to wait for.
    public boolean isBehind() {
        return isBehind;
    }

    @Override
    public long held() {
        long held = 0;
        for (DevicePort port : devicePorts) held += port.heldOnReceive() + port.heldOnTransmit();
        return held;
    }

    /// Packets from wires in its hands.
    public long heldOnReceive() {
        long held = 0;
        for (DevicePort port : devicePorts) held += port.heldOnReceive();
        return held;
    }

    @Override
    public void releaseHeld() {
        for (DevicePort port : devicePorts) port.releaseHeld();
    }

    /// For the one thread that controls it.
    public Mailbox mailbox() {
        return mailbox;
    }

    /// For the one thread that installs flows: their many commands do not delay those that configure the device.
    public Mailbox flowMailbox() {
        return flowMailbox;
    }

    /// For the one thread that changes the mode, through [#changeMode]: neither do its commands wait for others, nor do
    /// others take its completions.
    public Mailbox modeMailbox() {
        return modeMailbox;
    }

    /// Any thread. False while the wire of this port is disconnected.
    boolean isLinkUp(int port, long nowNs) {
        return !faults.isLinkDown(port, nowNs);
    }

    /// The command that has it run another parser, from the next burst on. Any thread; refuses an image as the
    /// constructor does.
    public DeviceCommand fetchParser(ParseImage image) {
        NicParser.Prepared prepared = parser.prepare(image);
        return nowNs -> {
            parser.use(prepared);
            for (SimPort each : ports) each.steering().wayChanged();
            return CommandResult.DONE;
        };
    }

    /// Turns that it has had. Any thread.
    public long turns() {
        return turns;
    }

    /// How it errs.
    public NicFaults faults() {
        return faults;
    }

    /// What its parser runs.
    public ParseImage image() {
        return parser.image();
    }

    public NicModel model()      { return model; }
    public NicAccount account()  { return account; }
    public List<SimPort> ports() { return List.copyOf(ports); }
}
