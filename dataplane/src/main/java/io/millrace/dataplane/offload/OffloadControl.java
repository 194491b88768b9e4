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
import io.millrace.nic.sim.flow.FlowEntry;

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
    private static final int EVENTS_PER_TURN = 256;
    private static final int STEPS_PER_TURN = 256;
    private static final int READS_PER_TURN = 32;
    /// While flows are on their way in or out.
    private static final int READS_PER_BUSY_TURN = 4;
    private static final int SLOTS_PER_TURN = 64;
    /// Descriptions that may be asked for at once; what [WorkerFlows] keeps room for is twice as many.
    private static final int DESCRIBING_MAX = 128;
    private static final long ROUND_NS = 100_000_000;
    private static final long READ_ROUND_NS = 50_000_000;
    private static final long AGAIN_NS = 10_000_000;
    private static final long FAILED_NS = 500_000_000;
    private static final int SETTLE_TURNS = 20_000;
    private static final long SETTLE_NS = 100_000;

    private final OffloadTally tally = new OffloadTally();
    private final DevicePorts ports;
    private final OffloadRings rings;
    private final FlowCourse course;
    private final FlowWeights weights = new FlowWeights();
    private final FlowRounds[] rounds;
    private final FlowImage image = new FlowImage();
    private final List<HardwareFlow> installed = new ArrayList<>();   // all that are not gone, in no order
    private HardwareFlow[] flows = {};       // by slot
    private volatile int[] obstacles = {};   // by slot
    private long[] notBeforeNs = {};         // by slot
    private volatile WorkerFlows worker;
    private FlowListing listing;
    private int describingCount;
    private int nextSlot;
    private boolean isUnderWay;
    private long roundNs = Long.MIN_VALUE;
    private int nextRead;
    private long readRoundNs = Long.MIN_VALUE;
    private long readRounds;
    private long nowNs;
    private boolean isEnding;
    private volatile boolean[] isFiltered = {};
    private volatile SumCheck sums;

    /// @param arena lifetime of the rings to the worker
    /// @param all   ports of the dataplane, by index
    public OffloadControl(Arena arena, List<Port> all) {
        this.ports = new DevicePorts(all, tally);
        this.rings = new OffloadRings(arena, RING_RECORDS);
        this.course = new FlowCourse(rings, tally, new Flows());
        this.rounds = new FlowRounds[ports.distinct().size()];
        Arrays.setAll(rounds, _ -> new FlowRounds());
    }

    /// The worker's side, over its tables; once, before any flow is added.
    public WorkerFlows worker(FlowTable table, Attachments attachments, Connections connections) {
        if (worker != null) throw new IllegalStateException("a second flow table");
        listing = new FlowListing(table);
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
        lookAtPorts();
        int count = hear();
        for (FlowDevice device : ports.distinct()) count += device.poll(course, nowNs);
        takeSteps();
        read();
        for (FlowDevice device : ports.distinct()) fill(device);
        sweep();
        takeSteps();
        return count;
    }

    private void lookAtPorts() {
        for (int port = 0; port < ports.count(); port++) {
            if (ports.hasGoneDown(port, nowNs)) {
                ports.device(port).fault(DeviceFault.LINK_DOWN);
                endAllOf(port, RemovalCause.LINK_DOWN);
            }
            if (ports.hasGoneOff(port)) endAllOf(port, RemovalCause.SWITCHED_OFF);
        }
        for (FlowDevice device : ports.distinct()) {
            if (device.hasModeMoved()) endAllNotAdmitted(device);
        }
    }

    private long wrongSums(FlowDevice device) {
        if (sums == null) return 0;
        long count = 0;
        for (SimPort port : device.nic().ports()) count += sums.wrong(port.index());
        return count;
    }

    private void endAllOf(int port, RemovalCause cause) {
        for (HardwareFlow flow : installed) {
            if (flow.uses(port)) course.end(flow, cause);
        }
    }

    private void endAllNotAdmitted(FlowDevice device) {
        for (HardwareFlow flow : installed) {
            if (flow.device == device && !device.admits(flow)) course.end(flow, RemovalCause.MODE_CHANGED);
        }
    }

    private int hear() {
        RecordRing events = rings.events;
        int count = 0;
        for (; count < EVENTS_PER_TURN && events.hasNext(); count++) {
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
                    if (isKnown) course.end(flow, RemovalCause.of(argument));
                }
                default -> throw new IllegalStateException("an event of no kind");
            }
            events.release();
        }
        return count;
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
    }

    /// Looks whether the flow of the image should be in hardware, and begins with it if there is room. Returns the
    /// device that has none for it, or null.
    private FlowDevice consider(int slot) {
        int state = image.state(0);
        if ((state & FlowLine.WANTED) == 0) {
            obstacle(slot, HardwareObstacle.NOT_ASKED.bit());
            return null;
        }
        int bits = ports.obstacles(image);
        if ((state & (FlowLine.CLOSING | FlowLine.TEARDOWN)) != 0) bits |= HardwareObstacle.ENDING.bit();
        if (bits != 0) {
            obstacle(slot, bits);
            return null;
        }
        FlowDevice device = ports.device(image.attachment(0));
        if (isEnding || nowNs - notBeforeNs[slot] < 0) return null;   // it is known why
        if (device.room() <= 0 || !device.queue().isEmpty()) {
            boolean isLighter = weights.rate(slot) <= device.lightestRate();
            obstacle(slot, HardwareObstacle.TABLE_FULL.bit() | (isLighter ? HardwareObstacle.LIGHTER.bit() : 0));
            return device;
        }
        begin(slot, image.generation(), device);
        return null;
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
        flow.original = entry(0);
        flow.reply = entry(1);
        int bits = ports.obstacles(image);
        boolean isWithin = ports.device(flow.original.egress()) == flow.device
            && ports.device(flow.reply.egress()) == flow.device;
        if (bits == 0 && !isWithin) bits = HardwareObstacle.OTHER_DEVICE.bit();
        if (bits != 0) {
            obstacle(flow.slot, bits);
            notBeforeNs[flow.slot] = nowNs + AGAIN_NS;
        }
        flow.to(bits == 0 ? Step.ADDING : Step.RELEASING);
        later(flow);
    }

    private FlowEntry entry(int direction) {
        int way = OffloadRings.WAYS + direction * OffloadRings.WORDS_PER_WAY;
        long lowMask = image.family(direction) == 4 ? 0xffff_ffffL : -1;
        var match = new FlowEntry.Tuple(image.sourceHigh(direction), image.sourceLow(direction) & lowMask,
            image.sourcePort(direction), image.targetHigh(direction), image.targetLow(direction) & lowMask,
            image.targetPort(direction));
        var rewritten = new FlowEntry.Tuple(image.newSourceHigh(direction), image.newSourceLow(direction) & lowMask,
            image.newSourcePort(direction), image.newTargetHigh(direction), image.newTargetLow(direction) & lowMask,
            image.newTargetPort(direction));
        RecordRing events = rings.events;
        return new FlowEntry((int) events.get(way), events.get(way + 1), image.family(direction),
            image.protocol(direction), match, rewritten, (int) events.get(way + 2), events.get(way + 3),
            events.get(way + 4), image.mtuBytes(direction));
    }

    private void refused(HardwareFlow flow, int bits) {
        describingCount--;
        obstacle(flow.slot, bits);
        notBeforeNs[flow.slot] = nowNs + AGAIN_NS;
        course.leave(flow, nowNs);
    }

    private void takeSteps() {
        for (FlowDevice device : ports.distinct()) takeSteps(device);
    }

    /// Those behind a device that can be asked nothing more wait in their order.
    private void takeSteps(FlowDevice device) {
        ArrayDeque<HardwareFlow> due = device.due();
        for (int i = Math.min(due.size(), STEPS_PER_TURN); i > 0 && device.canBeAsked(); i--) {
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

    /// Asks for the counters of some flows in hardware, of all of them once a round.
    private void read() {
        if (nextRead == 0) {
            if (readRoundNs != Long.MIN_VALUE && nowNs - readRoundNs < READ_ROUND_NS) return;
            readRoundNs = nowNs;
        }
        int readsMax = dueCount() == 0 ? READS_PER_TURN : READS_PER_BUSY_TURN;
        for (int i = 0; i < readsMax && nextRead < installed.size(); i++) {
            HardwareFlow flow = installed.get(nextRead);
            boolean isAtRest = flow.step == Step.SETTLED && flow.command == null && !flow.isLeaving();
            if (isAtRest && !course.read(flow, nowNs)) return;
            nextRead++;
        }
        if (nextRead < installed.size()) return;
        nextRead = 0;
        readRounds++;
    }

    /// Flows that were chosen come in as room comes.
    private void fill(FlowDevice device) {
        while (device.room() > 0 && !device.queue().isEmpty() && describingCount < DESCRIBING_MAX) {
            FlowDevice.Candidate next = device.queue().remove();
            boolean isThere = flows[next.slot()] == null && listing.read(next.slot(), image)
                && image.generation() == next.generation();
            if (isThere && ports.obstacles(image) == 0) begin(next.slot(), next.generation(), device);
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
        for (int i = 0; i < SLOTS_PER_TURN; i++) {
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
            roundOf(flow.device).inside(flow);
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
            rounds[i].end(ports.distinct().get(i), weights, flow -> course.end(flow, RemovalCause.LIGHTER));
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
        }

        @Override
        public void gone(HardwareFlow flow, long atNs) {
            if (flow.deviceSlot != FlowTable.NONE) flow.device.own(flow.deviceSlot, null);
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
            notBeforeNs[flow.slot] = atNs + (flow.cause == RemovalCause.LOST ? FAILED_NS : AGAIN_NS);
        }

        @Override
        public void obstacle(HardwareFlow flow, HardwareObstacle obstacle, long atNs) {
            OffloadControl.this.obstacle(flow.slot, obstacle.bit());
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
        long untilRound = readRounds + (nextRead == 0 ? 2 : 3);
        for (int i = 0; i < SETTLE_TURNS; i++) {
            boolean isQuiet = dueCount() == 0 && installed.stream().allMatch(flow -> flow.command == null);
            if (isQuiet && readRounds >= untilRound) return;
            atNs += SETTLE_NS;
            for (FlowDevice device : ports.distinct()) device.nic().flowMailbox().turn(atNs, Integer.MAX_VALUE);
            turn(atNs);
            worker.turn();
        }
    }
}
