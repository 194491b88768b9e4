package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.Check;

/// What a profile asks of sessions over IPv4, TCP connections or UDP exchanges, of which both ends are generated.
public record SessionSpec(String name, SessionProtocol protocol, SessionSide clients, SessionSide servers,
                          SessionLoad load, SessionTalk talk, SessionFaults faults, long seed) {

    public SessionSpec {
        Check.that(clients.firstPort() <= clients.lastPort(), "the clients' last port is below their first",
            clients.lastPort());
        talk.check(protocol);
    }

    /// Client addresses times ports, times servers: as many sessions can be open at once.
    long tupleCount() {
        return (long) clients.addressCount() * clientPorts() * servers.addressCount();
    }

    int clientPorts() {
        return clients.lastPort() - clients.firstPort() + 1;
    }

    public boolean isBounded() {
        return load.isBounded();
    }

    public boolean isPaced() {
        return load.isPaced();
    }

    public SessionSpec limited(long shorterNs, long fewer) {
        return new SessionSpec(name, protocol, clients, servers, load.limited(shorterNs, fewer), talk, faults, seed);
    }

    public SessionSpec endless() {
        return new SessionSpec(name, protocol, clients, servers, load.endless(), talk, faults, seed);
    }

    /// Sides that name no port are put at these.
    public SessionSpec atPorts(String clientPort, String serverPort) {
        return new SessionSpec(name, protocol, clients.atPort(clientPort), servers.atPort(serverPort), load, talk,
            faults, seed);
    }

    /// Both sides at this port, whatever they name.
    public SessionSpec allAt(String port) {
        return new SessionSpec(name, protocol, clients.movedTo(port), servers.movedTo(port), load, talk, faults, seed);
    }

    public SessionSpec seeded(long other) {
        return new SessionSpec(name, protocol, clients, servers, load, talk, faults, other);
    }
}
