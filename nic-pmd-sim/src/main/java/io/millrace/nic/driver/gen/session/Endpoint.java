package io.millrace.nic.driver.gen.session;

import io.millrace.nic.driver.gen.random.SeededRandom;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;

/// One end of all sessions of a spec, clients or servers: what TCP and UDP have in common. One thread.
///
/// What is sent waits in a queue until the port is asked for packets. Losses and reordering that the spec plants happen
/// on the way into it.
abstract sealed class Endpoint permits TcpEnd, UdpClient, UdpServer {

    static final int HOLD_CLASS = SessionTable.CLASSES - 1;
    /// Waits for the other end, which may have given up.
    private static final int SILENCE_CLASS = SessionTable.CLASSES - 2;
    private static final int TRIES_MAX = SessionTable.CLASSES - 3;
    /// Silence that is given up on, in timeouts, besides the time of holding.
    private static final int SILENT_TIMEOUTS = 64;
    private static final int EXPIRY_BUDGET = 256;

    final SessionSpec spec;
    final SessionTable table;
    final SessionCounts counts = new SessionCounts();
    final SeededRandom random;
    final DialogueStore dialogues;
    private final OutQueue out;
    private final long lossShare;
    private final long reorderingShare;
    private PacketPool pool;
    private long nowNs;

    Endpoint(Arena arena, SessionSpec spec, DialogueStore dialogues, int capacity, OutQueue out, long seed) {
        this.spec = spec;
        this.dialogues = dialogues;
        this.table = new SessionTable(arena, capacity);
        this.out = out;
        this.random = new SeededRandom(seed);
        this.lossShare = SeededRandom.share(spec.faults().loss());
        this.reorderingShare = SeededRandom.share(spec.faults().reordering());
    }

    final PacketPool pool()  { return pool; }
    final long nowNs()       { return nowNs; }
    final boolean hasRoom()  { return out.hasRoom(); }

    /// Called before anything else of a turn.
    final void begin(PacketPool turnPool, long turnNs) {
        this.pool = turnPool;
        this.nowNs = turnNs;
    }

    /// Takes the transport header of a packet at `l4At`, which `addresses` (as the sender has them) came with. The
    /// packet stays the caller's.
    abstract void receive(long addresses, long l4At, int l4Bytes);

    /// What is overdue is sent again.
    abstract void repeat(int entry);

    /// The time of holding is over.
    abstract void onHeld(int entry);

    /// Opens what is due; servers never do.
    void open() {}

    void start(long atNs, double factor, long limitNs) {}

    /// Opens nothing more, forgets what is open.
    void stop() {
        table.clear();
        counts.active = 0;
    }

    /// True once nothing will happen any more unless the other end asks.
    boolean isDone() {
        return true;
    }

    /// When this end will do something by itself.
    long nextNs() {
        return out.count() > 0 ? nowNs : table.earliestNs();
    }

    /// Sends again what is overdue, gives up what was sent too often.
    final void expire() {
        for (int timerClass = 0; timerClass < SessionTable.CLASSES; timerClass++) {
            for (int budget = EXPIRY_BUDGET; budget > 0 && out.hasRoom(); budget--) {
                int entry = table.due(timerClass, nowNs);
                if (entry == SessionTable.NONE) break;
                if (timerClass == HOLD_CLASS) {
                    table.disarm(entry);
                    onHeld(entry);
                } else if (timerClass == SILENCE_CLASS) {
                    counts.failed++;
                    end(entry);
                } else {
                    tryAgain(entry);
                }
            }
        }
    }

    private void tryAgain(int entry) {
        int tries = table.tries(entry);
        if (tries == TRIES_MAX) {
            counts.failed++;
            end(entry);
            return;
        }
        counts.repeated++;
        table.markRepaired(entry);
        table.tries(entry, tries + 1);
        repeat(entry);
        armRepetition(entry);
    }

    final void armRepetition(int entry) {
        int tries = table.tries(entry);
        table.arm(entry, tries, nowNs + (spec.faults().timeoutNs() << tries));
    }

    /// Nothing is on its way from here; the other end is to say something.
    final void armSilence(int entry) {
        table.arm(entry, SILENCE_CLASS,
            nowNs + SILENT_TIMEOUTS * spec.faults().timeoutNs() + spec.load().holdNs());
    }

    /// True if nothing will be sent again by itself.
    final boolean isUnarmed(int entry) {
        int timerClass = table.timerClass(entry);
        return timerClass == SessionTable.UNARMED || timerClass == SILENCE_CLASS;
    }

    final void complete(int entry) {
        counts.completed++;
        if (table.isRepaired(entry)) counts.repaired++;
        end(entry);
    }

    final void end(int entry) {
        table.remove(entry);
        counts.active = table.count();
    }

    /// True if the next packet is to be lost; counted as sent by whoever makes it.
    final boolean isLost() {
        if (lossShare == 0 || !random.isHit(lossShare)) return false;
        counts.plantedLosses++;
        return true;
    }

    /// Puts a packet, or `NONE`, into the queue; false if there is none.
    final boolean emit(int packet) {
        if (packet == PacketMemory.NONE) {
            counts.unsent++;
            return false;
        }
        if (reorderingShare > 0 && random.isHit(reorderingShare)) {
            counts.plantedReorderings++;
            out.addLate(packet);
        } else {
            out.add(packet);
        }
        return true;
    }
}
