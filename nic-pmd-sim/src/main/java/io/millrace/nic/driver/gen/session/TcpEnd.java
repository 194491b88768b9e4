package io.millrace.nic.driver.gen.session;

import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One end of many TCP connections (RFC 9293 as far as a request and a response need it): handshake, data within a
/// fixed window, cumulative acknowledgements, repetition from the oldest unacknowledged byte after a timeout that
/// doubles, FIN from both sides or RST. Data out of order is not kept, only asked for again.
///
/// The rules that both ends have in common are here; [TcpClient] and [TcpServer] decide what begins and what follows.
abstract sealed class TcpEnd extends Endpoint permits TcpClient, TcpServer {

    static final int ESTABLISHED = 0x01;
    static final int FIN_WANTED = 0x02;
    static final int FIN_RECEIVED = 0x04;
    static final int SYN_SENT = 0x08;
    static final int HOLDING = 0x10;
    static final int SIZES_KNOWN = 0x20;
    static final int OWES_ACK = 0x40;
    static final int END_KNOWN = 0x80;

    /// Low bits of a client's initial sequence number that say which dialogue it wants to have.
    static final int DIALOGUE_MASK = Dialogue.COUNT_MAX - 1;

    private static final int WINDOW_BYTES = 64 * 1024;
    private static final int TCP_HEADER_BYTES = SegmentWriter.TCP_HEADER_BYTES;

    private final MemorySegment memory;
    private final SegmentWriter writer;
    private boolean hasSent;
    private int endedEntry = SessionTable.NONE;

    // The segment at hand.
    private int sequence;
    private int acknowledgement;
    private int segmentFlags;
    private int payloadBytes;
    private long payloadAt;

    TcpEnd(Arena arena, PacketMemory packets, SessionSpec spec, DialogueStore dialogues, int capacity,
           SegmentWriter writer, OutQueue out, long seed) {
        super(arena, spec, dialogues, capacity, out, seed);
        this.memory = packets.segment();
        this.writer = writer;
    }

    /// A SYN for this end; the entry that it makes, or `NONE` if it is none of ours.
    abstract int onSyn(long addresses, int ports);

    /// New data or the peer's FIN came, in order.
    abstract void onProgress(int entry);

    /// What the payload from this sequence number on is, see [SegmentWriter].
    abstract long payload(int entry, int sequenceNumber);

    final int sequence()        { return sequence; }

    @Override
    final void repeat(int entry) {
        table.sendNext(entry, table.unacknowledged(entry));
        if ((table.flags(entry) & ESTABLISHED) == 0) sendSyn(entry);
        else pump(entry);
    }

    @Override
    final void receive(long addresses, long l4At, int l4Bytes) {
        if (l4Bytes < TCP_HEADER_BYTES || !readSegment(l4At, l4Bytes)) {
            counts.unknown++;
            return;
        }
        int ports = Integer.rotateLeft(Wire.i32(memory, l4At), 16);
        long own = Long.rotateLeft(addresses, 32);
        int entry = table.find(own, ports);
        if ((segmentFlags & (TcpFlags.SYN | TcpFlags.ACK)) == TcpFlags.SYN) takeSyn(entry, own, ports);
        else if (entry != SessionTable.NONE) take(entry);
        else takeStray(own, ports);
    }

    /// The client begins, begins again, or has forgotten a connection that still stands here.
    private void takeSyn(int entry, long addresses, int ports) {
        if (entry != SessionTable.NONE && (table.flags(entry) & ESTABLISHED) == 0) {
            table.sendNext(entry, table.unacknowledged(entry));
            sendSyn(entry);
            return;
        }
        if (entry != SessionTable.NONE) {
            counts.reset++;
            end(entry);
        }
        if (onSyn(addresses, ports) == SessionTable.NONE) counts.unknown++;
    }

    /// A FIN that comes again, because the last acknowledgement was lost, gets it again: what TIME-WAIT is for.
    private void takeStray(long addresses, int ports) {
        boolean isFin = (segmentFlags & (TcpFlags.FIN | TcpFlags.RST)) == TcpFlags.FIN;
        if (!isFin || table.isFull()) {
            counts.unknown++;
            return;
        }
        int entry = table.add(addresses, ports, nowNs());
        table.sendNext(entry, acknowledgement);
        table.receiveNext(entry, sequence + payloadBytes + 1);
        sendPure(entry, TcpFlags.ACK);
        table.remove(entry);
    }

    private boolean readSegment(long l4At, int l4Bytes) {
        int tcpHeaderBytes = (Wire.u8(memory, l4At + 12) >>> 4) * 4;
        sequence = Wire.i32(memory, l4At + 4);
        acknowledgement = Wire.i32(memory, l4At + 8);
        segmentFlags = Wire.u8(memory, l4At + 13);
        payloadBytes = l4Bytes - tcpHeaderBytes;
        payloadAt = l4At + tcpHeaderBytes;
        return tcpHeaderBytes >= TCP_HEADER_BYTES && payloadBytes >= 0;
    }

    private void take(int entry) {
        if ((segmentFlags & TcpFlags.RST) != 0) {
            counts.reset++;
            end(entry);
            return;
        }
        hasSent = false;
        boolean isHandshake = (table.flags(entry) & ESTABLISHED) == 0;
        if (isHandshake && !establish(entry)) return;
        acknowledge(entry);
        boolean isNew = takeData(entry);
        boolean wantsAck = (table.flags(entry) & OWES_ACK) != 0;
        if (isHandshake && (segmentFlags & TcpFlags.SYN) != 0) sendPure(entry, TcpFlags.ACK);
        if (isNew || isHandshake) onProgress(entry);
        if (isEnded(entry)) return;
        pump(entry);
        if (wantsAck && !hasSent) sendPure(entry, TcpFlags.ACK);
        table.flags(entry, table.flags(entry) & ~OWES_ACK);
        if (table.unacknowledged(entry) == table.sendNext(entry)) {
            if (table.timerClass(entry) != HOLD_CLASS) armSilence(entry);
        } else if (isUnarmed(entry)) {
            armRepetition(entry);
        }
        finishIfOver(entry);
    }

