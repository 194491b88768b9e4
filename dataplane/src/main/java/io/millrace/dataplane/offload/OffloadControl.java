package io.millrace.dataplane.offload;

import io.millrace.dataplane.offload.HardwareFlow.Step;
import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.FlowImage;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowListing;
import io.millrace.flow.table.FlowTable;
import io.millrace.flow.track.Connections;
import io.millrace.nic.port.Device;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The control side of offloading: chooses flows, has NICs take them, reads what they count, has them let go.
///
/// Has its turns as a device has: in turn with the worker where they share a thread, else on a thread of its own. A
/// turn is bounded, waits for nobody, and depends on nothing but what it is told and `nowNs`. A flow that was just
/// added is heard of by an event; all others are come by once a round, as are those that an event found no room for.
public final class OffloadControl implements Device {

    private static final int RING_RECORDS = 1024;
    private static final int EVENTS_PER_TURN = 64;
    private static final int STEPS_PER_TURN = 64;
    private static final int SLOTS_PER_TURN = 64;
    /// Of each of them while packets may be waiting on whose thread this is: little enough that they do not have to for
    /// long, enough to have a full table leave within a change of mode.
    private static final int SHARE_WHILE_BEHIND = 8;
    /// Descriptions that may be asked for at once; what [WorkerFlows] keeps room for is twice as many.
    private static final int DESCRIBING_MAX = 128;
    private static final long ROUND_NS = 100_000_000;
    private static final long AGAIN_NS = 10_000_000;
    private static final long FAILED_NS = 500_000_000;
    private static final int SETTLE_TURNS = 20_000;
    private static final long SETTLE_NS = 100_000;

    private static final String WORKER = "worker";
    private static final String CONTROL = "control";
    private static final String DEVICE = "device";

    private final OffloadTally tally = new OffloadTally();
    private final OffloadLog log = new OffloadLog();
    private final DevicePorts ports;
    private final OffloadRings rings;
    private final FlowCourse course;
    private final CounterRounds reading;
    private final Departures departures;
    private final FlowWeights weights = new FlowWeights();
    private final FlowRounds[] rounds;
    private final FlowImage image = new FlowImage();
    private final List<HardwareFlow> installed = new ArrayList<>();   // all that are not gone, in no order
    private HardwareFlow[] flows = {};       // by slot
    private volatile int[] obstacles = {};   // by slot
    private long[] notBeforeNs = {};         // by slot
    private volatile WorkerFlows worker;
    private FlowListing listing;
    private Attachments attachments;
    private int describingCount;
    private int nextSlot;
    private boolean isUnderWay;
    private long roundNs = Long.MIN_VALUE;
    private long nowNs;
    private boolean isEnding;
    private boolean isBehind;
    private volatile boolean[] isFiltered = {};
    private volatile SumCheck sums = _ -> 0;

    /// @param arena lifetime of the rings to the worker
    /// @param all   ports of the dataplane, by index
    public OffloadControl(Arena arena, List<Port> all) {
        this.ports = new DevicePorts(all, tally, log);
        this.rings = new OffloadRings(arena, RING_RECORDS);
        this.course = new FlowCourse(rings, tally, new Flows());
        this.reading = new CounterRounds(course, installed);
        this.departures = new Departures(course, installed);
        this.rounds = new FlowRounds[ports.distinct().size()];
        Arrays.setAll(rounds, _ -> new FlowRounds());
    }

    /// The worker's side, over its tables; once, before any flow is added.
    public WorkerFlows worker(FlowTable table, Attachments attachments, Connections connections) {
        if (worker != null) throw new IllegalStateException("a second flow table");
        listing = new FlowListing(table);
        this.attachments = attachments;
        var side = new WorkerFlows(rings, table, attachments, connections);
        side.filtered(isFiltered);
        worker = side;
        return side;
    }

