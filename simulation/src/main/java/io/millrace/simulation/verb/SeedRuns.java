package io.millrace.simulation.verb;

import io.millrace.simulation.journal.Violation;
import io.millrace.simulation.world.Outcome;
import io.millrace.simulation.world.World;

import java.util.List;
import java.util.Optional;

/// Runs worlds one after the other and adds up what they did, until one fails.
public final class SeedRuns {

    private long packetCount;
    private long forwardedCount;
    private long changeCount;
    private long upsetCount;
    private int doneCount;
    private final int eventsMax;
    private long hash;

    public SeedRuns() {
        this(World.EVENTS_USUAL);
    }

    /// @param eventsMax how many events a [Failure] has
    public SeedRuns(int eventsMax) {
        this.eventsMax = eventsMax;
    }

    /// Runs one seed. What does not hold in its world is returned, not thrown.
    public Optional<Failure> run(long seed) {
        World world = null;
        try {
            world = new World(seed, eventsMax);
            Outcome outcome = world.run();
            packetCount += outcome.packets();
            forwardedCount += outcome.forwarded();
            changeCount += outcome.changes();
            upsetCount += outcome.upsets();
            hash += outcome.hash();
            doneCount++;
            return Optional.empty();
        } catch (Violation e) {
            return Optional.of(new Failure(seed, e.invariant(), e.getMessage(), world.events(), e));
        } catch (RuntimeException | AssertionError e) {
            List<String> events = world == null ? List.of() : world.events();
            return Optional.of(new Failure(seed, e.getClass().getSimpleName(), String.valueOf(e.getMessage()), events, e));
        } finally {
            if (world != null) world.close();
        }
    }

    public int doneCount()     { return doneCount; }
    public long packetCount()  { return packetCount; }
    public long forwardedCount() { return forwardedCount; }
    public long changeCount()  { return changeCount; }
    public long upsetCount()   { return upsetCount; }
    /// The sum over all runs: their order does not matter.
    public long hash()         { return hash; }
}
