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
    private long hitCount;
    private long changeCount;
    private long channelCount;
    private long modeCount;
    private long faultCount;
    private int packetsLeast = Integer.MAX_VALUE;
    private int changesLeast = Integer.MAX_VALUE;
    private int channelsLeast = Integer.MAX_VALUE;
    private int modesLeast = Integer.MAX_VALUE;
    private int faultsLeast = Integer.MAX_VALUE;
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
            hitCount += outcome.hits();
            changeCount += outcome.changes();
            channelCount += outcome.channels();
            modeCount += outcome.modes();
            faultCount += outcome.faults();
            packetsLeast = Math.min(packetsLeast, outcome.packets());
            changesLeast = Math.min(changesLeast, outcome.changes());
            channelsLeast = Math.min(channelsLeast, outcome.channels());
            modesLeast = Math.min(modesLeast, outcome.modes());
            faultsLeast = Math.min(faultsLeast, outcome.faults());
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
    /// Packets that NICs sent on by themselves.
    public long hitCount()     { return hitCount; }
    public long changeCount()  { return changeCount; }
    public long channelCount() { return channelCount; }
    public long modeCount()    { return modeCount; }
    public long faultCount()   { return faultCount; }
    /// Of the world that had fewest; `Integer.MAX_VALUE` before the first.
    public int packetsLeast()  { return packetsLeast; }
    public int changesLeast()  { return changesLeast; }
    public int channelsLeast() { return channelsLeast; }
    public int modesLeast()    { return modesLeast; }
    public int faultsLeast()   { return faultsLeast; }
    public long upsetCount()   { return upsetCount; }
    /// The sum over all runs: their order does not matter.
    public long hash()         { return hash; }
}
