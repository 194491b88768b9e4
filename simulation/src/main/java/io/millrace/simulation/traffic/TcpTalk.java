package io.millrace.simulation.traffic;

import io.millrace.packet.address.IpAddress;
import io.millrace.simulation.frame.FrameWriter;
import io.millrace.simulation.frame.Octets;
import io.millrace.simulation.frame.SeenFrame;

import static io.millrace.simulation.frame.FrameWriter.ACK;
import static io.millrace.simulation.frame.FrameWriter.FIN;
import static io.millrace.simulation.frame.FrameWriter.PSH;
import static io.millrace.simulation.frame.FrameWriter.RST;
import static io.millrace.simulation.frame.FrameWriter.SYN;

/// A TCP connection: handshake, data both ways, an end by FIN or RST. Everything that is sent fits the first window;
/// only the handshake is repeated when it gets lost.
final class TcpTalk extends Conversation {

    private static final int SYN_TRIES_MAX = 4;
    private static final long RETRY_NS = 20_000_000;
    private static final byte[] NONE = {};
    private static final byte[] MSS = {2, 4, 5, (byte) 0xb4};

    private final int[] next = new int[2];          // sequence number of the next byte
    private final int[] heard = new int[2];         // behind the last byte that came from the other end
    private final int[] leftSegments;
    private final boolean[] isOpen = new boolean[2];
    private final boolean[] isClosed = new boolean[2];
    private final int segmentBytesMax;
    private final boolean endsByReset;
    private int synCount;
    private boolean hasAnswered;

    TcpTalk(Surroundings around, String name, Host client, Host server, IpAddress target, int clientPort,
            int serverPort, int clientSegments, int serverSegments, int segmentBytesMax, boolean endsByReset) {
        super(around, name, client, server, target, clientPort, serverPort);
        this.leftSegments = new int[] {clientSegments, serverSegments};
        this.segmentBytesMax = segmentBytesMax;
        this.endsByReset = endsByReset;
        next[CLIENT] = around.random().nextInt();
        next[SERVER] = around.random().nextInt();
    }

    @Override
    void begin(long nowNs) {
        if (isOpen[CLIENT]) return;
        if (synCount++ == SYN_TRIES_MAX) {
            isClosed[CLIENT] = true;
            return;
        }
        segment(CLIENT, SYN, next[CLIENT], MSS, NONE, nowNs);
        later(RETRY_NS << synCount, nowNs, this::begin);
    }

    private void segment(int end, int flags, int sequence, byte[] options, byte[] payload, long nowNs) {
        boolean acknowledges = (flags & ACK) != 0;
        send(end, FrameWriter.TCP, FrameWriter.tcp(local(end), remote(end), localPort(end), remotePort(end), flags,
            sequence, acknowledges ? heard[end] : 0, options, payload), true, nowNs);
    }

    @Override
    void receive(int end, SeenFrame frame, byte[] message, long nowNs) {
        int flags = Octets.u8(message, 13);
        int sequence = Octets.i32(message, 4);
        int dataBytes = message.length - (Octets.u8(message, 12) >>> 4) * 4;
        if (isClosed[end]) return;
        heardFrom(end, frame.source(), Octets.u16(message, 0));
        if ((flags & RST) != 0) {
            isClosed[end] = true;
        } else if ((flags & SYN) != 0) {
            heard[end] = sequence + 1;
            if (end == SERVER) answerSyn(nowNs);
            else openClient(nowNs);
        } else {
            int until = sequence + dataBytes + ((flags & FIN) != 0 ? 1 : 0);
            if (until - heard[end] > 0) heard[end] = until;
            if (end == SERVER && !isOpen[SERVER] && hasAnswered) {
                isOpen[SERVER] = true;
                later(around.gapNs(), nowNs, now -> talk(SERVER, now));
            }
            if ((flags & FIN) != 0) answerFin(end, nowNs);
            else if (dataBytes > 0 && isOpen[end] && around.random().nextInt(3) == 0) acknowledge(end, nowNs);
        }
    }

    private void answerSyn(long nowNs) {
        int initial = hasAnswered ? next[SERVER] - 1 : next[SERVER];
        if (isOpen[SERVER]) return;
        if (!hasAnswered) next[SERVER]++;
        hasAnswered = true;
        later(around.gapNs(), nowNs, now -> {
            if (!isOpen[SERVER]) segment(SERVER, SYN | ACK, initial, MSS, NONE, now);
        });
    }

    private void openClient(long nowNs) {
        boolean isFirst = !isOpen[CLIENT];
        isOpen[CLIENT] = true;
        if (isFirst) next[CLIENT]++;
        acknowledge(CLIENT, nowNs);
        if (isFirst) later(around.gapNs(), nowNs, now -> talk(CLIENT, now));
    }

    private void acknowledge(int end, long nowNs) {
        later(around.gapNs() / 8, nowNs, now -> {
            if (!isClosed[end]) segment(end, ACK, next[end], NONE, NONE, now);
        });
    }

    private void talk(int end, long nowNs) {
        if (isClosed[end]) return;
        int burst = Math.min(leftSegments[end], 1 + around.random().nextInt(6));
        boolean isBulk = around.random().nextBoolean();
        for (int i = 0; i < burst; i++) {
            int bytes = isBulk ? segmentBytesMax : 1 + around.random().nextInt(segmentBytesMax);
            byte[] payload = around.payload(bytes);
            segment(end, i == burst - 1 ? ACK | PSH : ACK, next[end], NONE, payload, nowNs);
            next[end] += payload.length;
        }
        leftSegments[end] -= burst;
        if (leftSegments[end] > 0) {
            later(around.gapNs(), nowNs, now -> talk(end, now));
        } else if (end == CLIENT) {
            later(around.gapNs(), nowNs, this::end);
        }
    }

    private void end(long nowNs) {
        if (isClosed[CLIENT]) return;
        if (endsByReset) {
            segment(CLIENT, RST | ACK, next[CLIENT], NONE, NONE, nowNs);
            isClosed[CLIENT] = true;
            isClosed[SERVER] = true;
            return;
        }
        segment(CLIENT, FIN | ACK, next[CLIENT]++, NONE, NONE, nowNs);
        leftSegments[CLIENT] = -1;
        later(RETRY_NS, nowNs, _ -> isClosed[CLIENT] = true);
    }

    private void answerFin(int end, long nowNs) {
        if (end == SERVER) {
            segment(SERVER, FIN | ACK, next[SERVER]++, NONE, NONE, nowNs);
            isClosed[SERVER] = true;
        } else {
            segment(CLIENT, ACK, next[CLIENT], NONE, NONE, nowNs);
            isClosed[CLIENT] = true;
        }
    }

    @Override
    public boolean isOver() {
        return isClosed[CLIENT];
    }
}
