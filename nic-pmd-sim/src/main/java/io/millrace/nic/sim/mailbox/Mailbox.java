package io.millrace.nic.sim.mailbox;

import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.packet.memory.Check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Commands from one driver thread to a device, and their completions back. Both arrive no sooner than the latency of
/// the bus after they were posted, in the order in which they were.
///
/// ```
///  driver   post ──▶ [ commands, SLOTS_MAX ]   ──latency──▶ turn: carry out   device
///           poll ◀── [ completions, twice  ] ◀──latency──                │
///                                                                        ▼
/// ```
///
/// A command is named by its number. A device that errs may lose, repeat, delay and reorder completions, so a driver
/// takes each number once and gives up on one that does not come.
///
/// As many commands are on their way as there are slots, the completions not yet polled counted; then [#post] refuses.
public final class Mailbox {

    public static final int SLOTS_MAX = 256;
    /// [#post] where too many commands are on their way.
    public static final long REFUSED = -1;
    /// Repeated completions take places too.
    private static final int COMPLETIONS_MAX = 4 * SLOTS_MAX;

    private record Posted(long number, DeviceCommand command, long visibleNs) {}

    private record Completion(long number, CommandResult result, long visibleNs) {}

    private final AtomicReferenceArray<Posted> commands = new AtomicReferenceArray<>(SLOTS_MAX);
    private final AtomicReferenceArray<Completion> completions = new AtomicReferenceArray<>(COMPLETIONS_MAX);
    private final long latencyNs;
    private final NicFaults faults;
    // The driver's.
    private long posted;
    private long polled;
    private final List<Completion> seen = new ArrayList<>();   // by the time at which they are visible
    // The device's.
    private long carriedOut;
    private long completed;
    private long overflows;

    public Mailbox(long latencyNs, NicFaults faults) {
        Check.that(latencyNs >= 0, "latencyNs must not be negative", latencyNs);
        this.latencyNs = latencyNs;
        this.faults = faults;
    }

    /// Driver. True if [#post] would not refuse.
    public boolean hasRoom() {
        return commands.getAcquire((int) (posted % SLOTS_MAX)) == null;
    }

    /// Driver. Gives the device a command; returns its number, or [#REFUSED].
    public long post(DeviceCommand command, long nowNs) {
        int place = (int) (posted % SLOTS_MAX);
        if (commands.getAcquire(place) != null) return REFUSED;
        commands.setRelease(place, new Posted(posted, command, nowNs + latencyNs));
        return posted++;
    }

    /// Device. Carries out the commands that have arrived, at most `budget`; returns how many.
    public int turn(long nowNs, int budget) {
        int count = 0;
        while (count < budget) {
            int place = (int) (carriedOut % SLOTS_MAX);
            Posted next = commands.getAcquire(place);
            if (next == null || next.visibleNs > nowNs) break;
            CommandResult result = faults.lies() ? CommandResult.DONE : next.command.carryOut(nowNs);
            carriedOut++;
            count++;
            commands.setRelease(place, null);
            if (faults.losesCompletion()) continue;
            var completion = new Completion(next.number, result, nowNs + latencyNs + faults.completionDelayNs());
            complete(completion);
            if (faults.duplicatesCompletion()) complete(completion);
        }
        return count;
    }

    private void complete(Completion completion) {
        int place = (int) (completed % COMPLETIONS_MAX);
        if (completions.getAcquire(place) != null) {
            overflows++;   // a driver that does not poll is not told
            return;
        }
        completions.setRelease(place, completion);
        completed++;
    }

    /// Driver. Hands on the completions that have arrived; those that are due first come first. Returns how many.
    public int poll(CompletionSink sink, long nowNs) {
        collect();
        int count = 0;
        while (!seen.isEmpty() && seen.getFirst().visibleNs <= nowNs) {
            Completion completion = seen.removeFirst();
            count++;
            sink.completed(completion.number, completion.result, nowNs);
        }
        return count;
    }

    private void collect() {
        while (true) {
            int place = (int) (polled % COMPLETIONS_MAX);
            Completion next = completions.getAcquire(place);
            if (next == null) return;
            completions.setRelease(place, null);
            polled++;
            int at = seen.size();
            while (at > 0 && seen.get(at - 1).visibleNs > next.visibleNs) at--;
            seen.add(at, next);
        }
    }

    /// Driver. Commands posted that the device has not yet carried out.
    public int waitingCount() {
        int count = 0;
        for (int i = 0; i < SLOTS_MAX; i++) {
            if (commands.getAcquire(i) != null) count++;
        }
        return count;
    }

    /// Completions that found no place.
    public long overflows() {
        return overflows;
    }
}
