package io.millrace.control.command.tc;

import io.millrace.nic.port.Port;

import java.util.List;

/// The ports that filters can name.
record TcPorts(List<Port> ports) {

    /// The port's number; refuses a name that no port has.
    int index(String name) {
        for (Port port : ports) {
            if (port.name().equals(name)) return port.index();
        }
        throw TcRefusals.noDevice(name);
    }

    String name(int index) {
        return ports.get(index).name();
    }
}
