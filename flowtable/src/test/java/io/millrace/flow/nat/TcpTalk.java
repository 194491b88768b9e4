package io.millrace.flow.nat;

import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.TcpLayer;

import java.util.SplittableRandom;

/// Two ends of a TCP connection that mostly do what they should and often do not: packets lost, late, sent again, out
/// of every window, resets and SYNs at any time.
final class TcpTalk {

    private static final int[] DEVIATIONS = {-100_000, -70_000, -1_000, -1, 1, 2, 1_000, 66_000, 70_000, 1 << 30};
    private static final int[] WINDOWS = {65_535, 65_535, 29_200, 1_000, 1, 0};
    private static final int[] PAYLOADS = {0, 0, 1, 100, 1_000};
    private static final int SCALE_MAX = 15;

    private final SplittableRandom random;
    private final int clientPort;
    private final int[] next = new int[2];
    private final boolean[] hasSpoken = new boolean[2];
    private int step;
    private byte[] frame;
    private String text;
    private String options;

    TcpTalk(SplittableRandom random, int clientPort) {
        this.random = random;
        this.clientPort = clientPort;
        next[0] = random.nextInt();
        next[1] = random.nextInt();
        if (random.nextInt(4) == 0) step = 100;   // known from the middle on
    }

    byte[] frame() { return frame; }
    String text()  { return text; }
    int port()     { return clientPort; }

    /// Makes the next packet; the side it comes from.
    int next() {
        int from = step < 100 && step < 3 ? step & 1 : random.nextInt(2);
        int flags = flags();
        if (random.nextInt(5) == 0) from = 1 - from;
        send(from, flags);
        step++;
        return from;
    }

    private int flags() {
        int draw = random.nextInt(100);
        if (step == 0 && draw < 90) return TcpLayer.SYN;
        if (step == 1 && draw < 90) return TcpLayer.SYN | TcpLayer.ACK;
        if (step == 2 && draw < 90) return TcpLayer.ACK;
        if (draw < 60) return TcpLayer.ACK;
        if (draw < 65) return TcpLayer.ACK | TcpLayer.PSH;
        if (draw < 75) return TcpLayer.FIN | TcpLayer.ACK;
        if (draw < 82) return TcpLayer.RST;
        if (draw < 86) return TcpLayer.RST | TcpLayer.ACK;
        if (draw < 94) return TcpLayer.SYN;
        return TcpLayer.SYN | TcpLayer.ACK;
    }

    private void send(int from, int flags) {
        int sequence = next[from] + deviation();
        boolean isAck = (flags & TcpLayer.ACK) != 0;
        int acknowledgement = isAck || random.nextInt(8) == 0 ? next[1 - from] + deviation() : 0;
        if (isAck && random.nextInt(30) == 0) acknowledgement = 0;
        if ((flags & TcpLayer.RST) != 0 && random.nextInt(4) == 0) sequence = 0;
        boolean mayCarry = (flags & (TcpLayer.SYN | TcpLayer.RST)) == 0;
        int payloadBytes = mayCarry ? PAYLOADS[random.nextInt(PAYLOADS.length)] : 0;
        int window = WINDOWS[random.nextInt(WINDOWS.length)];
        TcpLayer tcp = network(from)
            .tcp(from == 0 ? clientPort : 80, from == 0 ? 80 : clientPort)
            .sequence(Integer.toUnsignedLong(sequence)).window(window);
        tcp.acknowledgement(Integer.toUnsignedLong(acknowledgement)).flags(flags);
        options(tcp, flags, from);
        frame = tcp.payloadOf(payloadBytes).bytes();
        text = "%s flags %02x seq %+d ack %+d window %d bytes %d".formatted(from == 0 ? "client" : "server", flags,
            sequence - next[from], acknowledgement - next[1 - from], window, payloadBytes)
            + (options.isEmpty() ? "" : " " + options);
        int length = payloadBytes + Integer.bitCount(flags & (TcpLayer.SYN | TcpLayer.FIN));
        if (sequence == next[from] || !hasSpoken[from]) next[from] = sequence + length;
        hasSpoken[from] = true;
    }

    private static Layer network(int from) {
        return Frame.ethernet("02:00:00:00:00:0" + (from + 1), KernelGateway.MACS[from])
            .ipv4("10.0." + (from + 1) + ".2", "10.0." + (2 - from) + ".2");
    }

    private void options(TcpLayer tcp, int flags, int from) {
        boolean isSyn = (flags & TcpLayer.SYN) != 0;
        options = "";
        if (isSyn && random.nextInt(3) > 0) {
            int shift = random.nextInt(SCALE_MAX + 1);
            tcp.mss(1460).nop().windowScale(shift);
            options += "scale " + shift + " ";
        }
        if (isSyn && random.nextInt(3) > 0) {
            tcp.sackPermitted();
            options += "sack permitted";
        }
        if (!isSyn && random.nextInt(6) == 0) {
            long left = Integer.toUnsignedLong(next[1 - from] + deviation());
            tcp.nop().nop().sack(left, left + 500 & 0xffff_ffffL);
            options += "sack %+d".formatted((int) left + 500 - next[1 - from]);
        }
    }

    private int deviation() {
        return random.nextInt(100) < 80 ? 0 : DEVIATIONS[random.nextInt(DEVIATIONS.length)];
    }
}
