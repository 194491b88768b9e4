package io.millrace.simulation.traffic;

import io.millrace.packet.address.IpAddress;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.journal.Datagram;

/// Two hosts that send each other packets. The server answers to the address and port that packets come from, as it
/// sees them; so translation on the way is followed without being known.
public abstract class Conversation {

    static final int CLIENT = 0;
    static final int SERVER = 1;

    private final String name;
    private final Host[] hosts;
    private final IpAddress[] local;
    private final IpAddress[] remote;
    private final int[] localPort;
    private final int[] remotePort;
    private boolean isDirect;
    final Surroundings around;

    /// @param target what the client sends to: the server's address, or another that stands for it
    Conversation(Surroundings around, String name, Host client, Host server, IpAddress target, int clientPort,
                 int serverPort) {
        this.around = around;
        this.name = name;
        this.hosts = new Host[] {client, server};
        int family = target.family();
        this.local = new IpAddress[] {client.address(family), server.address(family)};
        this.remote = new IpAddress[] {target, client.address(family)};
        this.localPort = new int[] {clientPort, serverPort};
        this.remotePort = new int[] {serverPort, clientPort};
    }

    /// From station to station by their MAC addresses, past the router: what only a switch between their wires can do.
    Conversation direct() {
        isDirect = true;
        return this;
    }

    /// Whom a frame is for, on the link of an end.
    long targetMac(int end) {
        return isDirect ? hosts[1 - end].station().mac() : hosts[end].station().link().mac();
    }

    /// The first packet.
    abstract void begin(long nowNs);

    /// A whole datagram has reached the end that it was for.
    abstract void receive(int end, SeenFrame frame, byte[] message, long nowNs);

    public abstract boolean isOver();

    public Host host(int end)         { return hosts[end]; }
    IpAddress local(int end)          { return local[end]; }
    IpAddress remote(int end)         { return remote[end]; }
    int localPort(int end)            { return localPort[end]; }
    /// Of all conversations it alone has this one.
    public int clientPort()           { return localPort[CLIENT]; }
    int remotePort(int end)           { return remotePort[end]; }

    /// What comes in says where answers go.
    void heardFrom(int end, IpAddress source, int port) {
        if (end != SERVER) return;
        remote[end] = source;
        remotePort[end] = port;
    }

    void later(long delayNs, long nowNs, Agenda.Action action) {
        around.agenda().at(nowNs + delayNs, action);
    }

    Datagram send(int end, int protocol, byte[] message, boolean dontFragment, long nowNs) {
        return around.send(this, end, protocol, message, dontFragment, nowNs);
    }

    @Override
    public String toString() {
        return name;
    }
}
