package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.PacketMemory;

import java.lang.foreign.Arena;

/// The servers: take every connection to their port, answer a whole request with as many bytes as it asks for, end when
/// the client does.
final class TcpServer extends TcpEnd {

    TcpServer(Arena arena, PacketMemory packets, SessionSpec spec, int capacity, SegmentWriter writer, OutQueue out) {
        super(arena, packets, spec, capacity, writer, out, ~spec.seed());
    }

    @Override
    int onSyn(long addresses, int ports) {
        if (ports >>> 16 != spec.serverPort() || table.isFull()) return SessionTable.NONE;
        int entry = table.add(addresses, ports, nowNs());
        int initial = (int) random.next();
        table.sendNext(entry, initial);
        table.unacknowledged(entry, initial);
        table.sendEnd(entry, initial + 1);
        table.receiveNext(entry, sequence() + 1);
        counts.opened++;
        counts.active = table.count();
        sendSyn(entry);
        armRepetition(entry);
        return entry;
    }

    @Override
    boolean isRequestStart(int entry, int sequenceNumber) {
        return false;
    }

    @Override
    void onProgress(int entry) {
        int flags = table.flags(entry);
        boolean isAsked = (flags & (SIZES_KNOWN | HOLDING)) == SIZES_KNOWN
            && table.receiveNext(entry) - table.receiveEnd(entry) >= 0;
        if (isAsked) {
            flags |= HOLDING;   // it answers once
            table.sendEnd(entry, table.sendEnd(entry) + table.responseBytes(entry));
        }
        if ((flags & FIN_RECEIVED) != 0) flags |= FIN_WANTED;
        table.flags(entry, flags);
    }

    @Override
    void onHeld(int entry) {}
}