    /// These ports have filters, which have to see their packets. The worker's thread.
    public void filtered(boolean[] byPort) {
        isFiltered = byPort;
        if (worker != null) worker.filtered(byPort);
    }

    /// Keeps flows of a port out of its NIC, for these reasons (bits of [HardwareObstacle]); 0 is none. In turn with
    /// [#turn], or before the first.
    public void deny(int port, int obstacleBits) {
        ports.deny(port, obstacleBits);
    }

    /// Why the flow in this slot is not in hardware, as far as was seen when it was last come by; 0 if it is, or nobody
    /// has come by yet. Any thread.
    public int obstacles(int slot) {
        int[] known = obstacles;
        return slot < known.length ? known[slot] : 0;
    }

    public OffloadTally tally() { return tally; }
    /// For one follower.
    public OffloadLog log()     { return log; }

    /// What a NIC did wrong, of one kind. Any thread; perhaps a little old.
    public long faults(SimNic nic, DeviceFault fault) {
        for (FlowDevice device : ports.distinct()) {
            if (device.nic() == nic) return device.faults(fault);
        }
        return 0;
    }

    /// Who knows how many sums of a port's device software found wrong: the worker's count, perhaps a little old.
    public interface SumCheck {

        long wrong(int port);
    }

    public void sums(SumCheck check) {
        sums = check;
    }

    /// Commands that named an entry that is no more, and were refused.
    public long staleCount() {
        return ports.distinct().stream().filter(FlowDevice::hasTable)
            .mapToLong(each -> each.nic().flows().staleCount()).sum();
    }

    /// Packets that went from wire to wire.
    public long hits() {
        return ports.distinct().stream().mapToLong(each -> each.nic().account().hits()).sum();
    }

    /// Connections that a NIC has confirmed and that stay in it.
    public int inHardwareCount() {
        int count = 0;
        for (HardwareFlow flow : installed) {
            if (flow.step == Step.SETTLED && !flow.isLeaving()) count++;
        }
        return count;
    }

    /// True if a NIC has confirmed the flow in this slot, and it stays there.
    boolean isInHardware(int slot) {
        HardwareFlow flow = slot < flows.length ? flows[slot] : null;
        return flow != null && flow.step == Step.SETTLED && !flow.isLeaving();
    }

    /// Every flow that a NIC has, or that is on its way there or back; in turn with [#turn].
    public List<HardwareEntry> entries() {
        return installed.stream().map(HardwareEntry::of).toList();
    }

    /// Flows with something under way: added or removed, and not yet at the end of it.
    public int underWayCount() {
        return installed.size() - inHardwareCount();
    }

    @Override
    public String name() {
        return "offload";
    }

    @Override
    public long held() {
        return 0;
    }

    @Override
    public int turn(long atNs) {
        nowNs = atNs;
        for (FlowDevice device : ports.distinct()) device.watch(wrongSums(device), nowNs);
        if (worker == null) return 0;
        isBehind = ports.isBehind();
        lookAtPorts();
        int count = hear();
        for (FlowDevice device : ports.distinct()) count += device.poll(course, nowNs);
        takeSteps();
        reading.turn(dueCount() > 0, nowNs);
        for (FlowDevice device : ports.distinct()) fill(device);
        sweep();
        takeSteps();
        return count;
    }

    private int budget(int usual) {
        return isBehind ? SHARE_WHILE_BEHIND : usual;
    }

    private void lookAtPorts() {
        for (int port = 0; port < ports.count(); port++) {
            int gone = port;
            if (ports.hasGoneDown(port, nowNs)) {
                ports.device(port).fault(DeviceFault.LINK_DOWN);
                departures.begin(flow -> flow.uses(gone), RemovalCause.LINK_DOWN);
            }
            if (ports.hasGoneOff(port)) departures.begin(flow -> flow.uses(gone), RemovalCause.SWITCHED_OFF);
        }
        for (FlowDevice device : ports.distinct()) {
            if (device.hasModeMoved()) departures.begin(device::mustLetGo, RemovalCause.MODE_CHANGED);
        }
        departures.turn();
    }