    /// Set by [#end] of the entry at hand, whose line may already belong to another.
    private boolean isEnded(int entry) {
        return endedEntry == entry;
    }

    /// Ends the connection that is being dealt with as it should be.
    final void completeNow(int entry) {
        endedEntry = entry;
        complete(entry);
    }

    private boolean establish(int entry) {
        boolean isAcknowledged = (segmentFlags & TcpFlags.ACK) != 0
            && acknowledgement == table.unacknowledged(entry) + 1;
        if (!isAcknowledged) return false;
        endedEntry = SessionTable.NONE;
        int flags = table.flags(entry);
        if ((segmentFlags & TcpFlags.SYN) != 0) table.receiveNext(entry, sequence + 1);
        table.unacknowledged(entry, acknowledgement);
        table.sendNext(entry, acknowledgement);
        table.tries(entry, 0);
        table.disarm(entry);
        table.flags(entry, flags | ESTABLISHED);
        counts.connected(nowNs() - table.openedNs(entry));
        return true;
    }

    private void acknowledge(int entry) {
        endedEntry = SessionTable.NONE;
        if ((segmentFlags & TcpFlags.ACK) == 0) return;
        int oldest = table.unacknowledged(entry);
        boolean isAhead = acknowledgement - oldest > 0 && acknowledgement - (table.sendEnd(entry) + 1) <= 0;
        if (!isAhead) return;
        table.unacknowledged(entry, acknowledgement);
        // What was about to be repeated may have arrived after all.
        if (acknowledgement - table.sendNext(entry) > 0) table.sendNext(entry, acknowledgement);
        table.tries(entry, 0);
        if (table.timerClass(entry) != HOLD_CLASS) table.disarm(entry);
    }

    /// True if data or FIN came that was expected.
    private boolean takeData(int entry) {
        boolean isFin = (segmentFlags & TcpFlags.FIN) != 0;
        if (payloadBytes == 0 && !isFin) return false;
        int expected = table.receiveNext(entry);
        int end = sequence + payloadBytes;
        boolean isInOrder = sequence - expected <= 0 && (end - expected > 0 || isFin && end == expected);
        if (!isInOrder) {
            table.flags(entry, table.flags(entry) | OWES_ACK);
            return false;
        }
        int flags = table.flags(entry);
        if ((flags & SIZES_KNOWN) == 0 && sequence == expected && payloadBytes >= SessionTalk.TCP_REQUEST_BYTES_MIN) {
            table.requestBytes(entry, Wire.i32(memory, payloadAt));
            table.responseBytes(entry, Wire.i32(memory, payloadAt + 4));
            table.receiveEnd(entry, expected + table.requestBytes(entry));
            flags |= SIZES_KNOWN;
        }
        counts.receivedBytes += end - expected;
        if (isFin) {
            flags |= FIN_RECEIVED;
            end++;
        }
        table.receiveNext(entry, end);
        // Every second full segment is acknowledged at once, like the last of a message.
        boolean isLast = (segmentFlags & (TcpFlags.PSH | TcpFlags.FIN)) != 0;
        boolean isSecond = (end / spec.talk().segmentBytes() & 1) == 0;
        table.flags(entry, isLast || isSecond ? flags | OWES_ACK : flags);
        return true;
    }

    /// Sends what the window lets go, then the FIN.
    final void pump(int entry) {
        int end = table.sendEnd(entry);
        int next = table.sendNext(entry);
        int oldest = table.unacknowledged(entry);
        while (end - next > 0 && next - oldest < WINDOW_BYTES) {
            int bytes = Math.min(spec.talk().segmentBytes(), end - next);
            int flags = end - next == bytes ? TcpFlags.ACK | TcpFlags.PSH : TcpFlags.ACK;
            if (!send(entry, next, flags, bytes, payload(entry, next))) break;
            next += bytes;
        }
        boolean isFinDue = next == end && (table.flags(entry) & FIN_WANTED) != 0;
        if (isFinDue && send(entry, next, TcpFlags.FIN | TcpFlags.ACK, 0, FrameWriter.ZEROS)) next++;
        table.sendNext(entry, next);
        boolean isOpen = next != oldest && isUnarmed(entry);
        if (isOpen) armRepetition(entry);
    }

    /// SYN from a client, SYN and ACK from a server.
    final void sendSyn(int entry) {
        int next = table.sendNext(entry);
        boolean isAnswer = (table.flags(entry) & SYN_SENT) == 0;
        send(entry, next, isAnswer ? TcpFlags.SYN | TcpFlags.ACK : TcpFlags.SYN, 0, FrameWriter.ZEROS);
        table.sendNext(entry, next + 1);
    }

    final void sendPure(int entry, int flags) {
        send(entry, table.sendNext(entry), flags, 0, FrameWriter.ZEROS);
    }

    /// False if there was no room; a planted loss counts as sent.
    private boolean send(int entry, int number, int flags, int bytes, long payload) {
        hasSent = true;
        if (isLost()) return true;
        return emit(hasRoom() ? writer.write(pool(), table, entry, number, flags, bytes, payload, nowNs())
            : PacketMemory.NONE);
    }

    private void finishIfOver(int entry) {
        boolean isOver = (table.flags(entry) & FIN_RECEIVED) != 0
            && table.unacknowledged(entry) == table.sendEnd(entry) + 1;
        if (!isOver) return;
        complete(entry);
    }
}
