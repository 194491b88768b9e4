package io.millrace.simulation.world;

import io.millrace.control.device.FilterMoves;
import io.millrace.control.device.Nics;
import io.millrace.control.device.RuleFilters;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.live.TrafficControl;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.config.RulesConfig;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.worker.Worker;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.SimNic;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.change.Changes;
import io.millrace.simulation.change.DeviceChanges;
import io.millrace.simulation.change.FilterChanges;
import io.millrace.simulation.change.ModeChanges;
import io.millrace.simulation.change.Operator;
import io.millrace.simulation.change.Upsets;
import io.millrace.simulation.device.DeviceFaults;
import io.millrace.simulation.device.HardwareTables;
import io.millrace.simulation.device.ModeWitness;
import io.millrace.simulation.device.NicPlan;
import io.millrace.simulation.device.SimulatedNics;
import io.millrace.simulation.journal.EventLog;
import io.millrace.simulation.journal.Journal;
import io.millrace.simulation.model.ModelFilters;
import io.millrace.simulation.model.ModelLink;
import io.millrace.simulation.model.ModelRouter;
import io.millrace.simulation.model.ModelSwitch;
import io.millrace.simulation.traffic.Agenda;
import io.millrace.simulation.traffic.Surroundings;
import io.millrace.simulation.traffic.Talks;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// One run: a router among hosts, in virtual time, everything drawn from one seed. A step is some moments of the hosts,
/// perhaps a change or an upset, and one turn of the worker; after it the accounts must be even.
///
/// What does not hold is a [io.millrace.simulation.journal.Violation]; an assertion or another exception of the
/// dataplane is a finding too.
public final class World implements AutoCloseable {

    /// A run goes on until it has had so much of each.
    public static final int PACKETS_MIN = 2_000;
    public static final int CHANGES_MIN = 50;
    public static final int CHANNEL_CHANGES_MIN = 1;
    public static final int MODE_CHANGES_MIN = 1;
    public static final int FAULTS_MIN = 5;

    /// Events that are remembered where nobody asks for more.
    public static final int EVENTS_USUAL = 50;

    private static final long START_NS = 1_800_000_000_000_000_000L;
    private static final int[] SLOT_COUNTS = {160, 512, 2_048};
    private static final int ACTIONS_PER_STEP = 24;
    private static final int STEPS_PER_TABLE_CHECK = 100;
    private static final long LEAP_NS_MAX = 40_000_000_000L;
    private static final int SETTLE_TURNS = 300;
    private static final long SETTLE_STEP_NS = 4_000_000;
    private static final int LONG_SHARE = 85;
    private static final long WAIT_STEP_NS = 1_000;
    private static final long WAIT_STEP_NS_MAX = 50_000_000;
    private static final long DRAIN_STEP_NS = 50_000_000;
    private static final long DRAIN_NS_MAX = 120_000_000_000L;

    private final SplittableRandom random;
    private final Arena arena = Arena.ofConfined();
    private final Journal journal = new Journal();
    private final EventLog log;
    private final RunHash hash = new RunHash();
    private final NeighbourWitness witness = new NeighbourWitness();
    private final List<SimulatedPort> ports = new ArrayList<>();
    private final Surroundings around;
    private final Outlet outlet;
    private final Talks talks;
    private final Changes changes;
    private final Upsets upsets;
    private final Operator operator;
    private final DeviceChanges deviceChanges;
    private final ModeChanges modes;
    private final ModeWitness modeWitness;
    private final SimulatedNics nics;
    private final OffloadControl control;
    private final HardwareTables hardware;
    private final Switching switching;
    private final ModelFilters filters = new ModelFilters();
    private final Filtering filtering;
    /// Null in a world without filters.
    private final FilterChanges filterChanges;
    private final RouterAssembly router;
    private final Worker worker;
    private final Regime regime;
    private final Tallies tallies = new Tallies();
    private final FlowAccounts flows;
    /// Merged segments count once; under translation ports are not the conversations' own.
    private final boolean isCounted;
    private final Accounts accounts;
    private final Tables tables;
    private final int talksAtOnce;
    private final PacketMemory packets;
    /// Conversations last, and little happens between: flows come into hardware.
    private final boolean isSteady;
    private long nowNs = START_NS;
    private long waitNs;
    private int stepCount;
    private int changeCount;

    public World(long seed) {
        this(seed, EVENTS_USUAL);
    }

