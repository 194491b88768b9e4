package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.PacketMemory;

import java.lang.foreign.Arena;

/// The servers: take every connection to their port, answer a whole request with as many bytes as it asks for or take
/// their turns in a dialogue, end when the client does.
final class TcpServer extends TcpEnd {

    TcpServer(Arena arena, PacketMemory packets, SessionSpec spec, DialogueStore dialogues, int capacity,
              SegmentWriter writer, OutQueue out) {
        super(arena, packets, spec, dialogues, capacity, writer, out, ~spec.seed());
    }

    @Override
    int onSyn(long addresses, int ports) {
        if (table.isFull()) return SessionTable.NONE;
        int entry = table.add(addresses, ports, nowNs());
        int initial = (int) random.next();
        table.sendNext(entry, initial);
        table.unacknowledged(entry, initial);
        table.sendEnd(entry, initial + 1);
        table.receiveNext(entry, sequence() + 1);
        if (!dialogues.isEmpty()) {
            int dialogue = (sequence() & DIALOGUE_MASK) % dialogues.count();
            table.requestBytes(entry, dialogue);
            table.receiveEnd(entry, sequence() + 1 + dialogues.clientEnd(dialogue, 0));
            table.flags(entry, SIZES_KNOWN);
        }
        counts.opened++;
        counts.active = table.count();
        sendSyn(entry);
        armRepetition(entry);
        return entry;
    }

    @Override
    long payload(int entry, int sequenceNumber) {
        if (dialogues.isEmpty()) return FrameWriter.ZEROS;
        int dialogue = table.requestBytes(entry);
        int saidBytes = dialogues.serverEnd(dialogue, table.responseBytes(entry) - 1);
        return dialogues.serverAt(dialogue) + saidBytes - (table.sendEnd(entry) - sequenceNumber);
    }

    @Override
    void onProgress(int entry) {
        int flags = table.flags(entry);
        boolean isAsked = (flags & (SIZES_KNOWN | HOLDING)) == SIZES_KNOWN
            && table.receiveNext(entry) - table.receiveEnd(entry) >= 0;
        if (isAsked && dialogues.isEmpty()) {
            flags |= HOLDING;   // it answers once
            table.sendEnd(entry, table.sendEnd(entry) + table.responseBytes(entry));
        } else if (isAsked && takeTurns(entry)) {
            flags |= HOLDING;
        }
        if ((flags & FIN_RECEIVED) != 0) flags |= FIN_WANTED;
        table.flags(entry, flags);
    }

    /// True once the dialogue is over.
    private boolean takeTurns(int entry) {
        int dialogue = table.requestBytes(entry);
        int turn = table.responseBytes(entry);
        while (table.receiveNext(entry) - table.receiveEnd(entry) >= 0) {
            table.sendEnd(entry, table.sendEnd(entry)
                + dialogues.serverEnd(dialogue, turn) - dialogues.serverEnd(dialogue, turn - 1));
            turn++;
            table.responseBytes(entry, turn);
            if (turn == dialogues.turnCount(dialogue)) return true;
            table.receiveEnd(entry, table.receiveEnd(entry)
                + dialogues.clientEnd(dialogue, turn) - dialogues.clientEnd(dialogue, turn - 1));
        }
        return false;
    }

    @Override
    void onHeld(int entry) {}
}
