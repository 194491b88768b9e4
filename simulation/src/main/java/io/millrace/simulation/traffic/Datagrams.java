package io.millrace.simulation.traffic;

import io.millrace.packet.address.IpAddress;
import io.millrace.simulation.frame.FrameWriter;
import io.millrace.simulation.frame.Octets;
import io.millrace.simulation.frame.SeenFrame;

/// UDP both ways, or echo requests and their replies. Datagrams may be longer than a link carries.
final class Datagrams extends Conversation {

    private static final int ECHO_PAYLOAD_MAX = 600;
    private static final int ANSWER_SHARE = 70;

    private final int protocol;
    private final int bytesMax;
    private int leftCount;
    private int sequence;

    /// @param protocol UDP or ICMP, which stands for ICMPv6 too
    /// @param bytesMax payload of the longest datagram
    Datagrams(Surroundings around, String name, Host client, Host server, IpAddress target, int clientPort,
              int serverPort, int protocol, int bytesMax, int count) {
        super(around, name, client, server, target, clientPort, serverPort);
        this.protocol = protocol;
        this.bytesMax = bytesMax;
        this.leftCount = count;
    }

    @Override
    void begin(long nowNs) {
        int burst = Math.min(leftCount, 1 + around.random().nextInt(4));
        for (int i = 0; i < burst; i++) say(CLIENT, nowNs);
        leftCount -= burst;
        if (leftCount > 0) later(around.gapNs(), nowNs, this::begin);
    }

    private void say(int end, long nowNs) {
        if (protocol == FrameWriter.UDP) {
            byte[] payload = around.payload(around.random().nextInt(bytesMax + 1));
            send(end, FrameWriter.UDP, FrameWriter.udp(local(end), remote(end), localPort(end), remotePort(end),
                payload), around.random().nextInt(10) == 0, nowNs);
        } else {
            byte[] payload = around.payload(around.random().nextInt(ECHO_PAYLOAD_MAX));
            send(end, icmp(), FrameWriter.echo(local(end), remote(end), true, localPort(end), sequence++, payload),
                false, nowNs);
        }
    }

    private int icmp() {
        return local(CLIENT).isIpv4() ? FrameWriter.ICMP : FrameWriter.ICMPV6;
    }

    @Override
    void receive(int end, SeenFrame frame, byte[] message, long nowNs) {
        if (end == CLIENT) return;
        if (protocol != FrameWriter.UDP) {
            answerEcho(frame, message, nowNs);
            return;
        }
        heardFrom(end, frame.source(), Octets.u16(message, 0));
        if (around.random().nextInt(100) < ANSWER_SHARE) later(around.gapNs(), nowNs, now -> say(SERVER, now));
    }

    private void answerEcho(SeenFrame frame, byte[] message, long nowNs) {
        byte[] payload = new byte[message.length - 8];
        System.arraycopy(message, 8, payload, 0, payload.length);
        heardFrom(SERVER, frame.source(), Octets.u16(message, 4));
        later(around.gapNs(), nowNs, now -> send(SERVER, icmp(), FrameWriter.echo(local(SERVER), remote(SERVER),
            false, Octets.u16(message, 4), Octets.u16(message, 6), payload), false, now));
    }

    @Override
    public boolean isOver() {
        return leftCount == 0;
    }
}
