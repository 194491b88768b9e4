package io.millrace.flow.nat;

import io.millrace.flow.track.ConnectionStatus;

/// Which end of a packet is translated. `SOURCE` at postrouting and input, `TARGET` at prerouting and output.
public enum NatSide {

    SOURCE(ConnectionStatus.SOURCE_NAT, ConnectionStatus.SOURCE_NAT_DONE),
    TARGET(ConnectionStatus.TARGET_NAT, ConnectionStatus.TARGET_NAT_DONE);

    private final int status;
    private final int done;

    NatSide(int status, int done) {
        this.status = status;
        this.done = done;
    }

    NatSide other() {
        return this == SOURCE ? TARGET : SOURCE;
    }

    /// The status bit of connections whose packets of the original direction are translated on this side.
    int status() { return status; }

    /// The status bit of connections for which it is decided whether they are.
    int done()   { return done; }
}
