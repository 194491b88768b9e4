package io.millrace.nic.sim.eswitch;

import io.millrace.nic.sim.mailbox.CommandResult;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// Mode of a NIC's switch, and its changes as the device sees them.
///
/// ```
///            begin                     finish
///  SETTLED ─────────▶ DRAINING ───────────────────▶ SETTLED, generation + 1
///     ▲                  │  │ an entry is left, and nobody insists: BUSY
///     └─────abandon──────┘  └▶ DRAINING
/// ```
///
/// Every change makes a new generation; whoever wants an entry in a table names the generation in which that was
/// decided. While the tables drain, adds are refused as `BUSY`; removals, reads and completions go on; packets are
/// forwarded, by whom they can be. A command that is repeated, because its completion was lost, does what it did: a
/// change has a number.
///
/// Changed by the device's thread alone, through commands ([ModeChange]); any thread may look.
public final class Eswitch {

    /// Packets of the device so far, by which it is known what a change has cost.
    public interface Traffic {

        /// Received from wires.
        long offered();

        /// Dropped, on their way in or out.
        long lost();
    }

    /// Where the switch stands, at one moment.
    ///
    /// @param generation grows with every change
    /// @param change     number of the change that is under way, or 0
    /// @param target     what it leads to; null where there is none
    public record Stand(EswitchMode mode, long generation, long change, EswitchMode target) {

        public boolean isDraining() {
            return change != 0;
        }
    }

    private final List<ModeTable> tables = new ArrayList<>();
    private final Traffic traffic;
    private final LongConsumer beforeSwitch;
    private final AtomicLong changeNumbers = new AtomicLong();
    private volatile Stand stand = new Stand(EswitchMode.SWITCHDEV, 0, 0, null);
    private volatile ChangeRecord last;
    private long lastFinished;
    private long begunNs;
    private long offeredBefore;
    private long lostBefore;
    // Written by the device's thread.
    private volatile long refusedBusy;
    private volatile long refusedStale;

    /// @param beforeSwitch the last thing done in the old mode, with the time: what was sent in it is sent
    public Eswitch(Traffic traffic, LongConsumer beforeSwitch) {
        this.traffic = traffic;
        this.beforeSwitch = beforeSwitch;
    }

    /// The mode that the device begins with; before its first turn.
    public void startIn(EswitchMode mode) {
        stand = new Stand(mode, stand.generation, 0, null);
    }

    /// Has the table drained and dropped by every change; before the first turn.
    public void add(ModeTable table) {
        tables.add(table);
    }

    /// Any thread.
    public Stand stand()           { return stand; }
    public EswitchMode mode()      { return stand.mode; }
    public long generation()       { return stand.generation; }

    /// Any thread: a table would admit an entry now. That is no promise: see [#admit].
    public boolean isAdmitting() {
        Stand now = stand;
        return now.mode == EswitchMode.SWITCHDEV && !now.isDraining();
    }

    /// Any thread: what the last change did; null before the first.
    public ChangeRecord last()     { return last; }
    /// Any thread: adds that were refused because a change was under way.
    public long refusedBusy()      { return refusedBusy; }
    /// Any thread: adds that were refused because they were meant for an earlier generation.
    public long refusedStale()     { return refusedStale; }

    /// Any thread: a number for another change.
    long newChange() {
        return changeNumbers.incrementAndGet();
    }

    /// Device. Whether an entry that was decided in a generation may be added now: `DONE`, or why not.
    public CommandResult admit(long generation) {
        Stand now = stand;
        if (now.isDraining()) {
            refusedBusy = refusedBusy + 1;
            return CommandResult.BUSY;
        }
        if (now.generation != generation) {
            refusedStale = refusedStale + 1;
            return CommandResult.STALE;
        }
        return now.mode == EswitchMode.SWITCHDEV ? CommandResult.DONE : CommandResult.UNSUPPORTED;
    }

    /// Device. `BUSY` while another change is under way, `STALE` if there was one since whoever wants this one has
    /// looked.
    CommandResult begin(long change, long generation, EswitchMode target, long nowNs) {
        Stand now = stand;
        if (now.change == change || lastFinished == change) return CommandResult.DONE;
        if (now.isDraining()) return CommandResult.BUSY;
        if (now.generation != generation) return CommandResult.STALE;
        stand = new Stand(now.mode, now.generation, change, target);
        begunNs = nowNs;
        offeredBefore = traffic.offered();
        lostBefore = traffic.lost();
        for (ModeTable table : tables) table.beginDrain();
        return CommandResult.DONE;
    }

    /// Device. `BUSY` as long as a table is not drained and nobody insists.
    CommandResult finish(long change, boolean isInsisting, long nowNs) {
        if (lastFinished == change) return CommandResult.DONE;
        Stand now = stand;
        if (now.change != change) return CommandResult.STALE;
        int undrained = 0;
        for (ModeTable table : tables) undrained += table.isDrained() ? 0 : 1;
        if (undrained > 0 && !isInsisting) return CommandResult.BUSY;
        beforeSwitch.accept(nowNs);
        long generation = now.generation + 1;
        for (ModeTable table : tables) table.drop(generation);
        lastFinished = change;
        last = new ChangeRecord(change, now.mode, now.target, generation, nowNs - begunNs,
            traffic.offered() - offeredBefore, traffic.lost() - lostBefore, undrained > 0);
        stand = new Stand(now.target, generation, 0, null);
        return CommandResult.DONE;
    }

    /// Device. Everything stays as it is.
    CommandResult abandon(long change) {
        Stand now = stand;
        if (now.change != change) return CommandResult.STALE;
        stand = new Stand(now.mode, now.generation, 0, null);
        return CommandResult.DONE;
    }
}