    private long wrongSums(FlowDevice device) {
        long count = 0;
        for (SimPort port : device.nic().ports()) count += sums.wrong(port.index());
        return count;
    }

    private int hear() {
        RecordRing events = rings.events;
        int count = 0;
        for (int max = budget(EVENTS_PER_TURN); count < max && events.hasNext(); count++) {
            int slot = (int) events.get(OffloadRings.SLOT);
            int generation = (int) events.get(OffloadRings.GENERATION);
            int argument = (int) events.get(OffloadRings.ARGUMENT);
            reach(slot);
            HardwareFlow flow = flows[slot];
            boolean isKnown = flow != null && flow.generation == generation;
            switch ((int) events.get(OffloadRings.KIND)) {
                case OffloadRings.OFFERED -> offer(slot, generation);
                case OffloadRings.DESCRIBED -> described(flow);
                case OffloadRings.REFUSED -> refused(flow, argument);
                case OffloadRings.ENDED -> {
                    if (isKnown) end(flow, RemovalCause.of(argument));
                }
                default -> throw new IllegalStateException("an event of no kind");
            }
            events.release();
        }
        return count;
    }

    /// As the worker wants it.
    private void end(HardwareFlow flow, RemovalCause cause) {
        flow.isEndedByWorker = !flow.isLeaving();
        course.end(flow, cause);
    }

    private void reach(int slot) {
        if (slot < flows.length) return;
        int size = Math.max(slot + 1, Math.max(64, 2 * flows.length));
        flows = Arrays.copyOf(flows, size);
        notBeforeNs = Arrays.copyOf(notBeforeNs, size);
        obstacles = Arrays.copyOf(obstacles, size);
    }

    private void obstacle(int slot, int bits) {
        obstacles[slot] = bits;
    }

    /// A flow that was just added.
    private void offer(int slot, int generation) {
        if (flows[slot] != null || !listing.read(slot, image) || image.generation() != generation) return;
        notBeforeNs[slot] = 0;
        consider(slot);
        if (flows[slot] != null) flows[slot].isOffered = true;
    }

    /// Looks whether the flow of the image should be in hardware, and begins with it if there is room. Returns the
    /// device that has none for it, or null.
    private FlowDevice consider(int slot) {
        int state = image.state(0);
        if ((state & FlowLine.WANTED) == 0) {
            obstacle(slot, HardwareObstacle.NOT_ASKED.bit());
            return null;
        }
        FlowDevice device = ports.device(attachments.port(image.attachment(0)));
        int bits = ports.obstacles(image, attachments);
        if ((state & (FlowLine.CLOSING | FlowLine.TEARDOWN)) != 0) bits |= HardwareObstacle.ENDING.bit();
        if (bits != 0) {
            obstacle(slot, bits | worker.obstacles(image) | fullness(device, slot));
            return null;
        }
        if (isEnding || nowNs - notBeforeNs[slot] < 0) return null;   // it is known why
        int fullness = fullness(device, slot);
        if (fullness != 0) {
            int others = worker.obstacles(image);
            obstacle(slot, fullness | others);
            return others == 0 ? device : null;
        }
        begin(slot, image.generation(), device);
        return null;
    }

    /// Why the device has no room for the flow in this slot, as bits; 0 if it has, or has no table at all.
    private int fullness(FlowDevice device, int slot) {
        if (device == null || !device.hasTable() || device.room() > 0 && device.queue().isEmpty()) return 0;
        boolean isLighter = weights.rate(slot) <= device.lightestRate();
        return HardwareObstacle.TABLE_FULL.bit() | (isLighter ? HardwareObstacle.LIGHTER.bit() : 0);
    }

