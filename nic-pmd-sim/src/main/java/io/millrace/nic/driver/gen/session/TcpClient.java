package io.millrace.nic.driver.gen.session;

import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.memory.PacketMemory;

import java.lang.foreign.Arena;

/// The clients: open connections at their rate, say their part, wait for the answer, hold, end.
final class TcpClient extends TcpEnd {

    private static final int OPENED_PER_TURN = 64;

    private final SessionOpener opener;

    TcpClient(Arena arena, PacketMemory packets, SessionSpec spec, DialogueStore dialogues, SegmentWriter writer,
              OutQueue out) {
        super(arena, packets, spec, dialogues, spec.load().concurrencyMax(), writer, out, spec.seed());
        this.opener = new SessionOpener(spec, random);
    }

    @Override
    boolean isDone() {
        return opener.isDone() && table.count() == 0;
    }

    @Override
    long nextNs() {
        return Math.min(super.nextNs(), opener.nextNs());
    }

    @Override
    void start(long atNs, double factor, long limitNs) {
        opener.start(atNs, factor, limitNs);
    }

    @Override
    void stop() {
        opener.stop();
        super.stop();
    }

    @Override
    void open() {
        for (int budget = OPENED_PER_TURN; budget > 0 && opener.isDue(nowNs()) && hasRoom(); budget--) {
            if (table.isFull()) {
                counts.refused += opener.skip(nowNs());
                return;
            }
            begin(opener.add(table));
        }
    }

    private void begin(int entry) {
        int initial = (int) random.next();
        int firstBytes = table.requestBytes(entry);
        if (!dialogues.isEmpty()) {
            initial = initial & ~DIALOGUE_MASK | firstBytes;
            firstBytes = dialogues.clientEnd(firstBytes, 0);
        }
        table.sendNext(entry, initial);
        table.unacknowledged(entry, initial);
        table.sendEnd(entry, initial + 1 + firstBytes);
        table.flags(entry, SYN_SENT | SIZES_KNOWN);
        counts.opened++;
        counts.active = table.count();
        sendSyn(entry);
        armRepetition(entry);
    }

    @Override
    int onSyn(long addresses, int ports) {
        return SessionTable.NONE;
    }

    @Override
    long payload(int entry, int sequenceNumber) {
        int leftBytes = table.sendEnd(entry) - sequenceNumber;
        if (dialogues.isEmpty()) {
            return leftBytes == table.requestBytes(entry) ? SegmentWriter.SIZES : FrameWriter.ZEROS;
        }
        int dialogue = table.requestBytes(entry);
        return dialogues.clientAt(dialogue) + dialogues.clientEnd(dialogue, table.responseBytes(entry)) - leftBytes;
    }

    @Override
    void onProgress(int entry) {
        int flags = table.flags(entry);
        if ((flags & END_KNOWN) == 0) {
            flags |= END_KNOWN;
            int firstBytes = dialogues.isEmpty() ? table.responseBytes(entry)
                : dialogues.serverEnd(table.requestBytes(entry), 0);
            table.receiveEnd(entry, table.receiveNext(entry) + firstBytes);
            table.flags(entry, flags);
        }
        if (!dialogues.isEmpty()) takeTurns(entry);
        boolean isAnswered = table.receiveNext(entry) - table.receiveEnd(entry) >= 0;
        if (!isAnswered || (flags & HOLDING) != 0) return;
        counts.answered(nowNs() - table.openedNs(entry));
        table.flags(entry, flags | HOLDING);
        if (spec.load().holdNs() == 0) onHeld(entry);
        else table.arm(entry, HOLD_CLASS, nowNs() + spec.load().holdNs());
    }

    private void takeTurns(int entry) {
        int dialogue = table.requestBytes(entry);
        int turn = table.responseBytes(entry);
        while (table.receiveNext(entry) - table.receiveEnd(entry) >= 0 && turn + 1 < dialogues.turnCount(dialogue)) {
            turn++;
            table.responseBytes(entry, turn);
            table.sendEnd(entry, table.sendEnd(entry)
                + dialogues.clientEnd(dialogue, turn) - dialogues.clientEnd(dialogue, turn - 1));
            table.receiveEnd(entry, table.receiveEnd(entry)
                + dialogues.serverEnd(dialogue, turn) - dialogues.serverEnd(dialogue, turn - 1));
        }
    }

    @Override
    void onHeld(int entry) {
        if (spec.talk().resets()) {
            sendPure(entry, TcpFlags.RST | TcpFlags.ACK);
            completeNow(entry);
        } else {
            table.flags(entry, table.flags(entry) | FIN_WANTED);
            if (spec.load().holdNs() > 0) pump(entry);
        }
    }
}
