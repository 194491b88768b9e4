package io.millrace.simulation.firewall;

import io.millrace.simulation.firewall.FirewallScene.Sent;
import io.millrace.testkit.TcpLayer;

import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;

/// A TCP connection from the host on the lan to the server beyond the wan, whose packets are acknowledged in turn.
final class Talk {

    private static final int WINDOW = 64_000;

    private final FirewallScene scene;
    private final int hostPort;
    private final int serverPort;
    private final String replyTo;
    private int replyPort;
    private long hostNext = 1000;
    private long serverNext = 9000;

    /// @param replyTo   whom the server answers
    /// @param replyPort the port there
    Talk(FirewallScene scene, int hostPort, int serverPort, String replyTo, int replyPort) {
        this.scene = scene;
        this.hostPort = hostPort;
        this.serverPort = serverPort;
        this.replyTo = replyTo;
        this.replyPort = replyPort;
    }

    Sent syn() {
        return scene.lan(host(hostNext++, 0).syn().mss(1460));
    }

    Sent synAck() {
        return scene.wan(server(serverNext++).syn().mss(1460));
    }

    /// The three packets that open the connection.
    Talk open() {
        syn();
        synAck();
        ack();
        return this;
    }

    Sent ack() {
        return scene.lan(host(hostNext, serverNext));
    }

    Sent say(int byteCount) {
        TcpLayer segment = host(hostNext, serverNext).psh();
        hostNext += byteCount;
        return scene.lan(segment.payloadOf(byteCount));
    }

    Sent hear(int byteCount) {
        TcpLayer segment = server(serverNext).psh();
        serverNext += byteCount;
        return scene.wan(segment.payloadOf(byteCount));
    }

    Sent hostFin() {
        return scene.lan(host(hostNext++, serverNext).fin());
    }

    Sent serverFin() {
        return scene.wan(server(serverNext++).fin());
    }

    Sent hostReset() {
        return scene.lan(host(hostNext, serverNext).rst());
    }

    private TcpLayer host(long sequence, long acknowledgement) {
        TcpLayer tcp = fromHost().ipv4(HOST, SERVER).dontFragment().tcp(hostPort, serverPort).window(WINDOW)
            .sequence(sequence);
        return acknowledgement == 0 ? tcp : tcp.acknowledgement(acknowledgement);
    }

    private TcpLayer server(long sequence) {
        return fromGateway().ipv4(SERVER, replyTo).dontFragment().tcp(serverPort, replyPort).window(WINDOW)
            .sequence(sequence).acknowledgement(hostNext);
    }
}