    /// @param eventsMax the last events that [#events] gives
    public World(long seed, int eventsMax) {
        this.log = new EventLog(START_NS, eventsMax);
        this.random = new SplittableRandom(seed);
        this.regime = Regime.values()[random.nextInt(Regime.values().length)];
        var model = new ModelRouter(Terrain.links());
        var translations = new Translations(regime.isMasquerading(), model.link(1, 0));
        this.isSteady = regime.hasRules() && random.nextInt(4) != 0;
        OffloadConfig offload = offload();
        var plan = NicPlan.draw(random.split(), Terrain.PORT_NAMES.size(), offload.merges());
        this.packets = new PacketMemory(arena, SLOT_COUNTS[random.nextInt(SLOT_COUNTS.length)]);
        var pool = new PacketPool(arena, packets);
        this.nics = new SimulatedNics(plan, arena, pool, new DeviceFaults(random.split(), Terrain.PORT_NAMES.size()),
            random.nextBoolean(), seed);
        var reception = new Reception(model, translations, tallies);
        this.switching = switching(plan, model);
        this.filtering = new Filtering(filters, nics, offload.merges());
        this.outlet = new Outlet(model, journal, log, witness, hash, translations, tallies, reception, nics,
            offload.merges(), switching, filtering);
        this.around = new Surroundings(random.split(), journal, log, this::arrive, !regime.hasRules());
        Terrain.settle(around, model.links());
        this.talks = new Talks(random.split(), around, offload.merges(), !regime.hasRules(),
            host -> !regime.isMasquerading() || !Translations.isInside(host.ipv4()), isSteady ? LONG_SHARE : 0);
        this.changes = new Changes(random.split(), model, around, Terrain.networks(), regime.rulesets(),
            isSteady);
        this.upsets = new Upsets(random.split(), around, this::upsetPort, isSteady);

        DataplaneConfig config = Terrain.config(seed, offload, rules(), plan);
        for (String each : Terrain.PORT_NAMES) ports.add(new SimulatedPort(packets, each, ports.size(), outlet));
        List<Port> behind = ports.stream().map(nics::attach).toList();
        joinFunction(plan, model);
        Dataplane dataplane =
            Dataplane.assemble(config, arena, behind, nics.devices(), pool, () -> nowNs);
        this.router = dataplane.router();
        this.control = router.offload();
        this.worker = dataplane.workers().getFirst();
        watch(new Watcher(packets, model, journal, log, witness, translations, reception, regime, nics, switching,
            filtering));
        var running = new RunningDataplane(config, dataplane, () -> nowNs);
        Nics controls = nics.controls(running, this::waitingNs);
        TrafficControl traffic = traffic(running, controls);
        this.operator = new Operator(running, controls, traffic);
        this.filterChanges = offload.merges() || random.nextInt(3) == 0 ? null
            : new FilterChanges(random.split(), filters, Terrain.PORT_NAMES, around.hosts());
        this.deviceChanges =
            new DeviceChanges(random.split(), controls.all(), offload.merges(), SimulatedNics.IMAGE);
        this.modes = new ModeChanges(random.split(), controls.all(), plan.functionPort() >= 0);
        this.modeWitness = new ModeWitness(nics);
        this.hardware = new HardwareTables(nics, control, () -> router.hooks().offloading());
        outlet.connect(around, hardware);
        witness.connect(dataplane.router().neighbours(), around::wasTold);
        this.accounts = new Accounts(worker.ledger(), ports, nics, pool, dataplane.router().neighbours(), journal);
        this.tables = new Tables(dataplane.router(), model, around);
        changes.begin(operator);
        if (filterChanges != null) filterChanges.begin(operator);
        this.flows = new FlowAccounts(dataplane.router().hooks(), regime.isMasquerading());
        if (regime.hasRules()) flows.listen();
        this.isCounted = regime.hasRules() && !offload.merges();   // merged segments count once
        this.talksAtOnce = isSteady ? 2 + random.nextInt(8) : 4 + random.nextInt(24);
    }

    private TrafficControl traffic(RunningDataplane running, Nics controls) {
        TrafficControl traffic = FilterMoves.traffic(running, controls, new RuleFilters(running.ports()));
        filtering.connect(traffic);
        return traffic;
    }

    /// The uplink is the first port.
    private Switching switching(NicPlan plan, ModelRouter model) {
        int function = plan.functionPort();
        return new Switching(nics.withFunction(),
            new ModelSwitch(0, function < 0 ? List.of() : List.of(function), model.link(0, 0).mac()));
    }

    private void watch(Watcher watcher) {
        worker.watch(watcher);
        nics.watch(watcher);
    }

