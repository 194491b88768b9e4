package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The clients of UDP exchanges: one request, an answer of one datagram or several, asked for again from the first
/// missing byte on after a timeout. Datagrams out of order are not kept.
final class UdpClient extends Endpoint {

    private static final int OPENED_PER_TURN = 64;
    private static final int UDP_HEADER_BYTES = 8;
    private static final int REQUEST_WORDS = 3;

    private final MemorySegment memory;
    private final DatagramWriter writer;
    private final SessionOpener opener;

    UdpClient(Arena arena, PacketMemory packets, SessionSpec spec, DialogueStore dialogues, DatagramWriter writer,
              OutQueue out) {
        super(arena, spec, dialogues, spec.load().concurrencyMax(), out, spec.seed());
        this.memory = packets.segment();
        this.writer = writer;
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
            int entry = opener.add(table);
            if (!dialogues.isEmpty()) table.responseBytes(entry, dialogues.serverBytes(table.requestBytes(entry)));
            counts.opened++;
            counts.active = table.count();
            ask(entry);
            armRepetition(entry);
        }
    }

    private void ask(int entry) {
        if (isLost()) return;
        boolean isSpoken = !dialogues.isEmpty();
        int asked = table.requestBytes(entry);
        int bytes = isSpoken ? dialogues.clientBytes(asked) : asked;
        emit(!hasRoom() ? PacketMemory.NONE : writer.write(pool(), table.addresses(entry), table.ports(entry),
            table.tries(entry), bytes, isSpoken ? 0 : REQUEST_WORDS, asked, table.responseBytes(entry),
            table.receiveNext(entry), isSpoken ? dialogues.clientAt(asked) : FrameWriter.ZEROS, nowNs()));
    }

    @Override
    void repeat(int entry) {
        if (!dialogues.isEmpty()) table.receiveNext(entry, 0);   // the answer begins anew
        ask(entry);
    }

    @Override
    void receive(long addresses, long l4At, int l4Bytes) {
        int bytes = l4Bytes - UDP_HEADER_BYTES;
        int entry = bytes < 0 ? SessionTable.NONE
            : table.find(Long.rotateLeft(addresses, 32), Integer.rotateLeft(Wire.i32(memory, l4At), 16));
        boolean isNext = entry != SessionTable.NONE && table.timerClass(entry) != HOLD_CLASS
            && isNext(entry, l4At + UDP_HEADER_BYTES, bytes);
        if (!isNext) {
            counts.unknown++;
            return;
        }
        int got = table.receiveNext(entry) + bytes;
        table.receiveNext(entry, got);
        counts.receivedBytes += bytes;
        if (got < table.responseBytes(entry)) return;
        counts.connected(nowNs() - table.openedNs(entry));
        counts.answered(nowNs() - table.openedNs(entry));
        table.disarm(entry);
        if (spec.load().holdNs() == 0) complete(entry);
        else table.arm(entry, HOLD_CLASS, nowNs() + spec.load().holdNs());
    }

    /// True if these bytes of the answer are those that are missing first.
    private boolean isNext(int entry, long at, int bytes) {
        int got = table.receiveNext(entry);
        if (bytes > table.responseBytes(entry) - got) return false;
        if (dialogues.isEmpty()) return bytes >= Integer.BYTES && Wire.i32(memory, at) == got;
        return dialogues.isEqual(memory, at, dialogues.serverAt(table.requestBytes(entry)) + got, bytes);
    }

    @Override
    void onHeld(int entry) {
        complete(entry);
    }
}