    private void begin(int slot, int generation, FlowDevice device) {
        if (describingCount == DESCRIBING_MAX) {
            obstacle(slot, HardwareObstacle.QUEUE_FULL.bit());
            return;
        }
        var flow = new HardwareFlow(slot, generation, device);
        flows[slot] = flow;
        flow.place = installed.size();
        installed.add(flow);
        device.take();
        describingCount++;
        obstacle(slot, HardwareObstacle.UNDER_WAY.bit());
        later(flow);
    }

    private void described(HardwareFlow flow) {
        describingCount--;
        for (int i = 0; i < FlowImage.WORDS; i++) image.word(i, rings.events.get(OffloadRings.IMAGE + i));
        flow.modeGeneration = flow.device.nic().eswitch().generation();   // before it is looked whether it admits flows
        flow.original = rings.described(image, 0);
        flow.reply = rings.described(image, 1);
        int bits = ports.obstacles(image, attachments);
        boolean isWithin = ports.device(flow.original.egress()) == flow.device
            && ports.device(flow.reply.egress()) == flow.device;
        if (bits == 0 && !isWithin) bits = HardwareObstacle.OTHER_DEVICE.bit();
        if (bits != 0) {
            obstacle(flow.slot, bits);
            notBeforeNs[flow.slot] = nowNs + AGAIN_NS;
        }
        if (bits == 0) log.write(OffloadLog.Action.ADD, flow, List.of(), flow.isOffered ? WORKER : CONTROL);
        else log.refused(flow, bits, CONTROL);
        flow.to(bits == 0 ? Step.ADDING : Step.RELEASING);
        later(flow);
    }

    private void refused(HardwareFlow flow, int bits) {
        describingCount--;
        obstacle(flow.slot, bits);
        notBeforeNs[flow.slot] = nowNs + AGAIN_NS;
        if (log.isFollowed() && listing.read(flow.slot, image)) log.refused(flow, image, bits, WORKER);
        course.leave(flow, nowNs);
    }

    private void takeSteps() {
        for (FlowDevice device : ports.distinct()) takeSteps(device);
    }

    /// Those behind a device that can be asked nothing more wait in their order.
    private void takeSteps(FlowDevice device) {
        ArrayDeque<HardwareFlow> due = device.due();
        for (int i = Math.min(due.size(), budget(STEPS_PER_TURN)); i > 0 && device.canBeAsked(); i--) {
            HardwareFlow flow = due.remove();
            flow.isWaiting = false;
            course.advance(flow, nowNs);
        }
    }

    private void later(HardwareFlow flow) {
        if (flow.isWaiting || flow.step == Step.GONE) return;
        flow.isWaiting = true;
        flow.device.due().add(flow);
    }

    private int dueCount() {
        int count = 0;
        for (FlowDevice device : ports.distinct()) count += device.due().size();
        return count;
    }

    /// Flows that were chosen come in as room comes.
    private void fill(FlowDevice device) {
        while (device.room() > 0 && !device.queue().isEmpty() && describingCount < DESCRIBING_MAX) {
            FlowDevice.Candidate next = device.queue().remove();
            boolean isThere = flows[next.slot()] == null && listing.read(next.slot(), image)
                && image.generation() == next.generation();
            if (isThere && ports.obstacles(image, attachments) == 0) begin(next.slot(), next.generation(), device);
        }
    }

    /// Comes by some slots; a round over all of them begins at most every tenth of a second.
    private void sweep() {
        if (!isUnderWay) {
            if (isEnding || roundNs != Long.MIN_VALUE && nowNs - roundNs < ROUND_NS) return;
            isUnderWay = true;
            roundNs = nowNs;
            nextSlot = 0;
            for (FlowRounds each : rounds) each.begin();
        }
        for (int i = budget(SLOTS_PER_TURN); i > 0; i--) {
            int slot = listing.next(nextSlot, image);
            if (slot == FlowTable.NONE) {
                endRound();
                return;
            }
            nextSlot = slot + 1;
            reach(slot);
            comeBy(slot);
        }
    }