    private void joinFunction(NicPlan plan, ModelRouter model) {
        if (plan.functionPort() < 0) return;
        ModelLink near = model.link(0, 0);
        ModelLink far = model.link(plan.functionPort(), 0);
        nics.join(near.mac());
        around.joins(far, near);
        talks.alsoBetween(near, far);
    }

    private RulesConfig rules() {
        if (!regime.hasRules()) return RulesConfig.NONE;
        List<Ruleset> rulesets = regime.rulesets();
        boolean looksUpFlows = random.nextInt(5) != 0;
        return new RulesConfig(Optional.empty(), rulesets.get(isSteady ? 1 + random.nextInt(rulesets.size() - 1)
            : random.nextInt(rulesets.size())), looksUpFlows);
    }

    private OffloadConfig offload() {
        boolean merges = random.nextInt(4) == 0;
        return new OffloadConfig(merges, random.nextBoolean(), false, 0);
    }

    private void arrive(int port, byte[] frame, long atNs) {
        ports.get(port).arrive(frame, atNs);
    }

    private String upsetPort(int draw) {
        SimulatedPort port = ports.get(draw % ports.size());
        return switch (draw / ports.size() % 4) {
            case 0 -> {
                port.isDown(true);
                yield port.name() + " goes down";
            }
            case 1 -> {
                port.takesMax(random.nextInt(4));
                yield port.name() + " takes few packets at once";
            }
            default -> {
                soothe(port);
                yield port.name() + " is well";
            }
        };
    }

    private static void soothe(SimulatedPort port) {
        port.isDown(false);
        port.takesMax(Burst.PACKETS_MAX);
    }

    /// Runs to the end, every check included; returns what the run amounts to.
    public Outcome run() {
        while (!isEnough()) step();
        drain();
        accounts.checkEnd();
        filtering.checkAtRest();
        tables.check();
        flows.checkTables();
        hardware.checkAtRest();
        if (isCounted) checkCounts();
        accounts.addTo(hash);
        return new Outcome(journal.partCount(), outlet.forwardedCount(), hits(), changeCount,
            deviceChanges.channelCount(), modes.doneCount(), nics.faults().count(), upsets.count(),
            talks.count(), stepCount, hash.value());
    }

    private boolean isEnough() {
        return journal.partCount() >= PACKETS_MIN && changeCount >= CHANGES_MIN
            && deviceChanges.channelCount() >= CHANNEL_CHANGES_MIN && modes.doneCount() >= MODE_CHANGES_MIN
            && nics.faults().count() >= FAULTS_MIN;
    }

    private long hits() {
        return nics.all().stream().mapToLong(nic -> nic.account().hits()).sum();
    }

    /// Flows give what they have counted to their connections when they end, and hardware before.
    private void checkCounts() {
        operator.load(regime.rulesets().getFirst(), nowNs);
        settle();
        flows.checkTables();
        hardware.checkAtRest();
        boolean mayMiss = control.tally().countsLost() > 0 || nics.faults().count(DeviceFaults.Kind.COUNTER_STANDS) > 0;
        flows.checkCounts(tallies, mayMiss, hardware.worker());
    }

    /// Nothing comes in any more; whoever has something to do about hardware does it.
    private void settle() {
        for (int i = 0; i < SETTLE_TURNS; i++) {
            nowNs += SETTLE_STEP_NS;
            turn();
        }
    }

    private void step() {
        advance();
        talks.keep(talksAtOnce, nowNs);
        around.agenda().run(nowNs, ACTIONS_PER_STEP);
        if (modes.isDue(hardware.isAdding())) beginModeChange();
        else if (random.nextInt(isSteady ? 14 : 8) == 0 && !modes.isUnderWay()) change();
        if (random.nextInt(isSteady ? 100 : 30) == 0) log.add(nowNs, "fault", nics.faults().draw(nowNs), null);
        if (random.nextInt(isSteady ? 80 : 40) == 0) log.add(nowNs, "upset", upsets.apply(nowNs), null);
        if (isSteady && random.nextInt(60) == 0) ports.forEach(World::soothe);
        turn();
    }

    /// Mostly on to what happens next; now and then far ahead, so that everything ages.
    private void advance() {
        nowNs += 1_000 + random.nextInt(60_000);
        long nextNs = around.agenda().nextNs();
        if (nextNs != Agenda.NEVER && nextNs > nowNs && random.nextInt(4) != 0) nowNs = nextNs;
        if (random.nextInt(150) == 0) nowNs += random.nextLong(LEAP_NS_MAX);
    }

