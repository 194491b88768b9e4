package io.millrace.dataplane.offload;

import io.millrace.flow.table.FlowImage;
import io.millrace.nic.sim.flow.FlowEntry;
import org.jctools.queues.SpscArrayQueue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// What happens to flows in NICs, one entry for each thing, for one follower. Written by the thread that has control's
/// turns; nothing is kept while nobody follows, and what finds no room is counted.
public final class OffloadLog {

    public static final int ENTRIES_MAX = 4096;

    /// What happened.
    public enum Action {
        /// A NIC is asked to take the flow.
        ADD,
        /// It has, and it was read back.
        CONFIRM,
        /// The worker or the NIC would not have it.
        REFUSE,
        /// It is out again.
        REMOVE,
        /// The NIC did something wrong.
        FAULT
    }

    /// @param flow       null where it is not of a flow
    /// @param why        obstacles, cause or fault, by name; empty where there is none
    /// @param by         who asked: `worker`, `control`, `device`
    /// @param thread     that led it
    /// @param slot       of the flow in the worker's table, with its generation; 0 without a flow
    public record Entry(Action action, Flow flow, String nic, List<String> why, String by, String thread, int slot,
                        int generation) {}

    /// One direction of a flow.
    public record Flow(int family, int protocol, FlowEntry.Tuple tuple) {

        static Flow of(FlowImage image) {
            return new Flow(image.family(0), image.protocol(0), OffloadRings.tuple(image, 0));
        }

        static Flow of(FlowEntry entry) {
            return entry == null ? null : new Flow(entry.family(), entry.protocol(), entry.match());
        }
    }

    private final SpscArrayQueue<Entry> entries = new SpscArrayQueue<>(ENTRIES_MAX);
    private final AtomicLong lost = new AtomicLong();
    private volatile boolean isFollowed;

    /// Follower. Whether entries are to be kept from now on.
    public void follow(boolean yes) {
        isFollowed = yes;
    }

    /// Follower. Takes some of the entries; returns how many.
    public int poll(Consumer<Entry> follower, int entriesMax) {
        int count = 0;
        for (; count < entriesMax; count++) {
            Entry entry = entries.relaxedPoll();
            if (entry == null) break;
            follower.accept(entry);
        }
        return count;
    }

    /// Entries that found no room.
    public long lostCount() {
        return lost.get();
    }

    boolean isFollowed() {
        return isFollowed;
    }

    void write(Action action, HardwareFlow flow, List<String> why, String by) {
        write(action, Flow.of(flow.original), flow, why, by);
    }

    /// @param bits of [HardwareObstacle]
    void refused(HardwareFlow flow, int bits, String by) {
        write(Action.REFUSE, Flow.of(flow.original), flow, names(bits), by);
    }

    /// As [#refused(HardwareFlow, int, String)], a flow that was not described.
    void refused(HardwareFlow flow, FlowImage image, int bits, String by) {
        if (image.generation() == flow.generation) write(Action.REFUSE, Flow.of(image), flow, names(bits), by);
    }

    /// A NIC did something wrong.
    void fault(String nic, DeviceFault fault) {
        write(Action.FAULT, null, nic, List.of(fault.name()), "device", 0, 0);
    }

    private void write(Action action, Flow of, HardwareFlow flow, List<String> why, String by) {
        write(action, of, flow.device.nic().name(), why, by, flow.slot, flow.generation);
    }

    private static List<String> names(int bits) {
        return HardwareObstacle.of(bits).stream().map(Enum::name).toList();
    }

    private void write(Action action, Flow flow, String nic, List<String> why, String by, int slot, int generation) {
        if (!isFollowed) return;
        var entry = new Entry(action, flow, nic, why, by, Thread.currentThread().getName(), slot, generation);
        if (!entries.offer(entry)) lost.incrementAndGet();
    }
}
