package io.millrace.simulation.world;

import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.config.RulesConfig;
import io.millrace.dataplane.worker.Worker;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.nic.port.Port;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.change.Changes;
import io.millrace.simulation.change.Operator;
import io.millrace.simulation.change.Upsets;
import io.millrace.simulation.journal.EventLog;
import io.millrace.simulation.journal.Journal;
import io.millrace.simulation.model.ModelRouter;
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

    /// Events that are remembered where nobody asks for more.
    public static final int EVENTS_USUAL = 50;

    private static final long START_NS = 1_800_000_000_000_000_000L;
    private static final int[] SLOT_COUNTS = {160, 512, 2_048};
    private static final int ACTIONS_PER_STEP = 24;
    private static final int STEPS_PER_TABLE_CHECK = 100;
    private static final long LEAP_NS_MAX = 40_000_000_000L;
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
    private final Worker worker;
    private final Regime regime;
    private final Tallies tallies = new Tallies();
    private final FlowAccounts flows;
    private final boolean isCounted;
    private final Accounts accounts;
    private final Tables tables;
    private final int talksAtOnce;
    private long nowNs = START_NS;
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
        this.outlet = new Outlet(model, journal, log, witness, hash, translations, tallies);
        this.around = new Surroundings(random.split(), journal, log, this::arrive, !regime.hasRules());
        outlet.connect(around);
        Terrain.settle(around, model.links());
        OffloadConfig offload = offload();
        this.talks = new Talks(random.split(), around, offload.merges(), !regime.hasRules(),
            host -> !regime.isMasquerading() || !Translations.isInside(host.ipv4()));
        this.changes = new Changes(random.split(), model, around, Terrain.networks(), regime.rulesets());
        this.upsets = new Upsets(random.split(), around, this::upsetPort);

        DataplaneConfig config = Terrain.config(seed, offload, rules());
        int slotCount = SLOT_COUNTS[random.nextInt(SLOT_COUNTS.length)];
        var packets = new PacketMemory(arena, slotCount);
        var pool = new PacketPool(arena, packets);
        for (String each : Terrain.PORT_NAMES) ports.add(new SimulatedPort(packets, each, ports.size(), outlet));
        Dataplane dataplane =
            Dataplane.assemble(config, arena, List.<Port>copyOf(ports), pool, () -> nowNs);
        this.worker = dataplane.workers().getFirst();
        worker.watch(new Watcher(packets, model, journal, log, witness, translations, tallies, regime));
        this.operator = new Operator(new RunningDataplane(config, dataplane, () -> nowNs));
        witness.connect(dataplane.router().neighbours(), around::wasTold);
        this.accounts = new Accounts(worker.ledger(), ports, pool, dataplane.router().neighbours(), journal);
        this.tables = new Tables(dataplane.router(), model, around);
        changes.begin(operator);
        this.flows = new FlowAccounts(dataplane.router().hooks());
        if (regime.hasRules()) flows.listen();
        // Merged segments count once; under translation ports are not the conversations' own.
        this.isCounted = regime == Regime.TRACKING && !offload.merges();
        this.talksAtOnce = 4 + random.nextInt(24);
    }

    private RulesConfig rules() {
        if (!regime.hasRules()) return RulesConfig.NONE;
        List<Ruleset> rulesets = regime.rulesets();
        boolean looksUpFlows = random.nextInt(5) != 0;
        return new RulesConfig(Optional.empty(), rulesets.get(random.nextInt(rulesets.size())), looksUpFlows);
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
        while (journal.partCount() < PACKETS_MIN || changeCount < CHANGES_MIN) step();
        drain();
        accounts.checkEnd();
        tables.check();
        flows.checkTables();
        if (isCounted) checkCounts();
        accounts.addTo(hash);
        return new Outcome(journal.partCount(), outlet.forwardedCount(), changeCount, upsets.count(),
            talks.count(), stepCount, hash.value());
    }

    /// Flows give what they have counted to their connections when they end.
    private void checkCounts() {
        operator.load(regime.rulesets().getFirst(), nowNs);
        flows.checkTables();
        flows.checkCounts(tallies.sent(), tallies.forwarded());
    }

    private void step() {
        advance();
        talks.keep(talksAtOnce, nowNs);
        around.agenda().run(nowNs, ACTIONS_PER_STEP);
        if (random.nextInt(8) == 0) change();
        if (random.nextInt(40) == 0) log.add(nowNs, "upset", upsets.apply(nowNs), null);
        turn();
    }

    /// Mostly on to what happens next; now and then far ahead, so that everything ages.
    private void advance() {
        nowNs += 1_000 + random.nextInt(60_000);
        long nextNs = around.agenda().nextNs();
        if (nextNs != Agenda.NEVER && nextNs > nowNs && random.nextInt(4) != 0) nowNs = nextNs;
        if (random.nextInt(150) == 0) nowNs += random.nextLong(LEAP_NS_MAX);
    }

    private void change() {
        boolean isPosted = worker.post(now -> {
            String command = changes.apply(operator, now);
            log.add(now, "command", command, null);
        });
        if (isPosted) changeCount++;
    }

    private void turn() {
        witness.beginTurn();
        worker.turn(nowNs);
        accounts.checkStep();
        if (++stepCount % STEPS_PER_TABLE_CHECK != 0) return;
        accounts.checkHolders();
        tables.check();
        flows.checkTables();
    }

    /// Nothing new begins; what has begun comes to its end.
    private void drain() {
        ports.forEach(World::soothe);
        long untilNs = nowNs + DRAIN_NS_MAX;
        while (nowNs < untilNs && (around.agenda().nextNs() != Agenda.NEVER || worker.ledger().held() > 0)) {
            long nextNs = around.agenda().nextNs();
            nowNs = nextNs != Agenda.NEVER && nextNs > nowNs ? Math.min(nextNs, nowNs + DRAIN_STEP_NS)
                : nowNs + (nextNs == Agenda.NEVER ? DRAIN_STEP_NS : 1_000);
            around.agenda().run(nowNs, ACTIONS_PER_STEP);
            turn();
        }
        turn();
        worker.releaseHeld();
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