    /// What concerns NICs is done between two turns of anybody; what concerns tables of the worker, in its turn.
    private void change() {
        if (filterChanges != null && random.nextInt(4) == 0) {
            changeFilters();
            return;
        }
        if (random.nextInt(isSteady ? 2 : 5) == 0) {
            changeDevices();
            return;
        }
        boolean isPosted = worker.post(now -> {
            String command = changes.apply(operator, now);
            log.add(now, "command", command, null);
        });
        if (isPosted) changeCount++;
    }

    /// Now and then packets lie in the rings meanwhile, and others come before the worker's next turn.
    /// A filter is in the NIC before the command has its answer, and so before the oracle knows it: nothing comes in
    /// while it waits.
    private void changeFilters() {
        waitNs = 0;
        ports.forEach(port -> port.isHolding(true));
        log.add(nowNs, "command", filterChanges.apply(operator), null);
        ports.forEach(port -> port.isHolding(false));
        changeCount++;
    }

    private void changeDevices() {
        boolean isBetween = random.nextBoolean();
        if (isBetween) nics.all().forEach(nic -> nic.turn(nowNs));
        waitNs = 0;
        log.add(nowNs, "command", deviceChanges.apply(operator), null);
        changeCount++;
        if (isBetween) around.agenda().run(nowNs, ACTIONS_PER_STEP);
    }

    private void beginModeChange() {
        waitNs = 0;
        log.add(nowNs, "command", modes.begin(operator), null);
        changeCount++;
    }

    private void turnModes() {
        String done = modes.turn();
        if (done != null) log.add(nowNs, "mode", done, null);
    }

    private void turn() {
        witness.beginTurn();
        waitNs = 0;
        if (nics.isInline()) {
            turnDevices();
            worker.turn(nowNs);
            turnModes();
            turnDevices();
        } else {
            turnInAnyOrder();
        }
        accounts.checkStep();
        hardware.check();
        modeWitness.check();
        switching.check();
        filtering.check();
        if (++stepCount % STEPS_PER_TABLE_CHECK != 0) return;
        accounts.checkHolders();
        if (!modes.isUnderWay()) filtering.checkPlaces();
        tables.check();
        flows.checkTables();
    }

    /// As in a run whose worker gives devices their turns.
    private void turnDevices() {
        for (SimNic each : nics.all()) each.turn(nowNs);
        control.turn(nowNs);
    }

    /// As in a run where everybody has a thread: who is next is a matter of chance.
    private void turnInAnyOrder() {
        int turnCount = 1 + random.nextInt(2 * nics.all().size() + 3);
        for (int i = 0; i < turnCount; i++) {
            int who = random.nextInt(nics.all().size() + 3);
            if (who == 0) worker.turn(nowNs);
            else if (who == 1) control.turn(nowNs);
            else if (who == 2) turnModes();
            else nics.all().get(who - 3).turn(nowNs);
        }
        worker.turn(nowNs);
    }

    /// The clock of who waits for a device: it runs faster and faster, so that even patience of a second is soon over.
    private long waitingNs() {
        waitNs = Math.clamp(waitNs * 2, WAIT_STEP_NS, WAIT_STEP_NS_MAX);
        nowNs += waitNs;
        return nowNs;
    }

    /// Nothing new begins; what has begun comes to its end.
    private void drain() {
        ports.forEach(World::soothe);
        nics.faults().end();
        long untilNs = nowNs + DRAIN_NS_MAX;
        while (nowNs < untilNs && (around.agenda().nextNs() != Agenda.NEVER
            || worker.ledger().held() + nics.held() > 0 || modes.isUnderWay())) {
            long nextNs = around.agenda().nextNs();
            nowNs = nextNs != Agenda.NEVER && nextNs > nowNs ? Math.min(nextNs, nowNs + DRAIN_STEP_NS)
                : nowNs + (nextNs == Agenda.NEVER ? DRAIN_STEP_NS : 1_000);
            around.agenda().run(nowNs, ACTIONS_PER_STEP);
            turn();
        }
        settle();
        worker.releaseHeld();
        nics.all().forEach(SimNic::releaseHeld);
        control.releaseHeld();
    }

    /// The last events, a line each.
    public List<String> events() {
        return log.lines();
    }

    /// How many packets ended so.
    public long count(Verdict verdict) {
        return worker.ledger().count(verdict);
    }

    /// Everything goes with the arena.
    @Override
    public void close() {
        arena.close();
    }
}
