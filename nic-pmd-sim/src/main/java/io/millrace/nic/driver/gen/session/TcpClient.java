package io.millrace.nic.driver.gen.session;

import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.memory.PacketMemory;

import java.lang.foreign.Arena;

/// The clients: open connections at their rate, send a request, wait for the response, hold, end.
///
/// A connection counts from the time it was meant to be opened. One that cannot be opened because too many are open
/// waits; the rate does not catch up afterwards.
final class TcpClient extends TcpEnd {

    private static final int PORTS = 65_536;
    private static final int OPENED_PER_TURN = 64;

    private final double intervalNs;
    private double nextNs = Double.NaN;
    private long nextTuple;

    TcpClient(Arena arena, PacketMemory packets, SessionSpec spec, SegmentWriter writer, OutQueue out) {
        super(arena, packets, spec, spec.concurrencyMax(), writer, out, spec.seed());
        this.intervalNs = 1e9 / spec.perSecond();
    }

    boolean isDone() {
        return counts.opened == spec.countMax() && table.count() == 0;
    }

    /// Opens what is due and finds a place.
    void open(OutQueue out) {
        long nowNs = nowNs();
        if (Double.isNaN(nextNs)) nextNs = nowNs;
        int budget = OPENED_PER_TURN;
        while (nextNs <= nowNs && counts.opened < spec.countMax() && budget > 0 && out.hasRoom()) {
            if (table.isFull()) {
                nextNs = Math.max(nextNs, nowNs - intervalNs);
                return;
            }
            openNext((long) nextNs);
            nextNs += intervalNs;
            budget--;
        }
    }

    private void openNext(long intendedNs) {
        long tuple = nextTuple;
        int ports;
        long addresses;
        do {
            long portCount = PORTS - spec.clientPortFirst();
            int clientPort = spec.clientPortFirst() + (int) (tuple % portCount);
            int client = spec.clientFirst() + (int) (tuple / portCount % spec.clientCount());
            int server = spec.connectTo()
                + (int) ((tuple / portCount / spec.clientCount() + tuple) % spec.serverCount());
            addresses = SessionTable.addresses(client, server);
            ports = clientPort << 16 | spec.serverPort();
            tuple = tuple + 1 == spec.tupleCount() ? 0 : tuple + 1;
        } while (table.find(addresses, ports) != SessionTable.NONE && tuple != nextTuple);
        nextTuple = tuple;
        int entry = table.add(addresses, ports, intendedNs);
        int initial = (int) random.next();
        int requestBytes = (int) draw(spec.request());
        int responseBytes = (int) draw(spec.response());
        table.sendNext(entry, initial);
        table.unacknowledged(entry, initial);
        table.sendEnd(entry, initial + 1 + requestBytes);
        table.requestBytes(entry, requestBytes);
        table.responseBytes(entry, responseBytes);
        table.flags(entry, SYN_SENT | SIZES_KNOWN);
        counts.opened++;
        counts.active = table.count();
        sendSyn(entry);
        armRepetition(entry);
    }

    private long draw(FieldValues sizes) {
        return sizes.value(random.below(sizes.count()));
    }

    @Override
    int onSyn(long addresses, int ports) {
        return SessionTable.NONE;
    }

    @Override
    boolean isRequestStart(int entry, int sequenceNumber) {
        return sequenceNumber == table.sendEnd(entry) - table.requestBytes(entry);
    }

    @Override
    void onProgress(int entry) {
        int flags = table.flags(entry);
        if ((flags & END_KNOWN) == 0) {
            flags |= END_KNOWN;
            table.receiveEnd(entry, table.receiveNext(entry) + table.responseBytes(entry));
            table.flags(entry, flags);
        }
        boolean isAnswered = table.receiveNext(entry) - table.receiveEnd(entry) >= 0;
        if (!isAnswered || (flags & HOLDING) != 0) return;
        counts.answered(nowNs() - table.openedNs(entry));
        table.flags(entry, flags | HOLDING);
        if (spec.holdNs() == 0) onHeld(entry);
        else table.arm(entry, HOLD_CLASS, nowNs() + spec.holdNs());
    }

    @Override
    void onHeld(int entry) {
        if (spec.resets()) {
            sendPure(entry, TcpFlags.RST | TcpFlags.ACK);
            counts.completed++;
            endNow(entry);
        } else {
            table.flags(entry, table.flags(entry) | FIN_WANTED);
            if (spec.holdNs() > 0) pump(entry);
        }
    }
}