    private void comeBy(int slot) {
        weights.sample(slot, image.generation(), image.packets(0) + image.packets(1), nowNs);
        HardwareFlow flow = flows[slot];
        if (flow == null) {
            FlowDevice full = consider(slot);
            if (full != null) roundOf(full).outside(slot, image.generation(), weights.rate(slot));
            return;
        }
        if (flow.generation == image.generation()) endIfOver(flow, image.state(0));
        if (flow.step == Step.SETTLED && !flow.isLeaving() && nowNs - flow.settledNs >= ROUND_NS) {
            roundOf(flow.device).inside(flow, weights.rate(slot));
        }
    }

    /// What an event will tell, or was not there to tell.
    private void endIfOver(HardwareFlow flow, int state) {
        if ((state & FlowLine.TEARDOWN) != 0) {
            course.end(flow, RemovalCause.TORN_DOWN);
        } else if ((state & FlowLine.CLOSING) != 0) {
            course.end(flow, RemovalCause.ENDING);
        }
    }

    private FlowRounds roundOf(FlowDevice device) {
        return rounds[ports.distinct().indexOf(device)];
    }

    private void endRound() {
        isUnderWay = false;
        for (int i = 0; i < rounds.length; i++) {
            rounds[i].end(ports.distinct().get(i), flow -> course.end(flow, RemovalCause.LIGHTER));
        }
    }

    /// What becomes of flows on their course.
    private final class Flows implements FlowCourse.Owner {

        @Override
        public void later(HardwareFlow flow) {
            OffloadControl.this.later(flow);
        }

        @Override
        public void confirmed(HardwareFlow flow) {
            OffloadControl.this.obstacle(flow.slot, 0);
            log.write(OffloadLog.Action.CONFIRM, flow, List.of(), DEVICE);
        }

        @Override
        public void gone(HardwareFlow flow, long atNs) {
            flow.device.disown(flow);
            flow.device.release();
            flows[flow.slot] = null;
            HardwareFlow last = installed.removeLast();
            if (last != flow) {
                installed.set(flow.place, last);
                last.place = flow.place;
            }
            if (obstacles[flow.slot] == HardwareObstacle.UNDER_WAY.bit()) obstacles[flow.slot] = 0;
            if (flow.cause == null) return;
            tally.removed(flow.cause);
            log.write(OffloadLog.Action.REMOVE, flow, List.of(flow.cause.name()),
                flow.isEndedByWorker ? WORKER : CONTROL);
            notBeforeNs[flow.slot] = atNs + (flow.cause == RemovalCause.LOST ? FAILED_NS : AGAIN_NS);
        }

        @Override
        public void obstacle(HardwareFlow flow, HardwareObstacle obstacle, long atNs) {
            OffloadControl.this.obstacle(flow.slot, obstacle.bit());
            log.refused(flow, obstacle.bit(), DEVICE);
            notBeforeNs[flow.slot] = atNs + FAILED_NS;
        }
    }

    /// The run is over, and no other thread is at work: what NICs have counted comes home. Nothing else changes.
    @Override
    public void releaseHeld() {
        if (worker == null) return;
        isEnding = true;
        long atNs = nowNs;
        // Two rounds: what a device says wrongly once it may say rightly the next time.
        long untilRound = reading.count() + (reading.isUnderWay() ? 3 : 2);
        for (int i = 0; i < SETTLE_TURNS; i++) {
            boolean isQuiet = dueCount() == 0 && installed.stream().allMatch(flow -> flow.command == null);
            if (isQuiet && reading.count() >= untilRound) return;
            atNs += SETTLE_NS;
            for (FlowDevice device : ports.distinct()) device.nic().flowMailbox().turn(atNs, Integer.MAX_VALUE);
            turn(atNs);
            worker.turn();
        }
    }
}
